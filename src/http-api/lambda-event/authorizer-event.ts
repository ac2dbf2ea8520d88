// The events that Lambda authorizers get (spec/http-api.md §6.3.2, §6.3.3, Choice C55): an integration's, about the
// client's own request without its body, with the ARN and the identity in front.

import { arrayOf, quote } from '../../stage/event-json.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';
import type { Call } from '../call.ts';
import { EventV1 } from './event-v1.ts';
import { type EventRoute, EventV2 } from './event-v2.ts';
import { clientMessage } from './message.ts';

/** `identity` are the values of the identity sources; undefined when none are configured. */
export type AuthorizerEvent = (
  call: Call,
  routeArn: string,
  identity: readonly string[] | undefined,
) => string;

export function authorizerEvent(
  payloadFormatVersion: '1.0' | '2.0',
  identity: StageIdentity,
  route: EventRoute,
): AuthorizerEvent {
  return payloadFormatVersion === '1.0' ? eventV1(identity, route) : eventV2(identity, route);
}

function eventV2(identity: StageIdentity, route: EventRoute): AuthorizerEvent {
  const event = new EventV2(identity, route);
  return (call, routeArn, values) =>
    `{"version":"2.0","type":"REQUEST","routeArn":${quote(routeArn)},` +
    `"identitySource":${values === undefined ? 'null' : arrayOf(values)},` +
    `${event.members(call, clientMessage(call), '0')}${event.pathParameters(call)}${event.stageVariables}}`;
}

function eventV1(identity: StageIdentity, route: EventRoute): AuthorizerEvent {
  const event = new EventV1(identity, route);
  return (call, methodArn, values) => {
    const token = values === undefined ? 'null' : quote(values.join(','));
    return (
      `{"version":"1.0","type":"REQUEST","methodArn":${quote(methodArn)},` +
      `"identitySource":${token},"authorizationToken":${token},` +
      `${event.members(call, clientMessage(call), false)},` +
      `"pathParameters":${event.pathParameters(call).replace(/^null$/, '{}')},"stageVariables":${event.stageVariables}}`
    );
  };
}
