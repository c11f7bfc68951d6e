// What `run` of bare.c leaves in memory: `node wasm.mjs MODULE`. The module imports nothing.
import { readFileSync } from 'node:fs';

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), {});
const { memory, run } = instance.exports;
const text = run();
console.log(new TextDecoder().decode(new Uint8Array(memory.buffer, text, 16)));
