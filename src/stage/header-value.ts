// Text ⇄ header bytes. No mapped value can end a header line (spec/http-api.md §4.6, Choice C35).
import { latin1Of } from '../net/bytes.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** A mapped value as the bytes of a header value: control characters other than tab become spaces, characters outside
 *  ASCII are written in UTF-8. */
export function headerValueOf(text: string): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code >= 0x7f) return cleaned(text);
  }
  return text;
}

function cleaned(text: string): string {
  let clean = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) {
      clean += `${text.substring(from, i)} `;
      from = i + 1;
    }
  }
  return latin1Of(clean + text.substring(from));
}

/** The text of a header value's bytes: UTF-8 where it is that, one character a byte otherwise. */
export function textOfHeader(value: string): string {
  for (let i = 0; i < value.length; i++) {
    if (value.charCodeAt(i) > 0x7f) {
      try {
        return strictUtf8.decode(Buffer.from(value, 'latin1'));
      } catch {
        return value;
      }
    }
  }
  return value;
}
