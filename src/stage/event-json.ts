// Pieces of JSON text for events (spec/http-api.md §3.6.2, §3.6.3): events are put together as text, so that what a stage
// and a route decide is written once.

/** What JSON strings escape, and everything that is not ASCII. */
const NOT_PLAIN = /[^ !#-[\]-~]/;

/** Text as a JSON string. */
export function quote(text: string): string {
  return NOT_PLAIN.test(text) ? JSON.stringify(text) : `"${text}"`;
}

export function quoteOrNull(text: string | null | undefined): string {
  return text === null || text === undefined ? 'null' : quote(text);
}

/** An object of texts; undefined for none. */
export function objectOf(entries: Iterable<readonly [string, string]>): string | undefined {
  let text = '';
  for (const [name, value] of entries) text += `${text === '' ? '{' : ','}${quote(name)}:${quote(value)}`;
  return text === '' ? undefined : `${text}}`;
}

export function arrayOf(values: Iterable<string>): string {
  let text = '';
  for (const value of values) text += `${text === '' ? '' : ','}${quote(value)}`;
  return `[${text}]`;
}
