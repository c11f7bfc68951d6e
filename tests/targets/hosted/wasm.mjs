// Runs the golden cases of a wasm module that has no imports: `node wasm.mjs cases.wasm`. Lines as those of main.c.
import { readFileSync } from 'node:fs';

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), {});
const { cases_count, cases_memory, cases_run, memory, __heap_base } = instance.exports;

// The block and a line after it stand past all that the module has of its own.
const block = (__heap_base.value + 63) & ~63;
const line = block + cases_memory();
const room = 200;
memory.grow(Math.ceil((line + room - memory.buffer.byteLength) / 65536));
for (let index = 0; index < cases_count(); index++) {
  const start = process.hrtime.bigint();
  const length = cases_run(index, 0, block, line, room);
  const time = process.hrtime.bigint() - start;
  if (length === 0) {
    console.error(`case ${index} failed`);
    process.exit(1);
  }
  console.log(`${new TextDecoder().decode(new Uint8Array(memory.buffer, line, length))} ${time}`);
}
