// The types of the package, checked without being run.
import bluegrad, { type Bluegrad, type Config, type Quality, type Stage } from 'bluegrad';
import bluegradWorker from 'bluegrad/worker';

const library: Bluegrad = await bluegrad();
const bytes: Uint8Array = library.generate({ width: 64, height: 64 });
const floats: Float32Array = library.generate({ width: 64, height: 64, type: 'f32', range: 'signed', distribution: { kind: 'triangular' } });
const config: Config = library.configure({ width: 64, height: 64, preset: 'space-time', layers: 8, seed: 7n });
const steps: number = library.stage('polish').steps;
const stages: Stage[] = [library.stage('fill'), { ...library.stage('polish'), steps: 12 }];
const ranks: Uint32Array = library.generate({ ...config, stages, type: 'ranks' });
const quality: Quality = library.measure(ranks, { width: 64, height: 64 });
const peak: number = quality.patterns.peak.mid + steps;
const worker = await bluegradWorker({ simd: false });
const words: Uint16Array = await worker.generate({ width: 64, height: 64, type: 'u16', signal: AbortSignal.timeout(1000) });
export { bytes, floats, peak, words };

// @ts-expect-error a preset that is none
library.generate({ width: 64, height: 64, preset: 'dithr' });
// @ts-expect-error no height
library.generate({ width: 64 });
// @ts-expect-error bytes are no floats
export const wrong: Float32Array = library.generate({ width: 64, height: 64, type: 'u8' });
// @ts-expect-error a parameter of another stage
library.generate({ width: 64, height: 64, stages: [{ ...library.stage('fill'), momentum: 3 }] });
