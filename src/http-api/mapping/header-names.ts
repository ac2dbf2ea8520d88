// Recognising header names in a head without making strings: one table look-up by length and first letter, then a
// case-folded compare. Built once per deployment.

/** Maps header names, in any letter case, to small numbers above 0. */
export class HeaderNames {
  /** Index of a bucket's list. Bytes, because there are three tables a route and thousands of routes. */
  readonly #buckets = new Uint8Array(64 * 32);
  readonly #lists: (readonly Candidate[])[] = [[]];

  constructor(codes: Iterable<readonly [lowerName: string, code: number]>) {
    for (const [name, code] of codes) {
      const at = bucketOf(name.length, name.charCodeAt(0));
      // List 255 is shared by whatever comes after it: longer, never wrong, since whole names are compared.
      const list = this.#buckets[at]! || Math.min(255, this.#lists.length);
      this.#buckets[at] = list;
      this.#lists[list] = [...(this.#lists[list] ?? []), { name, code }];
    }
  }

  /** The number of the name at [start, end) of `text`; 0 for a name that is not in the table. */
  codeAt(text: string, start: number, end: number): number {
    const list = this.#buckets[bucketOf(end - start, text.charCodeAt(start))]!;
    return list === 0 ? 0 : compare(this.#lists[list]!, text, start, end - start);
  }
}

interface Candidate {
  readonly name: string;
  readonly code: number;
}

/** The tables of one direction: the gateway's own names and, from `firstChanged` on, the names that mappings are about,
 *  which win. Plans of an API mostly map the same names and then share a table. */
export class HeaderNameTables {
  readonly #own: readonly (readonly [lowerName: string, code: number])[];
  readonly #firstChanged: number;
  readonly #tables = new Map<string, HeaderNames>();

  constructor(own: readonly (readonly [lowerName: string, code: number])[], firstChanged: number) {
    this.#own = own;
    this.#firstChanged = firstChanged;
  }

  with(changed: readonly string[]): HeaderNames {
    const key = changed.join(' ');
    let names = this.#tables.get(key);
    if (names === undefined) {
      names = new HeaderNames([
        ...this.#own.filter(([name]) => !changed.includes(name)),
        ...changed.map((name, index) => [name, this.#firstChanged + index] as const),
      ]);
      // Configurations choose the names, so what is shared is bounded.
      if (this.#tables.size < 1024) this.#tables.set(key, names);
    }
    return names;
  }
}

function bucketOf(length: number, firstCode: number): number {
  return ((length & 63) << 5) | (firstCode & 31);
}

function compare(candidates: readonly Candidate[], text: string, start: number, length: number): number {
  next: for (let c = 0; c < candidates.length; c++) {
    const { name, code } = candidates[c]!;
    if (name.length !== length) continue;
    for (let i = 0; i < length; i++) {
      const given = text.charCodeAt(start + i);
      const lower = given >= 0x41 && given <= 0x5a ? given | 0x20 : given;
      if (lower !== name.charCodeAt(i)) continue next;
    }
    return code;
  }
  return 0;
}

const canonicalNames = new Map<string, string>();

/** Canonical spelling of a header name: `x-err` → `X-Err` (spec/http-api.md §3.4, Choice C19). */
export function canonicalName(name: string): string {
  let canonical = canonicalNames.get(name);
  if (canonical === undefined) {
    canonical = '';
    let first = true;
    for (const letter of name) {
      canonical += first ? letter.toUpperCase() : letter.toLowerCase();
      first = letter === '-';
    }
    // Backends choose the names, so the table must not grow without end.
    if (canonicalNames.size < 1024) canonicalNames.set(name, canonical);
  }
  return canonical;
}

/** The lower-case names that a Connection header lists; they are hop-by-hop too (RFC 9110 §7.6.1). */
export function connectionOptions(value: string): string[] {
  return value
    .toLowerCase()
    .split(',')
    .map((option) => option.trim())
    .filter((option) => option !== '' && option !== 'close' && option !== 'keep-alive');
}
