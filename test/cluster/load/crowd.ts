// Clients that hold WebSocket connections, say something now and then, and come back when they are cut off.
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Ledger } from '../ledger.ts';
import type { ClusterNode } from '../stand/node.ts';
import { hostOf, STAGE } from './apis.ts';
import type { Load } from './loop.ts';

const HANDSHAKE_MILLIS = 5_000;
const BACK_MILLIS = 300;
/** A client of a crowd that comes and goes stays for up to so long. */
const STAY_MILLIS = 20_000;

export interface CrowdOptions {
  readonly count: number;
  /** Between what a client says and what it says next. */
  readonly everyMillis: number;
  /** Whether clients end their connections now and then, in one way or another. */
  readonly comesAndGoes: boolean;
}

export class Crowd implements Load {
  /** Ids of connections that clients hold, with the node they have chosen. */
  readonly open = new Map<string, ClusterNode>();
  /** Ids of some that have ended. */
  readonly ended: string[] = [];
  /** How many clients there are. */
  readonly count: number;
  readonly #ledger: Ledger;
  readonly #nodes: readonly ClusterNode[];
  readonly #apiId: string;
  readonly #everyMillis: number;
  readonly #comesAndGoes: boolean;
  readonly #controller = new AbortController();
  readonly #leaves = new Set<() => void>();
  readonly #members: readonly Promise<void>[];

  constructor(
    ledger: Ledger,
    nodes: readonly ClusterNode[],
    apiId: string,
    { count, everyMillis, comesAndGoes }: CrowdOptions,
  ) {
    this.count = count;
    this.#ledger = ledger;
    this.#nodes = nodes;
    this.#apiId = apiId;
    this.#everyMillis = everyMillis;
    this.#comesAndGoes = comesAndGoes;
    setMaxListeners(0, this.#controller.signal);
    this.#members = Array.from({ length: count }, (_, at) => this.#live(at));
  }

  /** Ids of connections of a node. */
  of(node: ClusterNode): readonly string[] {
    return [...this.open].flatMap(([id, holder]) => (holder === node ? [id] : []));
  }

  /** One client ends its connection, and comes back. */
  dropOne(): void {
    this.#leaves.values().next().value?.();
  }

  /** Ends all connections as clients do. */
  async stop(): Promise<void> {
    this.#controller.abort();
    for (const leave of this.#leaves) leave();
    await Promise.all(this.#members);
  }

  async #live(at: number): Promise<void> {
    const { signal } = this.#controller;
    for (let nth = at; !signal.aborted; nth++) {
      const node = this.#nodes[nth % this.#nodes.length]!;
      if (node.isUp) await this.#hold(node);
      await pause(BACK_MILLIS * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
    }
  }

  /** One connection, from its handshake to its end. */
  #hold(node: ClusterNode): Promise<void> {
    const { signal } = this.#controller;
    const ledger = this.#ledger;
    const socket = new WebSocket(`${node.url.replace('http', 'ws')}/${STAGE}`, {
      headers: { host: hostOf(this.#apiId) },
      handshakeTimeout: HANDSHAKE_MILLIS,
    });
    let id: string | undefined;
    let sentAt = 0;
    let timer: NodeJS.Timeout | undefined;
    let going: NodeJS.Timeout | undefined;
    const say = (): void => {
      if (socket.readyState !== WebSocket.OPEN) return;
      sentAt = ledger.now();
      socket.send('{"n":1}');
    };
    const leave = (): void => socket.close(1000);
    return new Promise((resolve) => {
      socket.on('open', () => {
        this.#leaves.add(leave);
        const go = Math.random() < 0.5 ? leave : () => socket.terminate();
        if (this.#comesAndGoes) going = setTimeout(go, Math.random() * STAY_MILLIS);
        if (signal.aborted) leave();
        else say();
      });
      socket.on('message', (data: Buffer) => {
        const text = data.toString('utf8');
        if (text.startsWith('post ')) {
          // What arrives before the id is known was sent to nobody of the stand.
          if (id !== undefined) ledger.add({ kind: 'received', id, message: text });
          return;
        }
        timer = setTimeout(say, this.#everyMillis);
        // What tells of a failure is no answer.
        if (text.startsWith('{')) return;
        if (id === undefined) {
          id = text.split(' ')[0]!;
          this.open.set(id, node);
          ledger.add({ kind: 'socket-opened', id, node: node.name });
        }
        ledger.add({ kind: 'socket-used', id, since: sentAt });
      });
      socket.on('error', () => undefined);
      socket.on('close', (code) => {
        clearTimeout(timer);
        clearTimeout(going);
        this.#leaves.delete(leave);
        if (id !== undefined) {
          this.open.delete(id);
          this.ended.push(id);
          ledger.add({ kind: 'socket-ended', id, code });
        }
        resolve();
      });
    });
  }
}
