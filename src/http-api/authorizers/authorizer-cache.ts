// What an authorizer decided, kept for its lifetime (spec/http-api.md §6.3.1). One cache for each authorizer of a stage;
// bounded in entries and characters. Requests with the same values that come at the same time wait for one decision.

export interface CacheOptions {
  readonly ttlInMillis: number;
  readonly maxEntries?: number;
  /** Of all keys and values together. */
  readonly maxCharacters?: number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

/** A value, and whether and at what size to keep it. */
export interface Cacheable<V> {
  readonly value: V;
  /** Undefined: not kept. */
  readonly characters: number | undefined;
}

interface Entry<V> {
  readonly value: V;
  readonly until: number;
  readonly characters: number;
}

const MAX_ENTRIES = 10_000;
const MAX_CHARACTERS = 16_000_000;

export class AuthorizerCache<V> {
  readonly #ttlInMillis: number;
  readonly #maxEntries: number;
  readonly #maxCharacters: number;
  readonly #now: () => number;
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry<V>>();
  readonly #running = new Map<string, Promise<V>>();
  #characters = 0;

  constructor(options: CacheOptions) {
    this.#ttlInMillis = options.ttlInMillis;
    this.#maxEntries = options.maxEntries ?? MAX_ENTRIES;
    this.#maxCharacters = options.maxCharacters ?? MAX_CHARACTERS;
    this.#now = options.now ?? (() => performance.now());
  }

  get size(): number {
    return this.#entries.size;
  }

  /** What is kept under a key and not over. */
  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#delete(key, entry);
    if (entry.until <= this.#now()) return undefined;
    this.#entries.set(key, entry);
    this.#characters += entry.characters;
    return entry.value;
  }

  /** What `find` finds, asked once for all who come while it looks. The lifetime counts from the question. */
  load(key: string, find: () => Promise<Cacheable<V>>): Promise<V> {
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    const until = this.#now() + this.#ttlInMillis;
    const found = find()
      .then(({ value, characters }) => {
        if (characters !== undefined) this.#put(key, { value, until, characters: characters + key.length });
        return value;
      })
      .finally(() => this.#running.delete(key));
    this.#running.set(key, found);
    return found;
  }

  #put(key: string, entry: Entry<V>): void {
    if (entry.characters > this.#maxCharacters) return;
    const before = this.#entries.get(key);
    if (before !== undefined) this.#delete(key, before);
    this.#entries.set(key, entry);
    this.#characters += entry.characters;
    for (const [oldest, each] of this.#entries) {
      if (this.#entries.size <= this.#maxEntries && this.#characters <= this.#maxCharacters) break;
      this.#delete(oldest, each);
    }
  }

  #delete(key: string, entry: Entry<V>): void {
    this.#entries.delete(key);
    this.#characters -= entry.characters;
  }
}

/** One text for a list of values, from which the list can be told again: no two lists have the same. */
export function cacheKey(values: readonly string[]): string {
  let key = '';
  for (const value of values) key += `${value.length}:${value}`;
  return key;
}
