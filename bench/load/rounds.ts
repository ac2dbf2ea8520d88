// Interleaved measurement: every subject once a round, A B C … A B C, so that what disturbs the machine disturbs all
// alike; medians over the rounds, ratios within a round (bench/METHOD.md).
import type { Bench, Row } from './bench.ts';
import { coreBusyMicros, cpuMicros, residentMiB } from './proc.ts';
import type { Program } from './program.ts';
import { type Load, type LoadResult, type Where, wrk } from './wrk.ts';

export interface Subject {
  readonly name: string;
  readonly port: number;
  readonly program: Program;
  readonly load: Load;
  /** Over TLS. */
  readonly secure?: boolean;
  /** The load generator; wrk where none is named. */
  readonly by?: (where: Where, load: Load, seconds: number) => Promise<LoadResult>;
}

export interface Sample {
  readonly perSecond: number;
  /** CPU of the gateway's processes, microseconds a request. */
  readonly cpu: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  readonly residentMiB: number;
  /** Share of the gateway's core that others took, coarse. */
  readonly foreign: number;
}

/** What warms a subject up, and how often its warm-up is repeated at most until it has had so many. */
const WARM_REQUESTS = 15_000;
const WARM_TIMES = 5;

/** Samples of each subject, one a round. */
export type Series = ReadonlyMap<string, readonly Sample[]>;

export async function measure(
  bench: Bench,
  subjects: readonly Subject[],
  planned: { readonly rounds: number; readonly seconds: number },
): Promise<Series> {
  const rounds = bench.options.rounds ?? planned.rounds;
  const seconds = bench.options.seconds ?? planned.seconds;
  for (const subject of subjects) await warmUp(bench, subject, Math.min(3, seconds));
  const series = new Map<string, Sample[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    const parts: string[] = [];
    for (const subject of subjects) {
      const sample = await quietSample(bench, subject, seconds);
      series.get(subject.name)!.push(sample);
      parts.push(`${subject.name} ${Math.round(sample.perSecond)}`);
    }
    bench.say(`  round ${round}/${rounds}: ${parts.join(', ')}`);
  }
  return series;
}

/** Until its code is compiled: on a busy machine that takes longer. */
async function warmUp(bench: Bench, subject: Subject, seconds: number): Promise<void> {
  let requests = 0;
  for (let times = 0; times < WARM_TIMES && requests < WARM_REQUESTS; times++)
    requests += (await load(bench, subject, seconds)).requests;
}

/** Throws when anything failed: figures of wrong replies are worth nothing. */
async function load(bench: Bench, subject: Subject, seconds: number): Promise<LoadResult> {
  const result = await drive(bench, subject, seconds);
  const { requests, failed, failures } = result;
  if (failed > 0) throw new Error(`${subject.name}: ${requests} requests, errors: ${failures}`);
  if (requests === 0) throw new Error(`${subject.name}: no request was answered`);
  return result;
}

function drive(bench: Bench, { port, secure = false, load, by = wrk }: Subject, seconds: number) {
  return by({ cores: bench.cores, folder: bench.folder, port, secure }, load, seconds);
}

/** Measures again, at most twice, when others took more than a tenth of the gateway's core; the quietest counts. */
async function quietSample(bench: Bench, subject: Subject, seconds: number): Promise<Sample> {
  let quietest = await sampleOnce(bench, subject, seconds);
  const times = bench.options.table ? 0 : 2;
  for (let again = 0; again < times && quietest.foreign > 0.1; again++) {
    const sample = await sampleOnce(bench, subject, seconds);
    if (sample.foreign < quietest.foreign) quietest = sample;
  }
  return quietest;
}

async function sampleOnce(bench: Bench, subject: Subject, seconds: number): Promise<Sample> {
  const pids = subject.program.pids();
  const core = bench.cores.gatewayCore;
  const cpuBefore = cpuMicros(pids);
  const busyBefore = core === undefined ? Number.NaN : coreBusyMicros(core);
  const result = await drive(bench, subject, seconds).catch((error: unknown) => {
    throw new Error(`${subject.name}: ${String(error)}`, { cause: error });
  });
  const cpu = cpuMicros(pids) - cpuBefore;
  const busy = core === undefined ? Number.NaN : coreBusyMicros(core) - busyBefore;
  return {
    perSecond: result.requests / result.seconds,
    cpu: cpu / result.requests,
    p50Micros: result.p50Micros,
    p99Micros: result.p99Micros,
    residentMiB: residentMiB(pids),
    foreign: (busy - cpu) / (result.seconds * 1e6),
  };
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** `share` from 0 to 1. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}

/** Median over the rounds of one subject's figure, requests a second unless said otherwise, divided by another's in the
 *  same round; NaN without both. */
export function ratio(
  series: Series,
  name: string,
  base: string,
  figure: 'perSecond' | 'cpu' = 'perSecond',
): number {
  const above = series.get(name);
  const below = series.get(base);
  if (above === undefined || below === undefined) return Number.NaN;
  return median(above.map((sample, round) => sample[figure] / below[round]![figure]));
}

/** One row a subject; `base` names the column of ratios. */
export function rowsOf(series: Series, base: string): readonly Row[] {
  return [...series].map(([name, samples]) => {
    const of = (pick: (sample: Sample) => number): number => median(samples.map(pick));
    const millis = (column: string, pick: (sample: Sample) => number): Row => {
      const micros = of(pick);
      // Not every load generator tells percentiles.
      return Number.isNaN(micros) ? {} : { [column]: (micros / 1000).toFixed(2) };
    };
    return {
      name,
      'requests/s': Math.round(of((sample) => sample.perSecond)),
      [`/ ${base}`]: ratio(series, name, base).toFixed(2),
      'CPU µs': of((sample) => sample.cpu).toFixed(1),
      [`CPU / ${base}`]: ratio(series, name, base, 'cpu').toFixed(2),
      ...millis('p50 ms', (sample) => sample.p50Micros),
      ...millis('p99 ms', (sample) => sample.p99Micros),
      'RSS MiB': Math.round(of((sample) => sample.residentMiB)),
      'others %': Math.round(Math.max(...samples.map((sample) => sample.foreign)) * 100),
    };
  });
}
