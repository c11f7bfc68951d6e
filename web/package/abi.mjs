// Writes src/abi.ts from include/bluegrad.h: the interfaces, the choices and the layouts of its structs in 32-bit WebAssembly.
//
//     node abi.mjs
//
// A struct lies in memory as C lays it out: each field at a multiple of its alignment. Fields without meaning in JavaScript, such as
// `struct_size`, `reserved` and counts of arrays, have a place in the layout but none in the interface.
import { readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const header = readFileSync(new URL('include/bluegrad.h', root), 'utf8');

// Structs that users see, by their name in C without `bluegrad_`.
const PUBLIC = [
  'optimizer', 'schedule', 'term', 'spectral', 'mixture', 'coupling', 'fill', 'void_and_cluster', 'front', 'polish', 'swap', 'filter_fill',
  'filter_polish', 'shape', 'distribution', 'knot', 'profile', 'taps', 'space_filter', 'time_filter', 'filters', 'config', 'powers', 'losses',
  'report', 'grey_quality', 'peak', 'pattern_quality', 'quality', 'space_time', 'frame_errors', 'channel_quality', 'plane_peaks',
  'volume_quality',
];
// Structs whose layout alone is wanted.
const INTERNAL = ['region', 'dither'];
const HIDDEN = /^(struct_size|reserved|words|\w*_?count)$/;
// Fields of a configuration that JavaScript has no use for: a module has one SIMD level, and the option `from` says what a run starts from.
const UNUSED = new Set(['level', 'start']);
const hidden = (struct, field) => HIDDEN.test(field) || (struct === 'config' && UNUSED.has(field));

const constants = new Map();
for (const [, name, value] of header.matchAll(/^#define BLUEGRAD_(\w+) (-?\d+)$/gm)) constants.set(name, Number(value));

const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const pascal = (name) => camel(`_${name}`);

function fail(text) {
  throw new Error(`include/bluegrad.h: ${text}`);
}

/** Splits the body of a struct or enum into members, each with the comment above it. */
function members(body) {
  const found = [];
  let comment = [];
  for (const line of body.split('\n').map((line) => line.trim())) {
    if (line.startsWith('//')) comment.push(line.slice(2).trim());
    else if (line !== '') {
      found.push({ text: line.replace(/[,;]$/, ''), comment });
      comment = [];
    }
  }
  return found;
}

/** Returns the comment that ends right before an index of the header. */
function commentBefore(index) {
  const lines = header.slice(0, index).split('\n');
  lines.pop();
  const comment = [];
  while (lines.at(-1)?.startsWith('//')) comment.unshift(lines.pop().slice(2).trim());
  return comment;
}

const enums = new Map();
for (const match of header.matchAll(/^BLUEGRAD_ENUM\(bluegrad_(\w+)\) \{\n([^}]*)\};/gm)) {
  const [, name, body] = match;
  const values = members(body).map(({ text, comment }) => {
    const [, value, number] = /^BLUEGRAD_(\w+) = (\d+)$/.exec(text) ?? fail(`enum ${name}: ${text}`);
    return { name: value.slice(name.length + 1).toLowerCase().replaceAll('_', '-'), number: Number(number), comment };
  });
  enums.set(name, { values, comment: commentBefore(match.index) });
}

const structs = new Map();
for (const match of header.matchAll(/^typedef (struct|union) bluegrad_(\w+) \{\n([^}]*)\} bluegrad_\w+;/gm)) {
  const [, kind, name, body] = match;
  structs.set(name, { kind, members: members(body), comment: commentBefore(match.index) });
}

const SCALARS = { uint8_t: ['u8', 1], uint16_t: ['u16', 2], uint32_t: ['u32', 4], size_t: ['u32', 4], bool: ['bool', 1], uint64_t: ['u64', 8],
  float: ['f32', 4], double: ['f64', 8] };

/** Returns what a member declares: its type, the size and alignment of one element, the lengths of its arrays. */
function declaration(struct, text) {
  const [, type, star, name, arrays] = /^(?:const )?(?:struct |union )?(\w+) ?(\*?)(\w+)((?:\[\w+\])*)$/.exec(text) ?? fail(`${struct}: ${text}`);
  const lengths = [...arrays.matchAll(/\[(\w+)\]/g)].map(([, length]) =>
    /^\d+$/.test(length) ? Number(length) : (constants.get(length.replace('BLUEGRAD_', '')) ?? fail(`${struct}: ${length}`)));
  const own = type.replace(/^bluegrad_/, '');
  let of;
  if (star) of = { type: 'pointer', size: 4, align: 4 };
  else if (type in SCALARS) of = { type: SCALARS[type][0], size: SCALARS[type][1], align: SCALARS[type][1] };
  else if (enums.has(own)) of = { type: 'enum', name: own, size: 4, align: 4 };
  else of = { type: 'struct', name: own, ...layout(own) };
  return { name, of, lengths };
}

const layouts = new Map();
/** Returns the layout of a struct or union: size, alignment, fields with offsets. */
function layout(name) {
  if (layouts.has(name)) return layouts.get(name);
  const struct = structs.get(name) ?? fail(`no struct ${name}`);
  let offset = 0;
  let align = 1;
  let size = 0;
  const fields = struct.members.map(({ text, comment }) => {
    const { name: field, of, lengths } = declaration(name, text);
    const bytes = lengths.reduce((product, length) => product * length, of.size);
    align = Math.max(align, of.align);
    const at = struct.kind === 'union' ? 0 : Math.ceil(offset / of.align) * of.align;
    offset = at + bytes;
    size = Math.max(size, offset);
    return { name: field, of, lengths, offset: at, comment };
  });
  const made = { kind: struct.kind, size: Math.ceil(size / align) * align, align, fields };
  layouts.set(name, made);
  return made;
}

/** Returns the field that counts an array's elements in use, if there is one. */
function counter(fields, field) {
  if (field.lengths.length !== 1) return undefined;
  return fields.find(({ name }) => name === 'count' || name === `${field.name.replace(/s$/, '')}_count`);
}

function doc(comment, indent = '') {
  if (comment.length === 0) return '';
  const text = comment.map((line) => line.replaceAll('*/', '* /'));
  if (text.length === 1) return `${indent}/** ${text[0]} */\n`;
  return `${indent}/**\n${text.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`;
}

const quoted = (text) => `'${text}'`;

function typescript({ of, lengths }) {
  const one =
    of.type === 'enum' ? pascal(of.name) : of.type === 'struct' ? pascal(of.name) : of.type === 'bool' ? 'boolean' : of.type === 'u64' ? 'bigint' : 'number';
  return one + '[]'.repeat(lengths.length);
}

let out = '// Made from include/bluegrad.h by abi.mjs.\n\n';
for (const [name, { values, comment }] of enums) {
  if (name === 'stage_kind') continue;
  out += doc(comment);
  out += `export type ${pascal(name)} =`;
  for (const value of values) out += `\n${doc(value.comment, '  ')}  | ${quoted(value.name)}`;
  out += ';\n\n';
}

for (const name of PUBLIC) {
  const { fields } = layout(name);
  const shape = fields.find(({ of }) => of.name === 'shape');
  out += doc(structs.get(name).comment.map((line) => line.replace(/^Filled in by bluegrad_config_default, then free to edit. It holds no pointer.$/, '')));
  out += `export interface ${pascal(name)}${shape ? ' extends Shape' : ''} {\n`;
  for (const field of fields) {
    if (hidden(name, field.name) || field === shape) continue;
    out += doc(field.comment, '  ');
    out += `  ${camel(field.name)}: ${typescript(field)};\n`;
  }
  out += '}\n\n';
}

out += doc(structs.get('stage').comment);
out += 'export type Stage =\n';
const kinds = enums.get('stage_kind').values;
const memberOf = (kind) => layout('stage_data').fields.find(({ name }) => name === kind.name.replaceAll('-', '_')) ?? fail(`no stage ${kind.name}`);
for (const kind of kinds) out += `${doc(kind.comment, '  ')}  | ({ kind: ${quoted(kind.name)} } & ${pascal(memberOf(kind).of.name)})\n`;
out = `${out.trimEnd()};\n\n`;

out += `/** Type of a field, its offset, the name of its enum or struct, the lengths of its arrays, the field that counts its elements. */
export interface Field {
  name: string;
  offset: number;
  type: 'u8' | 'u16' | 'u32' | 'u64' | 'f32' | 'f64' | 'bool' | 'pointer' | 'enum' | 'struct';
  of?: string;
  lengths?: number[];
  counter?: number;
  hidden?: true;
}

/** Layout of a struct in memory. A stage has the parameters of its kind, \`union\`, at one offset. */
export interface Layout {
  size: number;
  fields: Field[];
  union?: { offset: number; size: number; members: Record<string, string> };
}

export const enums: Record<string, Record<string, number>> = {\n`;
for (const [name, { values }] of enums) {
  out += `  ${camel(name)}: { ${values.map((value) => `${/^[a-z]\w*$/.test(value.name) ? value.name : quoted(value.name)}: ${value.number}`).join(', ')} },\n`;
}
out += '};\n\nexport const layouts: Record<string, Layout> = {\n';
for (const name of [...PUBLIC, ...INTERNAL, 'stage']) {
  const { size, fields } = layout(name);
  out += `  ${camel(name)}: {\n    size: ${size},\n`;
  if (name === 'stage') {
    const data = fields.find((field) => field.name === 'data');
    out += `    fields: [],\n    union: { offset: ${data.offset}, size: ${data.of.size}, members: { ${kinds.map((kind) => `${quoted(kind.name)}: ${quoted(camel(memberOf(kind).of.name))}`).join(', ')} } },\n  },\n`;
    continue;
  }
  out += '    fields: [\n';
  for (const field of fields) {
    if (/^(reserved|words)$/.test(field.name)) continue;
    const parts = [`name: ${quoted(camel(field.name))}`, `offset: ${field.offset}`, `type: ${quoted(field.of.type)}`];
    if (field.of.name) parts.push(`of: ${quoted(camel(field.of.name))}`);
    if (field.lengths.length > 0) parts.push(`lengths: [${field.lengths.join(', ')}]`);
    const count = PUBLIC.includes(name) && counter(fields, field);
    if (count) parts.push(`counter: ${count.offset}`);
    if (PUBLIC.includes(name) && hidden(name, field.name)) parts.push('hidden: true');
    out += `      { ${parts.join(', ')} },\n`;
  }
  out += '    ],\n  },\n';
}
out += '};\n';
for (const constant of ['MEMORY_ALIGN', 'ALGORITHM_VERSION']) {
  out += `\nexport const ${constant} = ${constants.get(constant)};\n`;
}
out += '\n/** Statuses by name. */\nexport const status: Record<string, number> = {\n';
for (const [name, value] of constants) if (name.startsWith('ERROR_')) out += `  ${name.slice(6)}: ${value},\n`;
out += '};\n';
writeFileSync(new URL('src/abi.ts', import.meta.url), out);
