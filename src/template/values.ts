// What mapping templates compute with: values that behave as the Java objects behind AWS's engine do
// (spec/websocket-api.md §5.5, §5.6). Integers are bigints, decimals are numbers, so `9.0` stays a decimal.

export type Value =
  | string
  | boolean
  | bigint
  | number
  | null
  | VDecimal
  | VChar
  | VList
  | VMap
  | VEntry
  | VView
  | VIterator
  | VLoop
  | VBlock
  | VTool;

/** A template cannot be rendered: bad syntax, an exception in a method, a limit (spec/websocket-api.md §3.9.5). */
export class TemplateError extends Error {}

/** The same with its place, which the message begins with. */
export class TemplateErrorAt extends TemplateError {
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;

  /** `at` is where in `text` it went wrong. */
  constructor(text: string, at: number, what: string, options?: ErrorOptions) {
    const { line, column } = placeIn(text, at);
    super(`Line ${line}, column ${column}: ${what}`, options);
    this.line = line;
    this.column = column;
  }
}

/** Line and column of a place in a text, counted from 1. */
export function placeIn(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

/** A decimal of JSON with so many digits that a double would lose some; it prints as it was written. */
export class VDecimal {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What `charAt()` returns: it prints as text, but has the methods of a character alone. */
export class VChar {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A list. `json`: it came from JSON and prints as JSON. */
export class VList {
  readonly items: Value[];
  readonly json: boolean;
  /** Whether nothing can be added or removed: what `split()` returns is an array. */
  readonly isFixed: boolean;
  /** How often elements came or went: a loop over the list fails when they do. */
  changes = 0;

  constructor(items: Value[], json: boolean, isFixed = false) {
    this.items = items;
    this.json = json;
    this.isFixed = isFixed;
  }
}

/** How a map prints: `{k=v}`, with what is inside as JSON or as Java does; or, for the overrides of `$context`, as nothing. */
export type MapStyle = 'json' | 'java' | 'silent';

/** The keys of maps. That of a bracket or of `put` has its kind: 1 is not "1" (§5.2.7). */
export type Key = string | bigint | number | boolean;

export class VMap {
  readonly entries: Map<Key, Value>;
  readonly style: MapStyle;
  /** How often keys came or went. */
  changes = 0;

  constructor(entries: ReadonlyMap<Key, Value>, style: MapStyle) {
    this.entries = entries as Map<Key, Value>;
    this.style = style;
  }
}

/** An entry of a map's entry set. */
export class VEntry {
  readonly map: VMap;
  readonly key: Key;

  constructor(map: VMap, key: Key) {
    this.map = map;
    this.key = key;
  }

  get value(): Value {
    return this.map.entries.get(this.key) ?? null;
  }
}

/** What `keySet()`, `values()` and `entrySet()` of a map return: they show the map as it is when they are used. */
export class VView {
  readonly map: VMap;
  readonly of: 'keys' | 'values' | 'entries';

  constructor(map: VMap, of: VView['of']) {
    this.map = map;
    this.of = of;
  }

  get items(): Value[] {
    const { map } = this;
    if (this.of === 'keys') return [...map.entries.keys()];
    if (this.of === 'values') return [...map.entries.values()];
    return [...map.entries.keys()].map((key) => new VEntry(map, key));
  }
}

/** A walk over a list or map, fail-fast as those of Java. */
export class VIterator {
  readonly #source: VList | VMap;
  readonly #items: readonly Value[];
  readonly #changes: number;
  #at = 0;

  constructor(source: VList | VMap, items: readonly Value[]) {
    this.#source = source;
    this.#items = items;
    this.#changes = source.changes;
  }

  get hasNext(): boolean {
    return this.#at !== this.#items.length;
  }

  next(): Value {
    if (this.#source.changes !== this.#changes) {
      throw new TemplateError('A list or map was changed while a loop went over it');
    }
    if (this.#at >= this.#items.length) throw new TemplateError('next() has no further element');
    return this.#items[this.#at++]!;
  }
}

/** `$foreach` (§5.3.3). What `#set` puts in it, it keeps. */
export class VLoop {
  index = -1;
  hasNext = false;
  readonly parent: VLoop | undefined;
  readonly own = new VMap(new Map(), 'java');

  constructor(parent: VLoop | undefined) {
    this.parent = parent;
  }
}

/** A block of `#define` or of a call `#@name()`: rendered anew at each use (§5.3.6, §5.3.7). */
export class VBlock {
  /** Writes what the block makes. */
  readonly write: () => void;
  /** What it makes, as text. */
  readonly text: () => string;

  constructor(write: () => void, text: () => string) {
    this.write = write;
    this.text = text;
  }
}

/** `$input` and `$util`: functions alone. */
export class VTool {
  /** undefined for a function that is not there. */
  readonly call: (name: string, args: readonly Value[]) => Value | undefined;
  readonly property: (name: string) => Value | undefined;

  constructor(call: VTool['call'], property: VTool['property']) {
    this.call = call;
    this.property = property;
  }
}

/** What one rendering may use up; what is left counts down. */
export class Budget {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  /** Throws TemplateError when there is too little left. */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new TemplateError('The template takes too many steps');
  }
}

/** Bounds of one rendering. */
export const MAX_STEPS = 5_000_000;
/** Characters of any text that a rendering makes, its output included. */
export const MAX_TEXT = 10_485_760;
/** Elements of a list or map. */
export const MAX_ELEMENTS = 100_000;
/** Bits of an integer. */
const MAX_INTEGER_BITS = 4_096;
/** How deep values, JSON texts and templates may nest. */
export const MAX_DEPTH = 200;

/** Checks a text that grew. */
export function bounded(text: string): string {
  if (text.length > MAX_TEXT) throw new TemplateError(`The template makes more than ${MAX_TEXT} characters`);
  return text;
}

const INTEGER_LIMIT = 1n << BigInt(MAX_INTEGER_BITS);

/** Checks an integer that grew. */
export function boundedInteger(value: bigint): bigint {
  if (value >= INTEGER_LIMIT || value <= -INTEGER_LIMIT) {
    throw new TemplateError(`An integer of more than ${MAX_INTEGER_BITS} bits`);
  }
  return value;
}

/** The number that a value is; undefined for what is none. */
export function numberOf(value: Value | undefined): bigint | number | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  return value instanceof VDecimal ? Number(value.text) : undefined;
}

/** A copy that shares nothing that can be changed. */
export function copyOf(value: Value, budget: Budget): Value {
  budget.spend(1);
  if (value instanceof VList)
    return new VList(
      value.items.map((item) => copyOf(item, budget)),
      value.json,
    );
  if (value instanceof VMap) {
    const entries = new Map<Key, Value>();
    for (const [key, item] of value.entries) entries.set(key, copyOf(item, budget));
    return new VMap(entries, value.style);
  }
  if (value instanceof VView) return new VView(copyOf(value.map, budget) as VMap, value.of);
  return value;
}
