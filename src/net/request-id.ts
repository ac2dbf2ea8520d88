// Apigw-Requestid values (spec/http-api.md §3.6.2): 16 characters of URL-safe base64 ending in `=`, unique to a process
// by a counter and between processes by a random start. Costs some 20 ns; they identify, they are no secrets.
import { createHash, randomInt } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

// 11 bytes print as 15 characters and one `=`; the last character carries 4 bits, so its low two bits are zero.
// Two characters each for the counter's steps, low end last, with the process's random characters in front.
const PAIRS: string[] = [];
const LAST: string[] = [];
for (const high of ALPHABET) {
  for (const low of ALPHABET) PAIRS.push(high + low);
  for (let low = 0; low < 64; low += 4) LAST.push(`${high + ALPHABET[low]!}=`);
}

function randomText(length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) text += ALPHABET[randomInt(64)]!;
  return text;
}

let prefix = randomText(9);
let high = randomInt(4096);
let low = randomInt(4096);
let last = -1;
let stem = prefix + PAIRS[high]! + PAIRS[low]!;

/** A new request id. */
export function nextRequestId(): string {
  if (++last === LAST.length) {
    last = 0;
    if (++low === PAIRS.length) {
      low = 0;
      if (++high === PAIRS.length) {
        high = 0;
        prefix = randomText(9);
      }
    }
    stem = prefix + PAIRS[high]! + PAIRS[low]!;
  }
  return stem + LAST[last]!;
}

/** The request id that belongs to a name, always the same: 11 bytes of its SHA-256. */
export function requestIdOf(name: string): string {
  return `${createHash('sha256').update(name).digest().toString('base64url', 0, 11)}=`;
}
