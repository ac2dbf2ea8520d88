// What tests of a loaded cluster have in common: it is started before the first, and the invariants are asked after the last.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { printFaults, printViolations } from './invariants/invariants.ts';
import { Ledger } from './ledger.ts';
import { LOADED, LoadedStand } from './load/whole.ts';
import type { ClusterNode } from './stand/node.ts';
import { Stand, type StandOptions } from './stand/stand.ts';

export interface LoadedCluster {
  readonly ledger: Ledger;
  readonly stand: Stand;
  readonly loaded: LoadedStand;
  node(nth: number): ClusterNode;
}

export type ClusterOptions = Omit<StandOptions, 'ledger' | 'network'> & {
  readonly sockets: number;
  readonly openNetwork?: () => Promise<NonNullable<StandOptions['network']>>;
};

/** For a `describe`; what comes back has its members when the tests run. */
export function loadedCluster({ sockets, openNetwork, ...options }: ClusterOptions): LoadedCluster {
  const ledger = new Ledger();
  let stand: Stand | undefined;
  let loaded: LoadedStand | undefined;
  before(async () => {
    const network = await openNetwork?.();
    stand = await Stand.open({
      ledger,
      ...options,
      ...LOADED,
      ...(network === undefined ? {} : { network }),
    });
    await stand.start();
    loaded = await LoadedStand.open(stand, {
      ...{ writers: ['ann', 'bob'], sockets, comesAndGoes: false },
      bucket: { rate: 20, burst: 10, offered: 50 },
    });
    await loaded.allAreConnected();
  });
  after(async () => {
    await stand?.close();
    loaded?.close();
  });
  return {
    ledger,
    get stand() {
      return stand!;
    },
    get loaded() {
      return loaded!;
    },
    node: (nth) => stand!.nodes[nth]!,
  };
}

/** The last test of such a `describe`. */
export function invariantsHold(cluster: LoadedCluster): void {
  test('all invariants have held', async () => {
    const violations = await cluster.loaded.finish();
    const said = `${printViolations(violations)}\n\nwhat happened:\n${printFaults(cluster.ledger.entries)}`;
    assert.equal(violations.length, 0, said);
  });
}
