// What is counted of a WebSocket API's events (spec/websocket-api.md §9.6): plain numbers, read when somebody asks.
import { Histogram } from '../stage/histogram.ts';
import type { SocketEvent } from './event.ts';

export class EventMetrics {
  /** `ConnectCount`. */
  connects = 0;
  /** `MessageCount`, both directions. */
  messages = 0;
  /** `ClientError`: 4xx made before the integration was called. */
  clientErrors = 0;
  /** `ExecutionError`: the integration could not be called, or gave nothing usable. */
  executionErrors = 0;
  /** `IntegrationError`: it answered 4xx or 5xx. */
  integrationErrors = 0;
  /** `IntegrationLatency`. */
  readonly integrationLatency = new Histogram();

  /** Counts an event that is over. */
  observe(event: SocketEvent): void {
    const { failure, integrationBegan } = event;
    const wasCalled = integrationBegan >= 0;
    if (event.kind === 'MESSAGE') {
      this.messages++;
      if (failure !== undefined || event.route?.isTwoWay === true) this.messages++;
    } else if (event.kind === 'CONNECT' && wasCalled) this.connects++;
    if (failure !== undefined) {
      if (failure.status < 500) this.clientErrors++;
      else this.executionErrors++;
    }
    if (!wasCalled || event.integrationEnded < 0) return;
    const status = event.functionStatus ?? event.integrationStatus;
    if (status === undefined) return;
    if (failure === undefined && status >= 400) this.integrationErrors++;
    if (event.route?.integration?.isImaginary === true) return;
    this.integrationLatency.observe(Math.round((event.integrationEnded - integrationBegan) * 1_000));
  }
}
