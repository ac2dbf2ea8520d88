// API keys and what their plans allow: `apiKeys:` of the configuration file stands for the keys and usage plans of REST APIs
// (spec/websocket-api.md §2.7).

import { type Clock, SYSTEM_CLOCK } from '../clock.ts';
import { textOfHeader } from '../stage/header-value.ts';
import { type Buckets, OwnBuckets, Throttle, type Tokens } from '../stage/throttle.ts';
import type { SocketEvent } from './event.ts';
import { FORBIDDEN, QUOTA_EXCEEDED, type SocketFailure, THROTTLED } from './failures.ts';

export interface ApiKeySettings {
  readonly id: string;
  readonly value: string;
  readonly isEnabled: boolean;
  /** `{apiId}:{stage}` of the stages it is good for; `*` for all. */
  readonly stages: readonly string[];
  readonly throttle: { readonly rateLimit: number; readonly burstLimit: number } | undefined;
  readonly quota: { readonly limit: number; readonly period: 'DAY' | 'WEEK' | 'MONTH' } | undefined;
}

const DAY_MILLIS = 86_400_000;

interface KnownKey {
  readonly settings: ApiKeySettings;
  readonly bucket: Tokens | undefined;
  period: string;
  used: number;
}

export class ApiKeys {
  #byValue: ReadonlyMap<string, KnownKey> = new Map();
  readonly #clock: Clock;
  readonly #buckets: Buckets;

  constructor(
    keys: readonly ApiKeySettings[],
    clock = SYSTEM_CLOCK,
    buckets: Buckets = new OwnBuckets(clock),
  ) {
    this.#clock = clock;
    this.#buckets = buckets;
    this.replace(keys);
  }

  /** Other keys, or other rules for the same: what a key has used so far counts on. */
  replace(keys: readonly ApiKeySettings[]): void {
    const before = this.#byValue;
    this.#byValue = new Map(
      keys.map((settings) => {
        const { throttle, quota, value } = settings;
        const known = before.get(value);
        const bucket =
          throttle === undefined
            ? undefined
            : (known?.bucket ?? this.#buckets.of(`keys/${settings.id}`, throttle));
        if (throttle !== undefined) bucket?.resize(throttle);
        const isSamePeriod = known?.settings.quota?.period === quota?.period;
        const { period, used } = known !== undefined && isSamePeriod ? known : { period: '', used: 0 };
        return [value, { settings, bucket, period, used }];
      }),
    );
  }

  /** Nothing has been used so far. */
  forget(): void {
    const keys = [...this.#byValue.values()].map(({ settings }) => settings);
    this.#byValue = new Map();
    this.replace(keys);
  }

  /** Lets a connect request in by its key, which is kept in the connection, or says why not. */
  check(event: SocketEvent): SocketFailure | undefined | Promise<SocketFailure | undefined> {
    const header = event.request?.headers.first('x-api-key');
    const value =
      event.stage.apiKeySource === 'authorizer'
        ? event.usageIdentifierKey
        : header === undefined
          ? undefined
          : textOfHeader(header);
    const key = value === undefined ? undefined : this.#byValue.get(value);
    if (key === undefined || !isGoodFor(key.settings, event)) return FORBIDDEN;
    const throttle = new Throttle(key.bucket, undefined, this.#clock);
    const judge = (isAdmitted: boolean) => (isAdmitted ? this.#count(key, event, throttle) : THROTTLED);
    const admitted = throttle.admits(performance.now());
    return typeof admitted === 'boolean' ? judge(admitted) : admitted.then(judge);
  }

  /** What a quota refuses takes no token. */
  #count(key: KnownKey, event: SocketEvent, throttle: Throttle): SocketFailure | undefined {
    const { quota, value, id } = key.settings;
    if (quota !== undefined) {
      const period = periodOf(quota.period, this.#clock.epoch());
      if (period !== key.period) key.used = 0;
      key.period = period;
      if (key.used >= quota.limit) {
        throttle.putBack();
        return QUOTA_EXCEEDED;
      }
      key.used++;
    }
    event.connection.apiKey = { value, id };
    return undefined;
  }
}

function isGoodFor({ isEnabled, stages }: ApiKeySettings, { stage }: SocketEvent): boolean {
  return isEnabled && (stages.includes('*') || stages.includes(`${stage.apiId}:${stage.name}`));
}

/** Periods are those of UTC; weeks begin on Monday. */
function periodOf(period: 'DAY' | 'WEEK' | 'MONTH', now: number): string {
  if (period === 'DAY') return String(Math.floor(now / DAY_MILLIS));
  // 1970 began on a Thursday.
  if (period === 'WEEK') return `w${Math.floor((now / DAY_MILLIS + 3) / 7)}`;
  return new Date(now).toISOString().slice(0, 7);
}
