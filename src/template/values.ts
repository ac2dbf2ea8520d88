// What mapping templates compute with: values that behave as the Java objects behind AWS's engine do
// (spec/websocket-api.md §5.5, §5.6). Integers are bigints, decimals are numbers, so `9.0` stays a decimal.

export type Value = string | boolean | bigint | number | null | VList | VMap | VEntry;

/** A template cannot be rendered: bad syntax, an exception in a method, a limit (spec/websocket-api.md §3.9.5). */
export class TemplateError extends Error {}

/** A list. `json`: it came from JSON and prints as JSON. */
export class VList {
  readonly items: Value[];
  readonly json: boolean;

  constructor(items: Value[], json: boolean) {
    this.items = items;
    this.json = json;
  }
}

/** How a map prints: `{k=v}`, with what is inside as JSON or as Java does; or, for the overrides of `$context`, as nothing. */
export type MapStyle = 'json' | 'java' | 'silent';

export class VMap {
  readonly entries: Map<string, Value>;
  readonly style: MapStyle;

  constructor(entries: Map<string, Value>, style: MapStyle) {
    this.entries = entries;
    this.style = style;
  }
}

/** An entry of a map's entry set. */
export class VEntry {
  readonly key: string;
  readonly value: Value;

  constructor(key: string, value: Value) {
    this.key = key;
    this.value = value;
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
export const MAX_INTEGER_BITS = 4_096;
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

export function isNumber(value: unknown): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
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
    const entries = new Map<string, Value>();
    for (const [key, item] of value.entries) entries.set(key, copyOf(item, budget));
    return new VMap(entries, value.style);
  }
  return value;
}
