// The header section of one message as its text and positions in it: nothing is copied until somebody asks
// (decision 0010). The fast codec points into what it read; every other source builds the same shape from pairs.

/** Four positions a header in `text`: name start, name end, value start, value end (value without surrounding blanks).
 *  A header's whole line runs from its name start to the next header's name start, the last one's to `end`. */
export class HeaderBlock {
  readonly text: string;
  readonly spans: readonly number[];
  /** Just behind the CRLF of the last header line. */
  readonly end: number;

  constructor(text: string, spans: readonly number[], end: number) {
    this.text = text;
    this.spans = spans;
    this.end = end;
  }

  get count(): number {
    return this.spans.length >> 2;
  }

  name(index: number): string {
    return this.text.substring(this.spans[index * 4]!, this.spans[index * 4 + 1]!);
  }

  value(index: number): string {
    return this.text.substring(this.spans[index * 4 + 2]!, this.spans[index * 4 + 3]!);
  }

  /** Whether header `index` has this name, given in lower case. */
  is(index: number, lowerName: string): boolean {
    const start = this.spans[index * 4]!;
    const length = lowerName.length;
    if (this.spans[index * 4 + 1]! - start !== length) return false;
    for (let i = 0; i < length; i++) {
      const code = this.text.charCodeAt(start + i);
      const lower = code >= 0x41 && code <= 0x5a ? code | 0x20 : code;
      if (lower !== lowerName.charCodeAt(i)) return false;
    }
    return true;
  }

  /** The first value of a name given in lower case. */
  first(lowerName: string): string | undefined {
    for (let i = 0; i < this.count; i++) if (this.is(i, lowerName)) return this.value(i);
    return undefined;
  }

  /** All values of a name given in lower case, joined with `,` (spec/http-api.md §4.5). */
  joined(lowerName: string): string | undefined {
    let found: string | undefined;
    for (let i = 0; i < this.count; i++) {
      if (this.is(i, lowerName)) found = found === undefined ? this.value(i) : `${found},${this.value(i)}`;
    }
    return found;
  }

  /** Flat [name, value, …], as sent. */
  pairs(): string[] {
    const pairs: string[] = [];
    for (let i = 0; i < this.count; i++) pairs.push(this.name(i), this.value(i));
    return pairs;
  }

  /** Builds a block from flat [name, value, …]. The caller vouches for names being tokens and values being one line. */
  static fromPairs(pairs: readonly string[]): HeaderBlock {
    let text = '';
    const spans: number[] = [];
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      const name = pairs[i]!;
      const value = pairs[i + 1]!;
      const start = text.length;
      const valueStart = start + name.length + 2;
      spans.push(start, start + name.length, valueStart, valueStart + value.length);
      text += `${name}: ${value}\r\n`;
    }
    return new HeaderBlock(text, spans, text.length);
  }
}
