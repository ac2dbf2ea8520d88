// A request that is served in order to tell what becomes of it, as plain data.

export interface ExplainedRequest {
  readonly method: string;
  /** Absolute; its host and path select the stage. Of a draft also a path of its stage that begins with a slash. */
  readonly url: string;
  /** Flat [name, value, …], latin1. */
  readonly headers: readonly string[];
  readonly body: string;
}
