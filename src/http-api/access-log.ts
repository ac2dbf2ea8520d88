// A stage's access log: a line when a call is over (spec/http-api.md §9, Choice C63).
import { compileLogFormat, type LogSink } from '../stage/log-line.ts';
import type { Call } from './call.ts';
import { CALL_CONTEXT } from './context.ts';

export class AccessLog {
  readonly destinationArn: string;
  readonly #line: (call: Call) => string;
  readonly #sink: LogSink;

  constructor(destinationArn: string, format: string, sink: LogSink) {
    this.destinationArn = destinationArn;
    this.#line = compileLogFormat(format, CALL_CONTEXT);
    this.#sink = sink;
  }

  /** The entry of a call that is over. */
  line(call: Call): string {
    return this.#line(call);
  }

  write(call: Call): void {
    this.#sink.write(this.#line(call), call.exchange.startedAt);
  }
}
