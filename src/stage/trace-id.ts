// The trace that a request belongs to, X-Amzn-Trace-Id (spec/http-api.md §3.6.2, Choice C18).
import { randomBytes } from 'node:crypto';

const prefix = randomBytes(8).toString('hex');
// Eight hex digits without padding, and a small integer to V8: both make the text cheap.
const FIRST = 0x1000_0000;
const LAST = 0x3fff_ffff;
let counter = FIRST + (randomBytes(4).readUInt32BE(0) % (LAST - FIRST));
let second = 0;
let start = '';

/** `Root=1-{8 hex: the second}-{24 hex}`; the 24 are a prefix of the process and a counter. */
export function newTraceId(epochMillis: number): string {
  const now = Math.floor(epochMillis / 1000);
  if (now !== second) {
    second = now;
    start = `Root=1-${now.toString(16).padStart(8, '0')}-${prefix}`;
  }
  counter = counter === LAST ? FIRST : counter + 1;
  return start + counter.toString(16);
}

/** The trace of a request: what its client says in the header, with a Root if that has none, or a new one. */
export function traceIdOf(given: string | undefined, epochMillis: number): string {
  if (given !== undefined && /(?:^|;)\s*Root=/i.test(given)) return given;
  const made = newTraceId(epochMillis);
  return given ? `${made};${given}` : made;
}
