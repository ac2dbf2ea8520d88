// A mapping as traces of both kinds of API show it (decision 0017).

/** One mapping of a trace. Absent members: there was no value. */
export interface MappingStep {
  /** As configured: `overwrite:header.x-stage`. */
  readonly key: string;
  /** As configured; absent for `remove`. */
  readonly value?: string;
  /** What the value came to; absent when it resolved to nothing and the mapping was skipped. */
  readonly result?: string;
  /** The value did not exist, and what the client sent went (spec/http-api.md §4.13). */
  readonly cleared?: true;
  readonly before?: string;
  readonly after?: string;
}
