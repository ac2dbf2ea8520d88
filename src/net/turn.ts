// Small writes of one turn of the event loop go out together at its end: a client or backend that waits is woken when there is
// nothing else to do here, and finds its neighbours' messages there too. Half of a gateway's time is waking others.
import type { Socket } from 'node:net';

/** More than this is not held back. */
const MAX_HELD_BYTES = 8_192;

let held: Socket[] = [];

/** Call before a write of `bytes`. What is held is written when the turn ends, or when the socket is ended. */
export function holdForTurn(socket: Socket, bytes: number): void {
  if (socket.writableCorked > 0) {
    if (socket.writableLength + bytes > MAX_HELD_BYTES) socket.uncork();
  } else if (bytes <= MAX_HELD_BYTES && socket.writableLength === 0) {
    socket.cork();
    if (held.push(socket) === 1) setImmediate(release);
  }
}

function release(): void {
  const sockets = held;
  held = [];
  for (let i = 0; i < sockets.length; i++) sockets[i]!.uncork();
}
