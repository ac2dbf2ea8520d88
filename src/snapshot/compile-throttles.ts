// The token buckets of a stage's routes: what they hold outlives every compilation (spec/http-api.md §7.1;
// websocket-api.md §9.1).
import type { StageIdentity } from '../stage/stage-identity.ts';
import { type AccountThrottles, bucketNumbers, Throttle, type Tokens } from '../stage/throttle.ts';

/** By route key; `undefined` is that of requests without a route. */
export type Limits = ReadonlyMap<string | undefined, Limit>;

interface Limit {
  readonly throttle: Throttle;
  readonly account: Tokens | undefined;
  readonly bucket: Tokens | undefined;
}

export class ThrottleCompiler {
  /** What the next compilation takes over. */
  readonly limits = new Map<string | undefined, Limit>();
  readonly #identity: StageIdentity;
  readonly #accounts: AccountThrottles;
  readonly #previous: Limits | undefined;

  constructor(identity: StageIdentity, accounts: AccountThrottles, previous: Limits | undefined) {
    this.#identity = identity;
    this.#accounts = accounts;
    this.#previous = previous;
  }

  /** Undefined where nothing limits the route. */
  of(
    routeKey: string | undefined,
    settings: { readonly rateLimit: number | undefined; readonly burstLimit: number | undefined },
  ): Throttle | undefined {
    const { accountId, region, apiId, name } = this.#identity;
    const numbers = bucketNumbers(settings, this.#accounts.limits);
    const account = this.#accounts.bucketOf(accountId, region);
    const { clock, buckets } = this.#accounts;
    if (numbers === undefined && account === undefined) return undefined;
    let limit = this.#previous?.get(routeKey);
    if (limit === undefined || (limit.bucket === undefined) !== (numbers === undefined)) {
      const stage = `${accountId}/${region}/${apiId}/${name}`;
      const bucket = numbers && buckets.of(routeKey === undefined ? stage : `${stage}/${routeKey}`, numbers);
      limit = { bucket, account, throttle: new Throttle(bucket, account, clock) };
    } else {
      const { bucket } = limit;
      if (numbers !== undefined) bucket!.resize(numbers);
      if (limit.account !== account)
        limit = { bucket, account, throttle: new Throttle(bucket, account, clock) };
    }
    this.limits.set(routeKey, limit);
    return limit.throttle;
  }
}
