// API keys and what their plans allow: `apiKeys:` of the configuration file stands for the keys and usage plans of REST APIs
// (spec/websocket-api.md §2.7).

import { createHash } from 'node:crypto';
import { type Clock, SYSTEM_CLOCK } from '../clock.ts';
import { textOfHeader } from '../stage/header-value.ts';
import { type Buckets, OwnBuckets, Throttle, type Tokens } from '../stage/throttle.ts';
import type { SocketEvent } from './event.ts';
import { FORBIDDEN, QUOTA_EXCEEDED, type SocketFailure, THROTTLED } from './failures.ts';
import { Quota, type QuotaNumbers } from './quota.ts';
import type { QuotaSource } from './quota-source.ts';

export interface ApiKeySettings {
  readonly id: string;
  readonly value: string;
  readonly isEnabled: boolean;
  /** `{apiId}:{stage}` of the stages it is good for; `*` for all. */
  readonly stages: readonly string[];
  readonly throttle: { readonly rateLimit: number; readonly burstLimit: number } | undefined;
  readonly quota: QuotaNumbers | undefined;
}

interface KnownKey {
  readonly settings: ApiKeySettings;
  readonly bucket: Tokens | undefined;
  readonly quota: Quota | undefined;
}

export class ApiKeys {
  #byValue: ReadonlyMap<string, KnownKey> = new Map();
  readonly #quotas: QuotaSource;
  readonly #clock: Clock;
  readonly #buckets: Buckets;

  constructor(
    keys: readonly ApiKeySettings[],
    quotas: QuotaSource,
    clock = SYSTEM_CLOCK,
    buckets: Buckets = new OwnBuckets(clock),
  ) {
    this.#quotas = quotas;
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
        return [value, { settings, bucket, quota: this.#quotaOf(value, quota, known?.quota) }];
      }),
    );
    for (const { quota } of before.values()) if (!this.#has(quota)) void quota?.leave();
  }

  /** Gives back what has been taken of quotas and not been used. */
  async close(): Promise<void> {
    await Promise.all([...this.#byValue.values()].map(({ quota }) => quota?.leave()));
  }

  /** Nothing has been used so far. */
  async forget(): Promise<void> {
    const before = [...this.#byValue.values()];
    this.#byValue = new Map();
    this.replace(before.map(({ settings }) => settings));
    await Promise.all(before.map(({ quota }) => quota?.leave(true)));
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
  #count(
    { quota, settings: { value, id } }: KnownKey,
    event: SocketEvent,
    throttle: Throttle,
  ): SocketFailure | undefined | Promise<SocketFailure | undefined> {
    const judge = (isGranted: boolean): SocketFailure | undefined => {
      if (isGranted) event.connection.apiKey = { value, id };
      else throttle.putBack();
      return isGranted ? undefined : QUOTA_EXCEEDED;
    };
    const granted = quota?.use() ?? true;
    return typeof granted === 'boolean' ? judge(granted) : granted.then(judge);
  }

  /** The quota that a key has from here on: that of before, if it is of the same periods. */
  #quotaOf(value: string, numbers: QuotaNumbers | undefined, known: Quota | undefined): Quota | undefined {
    if (numbers === undefined) return undefined;
    if (known?.numbers.period !== numbers.period)
      return new Quota(nameOf(value), numbers, this.#quotas, () => this.#clock.epoch());
    known.change(numbers);
    return known;
  }

  #has(quota: Quota | undefined): boolean {
    for (const key of this.#byValue.values()) if (key.quota === quota) return true;
    return false;
  }
}

/** What the source calls a key: not by its secret, and ids of keys may be any. */
function nameOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url').slice(0, 22);
}

function isGoodFor({ isEnabled, stages }: ApiKeySettings, { stage }: SocketEvent): boolean {
  return isEnabled && (stages.includes('*') || stages.includes(`${stage.apiId}:${stage.name}`));
}
