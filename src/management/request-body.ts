// Bodies of management requests: read whole, limited, and decoded as the UTF-8 that JSON is.
import { isUtf8 } from 'node:buffer';
import type { Bytes } from '../net/bytes.ts';
import type { Exchange } from '../net/exchange.ts';
import { serializationError } from '../wire/errors.ts';

export const MAX_BODY_BYTES = 6 * 1024 * 1024;

/** JSON may make a definition of 6 MiB nearly twice as long (spec/openapi.md Choice O4). */
const MAX_IMPORT_BODY_BYTES = 16 * 1024 * 1024;

const IMPORTS = /^(?:PUT \/v2\/apis(?:\/[^/?]+)?|POST \/_postern\/import)(?:\?|$)/;

/** What the body of a request may have: that of an import more than that of others. */
export function bodyLimitOf({ method, target }: Exchange): number {
  return IMPORTS.test(`${method} ${target}`) ? MAX_IMPORT_BODY_BYTES : MAX_BODY_BYTES;
}

/** Reads the body. `done('tooLarge')` above the limit; `done` is not called when the client goes away. */
export function readBody(exchange: Exchange, limit: number, done: (body: Bytes | 'tooLarge') => void): void {
  const { whole, length } = exchange.body;
  if (whole !== undefined && whole.length <= limit) {
    done(whole);
  } else if (length > limit) {
    exchange.body.discard();
    done('tooLarge');
  } else {
    let isGone = false;
    exchange.aborter = {
      abort() {
        isGone = true;
      },
    };
    exchange.body.read(limit, (body) => {
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
