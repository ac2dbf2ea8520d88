// Connections that other nodes hold, and those here for other nodes: calls of `@connections` over links, lists of all that are open, and how
// many connections accounts have everywhere, as beats tell it.
import { printOutcome } from '../cluster/connections/connection-call.ts';
import { ElsewhereByCalls, HOP_MILLIS } from '../cluster/connections/elsewhere-by-calls.ts';
import { listByPages, printPage } from '../cluster/connections/list-pages.ts';
import { type ConnectionRoutes, processNumber, routeCall } from '../cluster/connections/routing.ts';
import { type Held, serveConnectionCall } from '../cluster/connections/serve-call.ts';
import type { ClusterNodes } from '../cluster/nodes/cluster-nodes.ts';
import { CONNECTION, CONNECTIONS } from '../cluster/nodes/protocol.ts';
import type { Asker } from '../net/channel/channel.ts';
import { within } from '../net/within.ts';
import { type ConnectionCounts, sumOfConnections } from '../websocket-api/connections/account-connections.ts';
import {
  type ConnectionFilter,
  type ConnectionList,
  mergedLists,
  unansweredBy,
} from '../websocket-api/connections/connection-list.ts';
import type { Elsewhere } from '../websocket-api/connections/elsewhere.ts';

/** The connections of this machine. */
export interface HeldHere extends Pick<ConnectionRoutes, 'askWorker'> {
  readonly counts: ConnectionCounts;
  list(filter: ConnectionFilter): Promise<ConnectionList>;
  /** What each of the other nodes has. */
  setNodes(counts: readonly ConnectionCounts[]): void;
  /** The number of this node, which ids of new connections name from now on. */
  setNumber(number: number): void;
}

const COUNTS_MILLIS = 1_000;
/** The highest there is, taken when all others are. */
const NO_NODE = 1_023;

export class NodeConnections implements ConnectionRoutes {
  /** For a process that has connections and workers have none. */
  readonly elsewhere: Elsewhere = new ElsewhereByCalls((call, asker) => this.route(call, asker));
  readonly #nodes: ClusterNodes;
  readonly #timer: NodeJS.Timeout;
  #here: HeldHere | undefined;
  /** Of the last lease: a node that has none for a while is not another one. */
  #number = NO_NODE;

  constructor(nodes: ClusterNodes) {
    this.#nodes = nodes;
    nodes.onStanding(() => this.#tellNumber());
    nodes.links?.onAsk(CONNECTION, (call, _from, asker) => {
      routeCall(this, call, 'link', asker);
      return undefined;
    });
    nodes.links?.onAsk(CONNECTIONS, (question) => printPage(question, (filter) => this.#listHere(filter)));
    this.#timer = setInterval(() => this.#tellCounts(), COUNTS_MILLIS).unref();
  }

  /** What this machine holds. */
  hold(here: HeldHere): void {
    this.#here = here;
    this.#tellNumber();
  }

  /** The same where one process has all of it. */
  holdAlone(held: Held): void {
    const { accounts } = held.hub.means;
    this.hold({
      askWorker(slot, call, asker) {
        if (slot === 0) asker.answer(serveConnectionCall(held, call));
        return slot === 0;
      },
      get counts() {
        return accounts.counts;
      },
      list: async (filter) => held.openConnections.list(filter),
      setNodes: (counts) => accounts.setElsewhere(sumOfConnections(counts)),
      // It asks.
      setNumber: () => undefined,
    });
  }

  get counts(): ConnectionCounts {
    return this.#here?.counts ?? {};
  }

  /** The connections of all nodes. */
  async list(filter: ConnectionFilter): Promise<ConnectionList> {
    const { lease, links } = this.#nodes;
    const others = lease.nodes.filter(({ incarnation }) => incarnation !== lease.incarnation);
    const lists = others.map(async ({ number, incarnation }) => {
      if (links === undefined) return unansweredBy(`node ${number}`);
      const ask = (question: string) => links.ask(incarnation, CONNECTIONS, question, HOP_MILLIS);
      return listByPages(ask, filter).catch(() => unansweredBy(`node ${number}`));
    });
    if (!this.#knowsWhoLives) lists.push(Promise.resolve(unansweredBy('nodes that this one does not know')));
    return mergedLists([await this.#listHere(filter), ...(await Promise.all(lists))], filter.limit);
  }

  /** Takes a call of this machine to the holder. */
  route(call: Buffer, asker: Asker): void {
    routeCall(this, call, 'worker', asker);
  }

  /** Of the process at a place of this machine, as ids of its connections name it. Without a lease nobody is connected. */
  processNumber(slot: number): number {
    return processNumber(this.node() ?? this.#number, slot);
  }

  node(): number | undefined {
    return this.#nodes.lease.number;
  }

  askWorker(slot: number, call: Buffer, asker: Asker): boolean {
    return this.#here?.askWorker(slot, call, asker) ?? false;
  }

  /** A node whose lease has ended is none; one that has no link cannot be asked. */
  askNode(node: number, call: Buffer, asker: Asker): void {
    const { lease, links } = this.#nodes;
    const holder = lease.nodes.find(({ number }) => number === node);
    if (holder === undefined) void this.#tellOfUnknown(node, asker);
    else if (links === undefined) asker.refuse('This node has no links.');
    else links.askFor(asker, holder.incarnation, CONNECTION, call, HOP_MILLIS);
  }

  /** Of a node that did not live at the last beat, but may have begun since: clients forget connections that are said to be gone. */
  async #tellOfUnknown(node: number, asker: Asker): Promise<void> {
    const numbers = this.#knowsWhoLives ? await this.#numbersNow() : undefined;
    if (numbers?.has(node) === false) asker.answer(printOutcome('gone'));
    else asker.refuse('This node does not know at present who lives.');
  }

  /** Undefined where PostgreSQL does not tell in time. */
  #numbersNow(): Promise<ReadonlySet<number> | undefined> {
    return within(HOP_MILLIS, this.#nodes.numbersNow()).catch(() => undefined);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Who has no lease, or has not heard from PostgreSQL with the one it has, does not. */
  get #knowsWhoLives(): boolean {
    const { incarnation: own, nodes } = this.#nodes.lease;
    return nodes.some(({ incarnation }) => incarnation === own);
  }

  /** Of this node. What does not answer here is named as the others are told of it. */
  async #listHere(filter: ConnectionFilter): Promise<ConnectionList> {
    const number = this.node() ?? this.#number;
    if (this.#here === undefined) return unansweredBy(`node ${number}`);
    const { unanswered, ...list } = await this.#here.list(filter);
    if (unanswered === undefined) return list;
    return { ...list, unanswered: unanswered.map((who) => `${who} of node ${number}`) };
  }

  #tellNumber(): void {
    const number = this.node();
    if (number === undefined) return;
    this.#number = number;
    this.#here?.setNumber(number);
  }

  #tellCounts(): void {
    const { nodes, incarnation } = this.#nodes.lease;
    const others = nodes.filter((node) => node.incarnation !== incarnation);
    this.#here?.setNodes(others.map(({ connections }) => connections));
  }
}
