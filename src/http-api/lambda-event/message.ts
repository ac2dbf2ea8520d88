// What of a request an event shows. An authorizer's event shows the client's request; an integration's shows it after
// parameter mapping (spec/http-api.md §4.1, Choice C29).
import type { HeaderBlock } from '../../net/header-block.ts';
import type { TraceContext } from '../../stage/trace-context.ts';
import type { Call } from '../call.ts';

export interface EventMessage {
  readonly headers: HeaderBlock;
  /** As sent, without `?`. */
  readonly query: string;
  /** Decoded, with the stage: format 2.0's `rawPath`, and the paths in `requestContext`. */
  readonly path: string;
  /** Still encoded, as the client sent it: format 1.0's `path`. */
  readonly encodedPath: string;
  /** What a mapping makes of X-Forwarded-Port, which otherwise tells the port that the client called. */
  readonly forwardedPort?: string | undefined;
  /** What the function is told of its trace in place of the client's headers; undefined where these stay. */
  readonly trace?: TraceContext | undefined;
}

/** The client's own request. */
export function clientMessage(call: Call): EventMessage {
  return {
    headers: call.exchange.headers,
    query: call.query,
    path: call.fullPath,
    encodedPath: encodedPathOf(call),
    trace: call.trace,
  };
}

/** The path as sent, with stage and mapping key (spec/http-api.md §1.8). */
function encodedPathOf(call: Call): string {
  const { target } = call.exchange;
  const mark = target.indexOf('?');
  return target.substring(call.pathStart, mark < 0 ? target.length : mark) || '/';
}
