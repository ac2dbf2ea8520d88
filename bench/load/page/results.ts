// What a run has measured, as `--json` prints it and `bench/results.json` keeps it.
import type { Outcome } from '../bench.ts';

export interface Results {
  readonly about: About;
  readonly seconds: number;
  readonly results: readonly Result[];
}

export interface About {
  /** The commit that was measured, with `+changes` behind it when there were some; empty where none is known. */
  readonly commit: string;
  /** `2026-11-30`. */
  readonly date: string;
  readonly machine: string;
  readonly node: string;
  readonly wrk: string;
  /** One sentence about what ran on which core. */
  readonly cores: string;
  /** Versions of the gateways by name. */
  readonly gateways: Readonly<Record<string, string>>;
  /** When the run began. */
  readonly loadAverage: string;
}

export interface Result {
  readonly name: string;
  readonly title: string;
  readonly outcome?: Outcome;
  /** Why there is no outcome. */
  readonly failure?: string;
}
