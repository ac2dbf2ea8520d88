// The fields that lines of the request log share: those of a stage, and of each of its routes (docs/guide/logs-and-metrics.md).
import type { RequestLog } from '../telemetry/request-log.ts';

interface Route {
  readonly key: string;
}

export class LineFields {
  readonly #log: RequestLog;
  readonly #stage: string;
  readonly #routes = new Map<Route, string>();

  constructor(log: RequestLog, { apiId, name }: { readonly apiId: string; readonly name: string }) {
    this.#log = log;
    this.#stage = log.field('apiId', apiId) + log.field('stage', name);
  }

  /** Of what went to a route of the stage; undefined: to none. */
  of(route: Route | undefined): string {
    if (route === undefined) return this.#stage;
    let fields = this.#routes.get(route);
    if (fields === undefined) {
      fields = this.#stage + this.#log.field('route', route.key);
      this.#routes.set(route, fields);
    }
    return fields;
  }
}
