// From options to a configuration in memory.
import { type Config, type Filters, type Powers, type Preset, type Profile, type Distribution, type Stage } from './abi.js';
import { choice, fieldsOf, integer, known, show, writeFields } from './codec.js';
import type { Elements, Library } from './library.js';

type Deep<T> = T extends (infer E)[] ? E[] : T extends object ? { [K in keyof T]?: Deep<T[K]> } : T;

/** What a mask is made of: its size and, all optional, preset, seed, and changes of the preset. A `Config` is one. */
export interface Options {
  /** Width, 8 to 4096 pixels; with a spectral stage a power of two from 16. */
  width: number;
  /** Height, likewise. */
  height: number;
  /** Layers, slices in time: 1 to 256; 1 by default. */
  layers?: number;
  /** Channels of a pixel: 1 to 4; 1 by default. */
  channels?: number;
  /** The recipe; `dither` by default. */
  preset?: Preset;
  /** Seed of all that is random: an integer from 0 to 2^53 - 1, or a bigint of 64 bits; 0 by default. */
  seed?: number | bigint;
  /** Presets `dither` and `dither-fast`: 1.0 for near viewing to 1.7 pixels for far viewing, 1.26 by default. */
  sigma?: number;
  /** Presets `dither` and `dither-fast`: steps of the polish. */
  steps?: number;
  /** Preset `dither-smooth`: 0, dithering alone, to 1, a grey mask as dark as that of `spectral`. */
  mix?: number;
  /** Preset `space-time`: weight of time, 0.02 to 1; 0.28 by default. */
  beta?: number;
  /** Output levels of the picture that is dithered, 2 to 64: makes the mask better for so few. */
  levels?: number;
  /** Filters of a renderer, in space and time: the mask leaves the least error after them. */
  filters?: Deep<Filters>;
  /** With `filters`, exponents of the fill's kernel; 'probe' finds the best in some tens of milliseconds. */
  powers?: Powers | 'probe';
  /** A mask to refine, of u8, u16, f32, or ranks as u32, in the order layer, row, column, channel. */
  from?: Elements;
  /** Distribution of the values: of spectral stages, and of what is read as 'u8', 'u16' and 'f32'. */
  distribution?: Deep<Distribution>;
  /** The stages themselves, in place of those of the preset: of `configure`, edited, or of `stage`. */
  stages?: Stage[];
  /** Target of the profile term of spectral stages. */
  profile?: Profile;
}

const OWN = ['preset', 'sigma', 'steps', 'mix', 'beta', 'levels', 'powers', 'from'];
const SHAPE = ['width', 'height', 'layers', 'channels'];
/** All options of a run. */
export const OPTIONS = [...new Set([...fieldsOf('config'), ...OWN])];

const SIGMA = 1.26;
// What only some presets have.
const FAMILY: Record<string, string[]> = {
  sigma: ['dither', 'dither-fast'], steps: ['dither', 'dither-fast'], mix: ['dither-smooth'], beta: ['space-time'],
};

function number(value: unknown, path: string): number {
  if (typeof value !== 'number') throw new TypeError(`${path} is ${show(value)}: expected a number`);
  return value;
}

function optional<T>(given: Record<string, unknown>, key: string, read: (value: unknown, path: string) => T): T | undefined {
  return given[key] === undefined ? undefined : read(given[key], key);
}

/** Writes the configuration of options. Returns its address, until the next `begin`. */
export function configure(library: Library, options: Options): number {
  const given = known(options, 'options', OPTIONS);
  const preset = given['preset'] ?? 'dither';
  const presetNumber = choice('preset', preset, 'preset');
  for (const side of ['width', 'height']) if (given[side] === undefined) throw new TypeError(`options have no ${side}: expected { width, height }`);
  for (const key of SHAPE) if (given[key] !== undefined) integer(given[key], key);
  for (const [key, presets] of Object.entries(FAMILY)) {
    if (given[key] !== undefined && !presets.includes(preset as string)) {
      throw new RangeError(`${key} is not of the preset ${preset}: expected ${presets.join(' or ')}`);
    }
  }
  const changes = ['sigma', 'steps', 'mix', 'beta', 'levels', 'powers'].filter((key) => given[key] !== undefined);
  if (given['stages'] !== undefined && changes.length > 0) throw new TypeError(`${changes[0]} changes the stages: leave out ${changes[0]} or stages`);
  if (given['powers'] !== undefined && given['filters'] === undefined) throw new TypeError('powers go with filters: expected filters');
  const { call } = library;
  const size = library.size('config');
  const at = library.struct('config');
  library.check(call['config_default']!(at, size, presetNumber, given['width'] as number, given['height'] as number));
  const { stages: _, ...fields } = Object.fromEntries(Object.entries(given).filter(([key]) => !OWN.includes(key)));
  writeFields(library.view, at, 'config', fields, '');
  const sigma = optional(given, 'sigma', number);
  const steps = optional(given, 'steps', (value, path) => integer(value, path));
  if (sigma !== undefined || steps !== undefined) {
    const polish = library.read<Config>(at, 'config').stages.find((stage) => stage.kind === 'polish');
    library.check(call['config_dither']!(at, sigma ?? SIGMA, steps ?? polish!.steps));
  }
  const mix = optional(given, 'mix', number);
  if (mix !== undefined) library.check(call['config_mix']!(at, mix));
  const beta = optional(given, 'beta', number);
  if (beta !== undefined) library.check(call['config_space_time']!(at, beta));
  if (given['filters'] !== undefined && given['stages'] === undefined) filtered(library, at, given['powers'] as Options['powers']);
  const levels = optional(given, 'levels', (value, path) => integer(value, path));
  if (levels !== undefined) library.check(call['config_levels']!(at, levels, sigma ?? SIGMA));
  if (given['from'] !== undefined) library.check(call['config_refine']!(at));
  if (given['stages'] !== undefined) writeFields(library.view, at, 'config', { stages: given['stages'] }, '');
  const text = library.scratch(256);
  library.check(call['config_check']!(at, text, 256), library.text(text));
  return at;
}

function filtered(library: Library, at: number, given: Options['powers']): void {
  const { call } = library;
  let powers = 0;
  if (given !== undefined) powers = library.struct('powers');
  if (given === 'probe') {
    const size = call['powers_memory_size']!(at) >>> 0;
    const memory = library.scratch(size);
    library.check(call['powers_probe']!(memory, size, at, powers));
  } else if (given !== undefined) {
    for (const key of fieldsOf('powers')) if ((given as unknown as Record<string, unknown>)[key] === undefined) throw new TypeError(`powers have no ${key}`);
    writeFields(library.view, powers, 'powers', given, 'powers');
  }
  library.check(call['config_filtered']!(at, powers));
}
