// Calls for connections that this process holds.
import { unreachable } from '../../defect.ts';
import { closeNormally, findOf, infoOf } from '../../websocket-api/connections/connections-api.ts';
import type { Hub } from '../../websocket-api/connections/hub.ts';
import { printInfo, printOutcome, readCall } from './connection-call.ts';

/** At once, so that what is posted stays in order. */
export function serveConnectionCall(hub: Hub, body: Buffer): Buffer {
  const call = readCall(body);
  const connection = call && findOf(hub, call.place);
  if (call === undefined || connection === undefined) return printOutcome('gone');
  const { question, data } = call;
  switch (question) {
    case 'postText':
    case 'postBytes': {
      const outcome = connection.post(question === 'postText' ? data.toString('utf8') : data);
      return printOutcome(outcome === 'sent' ? 'done' : outcome);
    }
    case 'info':
      return printInfo(infoOf(connection));
    case 'close':
      closeNormally(connection);
      return printOutcome('done');
    default:
      return unreachable(question);
  }
}
