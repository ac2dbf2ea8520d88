// JSONPath into request and response bodies of HTTP APIs: the dialect of spec/http-api.md §4.6, §4.19, Choice C34.
import { GrammarError } from './grammar-error.ts';
import { type JsonValue, parseWithNumbers, printJson, WrittenNumber } from './json-text.ts';

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
      const indexes = listed[1]!.split(',').map(Number);
      return indexes.length === 1 ? { kind: 'index', index: indexes[0]! } : { kind: 'union', indexes };
    }
    const slice = take(SLICE);
    if (slice === null) return undefined;
    const bound = (digits: string | undefined) => (digits === undefined ? undefined : Number(digits));
    return { kind: 'slice', from: bound(slice[1]), to: bound(slice[2]) };
  };
  while (at < text.length) {
    const step = text.startsWith('[*]', at) ? takeAll() : takeStep();
    if (step === undefined) throw new GrammarError(`Invalid JSON path: ${text}`);
    steps.push(step);
  }
  return Object.freeze(steps);
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
  }
}

/** Bytes of a body that a path sees (§4.6). */
const SEEN_BYTES = 102_400;

/** A body's text, parsed once, when a path first asks. */
export class JsonBody {
  readonly text: string;
  #value: JsonValue | undefined;
  #withNumbers: JsonValue | undefined;
  #isParsed = false;

  constructor(text: string) {
    this.text = text;
  }

  /** The value; undefined when the text is not JSON. Numbers have lost how they were written. */
  get value(): JsonValue | undefined {
    if (!this.#isParsed) {
      this.#isParsed = true;
      try {
        this.#value = JSON.parse(this.#seen()) as JsonValue;
      } catch {
        this.#value = undefined;
      }
    }
    return this.#value;
  }

  /** The same with numbers as they were written. */
  get withNumbers(): JsonValue | undefined {
    if (this.value === undefined) return undefined;
    this.#withNumbers ??= parseWithNumbers(this.#seen());
    return this.#withNumbers;
  }

  #seen(): string {
    if (this.text.length * 3 <= SEEN_BYTES) return this.text;
    const bytes = Buffer.from(this.text, 'utf8');
    return bytes.length <= SEEN_BYTES ? this.text : bytes.toString('utf8', 0, SEEN_BYTES);
  }
}

/** A function from a body to the text at the path (§4.6); undefined when there is nothing, or null. */
export function compileJsonPath(path: JsonPath): (body: JsonBody) => string | undefined {
  const isDefinite = path.every((step) => step.kind === 'member' || step.kind === 'index');
  if (isDefinite) {
    return (body) => {
      const found = walk(body.value, path);
      if (typeof found === 'string') return found;
      if (typeof found === 'boolean') return found ? 'true' : 'false';
      if (found === undefined || found === null) return undefined;
      const written = walk(body.withNumbers, path);
      return written === undefined ? undefined : printJson(written);
    };
  }
  return (body) => {
    if (body.value === undefined) return undefined;
    let matches: JsonValue[] = [body.withNumbers!];
    for (const step of path) matches = matches.flatMap((value) => select(value, step));
    return matches.length === 0 ? undefined : printJson(matches);
  };
}

function walk(value: JsonValue | undefined, path: JsonPath): JsonValue | undefined {
  let found = value;
  for (let i = 0; i < path.length && found !== undefined; i++) {
    const step = path[i]!;
    if (step.kind === 'member') found = memberOf(found, step.name);
    else if (step.kind === 'index') found = itemOf(found, step.index);
  }
  return found;
}

function select(value: JsonValue, step: JsonStep): JsonValue[] {
  const one = (found: JsonValue | undefined) => (found === undefined ? [] : [found]);
  switch (step.kind) {
    case 'member':
      return one(memberOf(value, step.name));
    case 'index':
      return one(itemOf(value, step.index));
    case 'union':
      return step.indexes.flatMap((index) => one(itemOf(value, index)));
    case 'slice':
      return Array.isArray(value) ? value.slice(step.from, step.to) : [];
    case 'all':
      if (Array.isArray(value)) return value;
      return isObject(value) ? Object.values(value) : [];
  }
}

function memberOf(value: JsonValue, name: string): JsonValue | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function itemOf(value: JsonValue, index: number): JsonValue | undefined {
  return Array.isArray(value) ? value.at(index) : undefined;
}

function isObject(value: JsonValue): value is { [name: string]: JsonValue } {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof WrittenNumber)
  );
}
