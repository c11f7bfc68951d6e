// Applying a mask to pictures.
import { enums, type BitOrder, type ByteOrder, type Fit, type Mix, type Sink } from './abi.js';
import { choice, integer, known, show } from './codec.js';
import type { Library } from './library.js';

/** Grey (1 sample a pixel), RGB (3) or RGBA (4) in rows without a gap; an `ImageData` is one. */
export interface Picture {
  data: Uint8Array | Uint8ClampedArray | Uint16Array | Float32Array;
  width: number;
  height: number;
}

/** A mask to dither with: 'texels' or 'u8' as bytes, 'thresholds' as 16 bits. */
export interface MaskImage {
  data: Uint8Array | Uint16Array;
  width: number;
  height: number;
}

/** Colours to dither to, with their table, of `bluegrad.palette`. */
export interface Palette {
  /** Colours as the display shows them, 3 bytes of sRGB each. */
  shown: Uint8Array;
  /** Colours as the display is sent them. */
  nominal: Uint8Array;
  /** The library's table. */
  table: Uint16Array;
}

/** How a palette's table is built. */
export interface PaletteOptions {
  /** 'panel' by default: black becomes the darkest colour, white the lightest. */
  fit?: Fit;
  /** Weight of noise against the error of the mean, 0 to 1; 0.002 by default. */
  grain?: number;
  /** Nodes an axis: 9, 17 by default, or 33. */
  nodes?: number;
}

/** What a picture becomes. */
export interface DitherOptions {
  /** Even levels from black to white, of each channel; 2 by default. */
  levels?: number | [number, number, number];
  /** Output values in place of even levels, as codes from 0 to 255 that rise. */
  values?: number[];
  /** In what neighbouring levels mix to the input: 'codes' by default, or 'light'. */
  mix?: Mix;
  /** Colours in place of levels: pictures of RGB only. */
  palette?: Palette;
  /**
   * Form of the output; by default 'values', the picture as it is shown: as many channels as went in, alpha as it was. 'levels' gives the
   * index of the level or colour. The others are for displays; alpha is left out.
   */
  sink?: Exclude<Sink, 'mapped'>;
  /** 'packed': bits of a level, 1, 2, 4 or 8; the fewest by default. */
  bits?: number;
  /** 'packed', 'planes': 'msb-first' by default. */
  bitOrder?: BitOrder;
  /** 'rgb565': 'little-endian' by default. */
  byteOrder?: ByteOrder;
  /** Column and row of the mask over the picture's first: other ones for each frame. */
  x?: number;
  y?: number;
  /** (x, y) that is added for red, green and blue. */
  offsets?: [[number, number], [number, number], [number, number]];
}

const SAMPLES: [new (length: number) => Picture['data'], string][] = [
  [Uint8Array, 'u8'], [Uint8ClampedArray, 'u8'], [Uint16Array, 'u16'], [Float32Array, 'f32'],
];
const OPTIONS = ['levels', 'values', 'mix', 'palette', 'sink', 'bits', 'bitOrder', 'byteOrder', 'x', 'y', 'offsets'];

/** Writes words to fields of the struct `dither` at an address. */
function put(library: Library, at: number, field: string, ...words: number[]): void {
  const offset = library.offset('dither', field);
  words.forEach((word, i) => library.view.setUint32(at + offset + 4 * i, word, true));
}

function side(value: unknown, path: string): number {
  return integer(value, path, 1, 2 ** 24);
}

function samplesOf(picture: Picture): { channels: number; sample: string } {
  if (picture === null || typeof picture !== 'object') throw new TypeError(`picture is ${show(picture)}: expected { data, width, height }`);
  const { data } = picture;
  const sample = SAMPLES.find(([array]) => data instanceof array)?.[1];
  if (!sample) throw new TypeError(`picture.data is ${show(data)}: expected a Uint8Array, Uint8ClampedArray, Uint16Array or Float32Array`);
  const pixels = side(picture.width, 'picture.width') * side(picture.height, 'picture.height');
  const channels = data.length / pixels;
  if (![1, 3, 4].includes(channels)) {
    throw new RangeError(`picture.data has ${data.length} samples: expected ${pixels}, ${3 * pixels} or ${4 * pixels} for ${picture.width}x${picture.height}`);
  }
  return { channels, sample };
}

