// The counters of both kinds of API: what stages count into, and what metrics are read from.
import { CallMetrics } from '../http-api/metrics.ts';
import { CounterRegistry } from '../stage/counters.ts';
import { EventMetrics } from '../websocket-api/metrics.ts';

export interface Counters {
  /** Of HTTP APIs. */
  readonly calls: CounterRegistry<CallMetrics>;
  /** Of WebSocket APIs. */
  readonly events: CounterRegistry<EventMetrics>;
}

export function createCounters(): Counters {
  return {
    calls: new CounterRegistry(() => new CallMetrics()),
    events: new CounterRegistry(() => new EventMetrics()),
  };
}
