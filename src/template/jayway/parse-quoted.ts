// Quoted names and texts of JSONPaths in Jayway's dialect (spec/websocket-api.md §5.8).
import type { Cursor } from '../cursor.ts';
import { ESCAPES } from '../lenient-json.ts';

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
