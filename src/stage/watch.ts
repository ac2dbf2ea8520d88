// The one contract by which a stage tells what it has done: to logs, metrics, and whoever looks.

/** Follows a stage. `Over`: a request of an HTTP API, an event of a WebSocket API. Asked on the request path: does not throw. */
export interface Watch<Over> {
  /** It is over; how shows in it. */
  onOver(over: Over): void;
}

/** Who looks at all stages of the process at present, whatever compiles them: nobody, while `current` is undefined. */
export interface Onlooker<Over> {
  current: Watch<Over> | undefined;
}
