// A run: made, stepped, read, saved.
import { layouts, type Config, type Distribution, type Losses, type Range, type Mix, type Report, type Stage } from './abi.js';
import { choice, integer, known, show, writeFields } from './codec.js';
import { configure, type Options } from './configure.js';
import type { Block, Elements, Library } from './library.js';

/** Element types of a mask, and the arrays that hold them. */
export interface Arrays {
  /** floor(256*rank/n), or 8-bit values of the configuration's distribution. */
  u8: Uint8Array<ArrayBuffer>;
  /** floor(65536*rank/n), or 16-bit values of the configuration's distribution. */
  u16: Uint16Array<ArrayBuffer>;
  /** (rank + 1/2)/n from 0 to 1, or of the configuration's distribution. */
  f32: Float32Array<ArrayBuffer>;
  /** Ranks: each of 0 to n - 1 once in each channel of each layer. */
  ranks: Uint32Array<ArrayBuffer>;
  /** Ranks of masks with at most 65536 pixels a layer. */
  ranks16: Uint16Array<ArrayBuffer>;
  /** 8-bit texels for `dither`, with exactly the thresholds of the ranks. */
  texels: Uint8Array<ArrayBuffer>;
  /** 8-bit texels that dither to two even levels, in light or codes. */
  'two-level-texels': Uint8Array<ArrayBuffer>;
  /** 16-bit thresholds for `dither`. */
  thresholds: Uint16Array<ArrayBuffer>;
}

/** Element type of a mask. */
export type Type = keyof Arrays;

/** Which part of a mask is read, and how. */
export interface ReadOptions {
  /** First layer, from 0. */
  layer?: number;
  /** Number of layers; all from `layer` on by default. */
  layers?: number;
  /** First channel, from 0. */
  channel?: number;
  /** Number of channels; all from `channel` on by default. */
  channels?: number;
  /** 'f32': from 0, 'unit', by default, or from -1, 'signed'. */
  range?: Range;
  /** 'u8', 'u16', 'f32': another distribution than the configuration's. */
  distribution?: Partial<Distribution>;
  /** 'two-level-texels': the two output values, 16-bit codes; 0 and 65535 by default. */
  low?: number;
  high?: number;
  /** 'two-level-texels': 'light' by default. */
  mix?: Mix;
}

const TYPES: { [T in Type]: [new (buffer: ArrayBuffer) => Arrays[T], string] } = {
  u8: [Uint8Array, 'read_u8_as'],
  u16: [Uint16Array, 'read_u16_as'],
  f32: [Float32Array, 'read_f32'],
  ranks: [Uint32Array, 'read_ranks'],
  ranks16: [Uint16Array, 'read_ranks_u16'],
  texels: [Uint8Array, 'read_dither_texels'],
  'two-level-texels': [Uint8Array, 'read_two_level_texels'],
  thresholds: [Uint16Array, 'read_thresholds'],
};
const REGION = ['layer', 'layers', 'channel', 'channels'];
/** All options of a read. */
export const READ_OPTIONS = [...REGION, 'range', 'distribution', 'low', 'high', 'mix'];

/** Returns a type that a mask can be read as. */
export function typeOf(value: unknown): Type {
  if (typeof value !== 'string' || !Object.hasOwn(TYPES, value)) {
    throw new TypeError(`type is ${show(value)}: expected one of ${Object.keys(TYPES).join(', ')}`);
  }
  return value as Type;
}

const LOADS: [new (length: number) => Elements, string][] = [
  [Uint8Array, 'load_u8'], [Uint8ClampedArray, 'load_u8'], [Uint16Array, 'load_u16'], [Float32Array, 'load_f32'], [Uint32Array, 'load_ranks'],
];

/** Sets the fields of a region. */
function writeRegion(library: Library, given: Record<string, unknown>): number {
  const at = library.struct('region');
  for (const { name, offset } of layouts['region']!.fields) {
    if (REGION.includes(name) && given[name] !== undefined) library.view.setUint32(at + offset, integer(given[name], name), true);
  }
  return at;
}

/**
 * A run of a configuration, a slice of steps at a time. There is nothing to free.
 *
 * `new bluegrad.Generator({ width, height })` starts one; `bluegrad.open` takes up a saved one.
 */
export class Generator {
  readonly #library: Library;
  readonly #block: Block;

