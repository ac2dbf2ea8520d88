// JSON with numbers as they were written: `1.50` stays `1.50` (spec/http-api.md §4.6).

/** A number's source text. */
export class WrittenNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type JsonValue = null | boolean | string | WrittenNumber | JsonValue[] | { [name: string]: JsonValue };

/** Deeper documents count as no JSON: they are attacks, and recursion has an end. */
const MAX_DEPTH = 512;

const NUMBER = /-?[0-9][0-9.eE+-]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;

/** Parses text that is JSON. Undefined when it is nested too deeply. */
export function parseWithNumbers(text: string): JsonValue | undefined {
  let at = 0;
  let tooDeep = false;
  const blanks = () => {
    while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  };
  const string = (): string => {
    STRING.lastIndex = at;
    const found = STRING.exec(text)![0];
    at += found.length;
    return found.includes('\\') ? (JSON.parse(found) as string) : found.slice(1, -1);
  };
  const value = (depth: number): JsonValue => {
    if (depth > MAX_DEPTH) tooDeep = true;
    if (tooDeep) return null;
    blanks();
    switch (text[at]) {
      case '"':
        return string();
      case '{': {
        const object: { [name: string]: JsonValue } = {};
        at++;
        blanks();
        while (text[at] !== '}' && !tooDeep) {
          const name = string();
          blanks();
          at++;
          // Not an assignment: `__proto__` is a name like any other.
          Object.defineProperty(object, name, {
            value: value(depth + 1),
            enumerable: true,
            configurable: true,
            writable: true,
          });
          blanks();
          if (text[at] === ',') at++;
          blanks();
        }
        at++;
        return object;
      }
      case '[': {
        const array: JsonValue[] = [];
        at++;
        blanks();
        while (text[at] !== ']' && !tooDeep) {
          array.push(value(depth + 1));
          blanks();
          if (text[at] === ',') at++;
          blanks();
        }
        at++;
        return array;
      }
      case 't':
        at += 4;
        return true;
      case 'f':
        at += 5;
        return false;
      case 'n':
        at += 4;
        return null;
      default: {
        NUMBER.lastIndex = at;
        const found = NUMBER.exec(text)![0];
        at += found.length;
        return new WrittenNumber(found);
      }
    }
  };
  const parsed = value(0);
  return tooDeep ? undefined : parsed;
}

/** Compact JSON text. */
export function printJson(value: JsonValue): string {
  if (value instanceof WrittenNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(printJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([name, member]) => `${JSON.stringify(name)}:${printJson(member)}`,
    );
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}