/** Dithers a picture. */
export function dither(library: Library, picture: Picture, mask: MaskImage, options: DitherOptions = {}): Uint8Array<ArrayBuffer> {
  const given = known(options, 'options', OPTIONS) as DitherOptions;
  const { channels, sample } = samplesOf(picture);
  const colors = Math.min(channels, 3);
  const bytes = checkMask(mask);
  library.begin();
  const at = library.struct('dither');
  const texels = library.copy(mask.data);
  const even = levelsOf(given);
  library.check(library.call['dither_default']!(at, library.size('dither'), texels, mask.width, mask.height, even[0]!));
  put(library, at, 'channels', colors);
  put(library, at, 'maskBits', 8 * bytes);
  put(library, at, 'x', integer(given.x ?? 0, 'x') % mask.width);
  put(library, at, 'y', integer(given.y ?? 0, 'y') % mask.height);
  put(library, at, 'sample', choice('sample', sample, 'sample'));
  put(library, at, 'levels', ...even);
  if (given.offsets) put(library, at, 'channelOffsets', ...given.offsets.flat().map((word, i) => integer(word, `offsets[${i >> 1}]`, 0, 4096)));
  const sink = given.sink ?? 'values';
  if ((sink as string) === 'mapped') throw new RangeError("sink is 'mapped': expected 'values'");
  choice('sink', sink, 'sink');
  put(library, at, 'sink', enums['sink']![sink]!);
  put(library, at, 'bits', integer(given.bits ?? 0, 'bits'));
  put(library, at, 'bitOrder', choice('bitOrder', given.bitOrder ?? 'msb-first', 'bitOrder'));
  put(library, at, 'byteOrder', choice('byteOrder', given.byteOrder ?? 'little-endian', 'byteOrder'));
  if (given.palette) {
    if (given.values || given.levels !== undefined) throw new TypeError('palette goes without levels and values: leave them out');
    putPalette(library, at, given.palette, colors, sink);
  } else if (given.values || choice('mix', given.mix ?? 'codes', 'mix') !== 0) {
    putTables(library, at, given, even, colors, sink, sample === 'u8' ? 256 : 65536, bytes === 1 ? 256 : mask.width * mask.height);
  }
  const from = library.copy(channels === 4 ? withoutAlpha(picture.data) : picture.data);
  const samples = picture.width * colors;
  const row = library.call['dither_row_size']!(at, samples) >>> 0;
  const size = row * picture.height * (sink === 'planes' ? 2 : 1);
  const to = library.scratch(size);
  library.check(library.call['dither_rows']!(at, 0, picture.height, from, samples, to, size));
  const out = library.bytes(to, size).slice();
  if (sink !== 'values') return out;
  return withAlpha(given.palette ? shown(out, given.palette) : out, picture.data, channels);
}

function checkMask(mask: MaskImage): number {
  if (mask === null || typeof mask !== 'object') throw new TypeError(`mask is ${show(mask)}: expected { data, width, height }`);
  const { data } = mask;
  if (!(data instanceof Uint8Array || data instanceof Uint16Array)) {
    throw new TypeError(`mask.data is ${show(data)}: expected texels in a Uint8Array, or thresholds in a Uint16Array`);
  }
  const pixels = integer(mask.width, 'mask.width', 1, 4096) * integer(mask.height, 'mask.height', 1, 4096);
  if (data.length !== pixels) throw new RangeError(`mask.data has ${data.length} values: expected ${pixels} for ${mask.width}x${mask.height}, one layer`);
  return data.BYTES_PER_ELEMENT;
}

function levelsOf({ levels = 2, values }: DitherOptions): number[] {
  const all = values ? Array(3).fill(values.length) : Array.isArray(levels) ? levels : Array(3).fill(levels);
  if (all.length !== 3) throw new RangeError(`levels has ${all.length} elements: expected 3`);
  return all.map((count) => integer(count, values ? 'number of values' : 'levels', 2, 256));
}

function putPalette(library: Library, at: number, palette: Palette, colors: number, sink: string): void {
  if (colors !== 3) throw new TypeError('a palette goes with pictures of RGB: expected 3 or 4 samples a pixel');
  if (!(palette?.table instanceof Uint16Array)) throw new TypeError(`palette is ${show(palette)}: expected one of bluegrad.palette`);
  put(library, at, 'form', enums['levels']!['palette']!);
  put(library, at, 'palette', library.copy(palette.table));
  put(library, at, 'paletteWords', palette.table.length);
  if (sink === 'values') put(library, at, 'sink', enums['sink']!['levels']!);
}

