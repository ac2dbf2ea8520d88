// What a storm does to a cluster, one thing at a time; each undoes itself and is over when everything that it hit is there again.
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../load/random.ts';
import type { ClusterNode } from './node.ts';
import { signal } from './processes.ts';
import type { Stand } from './stand.ts';

export interface FaultKind {
  readonly name: string;
  /** What it hits, so that nothing is hit twice at a time. */
  readonly hits: 'node' | 'postgres' | 'valkey';
  isPossible(stand: Stand): boolean;
  strike(stand: Stand, random: Random, node: ClusterNode): Promise<void>;
}

const always = (): boolean => true;
const hasSeveralNodes = ({ nodes }: Stand): boolean => nodes.length > 1;
const canCut = (stand: Stand): boolean => stand.network.canCut && hasSeveralNodes(stand);
const hasPostgres = ({ postgres }: Stand): boolean => postgres !== undefined;
const hasValkey = ({ valkey }: Stand): boolean => valkey !== undefined;

/** In milliseconds: from what nobody notices to what ends a lease of two seconds. */
const stretch = (random: Random): number => random.between(200, 6_000);
/** A node that goes or comes changes the shares that nodes have without Valkey. */
const ofNode = (node: ClusterNode) => ({ on: [node.name], bursts: 1, shares: 0.5 });

const WORKER_BACK_MILLIS = 20_000;

/** Of a node that is running: a worker ends and is there again. */
async function killWorker({ ledger }: Stand, random: Random, node: ClusterNode): Promise<void> {
  const before = node.workers();
  if (before.length === 0) return;
  const over = ledger.fault(`a worker of ${node.name} is killed`, { ...ofNode(node), isDeath: true });
  const victim = random.pick(before);
  node.remember();
  signal(victim, 'SIGKILL');
  const until = performance.now() + WORKER_BACK_MILLIS;
  const isBack = (): boolean => {
    const now = node.workers();
    return now.length >= before.length && !now.includes(victim);
  };
  while (node.isUp && !isBack()) {
    if (performance.now() > until) throw new Error(`a killed worker of ${node.name} did not come back`);
    await pause(50);
  }
  over();
}

interface Ending {
  readonly what: string;
  readonly isDeath: boolean;
  readonly end: () => void;
}

/** Ends a node, and starts it again so much later. */
async function restart({ ledger }: Stand, node: ClusterNode, ending: Ending, millis: number): Promise<void> {
  const over = ledger.fault(ending.what, { ...ofNode(node), isDeath: ending.isDeath });
  ending.end();
  await node.ended();
  await pause(millis);
  await node.start();
  over();
}

/** A node that cannot reach some addresses. */
interface Cut {
  readonly what: string;
  readonly address: string;
  readonly from: readonly string[];
}

async function cut({ ledger, network }: Stand, { what, address, from }: Cut, millis: number): Promise<void> {
  const over = ledger.fault(what, { bursts: 1, shares: 0.5 });
  const heals: (() => Promise<void>)[] = [];
  for (const other of from) heals.push(await network.cut(address, other));
  await pause(millis);
  for (const heal of heals) await heal();
  over();
}

const othersOf = (stand: Stand, node: ClusterNode): readonly string[] =>
  stand.nodes.filter((other) => other !== node).map(({ address }) => address);

