// Node: the 64x64 `dither` mask of seed 7, a step at a time. Prints FNV-1a 64 over the ranks as little-endian u32.
'use strict';
const assert = require('node:assert');
const { Run } = require('./bluegrad');

function fnv1a(bytes) {
  let sum = 0xcbf29ce484222325n;
  for (const byte of bytes) sum = BigInt.asUintN(64, (sum ^ BigInt(byte)) * 0x100000001b3n);
  return sum.toString(16).padStart(16, '0');
}

function littleEndian(ranks) {
  const bytes = new DataView(new ArrayBuffer(4 * ranks.length));
  ranks.forEach((rank, i) => bytes.setUint32(4 * i, rank, true));
  return new Uint8Array(bytes.buffer);
}

const run = new Run({ width: 64, height: 64, seed: 7n });
assert.throws(() => run.u8(), /not done/);
while (!run.step().done) {}
assert.strictEqual(run.u8().length, 64 * 64);

assert.throws(() => new Run({ width: 7, height: 64 }), /from 8 to 4096/);
assert.throws(() => new Run({ width: 64, height: 64, preset: 'no such' }), Error);
console.log(fnv1a(littleEndian(run.ranks())));
