// What runs in a worker: masks in slices, between which it hears of cancelled ones.
import { listen, post } from '#port';
import { make, type Bluegrad, type GenerateOptions } from './make.js';
import type { Answer, Question } from './worker.js';

// Milliseconds of steps between two messages of progress.
const SLICE = 100;

let bluegrad: Bluegrad;
const waiting = new Set<number>();
let last: Promise<void> = Promise.resolve();

function answer(message: Answer, transfer: ArrayBuffer[] = []): void {
  post(message, transfer);
}

listen((message) => {
  const question = message as Question;
  if ('module' in question) {
    try {
      bluegrad = make(question.module);
      answer({ id: question.id, result: bluegrad.simdLevel });
      // Compiles what most masks run, before the first is asked for.
      bluegrad.generate({ width: 16, height: 16 });
    } catch (error) {
      fail(question.id, error);
    }
  } else if ('cancel' in question) {
    waiting.delete(question.id);
  } else {
    waiting.add(question.id);
    last = last.then(() => run(question));
  }
});

function fail(id: number, error: unknown): void {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  answer({ id, error: { name, message } });
}

async function run(question: Extract<Question, { call: string }>): Promise<void> {
  const { id, call, inputs } = question;
  try {
    if (!waiting.has(id)) return;
    if (call === 'generate') await generate(id, inputs[0] as GenerateOptions);
    else answer({ id, result: (bluegrad[call] as (...inputs: unknown[]) => unknown)(...inputs) });
  } catch (error) {
    fail(id, error);
  } finally {
    waiting.delete(id);
  }
}

async function generate(id: number, options: GenerateOptions): Promise<void> {
  const { type, range, low, high, ...rest } = options;
  const run = new bluegrad.Generator(rest);
  for (;;) {
    const end = performance.now() + SLICE;
    let report = run.step();
    while (!report.done && performance.now() < end) report = run.step();
    answer({ id, report });
    if (report.done) break;
    await new Promise((resolve) => setTimeout(resolve));
    if (!waiting.has(id)) return;
  }
  const given = Object.entries({ range, low, high }).filter(([, value]) => value !== undefined);
  const result = run.read(type, Object.fromEntries(given));
  answer({ id, result }, [result.buffer]);
}
