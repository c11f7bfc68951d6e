// The 64x64 `dither` mask of seed 7 by the C ABI in WebAssembly: `node mask.mjs bluegrad.wasm` prints its level and hash, and on standard
// error how long a `space-time` mask of four layers takes.
import { readFileSync } from 'node:fs';

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), {});
const wasm = instance.exports;
const SIDE = 64;
// sizeof(bluegrad_config), and where its layers and its seed are: the same as in C on any machine.
const CONFIG_SIZE = 2984;
const LAYERS = 12;
const SEED = 24;
const DITHER = 0;
const SPACE_TIME = 11;

// Room past all that the module has of its own, a piece at a time.
let free = wasm.__heap_base.value;
function room(bytes) {
  const start = (free + 63) & ~63;
  free = start + bytes;
  const missing = free - wasm.memory.buffer.byteLength;
  if (missing > 0) wasm.memory.grow(Math.ceil(missing / 65536));
  return start;
}

function text(pointer) {
  const bytes = new Uint8Array(wasm.memory.buffer, pointer);
  return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
}

function check(status) {
  if (status !== 0) throw new Error(text(wasm.bluegrad_status_string(status)));
}

// The ranks of a mask of seed 7, and the milliseconds of all its steps.
function make(preset, layers) {
  const config = room(CONFIG_SIZE);
  check(wasm.bluegrad_config_default(config, CONFIG_SIZE, preset, SIDE, SIDE));
  const view = new DataView(wasm.memory.buffer);
  view.setUint32(config + LAYERS, layers, true);
  view.setBigUint64(config + SEED, 7n, true);
  const size = wasm.bluegrad_memory_size(config);
  const block = room(size);
  const out = room(4);
  check(wasm.bluegrad_init(block, size, config, out));
  const generator = new DataView(wasm.memory.buffer).getUint32(out, true);
  const start = performance.now();
  check(wasm.bluegrad_step(generator, 0xffffffff, 0, 0));
  const milliseconds = performance.now() - start;
  const bytes = 4 * SIDE * SIDE * layers;
  const ranks = room(bytes);
  check(wasm.bluegrad_read_ranks(generator, ranks, bytes, 0));
  return { ranks: new Uint8Array(wasm.memory.buffer, ranks, bytes).slice(), milliseconds };
}

let hash = 0xcbf29ce484222325n;
for (const byte of make(DITHER, 1).ranks) {
  hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
}
const { ranks, milliseconds } = make(SPACE_TIME, 4);
for (let layer = 0; layer < 4; layer++) {
  const sorted = new Uint32Array(ranks.buffer, 4 * SIDE * SIDE * layer, SIDE * SIDE).sort();
  if (sorted.some((rank, i) => rank !== i)) throw new Error(`layer ${layer} has not each rank once`);
}
console.error(`space-time, ${SIDE}x${SIDE}x4: ${milliseconds.toFixed(1)} ms`);
console.log(`${text(wasm.bluegrad_simd_level())} ${hash.toString(16).padStart(16, '0')}`);
