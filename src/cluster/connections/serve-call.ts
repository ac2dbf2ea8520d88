// Calls for connections that this process holds.
import { unreachable } from '../../defect.ts';
import { closeNormally, findOf, infoOf } from '../../websocket-api/connections/connections-api.ts';
import type { Hub } from '../../websocket-api/connections/hub.ts';
import type { OpenConnections } from '../../websocket-api/connections/open-connections.ts';
import {
  type ConnectionCall,
  type ConnectionQuestion,
  printInfo,
  printOutcome,
  readCall,
} from './connection-call.ts';

/** The connections of a process. */
export interface Held {
  readonly hub: Hub;
  readonly openConnections: OpenConnections;
}

/** At once, so that what is posted stays in order. */
export function serveConnectionCall({ hub, openConnections }: Held, body: Buffer): Buffer {
  const call = readCall(body);
  if (call === undefined) return printOutcome('gone');
  const { question, place, data } = call;
  const target = { connectionId: place.id, account: place.apiId === '' ? undefined : place.apiId };
  switch (question) {
    case 'sendText':
    case 'sendBytes': {
      const outcome = openConnections.post(target, question === 'sendText' ? data.toString('utf8') : data);
      return printOutcome(outcome === 'sent' ? 'done' : outcome);
    }
    case 'end':
      return printOutcome(openConnections.close(target) ? 'done' : 'gone');
    default:
      return serveApiCall(hub, question, call);
  }
}

function serveApiCall(
  hub: Hub,
  question: Exclude<ConnectionQuestion, 'sendText' | 'sendBytes' | 'end'>,
  { place, data }: ConnectionCall,
): Buffer {
  const connection = findOf(hub, place);
  if (connection === undefined) return printOutcome('gone');
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
