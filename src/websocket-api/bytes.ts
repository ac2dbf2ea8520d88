// Bodies as text where they are text (spec/websocket-api.md §4.2, §4.6).
import { isUtf8 } from 'node:buffer';

/** UTF-8 becomes text, anything else stays bytes. */
export function textOrBytes(bytes: Buffer): string | Buffer {
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes;
}

export function textOf(body: string | Buffer): string {
  return typeof body === 'string' ? body : body.toString('utf8');
}

export function bytesOf(body: string | Buffer): Buffer {
  return typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
}

/** The bytes of a base64 text; undefined when it is none. */
export function decodeBase64(text: string): Buffer | undefined {
  const digits = text.replace(/[\r\n]/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(digits) || digits.replace(/=+$/, '').length % 4 === 1) return undefined;
  return Buffer.from(digits, 'base64');
}
