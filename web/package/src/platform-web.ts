// Browsers, and what is like them: modules are fetched.

/** Bytes of a module, and what to call it in an error. */
export interface Read {
  bytes: BufferSource | Response;
  name: string;
}

/** Fetches the package's own module, with vectors or without, or another one. */
export async function read(from: boolean | string | URL | Response): Promise<Read> {
  // Bundlers copy the files that they find named like this.
  const place =
    from === true ? new URL('./bluegrad-simd.wasm', import.meta.url) : from === false ? new URL('./bluegrad.wasm', import.meta.url) : from;
  const name = place instanceof Response ? place.url || 'the response' : String(place);
  let response;
  try {
    response = place instanceof Response ? place : await fetch(place);
  } catch (cause) {
    throw new Error(`${name} cannot be fetched: give the place of the module as the option wasm`, { cause });
  }
  if (!response.ok) throw new Error(`${name} cannot be fetched, status ${response.status}: give the place of the module as the option wasm`);
  return { bytes: response, name };
}
