// The Valkey that programs share their limits by, or this program's share while that is away.
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { ValkeyPlace } from '../../settings/valkey-url.ts';
import type { TokenSource } from '../../stage/token-source.ts';
import type { Log } from '../../telemetry/log.ts';
import { SourceOrShare } from './source-or-share.ts';
import { ValkeyTokens } from './valkey/valkey-tokens.ts';

/** How long one that is away is waited for, once a bucket. */
const DEADLINE_MILLIS = 50;

export interface SharedSource {
  readonly source: TokenSource;
  /** Whether limits hold for all programs together at present. */
  readonly areShared: boolean;
  /** Why they do not. */
  readonly whyApart: string | undefined;
  close(): void;
}

export interface SharedSourceMeans {
  readonly place: ValkeyPlace;
  /** Of those who share them. */
  readonly name: string;
  readonly ca: readonly string[];
  readonly clock: Clock;
  /** Among how many a bucket is shared while the Valkey is away. */
  readonly parts: () => number;
  readonly log: Log;
}

export async function openSharedSource(means: SharedSourceMeans): Promise<SharedSource> {
  const { place, name, ca, clock, parts, log } = means;
  const holder = randomBytes(6).toString('base64url');
  const valkey = await ValkeyTokens.open({ place, name, holder, ca, onTurn: () => void source.look() });
  let whyApart: string | undefined;
  const source = new SourceOrShare({
    source: valkey,
    clock,
    deadlineMillis: DEADLINE_MILLIS,
    parts,
    onAway(reason) {
      whyApart = reason;
      if (reason === undefined) log('limits.shared', {});
      else log('limits.apart', { reason });
    },
  });
  void source.look();
  return {
    source,
    get areShared() {
      return whyApart === undefined;
    },
    get whyApart() {
      return whyApart;
    },
    close() {
      source.close();
      valkey.close();
    },
  };
}
