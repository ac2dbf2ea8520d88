// JSON as a tree that keeps what JavaScript's own would lose: numbers as they were written (`1.50` stays `1.50`) and the
// order of members (spec/http-api.md §4.6).

/** A number's source text. */
export class WrittenNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type JsonValue = null | boolean | string | WrittenNumber | JsonValue[] | Map<string, JsonValue>;

const NUMBER = /-?[0-9][0-9.eE+-]*/y;

/** Parses text that is JSON (`isJson`), which bounds its depth. Of members with one name the last counts; `onRepeated`
 *  hears of them. */
export function parseWithNumbers(text: string, onRepeated?: () => void): JsonValue {
  let at = 0;
  const blanks = () => {
    while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
  };
  const string = (): string => {
    const from = at;
    do at += text[at] === '\\' ? 2 : 1;
    while (text[at] !== '"');
    at++;
    const literal = text.slice(from, at);
    return literal.includes('\\') ? (JSON.parse(literal) as string) : literal.slice(1, -1);
  };
  const separator = (): void => {
    blanks();
    if (text[at] === ',') at++;
    blanks();
  };
  const value = (): JsonValue => {
    blanks();
    switch (text[at]) {
      case '"':
        return string();
      case '{': {
        const object = new Map<string, JsonValue>();
        at++;
        blanks();
        while (text[at] !== '}') {
          const name = string();
          blanks();
          at++;
          if (object.has(name)) onRepeated?.();
          object.set(name, value());
          separator();
        }
        at++;
        return object;
      }
      case '[': {
        const array: JsonValue[] = [];
        at++;
        blanks();
        while (text[at] !== ']') {
          array.push(value());
          separator();
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
  return value();
}

/** Compact JSON text. */
export function printJson(value: JsonValue): string {
  if (value instanceof WrittenNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(printJson).join(',')}]`;
  if (value instanceof Map) {
    const members = Array.from(value, ([name, member]) => `${JSON.stringify(name)}:${printJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}
