// What is counted of calls, by stage and, with DetailedMetricsEnabled, by route (spec/http-api.md §7.3, §7.5): plain
// numbers, read when somebody asks.
import { Histogram } from '../stage/histogram.ts';
import type { Call } from './call.ts';

export class CallMetrics {
  /** `Count`. */
  count = 0;
  /** `4xx`. */
  clientErrors = 0;
  /** `5xx`. */
  serverErrors = 0;
  /** `DataProcessed`, bytes. */
  dataProcessed = 0;
  /** `Latency`. */
  readonly latency = new Histogram();
  /** `IntegrationLatency`. */
  readonly integrationLatency = new Histogram();

  /** Counts a call that is over. */
  observe(call: Call): void {
    const { status } = call;
    this.count++;
    if (status >= 500) this.serverErrors++;
    else if (status >= 400) this.clientErrors++;
    this.dataProcessed += call.dataProcessed;
    this.latency.observe(call.endedAfter);
    if (call.integrationBegan >= 0) {
      this.integrationLatency.observe(call.integrationMicros);
    }
  }
}
