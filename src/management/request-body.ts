// Bodies of management requests: read whole, limited, and decoded as the UTF-8 that JSON is.
import { isUtf8 } from 'node:buffer';
import type { Bytes } from '../net/bytes.ts';
import type { Exchange } from '../net/exchange.ts';
import type { LargeBodies } from '../net/http1/limits.ts';
import { ServiceError, serializationError } from '../wire/errors.ts';

export const MAX_BODY_BYTES = 6 * 1024 * 1024;

const IMPORTS = /^(?:PUT \/v2\/apis(?:\/[^/?]+)?|POST \/_postern\/(?:import|stacks))(?:\?|$)/;

/** JSON may make a definition of 6 MiB twice as long (spec/openapi.md Choice O4), and one of 8 MiB (spec/definitions.md §2.1.1): more
 *  than a listener takes of other bodies. */
export const IMPORT_BODIES: LargeBodies = {
  bytes: 16 * 1024 * 1024,
  allow: ({ method, target }) => IMPORTS.test(`${method} ${target}`),
};

export function tooLarge(limit: number): ServiceError {
  return new ServiceError(
    'RequestEntityTooLargeException',
    413,
    `The request body is larger than ${limit} bytes`,
  );
}

/** What the body of a request may have. */
export function bodyLimitOf(exchange: Exchange): number {
  return IMPORT_BODIES.allow(exchange) ? IMPORT_BODIES.bytes : MAX_BODY_BYTES;
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