export const FAULTS: readonly FaultKind[] = [
  {
    ...{ name: 'worker killed', hits: 'node', isPossible: ({ nodes }) => nodes[0]!.workers().length > 0 },
    strike: killWorker,
  },
  {
    ...{ name: 'worker stopped', hits: 'node', isPossible: ({ nodes }) => nodes[0]!.workers().length > 0 },
    async strike({ ledger }, random, node) {
      const victim = random.pick(node.workers());
      const over = ledger.fault(`a worker of ${node.name} is stopped`, ofNode(node));
      signal(victim, 'SIGSTOP');
      await pause(stretch(random));
      signal(victim, 'SIGCONT');
      over();
    },
  },
  {
    ...{ name: 'functions host killed', hits: 'node' },
    isPossible: ({ nodes }) => nodes.some((node) => node.functionsHost() !== undefined),
    async strike({ ledger }, _random, node) {
      const victim = node.functionsHost();
      if (victim === undefined) return;
      const over = ledger.fault(`the functions host of ${node.name} is killed`, { on: [node.name] });
      signal(victim, 'SIGKILL');
      await pause(1_000);
      over();
    },
  },
  {
    ...{ name: 'primary killed', hits: 'node', isPossible: always },
    strike: (stand, _random, node) =>
      restart(
        stand,
        node,
        { what: `the primary of ${node.name} is killed`, isDeath: true, end: () => node.killPrimary() },
        0,
      ),
  },
  {
    ...{ name: 'node killed', hits: 'node', isPossible: always },
    strike: (stand, random, node) =>
      restart(
        stand,
        node,
        { what: `${node.name} is killed`, isDeath: true, end: () => node.kill() },
        stretch(random),
      ),
  },
  {
    ...{ name: 'node ended', hits: 'node', isPossible: always },
    strike: (stand, random, node) =>
      restart(
        stand,
        node,
        { what: `${node.name} is told to end`, isDeath: false, end: () => node.terminate() },
        stretch(random),
      ),
  },
  {
    ...{ name: 'node stopped', hits: 'node', isPossible: always },
    async strike({ ledger }, random, node) {
      const over = ledger.fault(`${node.name} is stopped`, ofNode(node));
      node.signalAll('SIGSTOP');
      await pause(stretch(random));
      node.signalAll('SIGCONT');
      over();
    },
  },
  {
    ...{ name: 'node cut from PostgreSQL', hits: 'node', isPossible: canCut },
    strike(stand, random, { name, address }) {
      const what = `${name} is cut from PostgreSQL`;
      return cut(stand, { what, address, from: [stand.network.postgres] }, stretch(random));
    },
  },
  {
    ...{ name: 'node cut from everything', hits: 'node', isPossible: canCut },
    strike(stand, random, node) {
      const { postgres, valkey } = stand.network;
      const what = `${node.name} is cut from everything`;
      const from = [postgres, valkey, ...othersOf(stand, node)];
      return cut(stand, { what, address: node.address, from }, stretch(random));
    },
  },
  {
    ...{ name: 'two nodes cut', hits: 'node', isPossible: canCut },
    strike(stand, random, node) {
      const other = random.pick(othersOf(stand, node));
      const what = `${node.name} is cut from ${other}`;
      return cut(stand, { what, address: node.address, from: [other] }, stretch(random));
    },
  },
  {
    ...{ name: 'PostgreSQL stopped', hits: 'postgres', isPossible: hasPostgres },
    async strike({ ledger, postgres }, random) {
      const over = ledger.fault('PostgreSQL is stopped', { bursts: 1 });
      await postgres!.signal('SIGSTOP');
      await pause(stretch(random));
      await postgres!.signal('SIGCONT');
      over();
    },
  },
  {
    ...{ name: 'PostgreSQL restarted', hits: 'postgres', isPossible: hasPostgres },
    async strike({ ledger, postgres }, random) {
      const by = random.pick(['SIGINT', 'SIGQUIT'] as const);
      const over = ledger.fault(`PostgreSQL is ended by ${by} and started again`, { bursts: 1 });
      await postgres!.stop(by);
      await pause(stretch(random));
      await postgres!.start();
      over();
    },
  },
  {
    ...{ name: 'Valkey stopped', hits: 'valkey', isPossible: hasValkey },
    async strike({ ledger, valkey }, random) {
      const over = ledger.fault('Valkey is stopped', { bursts: 1 });
      valkey!.signal('SIGSTOP');
      await pause(stretch(random));
      valkey!.signal('SIGCONT');
      over();
    },
  },
  {
    ...{ name: 'Valkey killed', hits: 'valkey', isPossible: hasValkey },
    async strike({ ledger, valkey }, random) {
      const over = ledger.fault('Valkey is killed and started again', { bursts: 2 });
      await valkey!.kill();
      await pause(stretch(random));
      await valkey!.start();
      over();
    },
  },
];