// Tables for levels that are not even or mix in light, and bytes for what is shown.
function putTables(library: Library, at: number, given: DitherOptions, even: number[], colors: number, sink: string, words: number, pixels: number): void {
  const made = new Map<number, [number, number]>();
  const [tables, values]: [number[], number[]] = [[], []];
  for (const count of even.slice(0, colors)) {
    if (!made.has(count)) {
      const codes = given.values ?? Array.from({ length: count }, (_, i) => (255 * i) / (count - 1));
      const wide = codes.map((code, i) => {
        if (typeof code !== 'number') throw new TypeError(`values[${i}] is ${show(code)}: expected a number`);
        if (!(code >= 0 && code <= 255)) throw new RangeError(`values[${i}] is ${code}: expected 0 to 255`);
        return Math.round(257 * code);
      });
      const from = library.copy(Uint16Array.from(wide));
      const table = library.scratch(4 * words);
      library.check(library.call['tone_fill']!(from, count, choice('mix', given.mix ?? 'codes', 'mix'), pixels, table, words));
      made.set(count, [table, library.copy(Uint8Array.from(codes, Math.round))]);
    }
    const [table, bytes] = made.get(count)!;
    tables.push(table);
    values.push(bytes);
  }
  put(library, at, 'form', enums['levels']!['table']!);
  put(library, at, 'tables', ...tables);
  put(library, at, 'values', ...values);
  if (sink === 'values') put(library, at, 'sink', enums['sink']!['mapped']!);
}

function withoutAlpha<A extends Picture['data']>(data: A): A {
  const out = new (data.constructor as new (length: number) => A)((data.length / 4) * 3);
  for (let i = 0, j = 0; j < out.length; i += 4) {
    out[j++] = data[i]!;
    out[j++] = data[i + 1]!;
    out[j++] = data[i + 2]!;
  }
  return out;
}

function withAlpha(rgb: Uint8Array<ArrayBuffer>, data: Picture['data'], channels: number): Uint8Array<ArrayBuffer> {
  if (channels !== 4) return rgb;
  const scale = data instanceof Float32Array ? 255 : data instanceof Uint16Array ? 1 / 257 : 1;
  const out = new Uint8Array(data.length);
  for (let i = 0, j = 0; i < out.length; i += 4) {
    out[i] = rgb[j++]!;
    out[i + 1] = rgb[j++]!;
    out[i + 2] = rgb[j++]!;
    out[i + 3] = Math.round(data[i + 3]! * scale);
  }
  return out;
}

function shown(indices: Uint8Array, palette: Palette): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(3 * indices.length);
  indices.forEach((index, i) => out.set(palette.shown.subarray(3 * index, 3 * index + 3), 3 * i));
  return out;
}

/** Builds the table of a palette, a built-in one by its name or given colours. */
export function palette(library: Library, colors: string | ArrayLike<number>, options: PaletteOptions = {}): Palette {
  const { fit = 'panel', grain = 0.002, nodes = 17 } = known(options, 'options', ['fit', 'grain', 'nodes']) as PaletteOptions;
  const fitNumber = choice('fit', fit, 'fit');
  if (typeof grain !== 'number') throw new TypeError(`grain is ${show(grain)}: expected a number`);
  integer(nodes, 'nodes');
  library.begin();
  let [shown, nominal]: [Uint8Array, Uint8Array] = [new Uint8Array(), new Uint8Array()];
  if (typeof colors === 'string') {
    const name = library.name(colors);
    const [a, b, count] = [library.scratch(192), library.scratch(192), library.scratch(4)];
    const status = library.call['palette_by_name']!(name, a, b, count);
    library.check(status, `no palette has the name ${show(colors)}: expected one of those of the command \`bluegrad dither --help\``);
    const length = 3 * library.view.getUint32(count, true);
    [shown, nominal] = [library.bytes(a, length).slice(), library.bytes(b, length).slice()];
  } else {
    const list = Array.from(colors as ArrayLike<number>, (byte, i) => integer(byte, `colors[${i}]`, 0, 255));
    if (list.length === 0 || list.length % 3 !== 0) throw new RangeError(`colors has ${list.length} bytes: expected 3 for each of 2 to 64 colours`);
    shown = nominal = Uint8Array.from(list);
  }
  const count = shown.length / 3;
  const words = library.call['palette_words']!(count, nodes) >>> 0;
  const from = library.copy(shown);
  const table = library.scratch(2 * words);
  library.check(library.call['palette_build']!(from, count, fitNumber, grain, nodes, table, words));
  return { shown, nominal, table: new Uint16Array(library.bytes(table, 2 * words).slice().buffer) };
}
