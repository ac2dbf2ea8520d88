// The way of a call through a primary: to the worker of its own machine that the id names, or over a link to the primary of the machine
// that it names. What came by a link goes no further than this machine. Nothing is kept of a call but who has asked.
import type { Asker } from '../../net/channel/channel.ts';
import { holderOf, printOutcome } from './connection-call.ts';

/** The low bits of a process's number are its place among the workers of its node, the others the node. */
const SLOT_BITS = 6;
const SLOTS = 1 << SLOT_BITS;

/** The number of a process, which is in the ids of its connections: of a worker's place on a node. */
export function processNumber(node: number, slot: number): number {
  return node * SLOTS + slot;
}

export interface ConnectionRoutes {
  /** The node's number at present; undefined while it has none. */
  node(): number | undefined;
  /** Asks a worker of this machine; false where no such one runs, nor the connections that it had. */
  askWorker(slot: number, call: Buffer, asker: Asker): boolean;
  /** Asks the primary of a node, and tells of one that is not there any more that the connection is gone. */
  askNode(node: number, call: Buffer, asker: Asker): void;
}

/** Refuses where who holds it does not answer. */
export function routeCall(
  routes: ConnectionRoutes,
  call: Buffer,
  cameBy: 'worker' | 'link',
  asker: Asker,
): void {
  const holder = holderOf(call);
  const node = holder >> SLOT_BITS;
  const slot = holder & (SLOTS - 1);
  if (node !== routes.node() && cameBy === 'worker') return routes.askNode(node, call, asker);
  const isAsked = node === routes.node() && routes.askWorker(slot, call, asker);
  if (!isAsked) asker.answer(printOutcome('gone'));
}
