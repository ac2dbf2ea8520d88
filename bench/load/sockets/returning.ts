// A process of the load that holds connections as clients of AWS do: what is lost opens again after a random while, and whoever is
// refused waits as long as it was told. Takes lines of commands, and prints a line of JSON when one is done: `open N`, `return PORT
// SECONDS` (until all are back, in so many seconds at most), `count`. Arguments: a JSON of `Server`, and one of the addresses that
// connections come from in turn.
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt, open, type Server } from './raw.ts';

export interface Returned {
  /** Connections that were lost. */
  readonly lost: number;
  /** Seconds from the first loss to each return. */
  readonly seconds: readonly number[];
  /** Answers 503 and 429. */
  readonly refused: number;
  /** Attempts that were not answered, or otherwise. */
  readonly failed: number;
}

/** Whoever has lost its connection comes back within this time. */
const JITTER_MILLIS = 5_000;
const MOST_JITTER_MILLIS = 20_000;
const OPENING_AT_ONCE = 64;

const server = JSON.parse(process.argv[2]!) as Server;
const addresses = JSON.parse(process.argv[3]!) as readonly string[];

let port = server.port;
let count = 0;
let lost = 0;
let refused = 0;
let failed = 0;
let firstLossAt = Number.NaN;
const seconds: number[] = [];

function hold(socket: Socket, localAddress: string): void {
  socket.resume();
  socket.on('error', () => {});
  socket.once('close', () => {
    if (++lost === 1) firstLossAt = performance.now();
    void comeBack(localAddress);
  });
}

async function comeBack(localAddress: string): Promise<void> {
  let wait = Math.random() * JITTER_MILLIS;
  for (let times = 1; ; times++) {
    await sleep(wait);
    const got = await attempt({ ...server, port, localAddress }).catch(() => undefined);
    if (typeof got === 'object') {
      seconds.push((performance.now() - firstLossAt) / 1_000);
      return hold(got, localAddress);
    }
    const status = got?.slice('HTTP/1.1 '.length).slice(0, 3);
    if (status === '503' || status === '429') refused++;
    else failed++;
    const asked = /^retry-after: (\d+)/im.exec(got ?? '')?.[1];
    wait =
      asked !== undefined
        ? Number(asked) * 1_000 * (1 + Math.random() / 4)
        : Math.random() * Math.min(JITTER_MILLIS * 2 ** times, MOST_JITTER_MILLIS);
  }
}

async function openAll(more: number): Promise<object> {
  const until = count + more;
  const worker = async (): Promise<void> => {
    while (count < until) {
      const localAddress = addresses[count++ % addresses.length]!;
      hold(await open({ ...server, localAddress }), localAddress);
    }
  };
  await Promise.all(Array.from({ length: Math.min(OPENING_AT_ONCE, more) }, worker));
  return { open: count };
}

async function returnTo(to: number, patience: number): Promise<Returned> {
  port = to;
  const until = performance.now() + patience * 1_000;
  while (seconds.length < Math.max(lost, count) && performance.now() < until) await sleep(50);
  return { lost, seconds, refused, failed };
}

for await (const line of createInterface({ input: process.stdin })) {
  const [command, a = '0', b = '0'] = line.split(' ');
  const done =
    command === 'open'
      ? await openAll(Number(a))
      : command === 'return'
        ? await returnTo(Number(a), Number(b))
        : { lost, back: seconds.length };
  console.log(JSON.stringify(done));
}
process.exit(0);
