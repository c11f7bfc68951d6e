import { spawn, type Spawned } from '#spawn';
import type { Quality, Report, VolumeQuality } from './abi.js';
import type { Arrays, Type } from './generator.js';
import type { Elements } from './library.js';
import { load, type LoadOptions } from './load.js';
import type { GenerateOptions } from './make.js';
import type { MaskShape } from './measure.js';

/** Of a call in a worker. */
export interface CallOptions {
  /** Cancels the call: its promise is rejected at once with the signal's reason, and the worker stops at the end of a step. */
  signal?: AbortSignal;
}

/** Of a mask that a worker makes. */
export interface ProgressOptions extends CallOptions {
  /** Gets a report about ten times a second, the last one of them done. */
  onProgress?: (report: Report) => void;
}

/** @internal */
export type Question =
  | { id: number; module: WebAssembly.Module }
  | { id: number; cancel: true }
  | { id: number; call: 'generate' | 'measure' | 'measureVolume'; inputs: unknown[] };

/** @internal */
export type Answer = { id: number; report: Report } | { id: number; result: unknown } | { id: number; error: { name: string; message: string } };

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
  onProgress?: ((report: Report) => void) | undefined;
}

const ERRORS: Record<string, ErrorConstructor> = { TypeError, RangeError };

/** Makes masks off the main thread, one after the other. */
class BluegradWorker {
  readonly #worker: Spawned;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #closed: string | undefined;

  private constructor() {
    this.#worker = spawn((message) => this.#receive(message as Answer), (text) => this.#close(`the worker stopped: ${text}`));
  }

  /** @internal */
  static async start(options: LoadOptions): Promise<BluegradWorker> {
    const module = await load(options);
    const worker = new BluegradWorker();
    try {
      await worker.#ask({ module }, {});
    } catch (error) {
      worker.terminate();
      throw error;
    }
    return worker;
  }

  /** Makes a mask, as `generate` does. */
  generate<T extends Type = 'u8'>(options: GenerateOptions<T> & ProgressOptions): Promise<Arrays[T]> {
    const { signal, onProgress, ...rest } = options;
    return this.#ask({ call: 'generate', inputs: [rest] }, { signal, onProgress }) as Promise<Arrays[T]>;
  }

  /** Measures a flat mask, as `measure` does. */
  measure(mask: Elements, shape: MaskShape, options: CallOptions = {}): Promise<Quality> {
    return this.#ask({ call: 'measure', inputs: [mask, shape] }, options) as Promise<Quality>;
  }

  /** Measures a mask with layers or channels, as `measureVolume` does. */
  measureVolume(mask: Elements, shape: MaskShape, options: CallOptions = {}): Promise<VolumeQuality> {
    return this.#ask({ call: 'measureVolume', inputs: [mask, shape] }, options) as Promise<VolumeQuality>;
  }

  /** Stops the worker at once: promises that wait are rejected, and so are later calls. */
  terminate(): void {
    this.#close('the worker was terminated');
  }

  #close(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
  }

  async #ask(question: object, { signal, onProgress }: { [K in keyof ProgressOptions]: ProgressOptions[K] | undefined }): Promise<unknown> {
    signal?.throwIfAborted();
    if (this.#closed !== undefined) throw new Error(`${this.#closed}: start another one`);
    const id = this.#next++;
    const abort = () => {
      this.#settle(id)?.reject(signal!.reason);
      if (this.#closed === undefined) this.#worker.post({ id, cancel: true }, []);
    };
    try {
      return await new Promise((resolve, reject) => {
        this.#worker.post({ id, ...question }, []);
        this.#waiting.set(id, { resolve, reject, onProgress });
        this.#worker.busy(true);
        signal?.addEventListener('abort', abort);
      });
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.busy(false);
    return waiting;
  }

  #receive(answer: Answer): void {
    if ('report' in answer) {
      try {
        this.#waiting.get(answer.id)?.onProgress?.(answer.report);
      } catch (error) {
        this.#settle(answer.id)?.reject(error);
        this.#worker.post({ id: answer.id, cancel: true }, []);
      }
      return;
    }
    const waiting = this.#settle(answer.id);
    if ('error' in answer) waiting?.reject(new (ERRORS[answer.error.name] ?? Error)(answer.error.message));
    else waiting?.resolve(answer.result);
  }
}

export type { BluegradWorker };

/**
 * Starts a worker that makes masks.
 *
 *     const worker = await bluegradWorker();
 *     const mask = await worker.generate({ width: 1024, height: 1024, signal, onProgress: ({ step, steps }) => show(step / steps) });
 */
export default function bluegradWorker(options: LoadOptions = {}): Promise<BluegradWorker> {
  return BluegradWorker.start(options);
}
