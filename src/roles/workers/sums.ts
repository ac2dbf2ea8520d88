// What several data planes have counted, as one has.
import type { Counts } from '../../management/postern/metrics-route.ts';
import type { CountedPlace, PlaceMetrics } from '../../snapshot/counters.ts';
import type { ApiTraffic } from '../../snapshot/traffic.ts';

/** What is counted from the start on. */
export type Summed = Pick<Counts, 'calls' | 'events' | 'lostLogLines' | 'spans'>;

export function sumOfCounts(all: readonly Summed[]): Summed {
  const spans = all.flatMap((each) => each.spans ?? []);
  return {
    calls: sumOfPlaces(all.flatMap(({ calls }) => calls)),
    events: sumOfPlaces(all.flatMap(({ events }) => events)),
    lostLogLines: all.reduce((sum, { lostLogLines }) => sum + lostLogLines, 0),
    spans:
      spans.length === 0
        ? undefined
        : {
            exported: spans.reduce((sum, { exported }) => sum + exported, 0),
            dropped: spans.reduce((sum, { dropped }) => sum + dropped, 0),
          },
  };
}

/** Steps are counted from the end: the newest is the last. */
export function sumOfTraffic(all: readonly (readonly ApiTraffic[])[]): readonly ApiTraffic[] {
  const apis = new Map<string, ApiTraffic>();
  for (const { apiId, calls, errors } of all.flat()) {
    const sum = apis.get(apiId);
    apis.set(
      apiId,
      sum === undefined
        ? { apiId, calls, errors }
        : { apiId, calls: added(sum.calls, calls), errors: added(sum.errors, errors) },
    );
  }
  return [...apis.values()];
}

function added(one: readonly number[], other: readonly number[]): number[] {
  return one.map((count, i) => count + (other[i] ?? 0));
}

function sumOfPlaces<M>(places: readonly PlaceMetrics<M>[]): readonly PlaceMetrics<M>[] {
  const sums = new Map<string, PlaceMetrics<M>>();
  for (const place of places) {
    const key = keyOf(place);
    const sum = sums.get(key);
    sums.set(key, sum === undefined ? place : { ...place, metrics: sumOf(sum.metrics, place.metrics) });
  }
  return [...sums.values()];
}

function keyOf({ apiId, stage, routeKey = '' }: CountedPlace): string {
  return `${apiId}/${stage}/${routeKey}`;
}

/** Of what is numbers, in members and lists: metrics are nothing else. */
function sumOf<T>(one: T, other: T): T {
  if (typeof one === 'number') return (one + (other as number)) as T;
  const entries = Object.entries(one as object).map(
    ([name, value]) => [name, sumOf(value, (other as Record<string, unknown>)[name])] as const,
  );
  return (Array.isArray(one) ? entries.map(([, value]) => value) : Object.fromEntries(entries)) as T;
}
