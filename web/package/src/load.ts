// Which module runs, and where it comes from.
import { isResponse, read } from '#platform';
import { known } from './codec.js';

/** Where the WebAssembly module comes from. */
export interface LoadOptions {
  /** Whether to take the module with vectors; by default, if the engine has them. The masks are the same. */
  simd?: boolean;
  /** The module itself, or where it lies, in place of the package's own file. */
  wasm?: string | URL | Response | BufferSource | WebAssembly.Module;
}

// A function that makes a vector: valid only where vectors are.
const PROBE = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
);

/** Whether this engine has WebAssembly's 128-bit vectors. */
export function hasSimd(): boolean {
  return WebAssembly.validate(PROBE);
}

const files = new Map<boolean, Promise<WebAssembly.Module>>();

/** Compiles the module of options; the package's own files once each. */
export async function load(options: LoadOptions = {}): Promise<WebAssembly.Module> {
  const { simd = hasSimd(), wasm } = known(options, 'options', ['simd', 'wasm']) as LoadOptions;
  if (wasm instanceof WebAssembly.Module) return wasm;
  if (wasm instanceof ArrayBuffer || ArrayBuffer.isView(wasm)) return WebAssembly.compile(wasm as BufferSource);
  if (wasm !== undefined) return compile(wasm as string | URL | Response);
  let module = files.get(simd);
  if (!module) {
    module = compile(simd);
    files.set(simd, module);
    module.catch(() => files.delete(simd));
  }
  return module;
}

async function compile(from: boolean | string | URL | Response): Promise<WebAssembly.Module> {
  const { bytes, name } = await read(from);
  try {
    // While it arrives, where the server says what it is.
    if (!isResponse(bytes)) return await WebAssembly.compile(bytes);
    if (bytes.headers.get('content-type') === 'application/wasm') return await WebAssembly.compileStreaming(bytes);
    return await WebAssembly.compile(await bytes.arrayBuffer());
  } catch (cause) {
    throw new Error(`${name} is not a WebAssembly module: copy it from the package's folder dist, or give its place as the option wasm`, { cause });
  }
}
