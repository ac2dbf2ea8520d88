// A stand with all loads at once, which can come to rest and be asked whether the invariants have held.
import { setTimeout as pause } from 'node:timers/promises';
import { violationsOf } from '../invariants/invariants.ts';
import { everyEndIsTold } from '../invariants/sockets.ts';
import type { Violation } from '../invariants/violation.ts';
import { type Entry, entriesOf } from '../ledger.ts';
import type { ClusterNode } from '../stand/node.ts';
import type { Stand } from '../stand/stand.ts';
import { HELLO_FUNCTION, type LoadedApis, makeApis } from './apis.ts';
import { Backend } from './backend.ts';
import { callFunction, callLimited, callWriters, type OfferedBucket } from './callers.ts';
import { Crowd } from './crowd.ts';
import type { Load } from './loop.ts';
import { post } from './posts.ts';
import { connectWithKey, exhaustQuota, type QuotaKey } from './quota.ts';
import { endAll, lookEverywhere, lookIntoStore } from './settle.ts';
import { until } from './until.ts';
import { write } from './writers.ts';

const QUOTA_KEY: QuotaKey = { key: 'partner', value: 'a-key-of-at-least-20-characters', limit: 400 };

/** What a stand needs for this load. */
export const LOADED = {
  files: { 'hello.mjs': HELLO_FUNCTION },
  config: {
    apiKeys: [
      {
        ...{ id: QUOTA_KEY.key, value: QUOTA_KEY.value },
        quota: { limit: QUOTA_KEY.limit, period: 'MONTH' },
      },
    ],
    functions: { hello: { file: 'hello.mjs', watch: false } },
    webSocket: { drainSeconds: 3 },
  },
};

export interface LoadOptions {
  readonly writers: readonly string[];
  /** Connections of the crowd. */
  readonly sockets: number;
  /** Whether they end now and then. */
  readonly comesAndGoes: boolean;
  readonly bucket: Pick<OfferedBucket, 'rate' | 'burst' | 'offered'>;
}

/** Without anything happening, what was written is live everywhere after this. */
const LIVE_MILLIS = 2_000;
/** Ends of a dead node are told within this, on a machine that is busy with it. */
const ENDS_MILLIS = 30_000;

export class LoadedStand {
  readonly stand: Stand;
  readonly apis: LoadedApis;
  readonly crowd: Crowd;
  readonly #backend: Backend;
  readonly #writing: Load;
  readonly #calling: readonly Load[];
  readonly #connecting: readonly Load[];

  private constructor(
    stand: Stand,
    backend: Backend,
    apis: LoadedApis,
    { sockets, comesAndGoes, bucket }: LoadOptions,
  ) {
    const { ledger, nodes } = stand;
    this.stand = stand;
    this.apis = apis;
    this.#backend = backend;
    this.crowd = new Crowd(ledger, nodes, apis.sockets, { count: sockets, everyMillis: 400, comesAndGoes });
    this.#writing = write(ledger, nodes, (node) => stand.client(node), apis, 400);
    this.#calling = [
      callWriters(ledger, nodes, apis, 150),
      callFunction(ledger, nodes, apis, 500),
      callLimited(ledger, nodes, apis, { ...bucket, ...expectationOf(stand) }),
    ];
    this.#connecting = [
      post(ledger, nodes, this.crowd, apis.sockets, 100),
      connectWithKey(ledger, nodes, apis.keyed, QUOTA_KEY, 300),
    ];
  }

  /** Makes the APIs of a stand that is started, and begins. */
  static async open(stand: Stand, options: LoadOptions): Promise<LoadedStand> {
    const backend = await Backend.open(stand.network.clients, stand.ledger);
    try {
      const client = stand.client(stand.nodes[0]!);
      const apis = await makeApis(client, backend.url, options.writers, options.bucket);
      return new LoadedStand(stand, backend, apis, options);
    } catch (error) {
      backend.close();
      throw error;
    }
  }

  /** Until every client of the crowd holds a connection. */
  async allAreConnected(): Promise<void> {
    await until('all clients are connected', () => this.crowd.open.size === this.crowd.count);
  }

  /** Until a node has a connection of the crowd: clients leave others until one chooses it. */
  async hasConnections(node: ClusterNode): Promise<void> {
    await until(`${node.name} has connections`, () => {
      if (this.crowd.of(node).length > 0) return true;
      this.crowd.dropOne();
      return false;
    });
  }

  /** Until the ends of all connections that are over were told. */
  async allAreTold(): Promise<void> {
    const { entries } = this.stand.ledger;
    await until('all ends are told', () => everyEndIsTold(entries).length === 0);
  }

  /** Until a write at a node that begins from now on has an outcome, which comes back. */
  async nextWrite(node: ClusterNode): Promise<Entry<'write'>> {
    const { ledger } = this.stand;
    const since = ledger.now();
    let found: Entry<'write'> | undefined;
    await until(`a write at ${node.name} has an outcome`, () => {
      found = entriesOf(ledger.entries, 'write').find(
        (write) => write.node === node.name && write.since >= since,
      );
      return found !== undefined;
    });
    return found!;
  }

  /** Stops all loads, asks all nodes, ends them, and says which invariants the ledger breaks. All nodes run, and nothing is cut. */
  async finish(): Promise<readonly Violation[]> {
    const { stand, apis } = this;
    await this.#writing.stop();
    await pause(LIVE_MILLIS);
    await lookEverywhere(stand, apis);
    await Promise.all(this.#calling.map((load) => load.stop()));
    await Promise.all(this.#connecting.map((load) => load.stop()));
    await this.crowd.stop();
    await exhaustQuota(stand.ledger, stand.nodes, apis.keyed, QUOTA_KEY);
    await this.#untilEndsAreTold();
    await lookIntoStore(stand);
    await endAll(stand);
    return violationsOf(stand.ledger.entries);
  }

  close(): void {
    this.#backend.close();
  }

  async #untilEndsAreTold(): Promise<void> {
    const { entries } = this.stand.ledger;
    const end = performance.now() + ENDS_MILLIS;
    while (everyEndIsTold(entries).length > 0 && performance.now() < end) await pause(200);
  }
}

/** What must get through in calm: equal shares are not asked for equally. */
function expectationOf({ nodes, valkey, workers }: Stand): Pick<OfferedBucket, 'floor' | 'parts'> {
  const isCounted = nodes.length === 1 || valkey !== undefined;
  return { floor: isCounted ? 0.8 : 0, parts: nodes.length === 1 ? workers : nodes.length };
}
