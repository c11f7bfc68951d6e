// A worker's side of the messages, in Node, Deno or Bun.
import { parentPort } from 'node:worker_threads';

/** Posts to the thread that started this one. */
export function post(message: unknown, transfer: ArrayBuffer[] = []): void {
  parentPort!.postMessage(message, transfer);
}

/** Hears what the other thread posts. */
export function listen(receive: (message: unknown) => void): void {
  parentPort!.on('message', receive);
}
