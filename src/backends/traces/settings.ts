// Where spans go, and of which requests there are any (docs/guide/traces.md).

/** The endpoint of who leaves it to the standard variables (`OTEL_EXPORTER_OTLP_ENDPOINT` and its like). */
export const BY_VARIABLES = 'otel';

/** As they are written, or resolved (settings/resolve-traces.ts). */
export interface TracesSettings {
  /** Where spans are posted; undefined: nowhere, there are none. Once resolved, the whole URL. */
  readonly endpoint: string | undefined;
  /** Sent with each post; they may be secret. */
  readonly headers: ReadonlyMap<string, string>;
  /** Which part of the traces that begin here is recorded, from 0 to 1; once resolved, a number. */
  readonly ratio: number | undefined;
  /** Attributes of the resource; once resolved, `service.name` among them. */
  readonly resource: ReadonlyMap<string, string>;
}

export const NO_TRACES: TracesSettings = Object.freeze({
  endpoint: undefined,
  headers: new Map(),
  ratio: undefined,
  resource: new Map(),
});
