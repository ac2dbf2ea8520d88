// Rate limits that several processes have together by a Valkey: how near they come to what may be admitted, whether they ever go above,
// how often the Valkey is asked, and how many requests wait for it.
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import type { BucketNumbers } from '../../../src/stage/throttle.ts';
import { ValkeyStand, valkeyProgram } from '../../../test/cluster/stand/valkey.ts';
import type { Goal, Outcome, Row, Scenario } from '../bench.ts';
import { Commanded } from '../commanded.ts';
import { mostAbove } from '../limits/most-above.ts';
import type { Offer, Taken } from '../limits/taker.ts';
import { freePort } from '../program.ts';
import { percentile } from '../rounds.ts';

const TAKER = fileURLToPath(new URL('../limits/taker.js', import.meta.url));
const SECONDS = 5;
/** A row is measured again, so often at most, where the Valkey did not answer a process in time: the machine had no core for it. */
const AGAIN = 2;
/** How long before the first request of a row its processes are told of it. */
const NOTICE_MILLIS = 200;

interface Case {
  readonly numbers: BucketNumbers;
  /** Requests a second of each process. */
  readonly offered: readonly number[];
  /** The most that may be missing, as a share. */
  readonly below?: number;
}

const split = (perSecond: number, ...parts: readonly number[]): readonly number[] =>
  parts.map((part) => (perSecond * part) / 100);
const evenly = (perSecond: number, processes: number): readonly number[] =>
  Array.from({ length: processes }, () => perSecond / processes);

const CASES: readonly Case[] = [
  { numbers: { rateLimit: 1_000, burstLimit: 500 }, offered: split(3_000, 34, 33, 33), below: 0.02 },
  { numbers: { rateLimit: 1_000, burstLimit: 500 }, offered: split(3_000, 90, 8, 2), below: 0.02 },
  { numbers: { rateLimit: 1_000, burstLimit: 500 }, offered: split(900, 90, 8, 2), below: 0.02 },
  { numbers: { rateLimit: 10_000, burstLimit: 5_000 }, offered: split(20_000, 70, 20, 10), below: 0.02 },
  { numbers: { rateLimit: 100, burstLimit: 50 }, offered: evenly(400, 6), below: 0.02 },
  { numbers: { rateLimit: 100, burstLimit: 50 }, offered: evenly(400, 12), below: 0.05 },
  { numbers: { rateLimit: 2, burstLimit: 2 }, offered: evenly(60, 3) },
  { numbers: { rateLimit: 1, burstLimit: 1 }, offered: evenly(6_000, 3) },
];

const WARM: Case = { numbers: { rateLimit: 1_000, burstLimit: 500 }, offered: evenly(1_200, 12) };
const WARM_TIMES = 5;

interface Measured {
  readonly admitted: number;
  /** Of what was offered, or what the bucket had, whichever was less. */
  readonly possible: number;
  readonly offered: number;
  readonly above: number;
  readonly callsASecond: number;
  readonly waitedMillis: readonly number[];
  readonly apart: number;
}

export const limits: Scenario = {
  name: 'limits',
  title: 'Rate limits that 3 to 12 processes share by a Valkey',
  async run(bench): Promise<Outcome> {
    const program = valkeyProgram();
    if (program === undefined) throw new Error('neither valkey-server nor redis-server is installed');
    const valkey = new ValkeyStand(program, '127.0.0.1', await freePort());
    const takers: Commanded[] = [];
    let client: Redis | undefined;
    try {
      await valkey.start();
      client = new Redis(valkey.url);
      const { cores } = bench;
      while (takers.length < WARM.offered.length)
        takers.push(new Commanded(cores, cores.gateway, TAKER, [valkey.url, 'bench']));
      const connected = client;
      /** Their code is compiled, and the Valkey answers all of them: what one row was too much for is no part of the next. */
      const warm = async (): Promise<void> => {
        for (let times = 0; times < WARM_TIMES; times++)
          if ((await offer(connected, takers, WARM, 1)).apart === 0) return;
      };
      await offer(client, takers, WARM, 1);
      const seconds = bench.options.seconds ?? SECONDS;
      const measured: Measured[] = [];
      for (const each of CASES) {
        let result: Measured;
        let times = 0;
        do {
          await warm();
          result = await offer(client, takers, each, seconds);
        } while (result.apart > 0 && ++times <= AGAIN);
        measured.push(result);
        bench.say(`  ${nameOf(each)}: ${result.admitted} of ${result.possible.toFixed(0)} admitted`);
      }
      return {
        table: CASES.map((each, i) => rowOf(each, measured[i]!, seconds)),
        goals: goalsOf(measured),
        notes: [
          'Each process has what a node has: throttles, stocks, and the number of those who share. "alone": how often the Valkey did not answer one within 50 ms.',
          'Processes, Valkey and whatever else runs share the cores of this machine.',
        ],
      };
    } finally {
      for (const taker of takers) taker.end();
      client?.disconnect();
      await valkey.close();
    }
  },
};

