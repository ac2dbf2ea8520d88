// Latencies as metrics count them (spec/http-api.md §7.3): plain numbers, read when somebody asks.

/** Upper bounds of the histograms' buckets, in microseconds; the last bucket has none. */
export const BUCKET_MICROS: readonly number[] = [
  500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
  5_000_000, 10_000_000, 30_000_000,
];

export class Histogram {
  /** Of each bucket alone, not of those below it. */
  readonly counts: number[] = new Array<number>(BUCKET_MICROS.length + 1).fill(0);
  sumMicros = 0;

  observe(micros: number): void {
    let i = 0;
    while (i < BUCKET_MICROS.length && micros > BUCKET_MICROS[i]!) i++;
    this.counts[i]!++;
    this.sumMicros += micros;
  }
}
