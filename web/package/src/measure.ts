// Quality of any mask.
import type { Filters, Quality, Shape, VolumeQuality } from './abi.js';
import { integer, known, show, writeFields } from './codec.js';
import type { Elements, Library } from './library.js';

/** Size of a mask that is measured; 1 layer and 1 channel by default. */
export type MaskShape = Pick<Shape, 'width' | 'height'> & Partial<Shape>;

// Writes a shape, 1 layer and channel by default.
function writeShape(library: Library, shape: MaskShape): number {
  const given = known(shape, 'shape', ['width', 'height', 'layers', 'channels']) as unknown as MaskShape;
  const full = { width: given.width, height: given.height, layers: given.layers ?? 1, channels: given.channels ?? 1 };
  for (const [name, value] of Object.entries(full)) integer(value, name, 1, 4096);
  const at = library.struct('shape');
  writeFields(library.view, at, 'shape', full, 'shape');
  return at;
}

/** For each element, how many others of its layer and channel have a smaller value. */
function ranksOf(mask: Elements, shape: Shape): Uint32Array {
  const { width, height, layers, channels } = shape;
  const elements = width * height * layers * channels;
  if (!(mask instanceof Uint8Array || mask instanceof Uint8ClampedArray || mask instanceof Uint16Array || mask instanceof Uint32Array || mask instanceof Float32Array)) {
    throw new TypeError(`mask is ${show(mask)}: expected a Uint8Array, Uint16Array, Float32Array, or ranks in a Uint32Array`);
  }
  if (mask.length !== elements) {
    throw new RangeError(`the mask has ${mask.length} elements: expected ${elements} for ${width}x${height}, layers: ${layers}, channels: ${channels}`);
  }
  if (mask instanceof Uint32Array) return mask;
  const ranks = new Uint32Array(elements);
  const plane = width * height;
  for (let layer = 0; layer < layers; layer++) {
    for (let channel = 0; channel < channels; channel++) {
      const at = (i: number) => (layer * plane + i) * channels + channel;
      const sorted = Float32Array.from({ length: plane }, (_, i) => mask[at(i)]!);
      if (sorted.some(Number.isNaN)) throw new RangeError('the mask has a value that is not a number');
      sorted.sort();
      const first = new Map<number, number>();
      for (let i = plane - 1; i >= 0; i--) first.set(sorted[i]!, i);
      for (let i = 0; i < plane; i++) ranks[at(i)] = first.get(mask[at(i)]!)!;
    }
  }
  return ranks;
}

/** Quality of a flat mask. */
export function measure(library: Library, mask: Elements, shape: MaskShape): Quality {
  library.begin();
  const at = library.read<Shape>(writeShape(library, shape), 'shape');
  if (at.layers * at.channels !== 1) throw new RangeError('the mask has layers or channels: expected a flat one, or measureVolume');
  const ranks = library.copy(ranksOf(mask, at));
  const size = library.call['measure_memory_size']!(at.width, at.height) >>> 0;
  const [scratch, out] = [library.scratch(size), library.struct('quality')];
  library.check(library.call['measure']!(ranks, at.width, at.height, scratch, size, out));
  return library.read(out, 'quality');
}

/** Quality of a mask with layers or channels; one entry of `channels` for each. */
export function measureVolume(library: Library, mask: Elements, shape: MaskShape): VolumeQuality {
  library.begin();
  const shapeAt = writeShape(library, shape);
  const full = library.read<Shape>(shapeAt, 'shape');
  const ranks = library.copy(ranksOf(mask, full));
  const size = library.call['measure_volume_memory_size']!(shapeAt) >>> 0;
  const [scratch, out] = [library.scratch(size), library.struct('volumeQuality')];
  library.check(library.call['measure_volume']!(ranks, shapeAt, scratch, size, out));
  const quality = library.read<VolumeQuality>(out, 'volumeQuality');
  return { ...quality, channels: quality.channels.slice(0, full.channels) };
}

/** Squared error of all patterns of a channel after filters, dB relative to white noise. */
export function pairLoss(library: Library, mask: Elements, shape: MaskShape, filters: Filters, channel = 0): number {
  integer(channel, 'channel');
  library.begin();
  const shapeAt = writeShape(library, shape);
  const ranks = library.copy(ranksOf(mask, library.read<Shape>(shapeAt, 'shape')));
  // Of the defaults, what the filters leave out.
  const config = library.struct('config');
  library.check(library.call['config_default']!(config, library.size('config'), 0, 64, 64));
  writeFields(library.view, config, 'config', { filters }, '');
  const size = library.call['pair_loss_memory_size']!(shapeAt) >>> 0;
  const [scratch, out] = [library.scratch(size), library.scratch(8)];
  library.check(library.call['pair_loss']!(ranks, shapeAt, channel, config + library.offset('config', 'filters'), scratch, size, out));
  return library.view.getFloat64(out, true);
}
