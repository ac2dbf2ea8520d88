// The query string as the client sent it: read without splitting, changed without touching other pairs
// (spec/http-api.md §4.5, §4.7, Choice C16).
import { decodeQueryText } from '../grammar/percent.ts';

/** All values of a decoded, case-sensitive name, decoded and joined with `,`; undefined when the name is absent. */
export function queryValue(query: string, name: string): string | undefined {
  let found: string | undefined;
  for (let from = 0; from < query.length; ) {
    const to = pairEnd(query, from);
    if (to > from) {
      const equals = query.indexOf('=', from);
      const nameEnd = equals >= 0 && equals < to ? equals : to;
      if (isNamed(query, from, nameEnd, name)) {
        const value = nameEnd === to ? '' : decoded(query.substring(nameEnd + 1, to));
        found = found === undefined ? value : `${found},${value}`;
      }
    }
    from = to + 1;
  }
  return found;
}

/** The query without the pairs of a name. With `replacement`, an encoded pair, that stands where the first of them
 *  stood, or at the end. */
export function withoutQueryName(query: string, name: string, replacement?: string): string {
  let kept = '';
  let placed = replacement === undefined;
  for (let from = 0; from < query.length; ) {
    const to = pairEnd(query, from);
    const equals = query.indexOf('=', from);
    const nameEnd = equals >= 0 && equals < to ? equals : to;
    if (!isNamed(query, from, nameEnd, name)) kept = joined(kept, query.substring(from, to));
    else if (!placed) {
      kept = joined(kept, replacement!);
      placed = true;
    }
    from = to + 1;
  }
  return placed ? kept : joined(kept, replacement!);
}

/** Two query strings in one; either may be empty. */
export function joined(query: string, more: string): string {
  return query === '' ? more : more === '' ? query : `${query}&${more}`;
}

function pairEnd(query: string, from: number): number {
  const ampersand = query.indexOf('&', from);
  return ampersand < 0 ? query.length : ampersand;
}

function isNamed(query: string, from: number, to: number, name: string): boolean {
  let plain = true;
  for (let i = from; i < to; i++) {
    const code = query.charCodeAt(i);
    if (code === 0x25 || code === 0x2b) {
      plain = false;
      break;
    }
  }
  if (plain) return to - from === name.length && query.startsWith(name, from);
  return decoded(query.substring(from, to)) === name;
}

/** A name or value that is not valid percent-encoding counts as the text it is. */
function decoded(text: string): string {
  return decodeQueryText(text) ?? text;
}
