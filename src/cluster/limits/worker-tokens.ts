// Tokens as a worker has them: its primary counts.
import type { Clock } from '../../clock.ts';
import type { Channel } from '../../net/channel/channel.ts';
import type { TokenAsk, TokenGrant, TokenSource } from '../../stage/token-source.ts';
import type { Log } from '../../telemetry/log.ts';
import { TAKE } from '../workers/protocol.ts';
import { SourceOrShare } from './source-or-share.ts';
import { decodeGrant, encodeAsk } from './token-frames.ts';

/** A primary waits for others 50 ms itself, and is on the same machine: one that is as late as this has other troubles. */
const DEADLINE_MILLIS = 250;

export interface WorkerTokensMeans {
  readonly channel: Channel;
  /** How many workers there are. */
  readonly workers: number;
  readonly clock: Clock;
  readonly log: Log;
}

export function workerTokens({ channel, workers, clock, log }: WorkerTokensMeans): TokenSource {
  return new SourceOrShare({
    source: {
      async take(ask: TokenAsk): Promise<TokenGrant> {
        return decodeGrant(await channel.ask(TAKE, encodeAsk(ask)));
      },
    },
    clock,
    deadlineMillis: DEADLINE_MILLIS,
    parts: () => workers,
    onAway(reason) {
      if (reason === undefined) log('limits.shared', {});
      else log('limits.apart', { reason });
    },
  });
}
