// A worker of a browser.

/** What the worker helper needs of a worker. */
export interface Spawned {
  post(message: unknown, transfer: ArrayBuffer[]): void;
  terminate(): void;
  /** Whether a promise waits: only then does Node wait for the worker. */
  busy(busy: boolean): void;
}

/** Starts a worker; `fail` gets the text of an error that ends it. */
export function spawn(receive: (message: unknown) => void, fail: (text: string) => void): Spawned {
  const worker = new Worker(new URL('./thread.js', import.meta.url), { type: 'module' });
  worker.onmessage = (event) => receive(event.data);
  worker.onerror = (event) => {
    event.preventDefault();
    fail(event.message || 'its file cannot be loaded');
  };
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    terminate: () => worker.terminate(),
    busy: () => {},
  };
}
