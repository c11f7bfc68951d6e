// The package in Deno: the same bytes in both modules and in a worker.
import assert from 'node:assert/strict';
import bluegrad from 'bluegrad';
import bluegradWorker from 'bluegrad/worker';

const options = { width: 64, height: 64, seed: 7 };
const [vectors, plain] = [await bluegrad(), await bluegrad({ simd: false })];
const mask = vectors.generate(options);
assert.deepEqual(plain.generate(options), mask);
assert.deepEqual([vectors.simdLevel, plain.simdLevel], ['simd128', 'scalar']);
assert.equal(new Set(mask).size, 256);
await assert.rejects(bluegrad({ wasm: 'no/such.wasm' }), /cannot be read/);
const worker = await bluegradWorker();
assert.deepEqual(await worker.generate(options), mask);
const controller = new AbortController();
const endless = worker.generate({ width: 512, height: 512, preset: 'published', signal: controller.signal, onProgress: () => controller.abort() });
await assert.rejects(endless, { name: 'AbortError' });
worker.terminate();
console.log(`ok: Deno ${globalThis.Deno.version.deno}`);
