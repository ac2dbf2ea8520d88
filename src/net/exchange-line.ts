// The line in the request log of an exchange that no stage serves: management calls, refusals, `@connections`.
import type { RequestLog } from '../telemetry/request-log.ts';
import type { Exchange, ExchangeObserver } from './exchange.ts';
import type { Refusal } from './refusals.ts';

/** Observes an exchange until it has its line. `fields` are of RequestLog.field. */
export class ExchangeLine implements ExchangeObserver {
  readonly #exchange: Exchange;
  readonly #log: RequestLog;
  readonly #fields: string;
  readonly #startedAt = performance.now();

  constructor(exchange: Exchange, log: RequestLog, fields: string) {
    this.#exchange = exchange;
    this.#log = log;
    this.#fields = fields;
    exchange.observer = this;
  }

  onReplied(_bodyBytes: number, _complete: boolean): void {
    this.#write(this.#exchange.status);
  }

  onRefused(refusal: Refusal): void {
    this.#write(refusal.status);
  }

  #write(status: number): void {
    const { method, target, requestId } = this.#exchange;
    const mark = target.indexOf('?');
    const micros = Math.round((performance.now() - this.#startedAt) * 1_000);
    const path = mark < 0 ? target : target.slice(0, mark);
    this.#log.write(Date.now(), status, method, path, micros, requestId, this.#fields);
  }
}
