// The AWS CLI's way of writing values on a command line, by the shape of the parameter: JSON, shorthand (`a=b,c=[d,e],f={g=h}`) or plain text.
import type { Shape } from '../../src/wire/shape.ts';

/** The value of one parameter, which may be several words for a list. Throws a sentence. */
export function parsedValue(words: readonly string[], shape: Shape): unknown {
  const [word = ''] = words;
  if (shape.kind === 'boolean') return word !== 'false';
  if (shape.kind === 'integer' || shape.kind === 'double') return Number(word);
  if (shape.kind === 'list') {
    if (/^\s*\[/.test(word)) return JSON.parse(word);
    return words.map((each) => parsedValue([each], shape.item));
  }
  if (shape.kind === 'structure' || shape.kind === 'map') {
    if (/^\s*\{/.test(word)) return JSON.parse(word);
    return new Reader(word).members(shape);
  }
  return word;
}

/** Reads shorthand. A text value ends at a comma or a closing bracket; in double or single quotes it holds anything. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  members(shape: Shape): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    do {
      const equals = this.#text.indexOf('=', this.#at);
      if (equals === -1) throw new Error(`Expected: '=', received: the end of ${this.#text}`);
      const name = this.#text.slice(this.#at, equals);
      this.#at = equals + 1;
      result[name] = this.#value(memberShape(shape, name));
    } while (this.#take(','));
    if (this.#at < this.#text.length && this.#text[this.#at] !== '}') {
      throw new Error(`Expected: ',', received: '${this.#text[this.#at]}' in ${this.#text}`);
    }
    return result;
  }

  #value(shape: Shape): unknown {
    if (shape.kind === 'list') {
      // Without brackets it goes on to the next `name=`.
      if (this.#take('[')) return this.#items(shape.item, ']');
      const items = [this.#value(shape.item)];
      while (/^,(?![^,=\]}]*=)/.test(this.#text.slice(this.#at))) {
        this.#at++;
        items.push(this.#value(shape.item));
      }
      return items;
    }
    if (this.#take('{')) {
      const members = this.members(shape);
      if (!this.#take('}')) throw new Error(`Expected: '}' in ${this.#text}`);
      return members;
    }
    const quoted = /^(["'])(.*?)\1(?=[,\]}]|$)/s.exec(this.#text.slice(this.#at));
    const text = quoted === null ? /^[^,\]}]*/.exec(this.#text.slice(this.#at))![0] : quoted[2]!;
    this.#at += quoted === null ? text.length : quoted[0].length;
    return parsedValue([text], shape);
  }

  #items(item: Shape, close: string): unknown[] {
    const items: unknown[] = [];
    if (this.#take(close)) return items;
    do items.push(this.#value(item));
    while (this.#take(','));
    if (!this.#take(close)) throw new Error(`Expected: '${close}' in ${this.#text}`);
    return items;
  }

  #take(mark: string): boolean {
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }
}

function memberShape(shape: Shape, name: string): Shape {
  if (shape.kind === 'map') return shape.value;
  const member = shape.kind === 'structure' && shape.members.find((each) => each.name === name);
  if (!member) throw new Error(`Unknown parameter ${name}`);
  return member.shape;
}
