// How an event's integration ends, whatever kind it is: what is noted of it, and what the client is to get
// (spec/websocket-api.md §4.1, §9.3, §9.5).
import type { SocketEvent } from '../event.ts';
import type { SocketAnswer, SocketFailed, SocketIntegration, SocketReply } from '../stage.ts';

/** Notes the end in the event. `replying` is the integration where the client gets something of its answer, which a failure to
 *  make a reply is part of; without it an answer comes to nothing. */
export function endIntegration(
  event: SocketEvent,
  answer: SocketAnswer | SocketFailed,
  replying: SocketIntegration | undefined,
): SocketReply | SocketFailed | undefined {
  event.integrationEnded = event.elapsed();
  if (answer.kind === 'failed') return noted(event, answer);
  event.integrationStatus ??= answer.status;
  if (event.sent !== undefined) event.sent.answer = answer;
  const reply = replying?.reply(event, answer);
  if (reply?.kind === 'failed') return noted(event, reply);
  if (event.sent !== undefined) event.sent.reply = reply;
  return reply;
}

function noted(event: SocketEvent, failed: SocketFailed): SocketFailed {
  event.integrationError = failed.error;
  event.integrationDetail = failed.detail;
  return failed;
}
