// The caches of a stage's Lambda authorizers (spec/http-api.md §6.3.1): each compilation of the stage takes them over, until
// the authorizer or a stage variable changes or ResetAuthorizersCache is called.
import type { Clock } from '../../clock.ts';
import type { FrozenApi } from '../../config/frozen.ts';
import { AuthorizerCache } from '../../http-api/authorizers/authorizer-cache.ts';
import type { Verdict } from '../../http-api/authorizers/lambda-authorizer.ts';
import { isSameJson } from '../../wire/same-json.ts';

type Document = FrozenApi['Api'];

interface Kept {
  readonly document: Document;
  readonly cache: AuthorizerCache<Verdict>;
}

export class AuthorizerCaches {
  /** What every cache of the stage depends on. */
  readonly #basis: string;
  readonly #documents: ReadonlyMap<string, Document>;
  readonly #kept = new Map<string, Kept>();
  /** Whether the caches of the stage as it was are still good, as far as that does not depend on the authorizer. */
  readonly isContinued: boolean;

  /** `generation` changes with every ResetAuthorizersCache; `documents` are the authorizers by id. */
  constructor(
    generation: string,
    variables: ReadonlyMap<string, string>,
    documents: ReadonlyMap<string, Document>,
    previous: AuthorizerCaches | undefined,
  ) {
    this.#basis = JSON.stringify([generation, [...variables]]);
    this.#documents = documents;
    this.isContinued = previous === undefined || previous.#basis === this.#basis;
    if (previous === undefined || !this.isContinued) return;
    for (const [id, kept] of previous.#kept) {
      if (isSameJson(kept.document, documents.get(id))) this.#kept.set(id, kept);
    }
  }

  /** The one cache of an authorizer. What is still being asked for a cache that was replaced never gets into the new one. */
  of(authorizerId: string, ttlInSeconds: number, clock: Clock): AuthorizerCache<Verdict> {
    const known = this.#kept.get(authorizerId);
    if (known !== undefined) return known.cache;
    const cache = new AuthorizerCache<Verdict>({
      ttlInMillis: ttlInSeconds * 1_000,
      now: () => clock.monotonic(),
    });
    this.#kept.set(authorizerId, { document: this.#documents.get(authorizerId)!, cache });
    return cache;
  }
}
