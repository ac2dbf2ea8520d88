// The query string in events: decoded names with their decoded values, in the order of their first appearance
// (spec/http-api.md §3.6.2, §3.6.3).
import { decodeQueryText } from '../grammar/percent.ts';

/** Decoded names and values; empty for no query. */
export function queryPairs(query: string): ReadonlyMap<string, string[]> {
  const pairs = new Map<string, string[]>();
  for (let from = 0; from < query.length; ) {
    const ampersand = query.indexOf('&', from);
    const to = ampersand < 0 ? query.length : ampersand;
    if (to > from) {
      const equals = query.indexOf('=', from);
      const nameEnd = equals >= 0 && equals < to ? equals : to;
      const name = decoded(query.substring(from, nameEnd));
      const value = nameEnd === to ? '' : decoded(query.substring(nameEnd + 1, to));
      const known = pairs.get(name);
      if (known === undefined) pairs.set(name, [value]);
      else known.push(value);
    }
    from = to + 1;
  }
  return pairs;
}

/** What is not valid percent-encoding counts as the text it is. */
function decoded(text: string): string {
  return decodeQueryText(text) ?? text;
}
