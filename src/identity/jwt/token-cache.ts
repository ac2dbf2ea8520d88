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

export class TokenCache {
  readonly #tokens = new Map<string, VerifiedToken>();
  #bytes = 0;

  get size(): number {
    return this.#tokens.size;
  }

  get(text: string): VerifiedToken | undefined {
    return this.#tokens.get(text);
  }

  add(text: string, token: VerifiedToken): void {
    this.delete(text);
    // The text is a piece of a request's head, which it would keep.
    this.#tokens.set(Buffer.from(text, 'latin1').toString('latin1'), token);
    this.#bytes += sizeOf(text);
    for (const oldest of this.#tokens.keys()) {
      if (this.#tokens.size <= MAX_TOKENS && this.#bytes <= MAX_BYTES) return;
      this.delete(oldest);
    }
  }

  delete(text: string): void {
    if (this.#tokens.delete(text)) this.#bytes -= sizeOf(text);
  }

  clear(): void {
    this.#tokens.clear();
    this.#bytes = 0;
  }
}

function sizeOf(text: string): number {
  return text.length * BYTES_A_CHARACTER + BYTES_AN_ENTRY;
}
