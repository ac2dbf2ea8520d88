// A storm: load on all sides, and things that happen to processes, networks and engines at random; then quiet, and what must hold.
import { setTimeout as pause } from 'node:timers/promises';
import type { Violation } from './invariants/violation.ts';
import { Random } from './load/random.ts';
import { LoadedStand } from './load/whole.ts';
import { FAULTS, type FaultKind } from './stand/faults.ts';
import type { ClusterNode } from './stand/node.ts';
import type { Stand } from './stand/stand.ts';

export interface StormOptions {
  readonly seed: number;
  readonly millis: number;
  /** Names of kinds; all that are possible when absent. */
  readonly only?: readonly string[] | undefined;
  readonly say: (line: string) => void;
}

const CALM_MILLIS = 6_000;
/** Leases have ended, survivors have told, nodes have caught up. */
const QUIET_MILLIS = 8_000;
/** So often a second thing begins while one goes on. */
const TWICE = 0.3;

/** Runs it on a stand that is started, and ends all nodes. */
export async function storm(stand: Stand, options: StormOptions): Promise<readonly Violation[]> {
  const loaded = await LoadedStand.open(stand, {
    writers: ['ann', 'bob', 'eve'],
    sockets: 24,
    comesAndGoes: true,
    bucket: { rate: 30, burst: 15, offered: 75 },
  });
  try {
    await pause(CALM_MILLIS);
    await strikeAgainAndAgain(stand, options);
    options.say('quiet');
    await pause(QUIET_MILLIS);
    return await loaded.finish();
  } finally {
    loaded.close();
  }
}

async function strikeAgainAndAgain(stand: Stand, { seed, millis, only, say }: StormOptions): Promise<void> {
  const random = new Random(seed);
  const kinds = FAULTS.filter(({ name }) => only?.includes(name) ?? true).filter((kind) =>
    kind.isPossible(stand),
  );
  if (kinds.length === 0) throw new Error('nothing can happen to this cluster');
  const until = performance.now() + millis;
  const hit = new Set<ClusterNode | string>();
  const strike = async (kind: FaultKind, node: ClusterNode, own: Random): Promise<void> => {
    const what = kind.hits === 'node' ? node : kind.hits;
    if (hit.has(what)) return;
    hit.add(what);
    say(
      `${((millis - (until - performance.now())) / 1000).toFixed(1).padStart(6)} s  ${kind.name} (${node.name})`,
    );
    await kind.strike(stand, own, node);
    hit.delete(what);
  };
  while (performance.now() < until) {
    const count = random.next() < TWICE ? 2 : 1;
    const strikes = Array.from({ length: count }, async () => {
      // Each draws from numbers of its own, so that the order in which they end decides nothing.
      const own = new Random(Math.floor(random.next() * 2 ** 32));
      const [kind, node] = [random.pick(kinds), random.pick(stand.nodes)];
      await pause(own.between(0, 1_500));
      await strike(kind, node, own);
    });
    await Promise.all(strikes);
    await pause(random.between(500, 3_000));
  }
}
