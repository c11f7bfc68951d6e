// Plain objects to structs in memory and back, by the layouts of abi.ts.
import { enums, layouts, type Field, type Layout } from './abi.js';

type Plain = Record<string, unknown>;

const WORD = 2 ** 32;
const SCALAR_SIZES = { u8: 1, u16: 2, u32: 4, u64: 8, f32: 4, f64: 8, bool: 1, pointer: 4, enum: 4, struct: 0 };

const stageKinds = enums['stageKind']!;

/** Shows a value in an error. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${value.slice(0, 40)}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (value !== null && typeof value === 'object') return `[${value.constructor?.name ?? 'object'}]`;
  return String(value);
}

/** Returns the number of a choice, `name` being one of the enum's. */
export function choice(of: string, name: unknown, path: string): number {
  const values = enums[of]!;
  if (typeof name !== 'string' || !Object.hasOwn(values, name)) {
    const error = typeof name === 'string' ? RangeError : TypeError;
    throw new error(`${path} is ${show(name)}: expected one of ${Object.keys(values).join(', ')}`);
  }
  return values[name]!;
}

/** Returns an integer from `least` to `most`. */
export function integer(value: unknown, path: string, least = 0, most = WORD - 1): number {
  if (typeof value !== 'number') throw new TypeError(`${path} is ${show(value)}: expected an integer`);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${path} is ${value}: expected an integer from ${least} to ${most}`);
  }
  return value;
}

/** Returns a seed as 64 bits. */
export function seed64(value: unknown, path = 'seed'): bigint {
  const safe = typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof safe !== 'bigint' && typeof safe !== 'number') throw new TypeError(`${path} is ${show(value)}: expected an integer or a bigint`);
  if (typeof safe === 'number' || safe < 0n || safe >= 1n << 64n) {
    throw new RangeError(`${path} is ${show(value)}: expected an integer from 0 to 2^53 - 1, or a bigint from 0n to 2n**64n - 1n`);
  }
  return safe;
}

/** Returns an object with known keys only. */
export function known(value: unknown, path: string, keys: Iterable<string>): Plain {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new TypeError(`${path} is ${show(value)}: expected an object`);
  const names = new Set(keys);
  for (const key of Object.keys(value)) {
    if (!names.has(key)) throw new TypeError(`${path} has no ${show(key)}: expected ${[...names].join(', ')}`);
  }
  return value as Plain;
}

/** Names of a struct's fields in JavaScript. */
export function fieldsOf(layout: string): string[] {
  return layouts[layout]!.fields.flatMap((field) => (field.hidden ? [] : field.of === 'shape' ? fieldsOf('shape') : [field.name]));
}

function sizeOf(field: Field): number {
  return field.type === 'struct' ? layouts[field.of!]!.size : SCALAR_SIZES[field.type];
}

function writeOne(view: DataView, at: number, field: Field, value: unknown, path: string): void {
  switch (field.type) {
    case 'u8':
    case 'bool':
      return view.setUint8(at, Number(value));
    case 'u16':
      return view.setUint16(at, integer(value, path, 0, 65535), true);
    case 'u32':
    case 'pointer':
      return view.setUint32(at, integer(value, path), true);
    case 'u64':
      return view.setBigUint64(at, seed64(value, path), true);
    case 'f32':
    case 'f64':
      if (typeof value !== 'number') throw new TypeError(`${path} is ${show(value)}: expected a number`);
      return field.type === 'f32' ? view.setFloat32(at, value, true) : view.setFloat64(at, value, true);
    case 'enum':
      return view.setUint32(at, choice(field.of!, value, path), true);
    case 'struct':
      return writeFields(view, at, field.of!, value, path);
  }
}

function writeArray(view: DataView, at: number, field: Field, lengths: number[], values: unknown, path: string): number {
  const [length, ...rest] = lengths as [number, ...number[]];
  const list = Array.isArray(values) ? values : ArrayBuffer.isView(values) ? Array.from(values as unknown as ArrayLike<number>) : undefined;
  if (!list) throw new TypeError(`${path} is ${show(values)}: expected an array`);
  if (field.counter === undefined ? list.length !== length : list.length > length) {
    throw new RangeError(`${path} has ${list.length} elements: expected ${field.counter === undefined ? length : `at most ${length}`}`);
  }
  const size = rest.reduce((product, side) => product * side, sizeOf(field));
  list.forEach((value, i) => {
    const where = `${path}[${i}]`;
    if (rest.length > 0) writeArray(view, at + i * size, field, rest, value, where);
    else writeOne(view, at + i * size, field, value, where);
  });
  return list.length;
}

/** Writes the fields that an object has over a struct in memory; the others stay. */
export function writeFields(view: DataView, at: number, name: string, value: unknown, path: string): void {
  const layout = layouts[name]!;
  if (layout.union) return writeUnion(view, at, layout.union, value, path);
  const plain = known(value, path, fieldsOf(name));
  for (const field of layout.fields) {
    if (field.hidden) continue;
    if (field.of === 'shape') {
      const shape = Object.fromEntries(Object.entries(plain).filter(([key]) => fieldsOf('shape').includes(key)));
      writeFields(view, at + field.offset, 'shape', shape, path);
      continue;
    }
    const given = plain[field.name];
    if (given === undefined) continue;
    const where = path === '' ? field.name : `${path}.${field.name}`;
    if (field.lengths) {
      const count = writeArray(view, at + field.offset, field, field.lengths, given, where);
      if (field.counter !== undefined) view.setUint32(at + field.counter, count, true);
    } else {
      writeOne(view, at + field.offset, field, given, where);
    }
  }
}

// A stage of another kind than the one in memory starts from zeros: the words past its parameters must be zero.
function writeUnion(view: DataView, at: number, union: NonNullable<Layout['union']>, value: unknown, path: string): void {
  if (value === null || typeof value !== 'object') throw new TypeError(`${path} is ${show(value)}: expected a stage`);
  const { kind, ...parameters } = value as Plain;
  const number = choice('stageKind', kind, `${path}.kind`);
  const member = union.members[kind as string]!;
  for (const field of layouts[member]!.fields) {
    if (!field.hidden && parameters[field.name] === undefined) {
      throw new TypeError(`${path} has no ${field.name}: expected all parameters of the stage ${kind}, as stage('${kind}') returns them`);
    }
  }
  new Uint8Array(view.buffer, at + union.offset, union.size).fill(0);
  view.setUint32(at, number, true);
  writeFields(view, at + union.offset, member, parameters, path);
}

// The shortest decimal that is this f32: 1.26, not 1.2599999904632568.
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

function readOne(view: DataView, at: number, field: Field): unknown {
  switch (field.type) {
    case 'u8':
      return view.getUint8(at);
    case 'bool':
      return view.getUint8(at) !== 0;
    case 'u16':
      return view.getUint16(at, true);
    case 'u32':
    case 'pointer':
      return view.getUint32(at, true);
    case 'u64':
      return view.getBigUint64(at, true);
    case 'f32':
      return shortest(view.getFloat32(at, true));
    case 'f64':
      return view.getFloat64(at, true);
    case 'enum':
      return nameOf(field.of!, view.getUint32(at, true));
    case 'struct':
      return readFields(view, at, field.of!);
  }
}

function nameOf(of: string, number: number): string {
  return Object.entries(enums[of]!).find(([, value]) => value === number)?.[0] ?? String(number);
}

function readArray(view: DataView, at: number, field: Field, lengths: number[], count: number): unknown[] {
  const rest = lengths.slice(1);
  const size = rest.reduce((product, side) => product * side, sizeOf(field));
  return Array.from({ length: count }, (_, i) =>
    rest.length > 0 ? readArray(view, at + i * size, field, rest, rest[0]!) : readOne(view, at + i * size, field));
}

/** Reads a struct in memory as a plain object. */
export function readFields(view: DataView, at: number, name: string): Plain {
  const layout = layouts[name]!;
  if (layout.union) {
    const kind = Object.entries(stageKinds).find(([, number]) => number === view.getUint32(at, true))![0];
    return { kind, ...readFields(view, at + layout.union.offset, layout.union.members[kind]!) };
  }
  const plain: Plain = {};
  for (const field of layout.fields) {
    if (field.hidden) continue;
    const start = at + field.offset;
    if (field.of === 'shape') Object.assign(plain, readFields(view, start, 'shape'));
    else if (field.lengths) {
      const count = field.counter === undefined ? field.lengths[0]! : view.getUint32(at + field.counter, true);
      plain[field.name] = readArray(view, start, field, field.lengths, count);
    } else plain[field.name] = readOne(view, start, field);
  }
  return plain;
}
