// The steps of a request, of either kind of API.
import type { RecordedRequest } from '../../../src/gateway/live/recorded-request.ts';
import { HttpSteps } from './http-steps.tsx';
import { SocketSteps } from './socket-steps.tsx';
import { type AnyTrace, isOfSocket } from './traces.ts';

/** What was kept of bodies beside a trace. */
export type Bodies = Pick<
  RecordedRequest,
  'requestBody' | 'backendRequestBody' | 'backendReplyBody' | 'replyBody'
>;

export function Steps({ trace, bodies }: { readonly trace: AnyTrace; readonly bodies: Bodies }) {
  return isOfSocket(trace) ? <SocketSteps trace={trace} /> : <HttpSteps trace={trace} bodies={bodies} />;
}