  /** @internal */
  constructor(library: Library, start: Options | { block: Uint8Array }) {
    this.#library = library.begin();
    if ('block' in start) {
      this.#block = { size: start.block.byteLength, bytes: start.block.slice() };
      this.#open();
      return;
    }
    const { call } = library;
    const staged = configure(library, start);
    const config = library.bytes(staged, library.size('config')).slice();
    const size = call['memory_size']!(staged) >>> 0;
    // A size of 0 of a configuration that is right: more than 32 bits count.
    if (size === 0) throw new RangeError('the mask takes more than the 4096 MiB of memory that WebAssembly has');
    this.#block = { size, bytes: undefined };
    const at = library.hold(this.#block);
    try {
      const copy = library.copy(config);
      const out = library.scratch(4);
      if (start.from === undefined) library.check(call['init']!(at, size, copy, out));
      else this.#load(start.from, at, copy, out);
    } catch (error) {
      library.drop();
      throw error;
    }
  }

  #load(from: Elements, at: number, config: number, out: number): void {
    const load = LOADS.find(([array]) => from instanceof array)?.[1];
    if (!load) throw new TypeError(`from is ${show(from)}: expected a Uint8Array, Uint16Array, Float32Array, or ranks in a Uint32Array`);
    const library = this.#library;
    const values = library.copy(from);
    library.check(library.call[load]!(at, this.#block.size, config, values, from.byteLength, 0, 0, out));
  }

  #open(): void {
    const library = this.#library;
    const at = library.hold(this.#block);
    const out = library.scratch(4);
    const status = library.call['open']!(at, this.#block.size, out);
    if (status !== 0) library.drop();
    library.check(status);
  }

  /** Does up to so many more steps, fewer if the run ends; 0 only reports. */
  step(steps = 1): Report {
    integer(steps, 'steps');
    const library = this.#library;
    const at = library.hold(this.#block);
    const out = library.struct('report');
    library.check(library.call['step']!(at, steps, 0, out));
    return library.read(out, 'report');
  }

  /** Progress, without a step. */
  get report(): Report {
    return this.step(0);
  }

  /** The configuration of the run. */
  get config(): Config {
    const library = this.#library;
    const at = library.hold(this.#block);
    const out = library.struct('config');
    library.check(library.call['get_config']!(at, out, library.size('config')));
    return library.read(out, 'config');
  }

  /** Reads the finished mask, in the order layer, row, column, channel. */
  read<T extends Type = 'u8'>(type?: T, options: ReadOptions = {}): Arrays[T] {
    const [array, name] = TYPES[typeOf(type ?? 'u8')] as [new (buffer: ArrayBuffer) => Elements, string];
    const given = known(options, 'options', READ_OPTIONS);
    const { config } = this;
    const library = this.#library;
    const at = library.hold(this.#block);
    const region = writeRegion(library, given);
    const rest: number[] = [];
    if (name === 'read_two_level_texels') {
      const [low, high] = [given['low'] ?? 0, given['high'] ?? 65535];
      rest.push(integer(low, 'low', 0, 65535), integer(high, 'high', 0, 65535), choice('mix', given['mix'] ?? 'light', 'mix'));
    } else if (name === 'read_u8_as' || name === 'read_u16_as' || name === 'read_f32') {
      if (name === 'read_f32') rest.push(choice('range', given['range'] ?? 'unit', 'range'));
      const distribution = library.struct('distribution');
      writeFields(library.view, distribution, 'distribution', config.distribution, 'distribution');
      writeFields(library.view, distribution, 'distribution', given['distribution'] ?? {}, 'distribution');
      rest.push(distribution);
    }
    return this.#take(array, name, at, region, config, rest) as Arrays[T];
  }

  /** The present values of the run, done or not: floats from -1 to 1; 1 for a pixel without a rank. */
  values(options: Pick<ReadOptions, 'layer' | 'layers' | 'channel' | 'channels'> = {}): Float32Array<ArrayBuffer> {
    const given = known(options, 'options', REGION);
    const { config } = this;
    const at = this.#library.hold(this.#block);
    return this.#take(Float32Array, 'read_values', at, writeRegion(this.#library, given), config, []);
  }

  #take<A extends Elements>(array: new (buffer: ArrayBuffer) => A, name: string, at: number, region: number, config: Config, rest: number[]): A {
    const library = this.#library;
    const part = library.read<Record<string, number>>(region, 'region');
    const layers = part['layers'] || Math.max(config.layers - part['layer']!, 0);
    const channels = part['channels'] || Math.max(config.channels - part['channel']!, 0);
    // More than the mask has is the library's error, and takes no memory.
    const elements = config.width * config.height * Math.min(layers, config.layers) * Math.min(channels, config.channels);
    const size = elements * (array as unknown as { BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT;
    const to = library.scratch(size);
    library.check(library.call[name]!(at, to, size, region, ...rest));
    return new array(library.bytes(to, size).slice().buffer as ArrayBuffer);
  }

  /** Losses of the terms of a spectral stage at the present values, in the order of `bluegrad.lossNames`. */
  evaluate(stage: Stage): Losses {
    const library = this.#library;
    const at = library.hold(this.#block);
    const staged = library.struct('stage');
    writeFields(library.view, staged, 'stage', stage, 'stage');
    const out = library.struct('losses');
    library.check(library.call['evaluate']!(at, staged, out));
    return library.read(out, 'losses');
  }

  /** The run as bytes, for `bluegrad.open`, on any machine with the same algorithm version. */
  snapshot(): Uint8Array<ArrayBuffer> {
    const at = this.#library.hold(this.#block);
    return this.#library.bytes(at, this.#block.size).slice();
  }

  /** @internal Gives the memory up: the run cannot be used again. */
  end(): void {
    this.#library.hold(this.#block);
    this.#library.drop();
  }
}
