// The 64x64 `dither` mask of seed 7 by the C ABI in WebAssembly: `node mask.mjs bluegrad.wasm` prints its level and hash.
import { readFileSync } from 'node:fs';

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), {});
const wasm = instance.exports;
const SIDE = 64;
// sizeof(bluegrad_config), and where its seed is: the same as in C on any machine.
const CONFIG_SIZE = 2984;
const SEED = 24;
const DITHER = 0;

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

const config = room(CONFIG_SIZE);
check(wasm.bluegrad_config_default(config, CONFIG_SIZE, DITHER, SIDE, SIDE));
new DataView(wasm.memory.buffer).setBigUint64(config + SEED, 7n, true);
const size = wasm.bluegrad_memory_size(config);
const block = room(size);
const out = room(4);
check(wasm.bluegrad_init(block, size, config, out));
const generator = new DataView(wasm.memory.buffer).getUint32(out, true);
check(wasm.bluegrad_step(generator, 0xffffffff, 0, 0));
const ranks = room(4 * SIDE * SIDE);
check(wasm.bluegrad_read_ranks(generator, ranks, 4 * SIDE * SIDE, 0));

let hash = 0xcbf29ce484222325n;
for (const byte of new Uint8Array(wasm.memory.buffer, ranks, 4 * SIDE * SIDE)) {
  hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
}
console.log(`${text(wasm.bluegrad_simd_level())} ${hash.toString(16).padStart(16, '0')}`);
