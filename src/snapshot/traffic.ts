// Calls and errors of each API over the last minutes, for people: what is counted anyway, read every ten seconds. A call pays
// nothing for it, and an API without calls has no entry.
import type { Counters } from './counters.ts';

export const STEP_SECONDS = 10;
export const STEPS = 60;

/** The newest step is the last, and not over yet. */
export interface ApiTraffic {
  readonly apiId: string;
  /** Requests of an HTTP API; connects and messages of a WebSocket API. */
  readonly calls: readonly number[];
  /** Those that the gateway or the integration failed: 5xx of an HTTP API, errors of WebSocket metrics. */
  readonly errors: readonly number[];
}

interface Totals {
  calls: number;
  errors: number;
}

interface Steps {
  /** What had been counted when the step began. */
  before: Totals;
  /** Of steps that are over, the oldest first. */
  readonly calls: number[];
  readonly errors: number[];
}

export class Traffic {
  readonly #counters: Counters;
  readonly #apis = new Map<string, Steps>();
  #timer: NodeJS.Timeout | undefined;

  constructor(counters: Counters) {
    this.#counters = counters;
  }

  /** Reads from now on, and keeps no process from ending. */
  start(): void {
    this.#timer = setInterval(() => this.step(), STEP_SECONDS * 1_000);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** The next step begins. */
  step(): void {
    const totals = this.#totals();
    for (const [apiId, now] of totals) {
      const steps = this.#apis.get(apiId) ?? { before: { calls: 0, errors: 0 }, calls: [], errors: [] };
      push(steps.calls, since(steps.before.calls, now.calls));
      push(steps.errors, since(steps.before.errors, now.errors));
      steps.before = now;
      this.#apis.set(apiId, steps);
    }
    for (const apiId of this.#apis.keys()) if (!totals.has(apiId)) this.#apis.delete(apiId);
  }

  /** Of APIs that were called at all. */
  get apis(): readonly ApiTraffic[] {
    return [...this.#totals()].map(([apiId, now]) => {
      const { before, calls, errors } = this.#apis.get(apiId) ?? NOTHING_YET;
      return {
        apiId,
        calls: filled(calls, since(before.calls, now.calls)),
        errors: filled(errors, since(before.errors, now.errors)),
      };
    });
  }

  #totals(): ReadonlyMap<string, Totals> {
    const totals = new Map<string, Totals>();
    const add = (apiId: string, calls: number, errors: number): void => {
      if (calls === 0 && errors === 0) return;
      const sum = totals.get(apiId) ?? { calls: 0, errors: 0 };
      sum.calls += calls;
      sum.errors += errors;
      totals.set(apiId, sum);
    };
    const { calls, events } = this.#counters;
    for (const { apiId, routeKey, metrics } of calls.all) {
      if (routeKey === undefined) add(apiId, metrics.count, metrics.serverErrors);
    }
    for (const { apiId, routeKey, metrics } of events.all) {
      if (routeKey !== undefined) continue;
      const { connects, messages, executionErrors, integrationErrors } = metrics;
      add(apiId, connects + messages, executionErrors + integrationErrors);
    }
    return totals;
  }
}

const NOTHING_YET: Steps = { before: { calls: 0, errors: 0 }, calls: [], errors: [] };

/** A stage that is gone takes what it had counted along. */
function since(before: number, now: number): number {
  return Math.max(0, now - before);
}

function push(steps: number[], count: number): void {
  steps.push(count);
  if (steps.length >= STEPS) steps.shift();
}

function filled(steps: readonly number[], current: number): number[] {
  return [...new Array<number>(STEPS - 1 - steps.length).fill(0), ...steps, current];
}
