// Makes masks as a page does and posts what came out to its server: hashes, and the pixels of a dithered canvas.
import bluegrad from 'bluegrad';
import bluegradWorker from 'bluegrad/worker';

async function hash(values) {
  const digest = await crypto.subtle.digest('SHA-256', values);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function run() {
  const size = { width: 64, height: 64 };
  const { generate, dither, simdLevel } = await bluegrad();
  const start = performance.now();
  const mask = generate({ ...size, seed: 7 });
  const first = performance.now() - start;

  const canvas = document.querySelector('canvas').getContext('2d');
  const ramp = canvas.createLinearGradient(0, 0, 64, 0);
  ramp.addColorStop(0, '#000');
  ramp.addColorStop(1, '#fff');
  canvas.fillStyle = ramp;
  canvas.fillRect(0, 0, 64, 64);
  const picture = canvas.getImageData(0, 0, 64, 64);
  picture.data.set(dither(picture, { ...size, data: mask }));
  canvas.putImageData(picture, 0, 0);
  const shown = new Set(canvas.getImageData(0, 0, 64, 64).data);

  const worker = await bluegradWorker();
  const controller = new AbortController();
  const endless = worker.generate({ width: 512, height: 512, preset: 'published', signal: controller.signal, onProgress: () => controller.abort() });
  const aborted = await endless.catch((error) => error.name);
  const reports = [];
  const again = await worker.generate({ ...size, seed: 7, onProgress: ({ done }) => reports.push(done) });
  worker.terminate();

  const plain = await bluegrad({ simd: false });
  const missing = await bluegrad({ wasm: '/no/such.wasm' }).catch((error) => error.message);
  const page = await bluegrad({ wasm: '/' }).catch((error) => error.message);
  return {
    masks: await Promise.all([mask, again, plain.generate({ ...size, seed: 7 })].map(hash)),
    levels: [simdLevel, plain.simdLevel], shown: [...shown], aborted, done: reports.at(-1), missing, page, first,
  };
}

const result = await run().catch((error) => ({ error: `${error.name}: ${error.message}` }));
await fetch('/result', { method: 'POST', body: JSON.stringify(result) });
