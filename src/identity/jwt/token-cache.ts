// Tokens that an issuer's keys have verified, by their exact text. A signature costs more than the rest of a request, and
// clients send the same token until it expires. Holds nothing but "this signature is right": time, issuer, audience and
// scopes are asked at every use (verified-token.ts).
import type { VerifiedToken } from './verified-token.ts';

/** Whichever is reached first; the oldest go. */
const MAX_TOKENS = 10_000;
const MAX_BYTES = 67_108_864;
/** A token's claims, as strings and maps, for each character of its text; and what an entry costs anyway. */
const BYTES_A_CHARACTER = 8;
const BYTES_AN_ENTRY = 512;

/** Tokens are found by their end, a piece of the signature: hashing all of a text takes longer than comparing it. */
const END_LENGTH = 32;

interface Entry {
  readonly text: string;
  readonly token: VerifiedToken;
}

export class TokenCache {
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  get size(): number {
    return this.#entries.size;
  }

  get(text: string): VerifiedToken | undefined {
    const entry = this.#entries.get(text.slice(-END_LENGTH));
    return entry !== undefined && entry.text === text ? entry.token : undefined;
  }

  /** Of tokens with the same end the last one stays. */
  add(text: string, token: VerifiedToken): void {
    // The text is a piece of a request's head, which it would keep.
    const own = Buffer.from(text, 'latin1').toString('latin1');
    this.#drop(own.slice(-END_LENGTH));
    this.#entries.set(own.slice(-END_LENGTH), { text: own, token });
    this.#bytes += sizeOf(own);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MAX_TOKENS && this.#bytes <= MAX_BYTES) return;
      this.#drop(oldest);
    }
  }

  delete(text: string): void {
    if (this.get(text) !== undefined) this.#drop(text.slice(-END_LENGTH));
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  #drop(end: string): void {
    const entry = this.#entries.get(end);
    if (entry === undefined) return;
    this.#entries.delete(end);
    this.#bytes -= sizeOf(entry.text);
  }
}

function sizeOf(text: string): number {
  return text.length * BYTES_A_CHARACTER + BYTES_AN_ENTRY;
}
