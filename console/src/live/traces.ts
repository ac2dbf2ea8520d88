import type { Trace } from '../../../src/http-api/explain/trace.ts';
import type { SocketTrace } from '../../../src/websocket-api/explain/trace.ts';

/** Of either kind of API. */
export type AnyTrace = Trace | SocketTrace;

export const isOfSocket = (trace: AnyTrace): trace is SocketTrace => 'connectionId' in trace;
