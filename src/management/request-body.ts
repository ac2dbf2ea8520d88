// Bodies of management requests: read whole, limited, and decoded as the UTF-8 that JSON is.
import { isUtf8 } from 'node:buffer';
import type { Bytes } from '../net/bytes.ts';
import type { Exchange } from '../net/exchange.ts';
import { serializationError } from '../wire/errors.ts';

export const MAX_BODY_BYTES = 6 * 1024 * 1024;

/** Reads the body. `done('tooLarge')` above the limit; `done` is not called when the client goes away. */
export function readBody(exchange: Exchange, done: (body: Bytes | 'tooLarge') => void): void {
  const { whole, length } = exchange.body;
  if (whole !== undefined && whole.length <= MAX_BODY_BYTES) {
    done(whole);
  } else if (length > MAX_BODY_BYTES) {
    exchange.body.discard();
    done('tooLarge');
  } else {
    let isGone = false;
    exchange.aborter = {
      abort() {
        isGone = true;
      },
    };
    exchange.body.read(MAX_BODY_BYTES, (body) => {
      if (!isGone) done(body ?? 'tooLarge');
    });
  }
}

/** The text of a JSON body. Throws SerializationException when it is not UTF-8. */
export function jsonTextOf(body: Bytes): string {
  if (typeof body === 'string' && isAscii(body)) return body;
  const buffer = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
  if (!isUtf8(buffer)) throw serializationError();
  return buffer.toString('utf8');
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
