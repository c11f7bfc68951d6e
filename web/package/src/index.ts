import { load, type LoadOptions } from './load.js';
import { make, type Bluegrad } from './make.js';

export type * from './abi.js';
export type { Options } from './configure.js';
export type { DitherOptions, MaskImage, Palette, PaletteOptions, Picture } from './dither.js';
export type { Arrays, Generator, ReadOptions, Type } from './generator.js';
export type { Elements } from './library.js';
export type { LoadOptions } from './load.js';
export type { Bluegrad, GenerateOptions } from './make.js';
export type { MaskShape } from './measure.js';
export { hasSimd } from './load.js';

let shared: Promise<Bluegrad> | undefined;

/**
 * Loads the library.
 *
 *     const { generate } = await bluegrad();
 *     const texture = generate({ width: 64, height: 64 });
 *
 * Without options all calls give one instance, which keeps its memory for the next mask.
 */
export default function bluegrad(options?: LoadOptions): Promise<Bluegrad> {
  if (options !== undefined) return start(options);
  if (!shared) {
    shared = start();
    shared.catch(() => (shared = undefined));
  }
  return shared;
}

async function start(options?: LoadOptions): Promise<Bluegrad> {
  return make(await load(options));
}
