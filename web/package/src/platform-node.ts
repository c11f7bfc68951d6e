// Node, Deno and Bun: modules are files.
import { readFile } from 'node:fs/promises';
import { isResponse, read as fetched, type Read } from './platform-web.js';

export { isResponse };

/** Reads the package's own module, with vectors or without, or another one by its path or URL. */
export async function read(from: boolean | string | URL | Response): Promise<Read> {
  const place =
    from === true ? new URL('./bluegrad-simd.wasm', import.meta.url) : from === false ? new URL('./bluegrad.wasm', import.meta.url) : from;
  if (isResponse(place) || /^(https?|data|blob):/.test(String(place))) return fetched(place);
  const file = typeof place === 'string' && place.startsWith('file:') ? new URL(place) : place;
  try {
    return { bytes: await readFile(file), name: String(file) };
  } catch (cause) {
    const { code } = cause as { code?: string };
    throw new Error(`${file} cannot be read, ${code}: give the place of the module as the option wasm`, { cause });
  }
}
