// What is counted of stages and of routes with DetailedMetricsEnabled (spec/http-api.md §7.3, §7.5). Whoever counts holds its
// counters directly. They are here for as long as a stage holds them, so that they outlive every compilation, and end with the
// stage or the setting.
import { Counted } from '../counted.ts';
import type { CallMetrics } from '../http-api/metrics.ts';
import type { EventMetrics } from '../websocket-api/metrics.ts';
import type { Hold } from './stage-means.ts';

/** Whose counters they are. */
export interface CountedPlace {
  readonly apiId: string;
  readonly stage: string;
  /** Undefined for the stage as a whole. */
  readonly routeKey: string | undefined;
}

/** `M` is plain numbers, as one kind of API counts. */
export interface PlaceMetrics<M> extends CountedPlace {
  readonly metrics: M;
}

type Registry<M> = Counted<PlaceMetrics<M>>;

export interface Counters {
  /** Of HTTP APIs. */
  readonly calls: Registry<CallMetrics>;
  /** Of WebSocket APIs. */
  readonly events: Registry<EventMetrics>;
}

export function createCounters(): Counters {
  return { calls: new Counted(), events: new Counted() };
}

/** What a place counts into, made where it counts nothing yet. */
export function holdMetrics<M>(registry: Registry<M>, place: CountedPlace, make: () => M, hold: Hold): M {
  const { apiId, stage, routeKey } = place;
  // Neither an API's id nor a stage's name has a slash.
  const key = `${apiId}/${stage}/${routeKey ?? ''}`;
  const held = hold(
    () => registry.acquire(key, () => ({ ...place, metrics: make() })),
    (each) => registry.release(each),
  );
  return held.metrics;
}
