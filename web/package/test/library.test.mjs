// The package in Node, as npm installs it: `GOLDEN=…/tests/golden.txt node --test`. With ALL=1 every golden mask, else those up to 64x64.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import bluegrad from 'bluegrad';

const golden = readFileSync(process.env.GOLDEN, 'utf8').trim().split('\n');
const vectors = await bluegrad();
const plain = await bluegrad({ simd: false });

/** FNV-1a 64 of ranks as little-endian u32. */
function hash(ranks) {
  let [low, high] = [0x84222325, 0xcbf29ce4];
  for (const rank of ranks) {
    for (let shift = 0; shift < 32; shift += 8) {
      low = (low ^ ((rank >>> shift) & 255)) >>> 0;
      // times 2^40 + 0x1b3
      const product = low * 0x1b3;
      high = (Math.imul(high, 0x1b3) + Math.floor(product / 2 ** 32) + (low << 8)) >>> 0;
      low = product >>> 0;
    }
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}

// The hashes are of ranks plane by plane: channel by channel of each layer.
function* planes(run, layers, channels) {
  for (let plane = 0; plane < layers * channels; plane++) {
    yield* run.read('ranks', { layer: Math.floor(plane / channels), layers: 1, channel: plane % channels, channels: 1 });
  }
}

test('each module has its level', () => {
  assert.equal(vectors.simdLevel, 'simd128');
  assert.equal(plain.simdLevel, 'scalar');
  assert.equal(golden[0], `version ${vectors.algorithmVersion}`);
});

test('structs are as large as the library says', async () => {
  const { layouts } = await import(new URL('dist/abi.js', import.meta.resolve('bluegrad/package.json')));
  const { instance } = await WebAssembly.instantiate(readFileSync(new URL(import.meta.resolve('bluegrad/bluegrad.wasm'))), {});
  let count = 0;
  for (const [name, size] of Object.entries(instance.exports)) {
    const struct = /^bluegrad_sizeof_(\w+)$/.exec(name)?.[1].replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
    // some the package does without
    if (!struct || !layouts[struct]) continue;
    assert.equal(layouts[struct].size, size(), struct);
    count += 1;
  }
  assert.ok(count >= 12);
});

test('golden masks, with vectors and without', () => {
  const STEPS = { spectral: 50, front: 60 };
  const FILTERS = {
    'box-3': { space: { kind: 'box', size: 3 } },
    'box-3-ema': { space: { kind: 'box', size: 3 }, time: { kind: 'ema', alpha: 0.1 } },
    'gauss-1-exponential': { space: { kind: 'gaussian', sigma: 1 }, time: { kind: 'exponential', alpha: 0.1, beta: 0.1 } },
  };
  let count = 0;
  for (const line of golden.slice(1)) {
    const [name, width, rest, seed, steps, wanted] = line.split(' ');
    const [height, layers = 1, channels = 1] = rest.split('x').map(Number);
    const made = name in FILTERS ? { filters: FILTERS[name] } : { preset: name };
    const options = { ...made, width: Number(width), height, layers, channels, seed: Number(seed) };
    if (!process.env.ALL && (options.width * height > 4096 || /best|gradient/.test(name))) continue;
    const config = vectors.configure(options);
    const first = config.stages[0];
    if (first.kind in STEPS) first.steps = STEPS[first.kind];
    for (const library of [vectors, plain]) {
      const run = new library.Generator(config);
      const report = run.step(1e9);
      assert.equal(report.steps - 1, Number(steps), line);
      assert.equal(hash(planes(run, layers, channels)), wanted, `${line}, ${library.simdLevel}`);
    }
    count += 1;
  }
  assert.ok(count > 90, `${count} masks`);
});

test('types follow from the ranks', () => {
  const size = { width: 40, height: 24, seed: 7 };
  const n = 40 * 24;
  const ranks = vectors.generate({ ...size, type: 'ranks' });
  assert.ok(ranks instanceof Uint32Array);
  assert.deepEqual([...ranks].sort((a, b) => a - b), [...Array(n).keys()]);
  const read = (type, more) => [...vectors.generate({ ...size, type, ...more })];
  assert.deepEqual(read('u8'), [...ranks].map((rank) => Math.floor((256 * rank) / n)));
  assert.deepEqual(read('u16'), [...ranks].map((rank) => Math.floor((65536 * rank) / n)));
  assert.deepEqual(read('ranks16'), [...ranks]);
  assert.deepEqual(read('thresholds'), [...ranks].map((rank) => Math.floor(((2 * rank + 1) * 2 ** 15) / n)));
  const near = (values, formula) => values.forEach((value, i) => assert.ok(Math.abs(value - formula((ranks[i] + 0.5) / n)) < 1e-6));
  near(read('f32'), (u) => u);
  near(read('f32', { range: 'signed' }), (u) => 2 * u - 1);
  near(read('f32', { range: 'signed', distribution: { kind: 'triangular' } }), (u) => (u < 0.5 ? Math.sqrt(2 * u) - 1 : 1 - Math.sqrt(2 - 2 * u)));
  assert.equal(read('texels').length, n);
  assert.equal(read('two-level-texels', { low: 0, high: 65535 }).length, n);
  // a preset with a distribution is read as that: fewer pixels at the ends
  const triangular = vectors.generate({ ...size, preset: 'triangular' });
  assert.ok(triangular.filter((value) => value < 26).length < n / 40);
});

test('layers, channels and parts of them', () => {
  const options = { width: 16, height: 16, layers: 4, channels: 2, preset: 'space-time', seed: 3n };
  const run = new vectors.Generator(options);
  assert.equal(run.step(1e9).done, true);
  const whole = run.read('u8');
  assert.equal(whole.length, 16 * 16 * 8);
  assert.deepEqual(whole, vectors.generate(options));
  assert.deepEqual(run.read('u8', { layer: 1, layers: 2 }), whole.slice(512, 1536));
  assert.deepEqual([...run.read('u8', { layer: 3, channel: 1 })], [...whole.slice(1536)].filter((_, i) => i % 2 === 1));
  assert.throws(() => run.read('u8', { layer: 4 }), RangeError);
  assert.throws(() => run.read('u8', { layers: 5 }), RangeError);
});

test('a run in slices, beside another one, saved, taken up by the other module', () => {
  const options = { width: 64, height: 64, seed: 7 };
  const whole = vectors.generate(options);
  const [a, b] = [new vectors.Generator(options), new vectors.Generator({ ...options, seed: 8, preset: 'dither-fast' })];
  assert.throws(() => a.read(), { name: 'Error', message: /not done/ });
  assert.equal(a.values().length, 4096);
  let saved;
  while (!a.step().done) {
    b.step();
    if (a.report.step === 9) saved = a.snapshot();
  }
  assert.deepEqual(a.read(), whole);
  assert.equal(a.step().done, true, 'a step past the end');
  const taken = plain.open(saved);
  assert.equal(taken.report.step, 9);
  assert.equal(taken.config.seed, 7n);
  taken.step(1e9);
  assert.deepEqual(taken.read(), whole);
  assert.deepEqual(taken.snapshot().length, saved.length);
  b.step(1e9);
  assert.deepEqual(b.read(), vectors.generate({ ...options, seed: 8, preset: 'dither-fast' }));
});

test('memory is used again', () => {
  const big = () => vectors.generate({ width: 512, height: 512, preset: 'void-and-cluster', stages: [{ ...vectors.stage('fill') }] });
  const first = big();
  for (let i = 0; i < 3; i++) assert.deepEqual(big(), first);
});

test('changes of a preset', () => {
  const size = { width: 32, height: 32, seed: 1 };
  const masks = [
    {}, { sigma: 1.6 }, { steps: 4 }, { preset: 'dither-smooth', mix: 0.6 }, { levels: 4 }, { preset: 'space-time', layers: 4, beta: 0.8 },
    { filters: { space: { kind: 'box', size: 3 } } }, { filters: { space: { kind: 'taps', taps: { weights: [1, 2, 1] } } } },
    { layers: 4, filters: { time: { kind: 'ema', alpha: 0.2 } } }, { layers: 4, filters: { time: { kind: 'ema', alpha: 0.2 } }, powers: 'probe' },
    { seed: 2n ** 64n - 1n },
  ].map((change) => vectors.generate({ ...size, ...change, type: 'ranks' }).join());
  assert.equal(new Set(masks).size, masks.length, 'each differs from the others');
  // a configuration is options
  const config = vectors.configure(size);
  assert.equal(vectors.generate({ ...config, type: 'ranks' }).join(), masks[0]);
  assert.equal(config.stages[1].kind, 'polish');
  config.stages[1].steps = 4;
  assert.equal(vectors.generate({ ...config, type: 'ranks' }).join(), masks[2]);
  config.stages.splice(1, 0, { ...vectors.stage('swap'), steps: 3 });
  assert.equal(vectors.configure(config).stages[1].levels, 8);
  // every number of a configuration comes back
  assert.deepEqual(vectors.configure(config), config);
});

test('a given mask is refined', () => {
  const size = { width: 32, height: 32, seed: 5 };
  const options = { ...size, stages: [{ ...vectors.stage('polish'), steps: 12 }] };
  const given = vectors.generate({ ...size, preset: 'void-and-cluster', type: 'ranks' });
  const refined = vectors.generate({ ...options, from: given, type: 'ranks' });
  assert.notDeepEqual(refined, given);
  for (const from of [Uint16Array.from(given), Float32Array.from(given, (rank) => rank / 1024)]) {
    assert.deepEqual(vectors.generate({ ...options, from, type: 'ranks' }), refined);
  }
  assert.throws(() => vectors.generate({ ...options, from: given.slice(1) }), RangeError);
  assert.throws(() => vectors.generate({ ...options, from: [...given] }), TypeError);
  assert.throws(() => vectors.generate({ ...options, from: new Float32Array(1024).fill(NaN) }), RangeError);
});

test('losses of spectral stages', () => {
  const run = new vectors.Generator({ width: 16, height: 16, preset: 'spectral' });
  const before = run.evaluate(run.config.stages[0]);
  const report = run.step(1e9);
  assert.equal(before.byTerm.length, 8);
  assert.ok(report.losses.byTerm[0] < before.byTerm[0]);
  assert.equal(vectors.lossNames[0], 'low band');
});

test('figures of masks', () => {
  const shape = { width: 16, height: 16 };
  const white = Uint32Array.from(Array(256).keys(), (i) => (i * 97 + ((i * i * 31) >> 4)) % 256);
  const mask = vectors.generate({ ...shape, type: 'ranks' });
  const quality = vectors.measure(mask, shape);
  assert.deepEqual(plain.measure(vectors.generate(shape), shape), quality, 'bytes have the order of the ranks');
  // ties: how many others are smaller
  const coarse = vectors.generate(shape).map((value) => value >> 2);
  const smaller = Uint32Array.from(coarse, (value) => coarse.filter((other) => other < value).length);
  assert.deepEqual(vectors.measure(coarse, shape), vectors.measure(smaller, shape));
  assert.ok(quality.patterns.hvsErrorMean[1] < vectors.measure(white, shape).patterns.hvsErrorMean[1] - 3);
  const volume = { ...shape, layers: 8, channels: 2 };
  const layers = vectors.generate({ ...volume, preset: 'space-time', type: 'f32' });
  const figures = vectors.measureVolume(layers, volume);
  assert.equal(figures.channels.length, 2);
  assert.ok(figures.channels[1].spaceTime.time[1] < -1);
  const filters = { space: { kind: 'gaussian', sigma: 1 } };
  assert.ok(vectors.pairLoss(mask, shape, filters) < -5);
  assert.ok(vectors.pairLoss(layers, volume, { ...filters, time: { kind: 'ema', alpha: 0.2 } }, 1) < -5);
  assert.throws(() => vectors.measure(mask.slice(1), shape), RangeError);
  assert.throws(() => vectors.measure(Uint32Array.from(mask, () => 256), shape), RangeError);
  assert.throws(() => vectors.measure(layers, volume), RangeError);
  assert.throws(() => vectors.measure(mask, { ...shape, depth: 3 }), TypeError);
  assert.throws(() => vectors.measure(mask, { width: 7, height: 16 }), RangeError);
  assert.throws(() => vectors.pairLoss(mask, shape, filters, 1), RangeError);
});

test('a dithered picture', () => {
  const mask = { data: vectors.generate({ width: 16, height: 16, type: 'texels' }), width: 16, height: 16 };
  const [width, height] = [37, 21];
  const grey = { data: Uint8Array.from({ length: width * height }, (_, i) => (i * 7) % 256), width, height };
  for (const levels of [2, 5]) {
    const shown = vectors.dither(grey, mask, { levels });
    const level = vectors.dither(grey, mask, { levels, sink: 'levels', x: 16, y: 32 });
    grey.data.forEach((v, i) => {
      const t = mask.data[(Math.floor(i / width) % 16) * 16 + (i % width % 16)];
      const wanted = Math.floor((v * (levels - 1) + t - (t >= 128 ? 1 : 0)) / 255);
      assert.equal(level[i], wanted);
      assert.equal(shown[i], Math.round((255 * wanted) / (levels - 1)));
    });
  }
  // the same of RGBA, alpha as it was; of other samples; as tables of even values
  const rgba = { data: new Uint8ClampedArray(4 * width * height), width, height };
  grey.data.forEach((v, i) => rgba.data.set([v, v, v, i % 251], 4 * i));
  const shown = vectors.dither(grey, mask, { levels: 3 });
  assert.deepEqual([...vectors.dither(rgba, mask, { levels: 3 })], [...shown].flatMap((v, i) => [v, v, v, i % 251]));
  assert.deepEqual(vectors.dither({ ...grey, data: Float32Array.from(grey.data, (v) => v / 255) }, mask, { levels: 3 }).length, shown.length);
  assert.deepEqual(vectors.dither(grey, mask, { values: [0, 127.5, 255] }).map((v) => (v === 128 ? 1 : v)), shown.map((v) => (v === 128 ? 1 : v)));
  const packed = vectors.dither(grey, mask, { sink: 'packed' });
  assert.equal(packed.length, 5 * height);
  assert.equal(packed[0] >> 7, vectors.dither(grey, mask)[0] / 255);
  assert.equal(vectors.dither(rgba, mask, { levels: [32, 64, 32], sink: 'rgb565' }).length, 2 * width * height);
  assert.equal(vectors.dither(grey, mask, { levels: 4, sink: 'planes' }).length, 2 * 5 * height);
  const light = vectors.dither(grey, mask, { mix: 'light' });
  const mean = (bytes) => bytes.reduce((sum, v) => sum + v, 0) / bytes.length;
  assert.ok(mean(light) < mean(vectors.dither(grey, mask)) - 10, 'mid greys are darker in light');
  // thresholds of 16 bits, and a table of 16-bit samples
  const thresholds = { ...mask, data: vectors.generate({ width: 16, height: 16, type: 'thresholds' }) };
  const wide = { ...grey, data: Uint16Array.from(grey.data, (v) => 257 * v) };
  assert.ok(Math.abs(mean(vectors.dither(wide, thresholds, { values: [0, 100, 255] })) - mean(grey.data)) < 3);
});

test('a palette', () => {
  const mask = { data: vectors.generate({ width: 16, height: 16, type: 'texels' }), width: 16, height: 16 };
  const palette = vectors.palette('spectra-6', { nodes: 9 });
  assert.equal(palette.shown.length, 18);
  const red = { data: new Uint8Array(3 * 64 * 64), width: 64, height: 64 };
  for (let i = 0; i < 64 * 64; i++) red.data.set([255, 0, 0], 3 * i);
  const indices = vectors.dither(red, mask, { palette, sink: 'levels' });
  const shown = vectors.dither(red, mask, { palette });
  indices.forEach((index, i) => assert.deepEqual([...shown.slice(3 * i, 3 * i + 3)], [...palette.shown.slice(3 * index, 3 * index + 3)]));
  const own = vectors.palette([0, 0, 0, 255, 255, 255], { fit: 'none', grain: 0, nodes: 9 });
  assert.deepEqual(new Set(vectors.dither(red, mask, { palette: own })), new Set([0, 255]));
  assert.throws(() => vectors.palette('no such'), RangeError);
  assert.throws(() => vectors.palette([1, 2, 3, 1, 2, 3]), RangeError);
  assert.throws(() => vectors.palette([1, 2, 300]), RangeError);
  assert.throws(() => vectors.palette([1, 2]), RangeError);
  assert.throws(() => vectors.palette('spectra-6', { nodes: 10 }), RangeError);
});

test('bad input: an error of JavaScript, one line, and the library goes on', () => {
  const size = { width: 16, height: 16 };
  const picture = { data: new Uint8Array(256), ...size };
  const mask = { data: new Uint8Array(256), ...size };
  const stage = vectors.stage('polish');
  const cases = [
    [TypeError, () => vectors.generate()],
    [TypeError, () => vectors.generate(64)],
    [TypeError, () => vectors.generate({ width: 64 })],
    [TypeError, () => vectors.generate({ ...size, height: '16' })],
    [RangeError, () => vectors.generate({ ...size, width: 7 })],
    [RangeError, () => vectors.generate({ ...size, width: 4097 })],
    [RangeError, () => vectors.generate({ ...size, width: 16.5 })],
    [RangeError, () => vectors.generate({ ...size, width: -16 })],
    [RangeError, () => vectors.generate({ ...size, width: NaN })],
    [RangeError, () => vectors.generate({ ...size, width: 2 ** 32 + 16 })],
    [RangeError, () => vectors.generate({ width: 4096, height: 4096, layers: 256 })],
    [RangeError, () => vectors.generate({ ...size, layers: 257 })],
    [RangeError, () => vectors.generate({ ...size, channels: 5 })],
    [RangeError, () => vectors.generate({ width: 40, height: 24, preset: 'spectral' })],
    [RangeError, () => vectors.generate({ ...size, preset: 'dithr' })],
    [TypeError, () => vectors.generate({ ...size, preset: 3 })],
    [RangeError, () => vectors.generate({ ...size, preset: 'toString' })],
    [TypeError, () => vectors.generate({ ...size, sed: 7 })],
    [RangeError, () => vectors.generate({ ...size, seed: -1 })],
    [RangeError, () => vectors.generate({ ...size, seed: -1n })],
    [RangeError, () => vectors.generate({ ...size, seed: 2n ** 64n })],
    [RangeError, () => vectors.generate({ ...size, seed: 2 ** 53 })],
    [RangeError, () => vectors.generate({ ...size, seed: 0.5 })],
    [TypeError, () => vectors.generate({ ...size, seed: '7' })],
    [TypeError, () => vectors.generate({ ...size, type: 'u7' })],
    [RangeError, () => vectors.generate({ width: 512, height: 512, type: 'ranks16', stages: [vectors.stage('fill')] })],
    [RangeError, () => vectors.generate({ ...size, type: 'f32', range: 'half' })],
    [RangeError, () => vectors.generate({ ...size, sigma: 3 })],
    [RangeError, () => vectors.generate({ ...size, preset: 'spectral', sigma: 1.2 })],
    [RangeError, () => vectors.generate({ ...size, levels: 1 })],
    [RangeError, () => vectors.generate({ ...size, distribution: { kind: 'gaussian', sigma: 0 } })],
    [RangeError, () => vectors.generate({ ...size, distribution: { kind: 'table', table: [0, 1] } })],
    [TypeError, () => vectors.generate({ ...size, distribution: { kind: 'table', table: 'x' } })],
    [RangeError, () => vectors.generate({ ...size, filters: { space: { kind: 'gaussian', sigma: 99 } } })],
    [TypeError, () => vectors.generate({ ...size, filters: { space: { knd: 'gaussian' } } })],
    [TypeError, () => vectors.generate({ ...size, powers: 'probe' })],
    [TypeError, () => vectors.generate({ ...size, filters: {}, powers: { space: 1 } })],
    [TypeError, () => vectors.generate({ ...size, stages: [stage], sigma: 1.2 })],
    [TypeError, () => vectors.generate({ ...size, stages: [{ kind: 'polish', steps: 3 }] })],
    [TypeError, () => vectors.generate({ ...size, stages: [{ ...stage, steppes: 3 }] })],
    [RangeError, () => vectors.generate({ ...size, stages: [{ ...stage, radius: 99 }] })],
    [RangeError, () => vectors.generate({ ...size, stages: [{ ...stage, steps: -1 }] })],
    [RangeError, () => vectors.generate({ ...size, stages: [] })],
    [RangeError, () => vectors.generate({ ...size, stages: Array(9).fill(stage) })],
    [RangeError, () => vectors.stage('polsh')],
    [RangeError, () => new vectors.Generator(size).step(-1)],
    [RangeError, () => new vectors.Generator(size).step(1.5)],
    [TypeError, () => new vectors.Generator({ ...size, type: 'u8' })],
    [TypeError, () => new vectors.Generator(size).evaluate(stage)],
    [Error, () => new vectors.Generator(size).read()],
    [RangeError, () => vectors.open(new Uint8Array(1000))],
    [RangeError, () => vectors.open(new Uint8Array(0))],
    [Error, () => vectors.open(new Uint8Array(100000))],
    [TypeError, () => vectors.open([1, 2, 3])],
    [TypeError, () => vectors.dither(undefined, mask)],
    [TypeError, () => vectors.dither({ ...picture, data: [0] }, mask)],
    [RangeError, () => vectors.dither({ ...picture, width: 17 }, mask)],
    [TypeError, () => vectors.dither(picture, {})],
    [RangeError, () => vectors.dither(picture, { ...mask, width: 17 })],
    [RangeError, () => vectors.dither(picture, mask, { levels: 1 })],
    [RangeError, () => vectors.dither(picture, mask, { levels: [2, 2] })],
    [RangeError, () => vectors.dither(picture, mask, { values: [3, 2] })],
    [RangeError, () => vectors.dither(picture, mask, { values: [0, 256] })],
    [RangeError, () => vectors.dither(picture, mask, { values: [] })],
    [RangeError, () => vectors.dither(picture, mask, { sink: 'paper' })],
    [TypeError, () => vectors.dither(picture, mask, { sink: 'rgb565' })],
    [TypeError, () => vectors.dither(picture, mask, { palette: { table: 3 } })],
    [RangeError, () => vectors.dither(picture, mask, { x: -1 })],
  ];
  for (const [error, call] of cases) {
    assert.throws(call, (thrown) => {
      assert.equal(thrown.constructor, error, `${call}: ${thrown}`);
      assert.match(thrown.message, /^[^\n]{10,400}$/, String(call));
      return true;
    });
  }
  assert.equal(hash(vectors.generate({ width: 64, height: 64, seed: 7, type: 'ranks' })), 'dee29a15fdf2a295');
});

test('a module that is not there, or is none', async () => {
  const wrong = async (wasm, message) => assert.rejects(bluegrad({ wasm }), { message });
  await wrong('no/such.wasm', /^no\/such\.wasm cannot be read, ENOENT: .*option wasm$/);
  await wrong(new URL('no.wasm', import.meta.url), /cannot be read/);
  await wrong(new Response('<html>'), /is not a WebAssembly module/);
  await wrong(new Response('', { status: 404 }), /status 404/);
  await wrong('data:text/html,hello', /is not a WebAssembly module/);
  await wrong(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)), /is not bluegrad/);
  await assert.rejects(bluegrad({ smd: true }), TypeError);
  const file = new URL(import.meta.resolve('bluegrad/bluegrad.wasm'));
  for (const wasm of [file, String(file), readFileSync(file), new Response(readFileSync(file), { headers: { 'content-type': 'application/wasm' } })]) {
    assert.equal((await bluegrad({ wasm })).simdLevel, 'scalar');
  }
});

test('an engine without vectors gets the module without', () => {
  const script = `WebAssembly.validate = () => false; const { default: bluegrad } = await import('bluegrad'); console.log((await bluegrad()).simdLevel)`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: new URL('.', import.meta.url), encoding: 'utf8' });
  assert.equal(stdout, 'scalar\n');
});

test('the examples of README.md', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [first, masks, config] = [...readme.matchAll(/^```js\n(.*?)^```/gms)].map(([, code]) => code);
  const run = (code) => import(`data:text/javascript,${encodeURIComponent(code.replaceAll("'bluegrad'", `'${import.meta.resolve('bluegrad')}'`))}`);
  const head = "import bluegrad from 'bluegrad';\nconst { generate, configure } = await bluegrad();\n";
  const { texture } = await run(`${first}\nexport { texture };`);
  assert.deepEqual(texture, vectors.generate({ width: 64, height: 64, seed: 7 }));
  await run(head + masks.replace('dither-best', 'dither-fast'));
  await run(head + config);
});
