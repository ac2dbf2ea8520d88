// Limits that are not of one process alone: programs share them by a Valkey, workers of a machine by their primary. A program without
// either loads nothing for it.
import type { Clock } from '../clock.ts';
import type { Channel } from '../net/channel/channel.ts';
import type { Buckets } from '../stage/throttle.ts';
import type { TokenAsk, TokenGrant, TokenSource } from '../stage/token-source.ts';
import type { Opened, RoleMeans } from './role.ts';

/** What throttles take from, where it is not this process's own. */
export interface Limits {
  readonly buckets: Buckets;
  /** Whether they hold for all programs together at present; undefined where no other has them. */
  readonly areShared: boolean | undefined;
  /** Why they should and do not. */
  readonly whyApart?: string | undefined;
}

/** What counts for the workers of a machine. */
export interface WorkersLimits extends Pick<Limits, 'areShared' | 'whyApart'> {
  take(worker: string, ask: TokenAsk): TokenGrant | Promise<TokenGrant>;
}

/** How many nodes live, this one among them; undefined where it is no node. */
type Living = (() => number) | undefined;

/** Those of a program of one process; undefined where it shares them with nobody. A node without a Valkey has its share. */
export async function openLimits(
  opened: Opened,
  means: RoleMeans,
  living?: Living,
): Promise<Limits | undefined> {
  const { clock } = means;
  const shared = await openShared(opened, means, living);
  if (shared === undefined && living === undefined) return undefined;
  const { Stocks } = await import('../cluster/limits/stocks.ts');
  const buckets = new Stocks(shared?.source ?? (await ownShare(clock, living)), clock);
  opened.push(() => buckets.close());
  return {
    buckets,
    get areShared() {
      return shared?.areShared;
    },
    get whyApart() {
      return shared?.whyApart;
    },
  };
}

async function ownShare(clock: Clock, living: Living): Promise<TokenSource> {
  const { LocalTokens } = await import('../cluster/limits/local-tokens.ts');
  const tokens = new LocalTokens(clock, living);
  return { take: async (ask) => tokens.take('', ask) };
}

/** Those of a primary. */
export async function openWorkersLimits(
  opened: Opened,
  means: RoleMeans,
  living?: Living,
): Promise<WorkersLimits> {
  const { clock } = means;
  const shared = await openShared(opened, means, living);
  if (shared === undefined) {
    const { LocalTokens } = await import('../cluster/limits/local-tokens.ts');
    const tokens = new LocalTokens(clock, living);
    return { take: (worker, ask) => tokens.take(worker, ask), areShared: undefined };
  }
  const { LentTokens } = await import('../cluster/limits/lent-tokens.ts');
  const tokens = new LentTokens(shared.source, clock);
  opened.push(() => tokens.close());
  return {
    take: (worker, ask) => tokens.take(worker, ask),
    get areShared() {
      return shared.areShared;
    },
    get whyApart() {
      return shared.whyApart;
    },
  };
}

/** Those of a worker: its primary has them. */
export async function openWorkerLimits(
  opened: Opened,
  { settings, clock, log }: RoleMeans,
  channel: Channel,
): Promise<Limits> {
  const { workerTokens } = await import('../cluster/limits/worker-tokens.ts');
  const { Stocks } = await import('../cluster/limits/stocks.ts');
  const buckets = new Stocks(workerTokens({ channel, workers: settings.workers, clock, log }), clock);
  opened.push(() => buckets.close());
  return { buckets, areShared: undefined };
}

async function openShared(opened: Opened, { settings, clock, log }: RoleMeans, parts: Living = () => 1) {
  const { cluster, certificateAuthorities: ca } = settings.sections;
  const { name, valkey: place } = cluster;
  if (place === undefined) return undefined;
  const { openSharedSource } = await import('../cluster/limits/shared-source.ts');
  const shared = await openSharedSource({ place, name, ca, clock, parts, log });
  opened.push(() => shared.close());
  return shared;
}
