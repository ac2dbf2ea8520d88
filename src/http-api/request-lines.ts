// The lines of the request log that calls of one stage write (docs/guide/logs-and-metrics.md).
import { LineFields } from '../stage/line-fields.ts';
import type { RequestLog } from '../telemetry/request-log.ts';
import type { Call } from './call.ts';

export class CallLines {
  readonly #log: RequestLog;
  readonly #fields: LineFields;

  constructor(log: RequestLog, stage: { readonly apiId: string; readonly name: string }) {
    this.#log = log;
    this.#fields = new LineFields(log, stage);
  }

  /** The line of a call that is over. */
  write(call: Call): void {
    const { exchange, route, status, endedAfter } = call;
    const { target } = exchange;
    const mark = target.indexOf('?');
    const path = target.substring(call.pathStart, mark < 0 ? target.length : mark);
    let fields = this.#fields.of(route);
    if (call.domainChoice !== undefined) fields += this.#log.field('host', call.domain.name);
    const error = errorOf(call);
    if (error !== undefined) fields += this.#log.field('error', error);
    const at = exchange.startedAt + Math.round(endedAfter / 1_000);
    this.#log.write(at, status, exchange.method, path, endedAfter, exchange.requestId, fields);
  }
}

/** Why the reply is not the integration's. */
function errorOf(call: Call): string | undefined {
  const { failure, failureDetail, refusal } = call;
  if (failure !== undefined)
    return failureDetail === undefined ? failure : `${failure.replace(/\.$/, '')}: ${failureDetail}`;
  if (call.authorizerError !== undefined) return call.authorizerError;
  if (call.status === 0) return 'the client went away';
  if (refusal === undefined) return undefined;
  return call.route === undefined ? 'no route matches' : refusal.message;
}
