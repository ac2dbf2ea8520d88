// What nodes say to each other over their links (docs/guide/nodes.md): the kinds of messages of `net/channel`. A body is JSON, or JSON
// on a line of its own and bytes behind it: the programs of two neighbours may be of two versions.
import { FIRST_KIND } from '../../net/channel/channel.ts';

/** Versions of this protocol that this program speaks. The second is one higher for what the neighbour before does not understand. */
export const PROTOCOLS: readonly [lowest: number, highest: number] = [1, 1];

/** Asked first, by who has dialled: who it is. Answered by who the other is, or why there is no link (`hello.ts`). */
export const HELLO = FIRST_KIND;
/** Told behind the answer by who has dialled: the link begins. */
export const READY = FIRST_KIND + 1;
/** Asked: whether the other misses PostgreSQL. Answered by `1` or `0`. */
export const MISSES = FIRST_KIND + 2;
/** Asked: to send a beat for a node that does not reach PostgreSQL (`node-table.ts`, `BeatCarried`). Answered by `BeatAnswer`. */
export const BEAT = FIRST_KIND + 3;
/** Told: the number of the newest change that is live on every worker of the node, in decimal. */
export const LIVE = FIRST_KIND + 4;
/** Asked: a call for a connection that a worker of the other node holds (`cluster/connections/connection-call.ts`). */
export const CONNECTION = FIRST_KIND + 5;
/** Asked: a page of the list of connections that the other node has (`cluster/connections/list-pages.ts`). */
export const CONNECTIONS = FIRST_KIND + 6;
/** Told: the number of a change that the node waits for, in decimal. Who has not told so hears of LIVE a little later. */
export const AWAITS = FIRST_KIND + 7;
