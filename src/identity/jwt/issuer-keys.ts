// The keys of one issuer as they are known now: fetched once for all who wait, kept for two hours, asked for again when a
// token names one that is not there (spec/http-api.md §6.2.3, Choice C51).
import { IssuerFailure } from './discovery.ts';
import { type KeySet, parseKeySet } from './key-set.ts';
import { KEYS_FAILED, type TokenProblem, UNKNOWN_KEY } from './problems.ts';

export interface KeySource {
  /** The text of the key set. */
  keys(): Promise<string | IssuerFailure>;
}

export interface IssuerKeysMeans {
  readonly source: KeySource;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly onFailure: (reason: string) => void;
}

const MINUTE = 60_000;
const KEPT_MILLIS = 120 * MINUTE;
/** Older keys are renewed while they are still used. */
const RENEWED_MILLIS = 60 * MINUTE;
/** How long a failure stands: it doubles with each one in a row. */
const FIRST_PAUSE_MILLIS = 1_000;
const LONGEST_PAUSE_MILLIS = 30_000;

export class IssuerKeys {
  readonly #means: IssuerKeysMeans;
  #text: string | undefined = undefined;
  #keys: KeySet | undefined = undefined;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #pending: Promise<void> | undefined = undefined;
  #askedForUnknownAt = Number.NEGATIVE_INFINITY;
  #problem: TokenProblem = KEYS_FAILED;
  #failures = 0;
  #pausedUntil = Number.NEGATIVE_INFINITY;

  constructor(means: IssuerKeysMeans) {
    this.#means = means;
  }

  /** The keys that may be used now; the same object for as long as the issuer publishes the same. */
  current(): KeySet | undefined {
    const now = this.#means.now();
    const age = now - this.#fetchedAt;
    if (age < RENEWED_MILLIS) return this.#keys;
    if (age < KEPT_MILLIS) {
      if (now >= this.#pausedUntil) void this.#load();
      return this.#keys;
    }
    this.#keys = undefined;
    this.#text = undefined;
    return undefined;
  }

  /** Keys that have one of this id; a promise only when the issuer must be asked. */
  with(keyId: string): KeySet | TokenProblem | Promise<KeySet | TokenProblem> {
    const keys = this.current();
    if (keys?.has(keyId)) return keys;
    if (this.#pending === undefined) {
      const now = this.#means.now();
      if (now < this.#pausedUntil) return keys === undefined ? this.#problem : UNKNOWN_KEY;
      if (keys !== undefined) {
        if (now < this.#askedForUnknownAt + MINUTE) return UNKNOWN_KEY;
        this.#askedForUnknownAt = now;
      }
    }
    return this.#load().then(() => {
      const loaded = this.current();
      if (loaded === undefined) return this.#problem;
      return loaded.has(keyId) ? loaded : UNKNOWN_KEY;
    });
  }

  #load(): Promise<void> {
    this.#pending ??= this.#fetch().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #fetch(): Promise<void> {
    const text = await this.#means.source.keys();
    if (text instanceof IssuerFailure) return this.#failed(text);
    const keys = text === this.#text ? this.#keys : parseKeySet(text);
    if (keys === undefined) return this.#failed(new IssuerFailure(KEYS_FAILED, 'its keys are no JWKS'));
    this.#text = text;
    this.#keys = keys;
    this.#fetchedAt = this.#means.now();
    this.#failures = 0;
    this.#pausedUntil = Number.NEGATIVE_INFINITY;
  }

  /** Keys that are there stay until their time is over. */
  #failed({ problem, reason }: IssuerFailure): void {
    const pause = Math.min(FIRST_PAUSE_MILLIS * 2 ** this.#failures++, LONGEST_PAUSE_MILLIS);
    this.#problem = problem;
    this.#pausedUntil = this.#means.now() + pause;
    this.#means.onFailure(reason);
  }
}
