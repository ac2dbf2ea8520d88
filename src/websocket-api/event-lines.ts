// The lines of the request log that the events of one stage write (docs/guide/logs-and-metrics.md).
import { LineFields } from '../stage/line-fields.ts';
import type { RequestLog } from '../telemetry/request-log.ts';
import type { SocketEvent } from './event.ts';
import { FORBIDDEN } from './failures.ts';

export class EventLines {
  readonly #log: RequestLog;
  readonly #fields: LineFields;
  readonly #path: string;

  constructor(log: RequestLog, stage: { readonly apiId: string; readonly name: string }) {
    this.#log = log;
    this.#fields = new LineFields(log, stage);
    this.#path = `/${stage.name}`;
  }

  /** The line of an event that is over. */
  write(event: SocketEvent): void {
    const { kind, route, status, connection, disconnect } = event;
    let fields = this.#fields.of(route);
    fields += this.#log.field('connectionId', connection.id);
    if (disconnect !== undefined) fields += this.#log.field('code', String(disconnect.code));
    const error = errorOf(event);
    if (error !== undefined) fields += this.#log.field('error', error);
    const micros = Math.round(event.elapsed() * 1_000);
    const at = event.requestedAt + Math.round(micros / 1_000);
    this.#log.write(at, status, kind, this.#path, micros, event.requestId, fields);
  }
}

/** Why the answer is not the integration's. */
export function errorOf({
  kind,
  route,
  integrationError,
  integrationDetail,
  validationError,
  authorizerError,
  failure,
}: SocketEvent): string | undefined {
  if (integrationError !== undefined && integrationDetail !== undefined) {
    return `${integrationError}: ${integrationDetail}`;
  }
  const known = integrationError ?? validationError ?? authorizerError;
  if (known !== undefined) return known;
  return kind === 'MESSAGE' && route === undefined && failure === FORBIDDEN
    ? 'no route matches'
    : failure?.message;
}
