// The trace that a call belongs to (spec/http-api.md §3.6.2, Choice C18).
import { newTraceId } from '../stage/trace-id.ts';
import type { Call } from './call.ts';

/** The client's header, with a Root if it has none, or a new one. One value a call. */
export function traceIdOf(call: Call): string {
  if (call.traceId === undefined) {
    const given = call.exchange.headers.first('x-amzn-trace-id');
    if (given !== undefined && /(?:^|;)\s*Root=/i.test(given)) call.traceId = given;
    else {
      const made = newTraceId(call.exchange.startedAt);
      call.traceId = given ? `${made};${given}` : made;
    }
  }
  return call.traceId;
}
