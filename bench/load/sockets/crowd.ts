// A process of the load that holds many connections, of which some talk at a steady rate. Takes lines of commands, and prints
// a line of JSON when one is done: `open N`, `talk N RATE SECONDS`, `ids`, `broadcast AT_ONCE [PORT]`,
// `leave`. Arguments: a JSON of
// `Server`, and the path behind which posts name connections.
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { percentile } from '../rounds.ts';
import { Audience } from './broadcast.ts';
import { CLOSE, onText, openMany, type Server, textFrame } from './raw.ts';

const server = JSON.parse(process.argv[2]!) as Server;
const sockets: Socket[] = [];
let audience: { readonly of: Audience; readonly ids: readonly string[] } | undefined;
/** Connections that the server ended. */
let dropped = 0;
let isLeaving = false;

export interface Opened {
  readonly open: number;
  readonly seconds: number;
  /** Of a connection, from the beginning of its TCP handshake until it is upgraded. */
  readonly p50Millis: number;
  readonly p99Millis: number;
}

export interface Talk {
  readonly sent: number;
  readonly lost: number;
  /** More than one reply to a message, or replies of another's. */
  readonly wrong: number;
  readonly p50Millis: number;
  readonly p99Millis: number;
  readonly dropped: number;
}

async function openAll(count: number): Promise<Opened> {
  const startedAt = performance.now();
  const millis: number[] = [];
  for (const socket of await openMany(server, count, (took) => millis.push(took))) {
    sockets.push(socket);
    socket.resume();
    socket.on('error', () => {});
    socket.on('close', () => {
      if (!isLeaving) dropped++;
    });
  }
  return {
    ...{ open: sockets.length, seconds: (performance.now() - startedAt) / 1000 },
    ...{ p50Millis: percentile(millis, 0.5), p99Millis: percentile(millis, 0.99) },
  } satisfies Opened;
}

/** Messages with a number each, over `count` of the connections in turn. */
function talk(count: number, rate: number, seconds: number): Promise<Talk> {
  const talkers = sockets.slice(0, count);
  const sentAt = new Map<string, { readonly by: Socket; readonly at: number }>();
  const latencies: number[] = [];
  let sent = 0;
  let wrong = 0;
  for (const socket of talkers) {
    onText(socket, (text) => {
      const found = sentAt.get(text);
      if (found?.by !== socket || !sentAt.delete(text)) wrong++;
      else latencies.push(performance.now() - found.at);
    });
  }
  const total = rate * seconds;
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const finish = (): void => {
      latencies.sort((a, b) => a - b);
      const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
      resolve({ sent, lost: sentAt.size, wrong, p50Millis: at(0.5), p99Millis: at(0.99), dropped });
    };
    const timer = setInterval(() => {
      const due = Math.min(total, ((performance.now() - startedAt) / 1000) * rate);
      while (sent < due) {
        const socket = talkers[sent % talkers.length]!;
        const text = JSON.stringify({ action: 'say', number: sent });
        sentAt.set(text, { by: socket, at: performance.now() });
        socket.write(textFrame(text));
        sent++;
      }
      if (sent < total) return;
      clearInterval(timer);
      // Whatever is on its way has five seconds.
      const until = performance.now() + 5_000;
      const wait = setInterval(() => {
        if (sentAt.size > 0 && performance.now() < until) return;
        clearInterval(wait);
        finish();
      }, 20);
    }, 5);
  });
}

/** The ids of all connections. */
async function ids(): Promise<readonly string[]> {
  const of = new Audience(server, process.argv[3]!, sockets);
  audience = { of, ids: await of.ids() };
  return audience.ids;
}

/** A third says goodbye, a third ends its side, a third resets. */
async function leave(): Promise<object> {
  isLeaving = true;
  const startedAt = performance.now();
  const closed = sockets.map((socket, i) => {
    const over = new Promise<void>((resolve) => {
      if (socket.closed) resolve();
      else socket.once('close', () => resolve());
    });
    if (i % 3 === 0) socket.write(CLOSE);
    else if (i % 3 === 1) socket.end();
    else socket.resetAndDestroy();
    return over;
  });
  await Promise.all(closed);
  return { left: closed.length, seconds: (performance.now() - startedAt) / 1000 };
}

for await (const line of createInterface({ input: process.stdin })) {
  const [command, ...numbers] = line.split(' ');
  const [a = 0, b = 0, c = 0] = numbers.map(Number);
  const done =
    command === 'open'
      ? await openAll(a)
      : command === 'talk'
        ? await talk(a, b, c)
        : command === 'ids'
          ? await ids()
          : command === 'broadcast'
            ? await audience!.of.send(audience!.ids, a, numbers.length > 1 ? b : undefined)
            : await leave();
  console.log(JSON.stringify(done));
}
process.exit(0);
