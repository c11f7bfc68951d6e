// The page that Vite built, in headless Chromium: `node browser.mjs FOLDER 'command of Chromium'`. Waits for what the page posts.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import bluegrad from 'bluegrad';

const [folder, chromium] = process.argv.slice(2);
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

let posted;
const result = new Promise((resolve) => (posted = resolve));
const server = createServer((request, response) => {
  if (request.method === 'POST') {
    let body = '';
    request.on('data', (piece) => (body += piece));
    request.on('end', () => {
      response.end();
      posted(JSON.parse(body));
    });
    return;
  }
  const path = normalize(new URL(request.url, 'http://localhost').pathname);
  try {
    const bytes = readFileSync(join(folder, path === '/' ? 'index.html' : path));
    response.setHeader('content-type', TYPES[extname(path === '/' ? '.html' : path)] ?? 'text/html');
    response.end(bytes);
  } catch {
    response.statusCode = 404;
    response.end();
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
const browser = spawn(
  chromium,
  ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', `--user-data-dir=${profile}`,
    `http://127.0.0.1:${server.address().port}/`],
  { stdio: ['ignore', 'ignore', 'pipe'] },
);
let errors = '';
browser.stderr.on('data', (piece) => (errors += piece));
const ended = new Promise((resolve) => browser.on('exit', resolve));
const got = await Promise.race([result, ended.then((code) => ({ error: `Chromium ended with ${code}\n${errors}` }))]);
browser.kill();
await ended;
server.close();
server.closeAllConnections();
rmSync(profile, { recursive: true, force: true, maxRetries: 5 });

assert.equal(got.error, undefined);
const { generate } = await bluegrad();
const wanted = createHash('sha256').update(generate({ width: 64, height: 64, seed: 7 })).digest('hex');
assert.deepEqual(got.masks, [wanted, wanted, wanted]);
assert.deepEqual(got.levels, ['simd128', 'scalar']);
assert.deepEqual(got.shown.sort(), [0, 255]);
assert.equal(got.aborted, 'AbortError');
assert.equal(got.done, true);
assert.match(got.missing, /\/no\/such\.wasm cannot be fetched, status 404: /);
assert.match(got.page, /is not a WebAssembly module/);
console.log(`ok: ${chromium}, first mask ${got.first.toFixed(1)} ms`);
