// A worker of Node, Deno or Bun.
import { Worker } from 'node:worker_threads';
import type { Spawned } from './spawn-web.js';

/** Starts a worker; `fail` gets the text of an error that ends it. */
export function spawn(receive: (message: unknown) => void, fail: (text: string) => void): Spawned {
  // without the flags of this process, some of which no worker takes
  const worker = new Worker(new URL('./thread.js', import.meta.url), { execArgv: [] });
  worker.on('message', receive);
  worker.on('error', (error) => fail(error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => fail(`exit ${code}`));
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    terminate: () => void worker.terminate(),
    busy: (busy) => (busy ? worker.ref() : worker.unref()),
  };
}
