// Browsers, and what is like them: modules are fetched.

/** Bytes of a module, and what to call it in an error. */
export interface Read {
  bytes: BufferSource | Response;
  name: string;
}

/** Whether it is a Response. It does not ask for the class, which Node would first load for 20 ms. */
export function isResponse(value: unknown): value is Response {
  return typeof value === 'object' && value !== null && 'arrayBuffer' in value && 'headers' in value;
}

/** Fetches the package's own module, with vectors or without, or another one. */
export async function read(from: boolean | string | URL | Response): Promise<Read> {
  // Bundlers copy the files that they find named like this.
  const place =
    from === true ? new URL('./bluegrad-simd.wasm', import.meta.url) : from === false ? new URL('./bluegrad.wasm', import.meta.url) : from;
  const name = isResponse(place) ? place.url || 'the response' : String(place);
  let response;
  try {
    response = isResponse(place) ? place : await fetch(place);
  } catch (cause) {
    throw new Error(`${name} cannot be fetched: give the place of the module as the option wasm`, { cause });
  }
  if (!response.ok) throw new Error(`${name} cannot be fetched, status ${response.status}: give the place of the module as the option wasm`);
  return { bytes: response, name };
}
