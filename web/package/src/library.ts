// A module's functions and its memory: where blocks and structs lie, and what a status becomes.
import { MEMORY_ALIGN, layouts, status as statuses } from './abi.js';
import { readFields } from './codec.js';

type Functions = Record<string, (...words: (number | bigint)[]) => number>;

/** A typed array that a mask or picture can be. */
export type Elements = Uint8Array | Uint8ClampedArray | Uint16Array | Uint32Array | Float32Array;

/** Block of a run: in the module's memory while the run was the last one used, in `bytes` otherwise. */
export interface Block {
  readonly size: number;
  bytes: Uint8Array | undefined;
}

const MOST = 2 ** 32;

// Statuses about input of a wrong kind or form; all others but a mask that is not done are about numbers out of range.
const TYPE = new Set(['NULL', 'MISALIGNED', 'STRUCT_SIZE', 'NOT_SPECTRAL', 'WRONG_START', 'SINK'].map((name) => statuses[name]!));
const STATE = new Set(['NOT_DONE', 'NOT_A_GENERATOR', 'FEATURE', 'OTHER'].map((name) => statuses[name]!));

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

/** An instance of the WebAssembly module. It has no allocator: a run's block lies first, what one call needs lies past it. */
export class Library {
  readonly call: Functions;
  readonly #memory: WebAssembly.Memory;
  readonly #base: number;
  #view: DataView;
  #resident: WeakRef<Block> | undefined;
  #top: number;
  #blockEnd: number;

  constructor(module: WebAssembly.Module) {
    const { exports } = new WebAssembly.Instance(module, {});
    const { memory, __heap_base: heap } = exports as { memory?: WebAssembly.Memory; __heap_base?: WebAssembly.Global<'i32'> };
    if (!(memory instanceof WebAssembly.Memory) || !heap || typeof exports['bluegrad_step'] !== 'function') {
      throw new TypeError('the WebAssembly module is not bluegrad: expected bluegrad.wasm or bluegrad-simd.wasm of this package');
    }
    this.call = Object.fromEntries(
      Object.entries(exports).flatMap(([name, value]) => (name.startsWith('bluegrad_') ? [[name.slice(9), value]] : [])),
    ) as unknown as Functions;
    this.#memory = memory;
    this.#view = new DataView(memory.buffer);
    this.#base = Math.ceil(heap.value / MEMORY_ALIGN) * MEMORY_ALIGN;
    this.#blockEnd = this.#top = this.#base;
  }

  /** The memory as it is now: `scratch` and `hold` may make another one. */
  get view(): DataView {
    if (this.#view.buffer !== this.#memory.buffer) this.#view = new DataView(this.#memory.buffer);
    return this.#view;
  }

  bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, at, length);
  }

  // Makes the memory reach up to `end`.
  #reach(end: number): void {
    const missing = end - this.#memory.buffer.byteLength;
    if (missing <= 0) return;
    if (end > MOST - 65536) throw new RangeError(`this takes ${mebibytes(end)} of memory: WebAssembly has 4096 MiB`);
    try {
      this.#memory.grow(Math.ceil(missing / 65536));
    } catch (cause) {
      throw new RangeError(`this takes ${mebibytes(end)} of memory, which cannot be had here`, { cause });
    }
  }

  /** Frees what the last call used. Returns this. */
  begin(): this {
    this.#top = this.#blockEnd;
    return this;
  }

  /** Returns the address of zeros, until the next `begin`. */
  scratch(size: number): number {
    const at = Math.ceil(this.#top / MEMORY_ALIGN) * MEMORY_ALIGN;
    this.#reach(at + size);
    this.#top = at + size;
    this.bytes(at, size).fill(0);
    return at;
  }

  /** Returns the address of a copy, until the next `begin`. */
  copy(from: Elements): number {
    const at = Math.ceil(this.#top / MEMORY_ALIGN) * MEMORY_ALIGN;
    this.#reach(at + from.byteLength);
    this.#top = at + from.byteLength;
    this.bytes(at, from.byteLength).set(new Uint8Array(from.buffer, from.byteOffset, from.byteLength));
    return at;
  }

  /** Moves a run's block into the memory, and what another run has there out of it. Returns the block's address; frees as `begin`. */
  hold(block: Block): number {
    if (this.#resident?.deref() !== block) {
      this.release();
      this.#reach(this.#base + block.size);
      if (block.bytes) this.bytes(this.#base, block.size).set(block.bytes);
      block.bytes = undefined;
      this.#resident = new WeakRef(block);
      this.#blockEnd = this.#base + block.size;
    }
    this.begin();
    return this.#base;
  }

  /** Makes the block at hand one's own copy. */
  release(): void {
    const block = this.#resident?.deref();
    if (block) block.bytes = this.bytes(this.#base, block.size).slice();
    this.drop();
  }

  /** Gives up the block at hand. */
  drop(): void {
    this.#resident = undefined;
    this.#blockEnd = this.#top = this.#base;
  }

  /** The text at an address; undefined for NULL. */
  text(at: number): string | undefined {
    if (at === 0) return undefined;
    const bytes = new Uint8Array(this.#memory.buffer, at >>> 0);
    return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
  }

  /** Returns the address of a text that ends with a zero. */
  name(text: string): number {
    const bytes = new TextEncoder().encode(text);
    const at = this.scratch(bytes.length + 1);
    this.bytes(at, bytes.length).set(bytes);
    return at;
  }

  /** Throws the error of a status that is not 0, with a text of its own if one is given. */
  check(status: number, text?: string): void {
    if (status === 0) return;
    const message = text ?? this.text(this.call['status_string']!(status))!;
    throw new (STATE.has(status) ? Error : TYPE.has(status) ? TypeError : RangeError)(message);
  }

  /** Reads a struct by its layout's name. */
  read<T>(at: number, layout: string): T {
    return readFields(this.view, at, layout) as T;
  }

  size(layout: string): number {
    return layouts[layout]!.size;
  }

  offset(layout: string, field: string): number {
    return layouts[layout]!.fields.find(({ name }) => name === field)!.offset;
  }

  /** Returns the address of zeros for a struct. */
  struct(layout: string): number {
    return this.scratch(this.size(layout));
  }
}