let buckets = 0;

async function offer(
  client: Redis,
  takers: readonly Commanded[],
  { numbers, offered }: Case,
  seconds: number,
): Promise<Measured> {
  await client.config('RESETSTAT');
  const bucket = `bucket ${++buckets}`;
  const startAt = Number(process.hrtime.bigint()) / 1e6 + NOTICE_MILLIS;
  const all = await Promise.all(
    offered.map((perSecond, i) =>
      takers[i]!.tell<Taken>(
        JSON.stringify({
          ...{ bucket, numbers, perSecond, startAt, seconds, living: offered.length },
        } satisfies Offer),
      ),
    ),
  );
  const calls = callsIn(await client.info('commandstats'));
  const sum = (of: (taken: Taken) => number): number => all.reduce((total, each) => total + of(each), 0);
  const times = all.flatMap(({ asked, admitted }) =>
    asked.map((at, i) => ({ asked: at, admitted: admitted[i]! })),
  );
  const requests = sum((taken) => taken.offered);
  return {
    admitted: times.length,
    possible: Math.min(requests, numbers.rateLimit * seconds + numbers.burstLimit),
    offered: requests,
    above: mostAbove(times, numbers),
    callsASecond: calls / seconds,
    waitedMillis: all.flatMap(({ waitedMillis }) => waitedMillis),
    apart: sum((taken) => taken.apart),
  };
}

/** Of the script of buckets. */
function callsIn(stats: string): number {
  let calls = 0;
  for (const [, count] of stats.matchAll(/^cmdstat_eval(?:sha)?:calls=(\d+)/gm)) calls += Number(count);
  return calls;
}

const shareBelow = ({ admitted, possible }: Measured): number => Math.max(0, 1 - admitted / possible);

function nameOf({ numbers: { rateLimit, burstLimit }, offered }: Case): string {
  const total = Math.round(offered.reduce((sum, each) => sum + each, 0));
  const isEven = offered.every((each) => each === offered[0]);
  const parts = offered.map((each) => Math.round((each / total) * 100)).join(':');
  return `${rateLimit}/s, burst ${burstLimit}; ${total}/s by ${offered.length}${isEven ? '' : `, ${parts}`}`;
}

function rowOf(each: Case, measured: Measured, seconds: number): Row {
  const { admitted, possible, offered, above, callsASecond, waitedMillis, apart } = measured;
  return {
    'bucket, offered': nameOf(each),
    admitted,
    of: Math.round(possible),
    '%': ((100 * (admitted - possible)) / possible).toFixed(1),
    'worst window': above > 0 ? `+${above.toFixed(1)}` : 'not above',
    'calls/s': Math.round(callsASecond),
    'waited %': ((100 * waitedMillis.length) / offered).toFixed(1),
    'p99 ms': waitedMillis.length === 0 ? '' : percentile(waitedMillis, 0.99).toFixed(1),
    alone: apart,
    ...{ seconds },
  };
}

function goalsOf(measured: readonly Measured[]): readonly Goal[] {
  const worst = (below: number): number =>
    Math.max(...measured.filter((_, i) => CASES[i]!.below === below).map(shareBelow)) * 100;
  return [
    {
      what: 'requests above rate × length + burst in the worst window of all',
      value: Math.max(0, ...measured.map(({ above }) => above)),
      ...{ unit: '', atMost: 0 },
    },
    {
      what: 'missing of what may be admitted, from 100/s, 3 and 6 processes',
      value: worst(0.02),
      ...{ unit: ' %', atMost: 2 },
    },
    { what: 'the same, 12 processes', value: worst(0.05), unit: ' %', atMost: 5 },
  ];
}
