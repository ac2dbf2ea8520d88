// A process that has limits as a node has them: throttles that take from its stocks, which a Valkey fills. Takes lines of JSON, `Offer`,
// and prints a line of JSON, `Taken`. Arguments: the URL of the Valkey, and the name of those who share it.
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { SYSTEM_CLOCK } from '../../../src/clock.ts';
import { openSharedSource } from '../../../src/cluster/limits/shared-source.ts';
import { Stocks } from '../../../src/cluster/limits/stocks.ts';
import { parseValkeyUrl } from '../../../src/settings/valkey-url.ts';
import { type BucketNumbers, Throttle } from '../../../src/stage/throttle.ts';

export interface Offer {
  readonly bucket: string;
  readonly numbers: BucketNumbers;
  readonly perSecond: number;
  /** Monotonic milliseconds of the machine. */
  readonly startAt: number;
  readonly seconds: number;
  /** How many processes share it, as a node knows how many live. */
  readonly living: number;
}

/** Times are monotonic milliseconds of the machine. */
export interface Taken {
  readonly offered: number;
  /** When those asked that were admitted. */
  readonly asked: readonly number[];
  /** When they were, in the same order. */
  readonly admitted: readonly number[];
  /** Of requests that had to wait, admitted or not. */
  readonly waitedMillis: readonly number[];
  /** How often it had its share alone, since the Valkey did not answer in time. */
  readonly apart: number;
}

let living = 1;
let apart = 0;
const shared = await openSharedSource({
  place: parseValkeyUrl(process.argv[2]!)!,
  name: process.argv[3]!,
  ca: [],
  clock: SYSTEM_CLOCK,
  parts: () => living,
  log: (event) => {
    if (event === 'limits.apart') apart++;
  },
});
const stocks = new Stocks(shared.source, SYSTEM_CLOCK);

/** Monotonic milliseconds of the machine, which are the same for all its processes. */
const now = (): number => Number(process.hrtime.bigint()) / 1e6;

async function take(offer: Offer): Promise<Taken> {
  living = offer.living;
  apart = shared.areShared ? 0 : 1;
  const throttle = new Throttle(stocks.of(offer.bucket, offer.numbers), undefined);
  const asked: number[] = [];
  const admitted: number[] = [];
  const waitedMillis: number[] = [];
  const waiting = new Set<Promise<void>>();
  let offered = 0;
  const request = (): void => {
    offered++;
    const at = now();
    const end = (isAdmitted: boolean, until: number): void => {
      if (!isAdmitted) return;
      asked.push(at);
      admitted.push(until);
    };
    const isAdmitted = throttle.admits(performance.now());
    if (typeof isAdmitted === 'boolean') return end(isAdmitted, now());
    const waited = isAdmitted.then((hasCome) => {
      const until = now();
      waitedMillis.push(until - at);
      end(hasCome, until);
      waiting.delete(waited);
    });
    waiting.add(waited);
  };
  for (;;) {
    const millis = Math.min(now() - offer.startAt, offer.seconds * 1_000);
    while (offered < (millis * offer.perSecond) / 1_000) request();
    if (millis >= offer.seconds * 1_000) break;
    await sleep(1);
  }
  await Promise.all(waiting);
  return { offered, asked, admitted, waitedMillis, apart };
}

for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await take(JSON.parse(line) as Offer)));
process.exit(0);
