// Quoted names and texts of JSONPaths in Jayway's dialect (spec/websocket-api.md §5.8).
import type { Cursor } from '../cursor.ts';

/** A text in quotes, with the escapes of JSON. */
export function parseQuoted(cursor: Cursor): string {
  const quote = cursor.peek();
  let text = '';
  for (cursor.at++; cursor.peek() !== quote; cursor.at++) {
    if (cursor.isAtEnd) throw cursor.error('a quoted text has no end');
    if (cursor.peek() !== '\\') text += cursor.peek();
    else {
      cursor.at++;
      const code = cursor.match(/u[0-9A-Fa-f]{4}/y);
      if (code === undefined) text += ESCAPES[cursor.peek()] ?? cursor.peek();
      else {
        text += String.fromCharCode(Number.parseInt(code.slice(1), 16));
        cursor.at--;
      }
    }
  }
  cursor.at++;
  return text;
}

const ESCAPES: Readonly<Record<string, string | undefined>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
