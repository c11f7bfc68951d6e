// A library of a compiled module.
import { ALGORITHM_VERSION, enums, type Config, type Filters, type Preset, type Quality, type Stage, type VolumeQuality } from './abi.js';
import { choice, known } from './codec.js';
import { OPTIONS, configure, type Options } from './configure.js';
import { dither, palette, type DitherOptions, type MaskImage, type Palette, type PaletteOptions, type Picture } from './dither.js';
import { Generator as Run, READ_OPTIONS, typeOf, type Arrays, type ReadOptions, type Type } from './generator.js';
import { Library, type Elements } from './library.js';
import { measure, measureVolume, pairLoss, type MaskShape } from './measure.js';

/** What a mask is made of, and what it is read as. */
export type GenerateOptions<T extends Type = 'u8'> = Options & Pick<ReadOptions, 'range' | 'low' | 'high'> & {
  /** Element type; 'u8' by default. */
  type?: T;
};

/** The library, ready to use. Its functions need no `this`. */
export interface Bluegrad {
  /** Makes a mask, in the order layer, row, column, channel. The same options give the same bytes on every machine. */
  generate<T extends Type = 'u8'>(options: GenerateOptions<T>): Arrays[T];
  /** A run, a slice of steps at a time. */
  Generator: new (options: Options) => Run;
  /** Takes up a run from its snapshot. */
  open(snapshot: Uint8Array): Run;
  /** The configuration of options, with the stages of its preset: edit it, and give it in place of options. */
  configure(options: Options): Config;
  /** A stage of a kind, to edit, and to put among the `stages` of options. */
  stage<K extends Stage['kind']>(kind: K): Extract<Stage, { kind: K }>;
  /** Dithers a picture, by default to two levels: returns the picture as it is shown. */
  dither(picture: Picture, mask: MaskImage, options?: DitherOptions): Uint8Array<ArrayBuffer>;
  /** Builds a palette to dither to: a built-in one, 'spectra-6' for instance, or colours of 3 bytes each. */
  palette(colors: string | ArrayLike<number>, options?: PaletteOptions): Palette;
  /** Quality of a flat mask of any origin. */
  measure(mask: Elements, shape: MaskShape): Quality;
  /** Quality of a mask with layers or channels. */
  measureVolume(mask: Elements, shape: MaskShape): VolumeQuality;
  /** Error that filters leave of a channel, dB relative to white noise. */
  pairLoss(mask: Elements, shape: MaskShape, filters: Options['filters'] & {}, channel?: number): number;
  /** Presets, and what each is for. */
  presets: { name: Preset; purpose: string }[];
  /** Names of the terms of `losses`. */
  lossNames: string[];
  /** 'simd128' or 'scalar'. */
  simdLevel: string;
  /** Version of the library. */
  version: string;
  /** The same options and this number give the same mask. */
  algorithmVersion: number;
}

const GENERATE = [...OPTIONS, 'type', 'range', 'low', 'high'];

/** Makes an instance of a module. */
export function make(module: WebAssembly.Module): Bluegrad {
  const library = new Library(module);
  const { call } = library;
  const texts = (name: string) => {
    const list: string[] = [];
    for (let i = 0, text; (text = library.text(call[name]!(i))) !== undefined; i++) list.push(text);
    return list;
  };
  if (call['algorithm_version']!() !== ALGORITHM_VERSION || library.text(call['preset_name']!(0)) !== Object.keys(enums['preset']!)[0]) {
    throw new Error('the WebAssembly module is of another version of bluegrad than the package: copy it from the folder dist');
  }
  const version = call['version']!();
  const purposes = texts('preset_purpose');
  class Generator extends Run {
    constructor(given: Options) {
      known(given, 'options', OPTIONS);
      super(library, given);
    }
  }
  return {
    generate(given) {
      const all = known(given, 'options', GENERATE);
      const type = typeOf(given.type ?? 'u8');
      const pick = (keys: string[]) => Object.fromEntries(Object.entries(all).filter(([key]) => keys.includes(key)));
      const run = new Run(library, pick(OPTIONS) as unknown as Options);
      try {
        run.step(0xffffffff);
        return run.read(type, pick(READ_OPTIONS.filter((key) => !OPTIONS.includes(key)))) as never;
      } finally {
        run.end();
      }
    },
    Generator,
    open(snapshot) {
      if (!(snapshot instanceof Uint8Array)) throw new TypeError('the snapshot is not bytes: expected the Uint8Array of a snapshot');
      return new Run(library, { block: snapshot });
    },
    configure: (given) => library.begin().read<Config>(configure(library, given), 'config'),
    stage(kind) {
      const number = choice('stageKind', kind, 'kind');
      const at = library.begin().struct('stage');
      library.check(call['stage_default']!(at, number));
      return library.read(at, 'stage');
    },
    dither: (picture, mask, given) => dither(library, picture, mask, given),
    palette: (colors, given) => palette(library, colors, given),
    measure: (mask, shape) => measure(library, mask, shape),
    measureVolume: (mask, shape) => measureVolume(library, mask, shape),
    pairLoss: (mask, shape, filters, channel) => pairLoss(library, mask, shape, filters as Filters, channel),
    presets: texts('preset_name').map((name, i) => ({ name: name as Preset, purpose: purposes[i]! })),
    lossNames: texts('loss_name'),
    simdLevel: library.text(call['simd_level']!())!,
    version: `${version >> 16}.${(version >> 8) & 255}.${version & 255}`,
    algorithmVersion: call['algorithm_version']!(),
  };
}
