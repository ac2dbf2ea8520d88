// JSONPath into request and response bodies of HTTP APIs: the dialect of spec/http-api.md §4.6, §4.19, Choice C34.
import { unreachable } from '../defect.ts';
import { GrammarError } from './grammar-error.ts';
import { compactJson, findJson, isJson, type JsonKey, stringOf } from './json-scan.ts';
import { type JsonValue, parseWithNumbers, printJson } from './json-text.ts';

export type JsonStep =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'union'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'all' };

export type JsonPath = readonly JsonStep[];

const DOT_MEMBER = /\.([^.[\]()'"?@\s]+)/y;
const QUOTED = /\[(?:'([^']*)'|"([^"]*)")\]/y;
const INDEXES = /\[(-?\d{1,9}(?:,-?\d{1,9})*)\]/y;
const SLICE = /\[(-?\d{1,9})?:(-?\d{1,9})?\]/y;

/** Parses what follows `request.body`: `.user.name`, `['a b'][0]`, `.items[*]`. Throws GrammarError. */
export function parseJsonPath(text: string): JsonPath {
  const steps: JsonStep[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  const takeAll = (): JsonStep => {
    at += 3;
    return { kind: 'all' };
  };
  const takeStep = (): JsonStep | undefined => {
    const dotted = take(DOT_MEMBER);
    if (dotted !== null) return dotted[1] === '*' ? { kind: 'all' } : { kind: 'member', name: dotted[1]! };
    const quoted = take(QUOTED);
    if (quoted !== null) return { kind: 'member', name: quoted[1] ?? quoted[2]! };
    const listed = take(INDEXES);
    if (listed !== null) {
      const indexes = listed[1]!.split(',').map(indexOf);
      return indexes.length === 1 ? { kind: 'index', index: indexes[0]! } : { kind: 'union', indexes };
    }
    const slice = take(SLICE);
    if (slice === null) return undefined;
    const bound = (digits: string | undefined) => (digits === undefined ? undefined : indexOf(digits));
    return { kind: 'slice', from: bound(slice[1]), to: bound(slice[2]) };
  };
  while (at < text.length) {
    const step = text.startsWith('[*]', at) ? takeAll() : takeStep();
    if (step === undefined) throw new GrammarError(`Invalid JSON path: ${text}`);
    steps.push(step);
  }
  return Object.freeze(steps);
}

/** Never -0, which is not equal to itself printed and parsed. */
function indexOf(digits: string): number {
  return Number(digits) + 0;
}

export function printJsonPath(path: JsonPath): string {
  return path.map(printStep).join('');
}

function printStep(step: JsonStep): string {
  switch (step.kind) {
    case 'member':
      if (/^[^.[\]()'"?@\s*][^.[\]()'"?@\s]*$/.test(step.name)) return `.${step.name}`;
      return step.name.includes("'") ? `["${step.name}"]` : `['${step.name}']`;
    case 'index':
      return `[${step.index}]`;
    case 'union':
      return `[${step.indexes.join(',')}]`;
    case 'slice':
      return `[${step.from ?? ''}:${step.to ?? ''}]`;
    case 'all':
      return '[*]';
    default:
      unreachable(step);
  }
}

/** Bytes of a body that a path sees (§4.6). */
const SEEN_BYTES = 102_400;

/** A body, and what paths have made of it. */
export class JsonBody {
  readonly #bytes: Buffer;
  #text: string | undefined;
  #tree: JsonValue | undefined;
  #isParsed = false;

  /** Of bytes in UTF-8, or of text. */
  constructor(body: Buffer | string) {
    this.#bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
    this.#text = typeof body === 'string' ? body : undefined;
  }

  get text(): string {
    this.#text ??= this.#bytes.toString('utf8');
    return this.#text;
  }

  /** The part that paths see. */
  get seen(): Buffer {
    return this.#bytes.length <= SEEN_BYTES ? this.#bytes : this.#bytes.subarray(0, SEEN_BYTES);
  }

  /** All of it, with numbers as they were written; undefined when it is not JSON. */
  get tree(): JsonValue | undefined {
    if (!this.#isParsed) {
      this.#isParsed = true;
      this.#tree = isJson(this.seen) ? parseWithNumbers(this.seen.toString('utf8')) : undefined;
    }
    return this.#tree;
  }
}

/** A function from a body to the text at the path (§4.6); undefined when there is nothing, or null. */
export function compileJsonPath(path: JsonPath): (body: JsonBody) => string | undefined {
  const keys = plainKeys(path);
  if (keys !== undefined) return (body) => textAt(body.seen, keys);
  const isDefinite = path.every((step) => step.kind === 'member' || step.kind === 'index');
  return (body) => {
    if (body.tree === undefined) return undefined;
    let matches: JsonValue[] = [body.tree];
    for (const step of path) matches = matches.flatMap((value) => select(value, step));
    const [first] = matches;
    if (first === undefined) return undefined;
    if (!isDefinite) return printJson(matches);
    return typeof first === 'string' ? first : first === null ? undefined : printJson(first);
  };
}

/** The path as names and indexes from 0; undefined when it has other steps. */
function plainKeys(path: JsonPath): readonly JsonKey[] | undefined {
  const keys: JsonKey[] = [];
  for (const step of path) {
    if (step.kind === 'member') keys.push(Buffer.from(step.name, 'utf8'));
    else if (step.kind === 'index' && step.index >= 0) keys.push(step.index);
    else return undefined;
  }
  return keys;
}

function textAt(json: Buffer, keys: readonly JsonKey[]): string | undefined {
  const found = findJson(json, keys);
  if (found === undefined) return undefined;
  const [start, end] = found;
  switch (json[start]) {
    case 0x22:
      return stringOf(json.toString('utf8', start, end));
    case 0x6e:
      return undefined;
    case 0x7b:
    case 0x5b:
      return compactJson(json.subarray(start, end));
    default:
      return json.toString('latin1', start, end);
  }
}

/** The values a step leads to. No value twice, so matches are never more than the document has values. */
function select(value: JsonValue, step: JsonStep): readonly JsonValue[] {
  const one = (found: JsonValue | undefined) => (found === undefined ? [] : [found]);
  switch (step.kind) {
    case 'member':
      return value instanceof Map ? one(value.get(step.name)) : [];
    case 'index':
      return Array.isArray(value) ? one(value.at(step.index)) : [];
    case 'union':
      return Array.isArray(value) ? union(value, step.indexes) : [];
    case 'slice':
      return Array.isArray(value) ? value.slice(step.from, step.to) : [];
    case 'all':
      if (Array.isArray(value)) return value;
      return value instanceof Map ? [...value.values()] : [];
    default:
      unreachable(step);
  }
}

function union(items: readonly JsonValue[], indexes: readonly number[]): readonly JsonValue[] {
  const positions = new Set(indexes.map((index) => (index < 0 ? items.length + index : index)));
  return [...positions].flatMap((position) => (position in items ? [items[position]!] : []));
}
