// What the primary of a node and its workers say to each other, by the kinds of their frames. Bodies are those of this program on this
// machine: `node:v8` serialises them where nothing else is said.
import { FIRST_KIND } from '../../net/channel/channel.ts';

/** Both ways: a call of a method of the other side (`net/channel/calls.ts`). */
export const CALL = FIRST_KIND;
/** Told by the primary: changes up to this number are committed, as decimal text. */
export const CHANGED = FIRST_KIND + 1;
/** Told by a worker: whole lines of its output, which the primary writes. */
export const LINES = FIRST_KIND + 2;
/** Told by a worker: `[number of the subscription, batch]` of live requests. */
export const REQUESTS = FIRST_KIND + 3;
/** Told by a worker: the subscription of this number has no more, as decimal text. */
export const REQUESTS_END = FIRST_KIND + 4;
/** Asked by a worker: a connection enters the registry, `{id, info}` as JSON. Answered with `1` when its row is there, `0` when not. */
export const ENTER = FIRST_KIND + 5;
/** Told by a worker: the connection of this id leaves the registry. */
export const LEAVE = FIRST_KIND + 6;
/** Asked by a worker of the primary, and by the primary of the holder: a call for a connection that another process holds
 *  (`cluster/connections/connection-call.ts`). */
export const CONNECTION = FIRST_KIND + 7;
/** Told by a worker: how many connections it has; told by the primary: how many all others have. JSON of ConnectionCounts. */
export const OPEN_CONNECTIONS = FIRST_KIND + 8;
/** Told by the primary: the number of the node, which ids of new connections name, as decimal text. */
export const NODE = FIRST_KIND + 9;
/** Asked by a worker: tokens of a rate limit, as `cluster/limits/token-frames.ts` has the question and the grant. */
export const TAKE = FIRST_KIND + 10;
/** Asked by a worker: it is about to compile what takes long. Answered, with nothing, when it is its turn. */
export const TURN = FIRST_KIND + 11;
/** Told by a worker: it has compiled. */
export const TURN_OVER = FIRST_KIND + 12;

/** Where the channel is in a worker: a socket that only the two processes have. */
export const CHANNEL_FD = 4;

/** Settings with certificates are larger than one thinks. */
const MAX_FRAME_BYTES = 67_108_864;

export const CHANNEL_LIMITS = {
  maxFrameBytes: MAX_FRAME_BYTES,
  maxWaitingBytes: MAX_FRAME_BYTES,
  pingMillis: 1_000,
  deadMillis: 10_000,
};
