// How micro benchmarks are measured (bench/METHOD.md): variants interleaved, fixed iterations, the minimum of the rounds,
// results consumed, memory beside time.
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { printTable } from '../load/report.ts';

/** One `*.bench.ts` exports `suite`. */
export interface Suite {
  /** The path in src/ it mirrors. */
  readonly of: string;
  /** Iterations to begin with, for work that takes longer than some microseconds. */
  readonly iterations?: number;
  readonly variants: readonly Variant[];
}

export interface Variant {
  readonly name: string;
  /** Does the work this often and returns something that depends on every result, so that none is optimised away. */
  run(iterations: number): number;
}

const ROUNDS = 15;
const TARGET_MILLIS = 20;

export interface Measured {
  readonly name: string;
  readonly nanos: number;
  /** CPU time of the process, all threads, which a loaded machine disturbs least. */
  readonly cpuNanos: number;
  /** Bytes allocated an iteration; NaN without --expose-gc. */
  readonly bytes: number;
}

let consumed = 0;

/** Measures the variants of a suite side by side. */
export function measureSuite(suite: Suite): readonly Measured[] {
  const iterations = suite.variants.map((variant) => iterationsFor(variant, suite.iterations ?? 1000));
  const best = suite.variants.map(() => Number.POSITIVE_INFINITY);
  const bestCpu = suite.variants.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < ROUNDS; round++) {
    suite.variants.forEach((variant, i) => {
      const cpuBefore = process.cpuUsage();
      const before = process.hrtime.bigint();
      consumed += variant.run(iterations[i]!);
      best[i] = Math.min(best[i]!, Number(process.hrtime.bigint() - before) / iterations[i]!);
      const cpu = process.cpuUsage(cpuBefore);
      bestCpu[i] = Math.min(bestCpu[i]!, ((cpu.user + cpu.system) * 1_000) / iterations[i]!);
    });
  }
  return suite.variants.map((variant, i) => ({
    name: variant.name,
    nanos: best[i]!,
    cpuNanos: bestCpu[i]!,
    bytes: bytesOf(variant, 10 * (suite.iterations ?? 1000)),
  }));
}

/** Doubles until a run takes long enough to be timed, which warms the code up as well; fixed from then on. */
function iterationsFor(variant: Variant, first: number): number {
  for (let iterations = first; ; iterations *= 2) {
    const before = performance.now();
    consumed += variant.run(iterations);
    if (performance.now() - before > TARGET_MILLIS) return iterations;
  }
}

/** Allocation between two full collections; the young generation must be large enough to need none in between. */
function bytesOf(variant: Variant, iterations: number): number {
  const { gc } = globalThis;
  if (gc === undefined) return Number.NaN;
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    gc();
    const before = process.memoryUsage().heapUsed;
    consumed += variant.run(iterations);
    least = Math.min(least, (process.memoryUsage().heapUsed - before) / iterations);
  }
  return Math.max(0, least);
}

function shown(nanos: number): string {
  return nanos.toFixed(nanos < 100 ? 1 : 0);
}

async function main(patterns: readonly string[]): Promise<void> {
  const folder = dirname(fileURLToPath(import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(
      (file) =>
        file.endsWith('.bench.js') && (patterns.length === 0 || patterns.some((part) => file.includes(part))),
    )
    .sort();
  for (const file of files) {
    const { suite }: { suite: Suite } = await import(pathToFileURL(join(folder, file)).href);
    const rows = measureSuite(suite).map(({ name, nanos, cpuNanos, bytes }) => ({
      variant: name,
      ns: shown(nanos),
      'CPU ns': shown(cpuNanos),
      'bytes allocated': Math.round(bytes),
    }));
    console.log(`\n${suite.of}\n${printTable(rows)}`);
  }
  console.log(
    `\nNode.js ${process.version}; least of ${ROUNDS} interleaved rounds (checksum ${consumed % 1e6})`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
