// A worker's side of the messages, in a browser.

/** Posts to the page. */
export function post(message: unknown, transfer: ArrayBuffer[] = []): void {
  (globalThis as unknown as Worker).postMessage(message, transfer);
}

/** Hears what the page posts. */
export function listen(receive: (message: unknown) => void): void {
  globalThis.onmessage = (event: MessageEvent) => receive(event.data);
}
