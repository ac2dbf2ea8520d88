// X-Amzn-Trace-Id for requests that come without one (spec/http-api.md §3.6.2, Choice C18).
import { randomBytes } from 'node:crypto';

const prefix = randomBytes(6).toString('hex');
let counter = randomBytes(4).readUInt32BE(0);
let second = 0;
let secondHex = '';

/** `Root=1-{8 hex: the second}-{24 hex}`; the 24 are a prefix of the process and a counter. */
export function newTraceId(epochMillis: number): string {
  const now = Math.floor(epochMillis / 1000);
  if (now !== second) {
    second = now;
    secondHex = now.toString(16).padStart(8, '0');
  }
  counter = (counter + 1) % 0x1_0000_0000_0000;
  return `Root=1-${secondHex}-${prefix}${counter.toString(16).padStart(12, '0')}`;
}
