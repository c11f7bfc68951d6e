// Tileable blue-noise masks: bluegrad's C library through koffi.
//
//     const { Run } = require('./bluegrad');
//     const run = new Run({ width: 64, height: 64, seed: 7n });
//     while (!run.step().done) {}           // a slice of steps a frame
//     const texture = run.u8();             // Uint8Array
//
// The library is looked for in the environment variable BLUEGRAD_LIBRARY, else where the system looks.
'use strict';
const koffi = require('koffi');

const names = { win32: 'bluegrad.dll', darwin: 'libbluegrad.dylib' };
const library = koffi.load(process.env.BLUEGRAD_LIBRARY ?? names[process.platform] ?? 'libbluegrad.so');
const ALIGN = 64;

koffi.opaque('bluegrad_generator');
// The stages, the profile, the filters and the distribution are left as words.
const Config = koffi.struct('bluegrad_config', {
  struct_size: 'uint32_t',
  width: 'uint32_t',
  height: 'uint32_t',
  layers: 'uint32_t',
  channels: 'uint32_t',
  level: 'uint32_t',
  seed: 'uint64_t',
  distribution: koffi.array('uint32_t', 2 + 65),
  start: 'uint32_t',
  stage_count: 'uint32_t',
  stages: koffi.array('uint32_t', 8 * 64),
  profile: koffi.array('uint32_t', 2 * 32 + 1),
  filters: koffi.array('uint32_t', 76),
  reserved: koffi.array('uint32_t', 16),
});
koffi.struct('bluegrad_report', {
  stage: 'uint32_t',
  step: 'uint32_t',
  steps: 'uint32_t',
  losses: koffi.array('float', 8),
  gradient_norm: 'float',
  level: 'uint32_t',
  done: 'bool',
  reserved: koffi.array('uint8_t', 27),
});

const call = {
  status: library.func('const char *bluegrad_status_string(int32_t status)'),
  presetByName: library.func('int32_t bluegrad_preset_by_name(const char *name, _Out_ uint32_t *out)'),
  configDefault: library.func(
    'int32_t bluegrad_config_default(_Out_ bluegrad_config *out, uint32_t struct_size, uint32_t preset, uint32_t width, uint32_t height)',
  ),
  configCheck: library.func('int32_t bluegrad_config_check(const bluegrad_config *config, _Out_ uint8_t *text, size_t text_size)'),
  memorySize: library.func('size_t bluegrad_memory_size(const bluegrad_config *config)'),
  init: library.func(
    'int32_t bluegrad_init(void *memory, size_t size, const bluegrad_config *config, _Out_ bluegrad_generator **out)',
  ),
  step: library.func(
    'int32_t bluegrad_step(bluegrad_generator *generator, uint32_t steps, const void *jobs, _Out_ bluegrad_report *out)',
  ),
  readU8: library.func('int32_t bluegrad_read_u8(const bluegrad_generator *generator, void *to, size_t size, const void *region)'),
  readRanks: library.func('int32_t bluegrad_read_ranks(const bluegrad_generator *generator, void *to, size_t size, const void *region)'),
};

/** Throws what the library says of a status that is not 0. */
function check(status) {
  if (status !== 0) throw Object.assign(new Error(call.status(status)), { status });
}

/** The number of a preset, 'dither' for instance. */
function presetByName(name) {
  const out = [0];
  check(call.presetByName(name, out));
  return out[0];
}

/** A run in a buffer of its own, which holds all of it: there is nothing to free. */
class Run {
  #memory;
  #generator;
  #elements;

  constructor({ preset = 'dither', width, height, layers = 1, channels = 1, seed = 0n }) {
    const config = {};
    check(call.configDefault(config, koffi.sizeof(Config), presetByName(preset), width, height));
    Object.assign(config, { layers, channels, seed: BigInt(seed) });
    // Unlike the status it says which number is wrong, and what would be right.
    const text = Buffer.alloc(128);
    if (call.configCheck(config, text, text.length) !== 0) throw new Error(text.toString('utf8', 0, text.indexOf(0)));
    const size = Number(call.memorySize(config));
    // The bytes of an ArrayBuffer stay where they are; `subarray` from the first whole line on.
    const block = new Uint8Array(size + ALIGN);
    const start = Number(-koffi.address(block) & BigInt(ALIGN - 1));
    this.#memory = block.subarray(start, start + size);
    const out = [null];
    check(call.init(this.#memory, size, config, out));
    this.#generator = out[0];
    this.#elements = layers * height * width * channels;
  }

  /** Does up to so many steps; 0 does nothing but report. { stage, step, steps, done }. */
  step(steps = 1) {
    const report = {};
    check(call.step(this.#generator, steps, null, report));
    return report;
  }

  /** The finished mask as bytes, in the order layer, row, column, channel: a texture. */
  u8() {
    return this.#read(call.readU8, new Uint8Array(this.#elements));
  }

  /** The ranks of the finished mask, each of 0 to width*height - 1 once in each channel of each layer. */
  ranks() {
    return this.#read(call.readRanks, new Uint32Array(this.#elements));
  }

  #read(reader, to) {
    check(reader(this.#generator, to, to.byteLength, null));
    return to;
  }
}

module.exports = { Run };
