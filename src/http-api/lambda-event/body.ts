// The body in events: text where the content type says so and the bytes are UTF-8, base64 otherwise (spec/http-api.md
// §3.6.4, Choice C23).
import { isUtf8 } from 'node:buffer';
import type { Bytes } from '../../net/bytes.ts';
import type { HeaderBlock } from '../../net/header-block.ts';
import { quote } from '../../stage/event-json.ts';

export interface EventBody {
  /** A JSON string. */
  readonly text: string;
  readonly isBase64Encoded: boolean;
}

const TEXT_TYPE = /^\s*(?:text\/[^;]*|application\/(?:json|xml|javascript)\s*)(?:;|$)/i;

/** The body of a request with these headers; undefined when it has none. */
export function eventBody(headers: HeaderBlock, bytes: Bytes): EventBody | undefined {
  if (bytes.length === 0) return undefined;
  const text = isText(headers) ? utf8TextOf(bytes) : undefined;
  if (text !== undefined) return { text: quote(text), isBase64Encoded: false };
  const base64 = (typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes).toString('base64');
  return { text: `"${base64}"`, isBase64Encoded: true };
}

function isText(headers: HeaderBlock): boolean {
  const type = headers.first('content-type');
  if (type === undefined || !TEXT_TYPE.test(type)) return false;
  const encoding = headers.first('content-encoding');
  return encoding === undefined || encoding === '' || encoding.toLowerCase() === 'identity';
}

/** The text of bytes that are UTF-8. */
function utf8TextOf(bytes: Bytes): string | undefined {
  if (typeof bytes === 'string' && isAscii(bytes)) return bytes;
  const buffer = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
  return isUtf8(buffer) ? buffer.toString('utf8') : undefined;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
