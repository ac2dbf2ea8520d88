// The connections of all workers, as the primary has to do with them: calls of `@connections` that another worker got than the one which
// holds the connection, lists of all, and how many each has.

import { printOutcome } from '../../cluster/connections/connection-call.ts';
import { HOP_MILLIS } from '../../cluster/connections/elsewhere-by-calls.ts';
import { OpenCounts } from '../../cluster/connections/open-counts.ts';
import { type ConnectionRoutes, routeCall } from '../../cluster/connections/routing.ts';
import { CONNECTION, NODE, OPEN_CONNECTIONS } from '../../cluster/workers/protocol.ts';
import type { WorkerProcess } from '../../cluster/workers/worker-process.ts';
import type { Asker } from '../../net/channel/channel.ts';
import type { ConnectionCounts } from '../../websocket-api/connections/account-connections.ts';
import {
  type ConnectionFilter,
  type ConnectionList,
  mergedLists,
  unansweredBy,
} from '../../websocket-api/connections/connection-list.ts';
import type { HeldHere, NodeConnections } from '../node-connections.ts';
import type { AskedWorkers } from './asked-workers.ts';

/** Those that serve, or are about to. */
export interface ServingWorkers {
  readonly ready: readonly WorkerProcess[];
  at(slot: number): WorkerProcess | undefined;
}

export class WorkerConnections implements ConnectionRoutes, HeldHere {
  readonly #workers: ServingWorkers;
  readonly #asked: AskedWorkers;
  readonly #nodes: Pick<NodeConnections, 'route'> | undefined;
  readonly #counts = new OpenCounts();
  #ofNodes = '[]';
  #number = 0;

  /** `nodes`: where there are others. */
  constructor(
    workers: ServingWorkers,
    asked: AskedWorkers,
    nodes: Pick<NodeConnections, 'route'> | undefined,
  ) {
    this.#workers = workers;
    this.#asked = asked;
    this.#nodes = nodes;
  }

  /** Takes a call of a worker to whoever holds the connection. */
  route(call: Buffer, asker: Asker): void {
    if (this.#nodes === undefined) routeCall(this, call, 'worker', asker);
    else this.#nodes.route(call, asker);
  }

  node(): number {
    return 0;
  }

  askWorker(slot: number, call: Buffer, asker: Asker): boolean {
    const worker = this.#workers.at(slot);
    worker?.channel.askFor(asker, CONNECTION, call, HOP_MILLIS);
    return worker !== undefined;
  }

  /** There is no other. */
  askNode(_node: number, _call: Buffer, asker: Asker): void {
    asker.answer(printOutcome('gone'));
  }

  /** A worker says how many it has. */
  setCounts(slot: number, counts: ConnectionCounts | undefined): void {
    this.#counts.setWorker(slot, counts);
    for (const worker of this.#workers.ready) if (worker.slot !== slot) this.#tell(worker);
  }

  /** Of all workers. */
  async list(filter: ConnectionFilter): Promise<ConnectionList> {
    const lists = this.#asked.ready.map(async (worker) => {
      const answer = await this.#asked.ask(worker, (calls) => calls.connections(filter));
      return answer?.value ?? unansweredBy(`worker ${worker.slot}`);
    });
    return mergedLists(await Promise.all(lists), filter.limit);
  }

  get counts(): ConnectionCounts {
    return this.#counts.own;
  }

  setNodes(counts: readonly ConnectionCounts[]): void {
    const said = JSON.stringify(counts);
    if (said === this.#ofNodes) return;
    this.#ofNodes = said;
    this.#counts.setNodes(counts);
    for (const worker of this.#workers.ready) this.#tell(worker);
  }

  setNumber(number: number): void {
    this.#number = number;
    for (const worker of this.#workers.ready) this.#tellNumber(worker);
  }

  /** A worker is about to serve. Whoever was in its place has taken its connections along. */
  begin(worker: WorkerProcess): void {
    this.setCounts(worker.slot, undefined);
    this.#tell(worker);
    this.#tellNumber(worker);
  }

  #tellNumber({ channel }: WorkerProcess): void {
    channel.tell(NODE, String(this.#number));
  }

  #tell({ slot, channel }: WorkerProcess): void {
    channel.tell(OPEN_CONNECTIONS, JSON.stringify(this.#counts.elsewhere(slot)));
  }
}
