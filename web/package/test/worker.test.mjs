// The worker helper in Node.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import bluegrad from 'bluegrad';
import bluegradWorker from 'bluegrad/worker';

const { generate, measure } = await bluegrad();
// Far longer than the test: whoever does not stop is found out.
const ENDLESS = { width: 512, height: 512, preset: 'published' };

test('masks and figures of a worker', async () => {
  const worker = await bluegradWorker();
  const options = { width: 64, height: 64, seed: 7 };
  const reports = [];
  const [mask, floats, figures] = await Promise.all([
    worker.generate({ ...options, onProgress: (report) => reports.push(report) }),
    worker.generate({ ...options, type: 'f32', range: 'signed', preset: 'dither-fast' }),
    worker.measure(generate(options), { width: 64, height: 64 }),
  ]);
  assert.deepEqual(mask, generate(options));
  assert.deepEqual(floats, generate({ ...options, type: 'f32', range: 'signed', preset: 'dither-fast' }));
  assert.deepEqual(figures, measure(mask, { width: 64, height: 64 }));
  assert.equal(reports.at(-1).done, true);
  assert.equal(reports.at(-1).step, reports.at(-1).steps);
  const plain = await bluegradWorker({ simd: false });
  assert.deepEqual(await plain.generate(options), mask);
  worker.terminate();
  plain.terminate();
});

test('errors cross as what they are', async () => {
  const worker = await bluegradWorker();
  await assert.rejects(worker.generate({ width: 7, height: 64 }), { name: 'RangeError', message: /from 8 to 4096/ });
  await assert.rejects(worker.generate({ width: 64, height: 64, sed: 1 }), TypeError);
  await assert.rejects(worker.measure(new Uint8Array(3), { width: 16, height: 16 }), RangeError);
  await assert.rejects(worker.generate({ width: 64, height: 64, from: () => {} }), { name: 'DataCloneError' });
  await assert.rejects(bluegradWorker({ wasm: 'no/such.wasm' }), /cannot be read/);
  assert.equal((await worker.generate({ width: 16, height: 16 })).length, 256);
  worker.terminate();
});

test('a cancelled mask', async () => {
  const worker = await bluegradWorker();
  await assert.rejects(worker.generate({ ...ENDLESS, signal: AbortSignal.abort() }), { name: 'AbortError' });
  const controller = new AbortController();
  const onProgress = () => controller.abort();
  await assert.rejects(worker.generate({ ...ENDLESS, signal: controller.signal, onProgress }), { name: 'AbortError' });
  // one that waits behind another
  const [first, second] = [new AbortController(), new AbortController()];
  const reason = new Error('no longer wanted');
  const masks = [
    worker.generate({ ...ENDLESS, signal: first.signal, onProgress: () => first.abort(reason) }),
    worker.generate({ ...ENDLESS, signal: second.signal }),
  ];
  second.abort();
  await assert.rejects(masks[1], { name: 'AbortError' });
  await assert.rejects(masks[0], reason);
  await assert.rejects(worker.generate({ ...ENDLESS, onProgress: () => { throw reason; } }), reason);
  assert.equal((await worker.generate({ width: 16, height: 16 })).length, 256, 'the worker goes on');
  worker.terminate();
});

test('a terminated worker', async () => {
  const worker = await bluegradWorker();
  const mask = worker.generate({ ...ENDLESS, onProgress: () => worker.terminate() });
  await assert.rejects(mask, { name: 'Error', message: 'the worker was terminated' });
  await assert.rejects(worker.generate({ width: 16, height: 16 }), /the worker was terminated: start another one/);
  worker.terminate();
});

test('an idle worker keeps no process alive', () => {
  const script = `import worker from 'bluegrad/worker'; const made = await worker(); await made.generate({ width: 16, height: 16 }); console.log('end');`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: new URL('.', import.meta.url), encoding: 'utf8' });
  assert.deepEqual([status, stdout], [0, 'end\n']);
});
