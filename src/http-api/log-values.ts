// `$context` variables as access logs print them (spec/http-api.md §9.3): those of mappings, and what is known only when
// a call is over.
import type { Call } from './call.ts';
import { type ContextReader, contextReader } from './context.ts';

const READERS: Readonly<Record<string, ContextReader>> = {
  dataProcessed: (call) => String(call.dataProcessed),
  'error.message': (call) => call.refusal?.message,
  'error.responseType': (call) => call.refusal?.responseType,
  'integration.latency': integrationLatency,
  integrationLatency,
  responseLatency: (call) => millisText(call.endedAfter),
  responseLength: (call) => String(call.responseBytes),
  // Of a client that went away before it could get one there is none.
  status: (call) => (call.status === 0 ? undefined : String(call.status)),
};

/** Only some versions of AWS's page list these two: a Lambda authorizer's own value of the name comes first. */
const AFTER_THE_AUTHORIZERS: Readonly<Record<string, ContextReader>> = {
  'authorizer.latency': ({ authorizerMicros }) =>
    authorizerMicros < 0 ? undefined : millisText(authorizerMicros),
  'authorizer.status': ({ authorizerMicros, authorization, refusal }) => {
    if (authorizerMicros < 0) return undefined;
    return authorization === undefined ? refusal && String(refusal.status) : '200';
  },
};

/** The reader of a variable; names that have no value print as unavailable. */
export function logReader(name: string): ContextReader {
  if (Object.hasOwn(READERS, name)) return READERS[name]!;
  const read = contextReader(name);
  if (!Object.hasOwn(AFTER_THE_AUTHORIZERS, name)) return read;
  const own = AFTER_THE_AUTHORIZERS[name]!;
  return (call) => read(call) ?? own(call);
}

function integrationLatency(call: Call): string | undefined {
  return call.integrationBegan < 0 ? undefined : millisText(call.integrationMicros);
}

/** Whole milliseconds. */
function millisText(micros: number): string {
  return String(Math.round(micros / 1_000));
}
