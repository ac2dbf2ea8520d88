// Events of WebSocket APIs for Lambda functions, as JSON text (spec/websocket-api.md §3.3, §8.3.3, §8.5).
import { contextText } from '../../stage/authorization-context.ts';
import { type ContextVariable, logReader } from '../../stage/context-variables.ts';
import { arrayOf, objectOf, quote } from '../../stage/event-json.ts';
import { connectHeaders, lastValues, type Multimap } from '../connect-parameters.ts';
import { EVENT_CONTEXT } from '../context.ts';
import type { SocketEvent } from '../event.ts';

/** The event of an AWS_PROXY integration. */
export function proxyEvent(event: SocketEvent): string {
  const members: string[] = [];
  if (event.kind === 'CONNECT') {
    members.push(...maps('headers', 'multiValueHeaders', event.headers));
    if (event.query.size > 0)
      members.push(...maps('queryStringParameters', 'multiValueQueryStringParameters', event.query));
  } else if (event.kind === 'DISCONNECT')
    members.push(...maps('headers', 'multiValueHeaders', disconnectHeaders(event)));
  const variables = objectOf(event.stage.variables);
  if (variables !== undefined) members.push(`"stageVariables":${variables}`);
  members.push(`"requestContext":${requestContext(event, true)}`);
  if (event.kind === 'MESSAGE') members.push(`"body":${quote(event.body)}`);
  members.push('"isBase64Encoded":false');
  return `{${members.join(',')}}`;
}

/** The event of a Lambda authorizer. */
export function authorizerEvent(event: SocketEvent, methodArn: string): string {
  const members = [
    '"type":"REQUEST"',
    `"methodArn":${quote(methodArn)}`,
    ...maps('headers', 'multiValueHeaders', connectHeaders(event, true)),
    ...maps('queryStringParameters', 'multiValueQueryStringParameters', event.query),
    `"stageVariables":${objectOf(event.stage.variables) ?? '{}'}`,
    `"requestContext":${requestContext(event, false)}`,
  ];
  return `{${members.join(',')}}`;
}

/** The map of last values under one name, that of all under another. */
function maps(name: string, multiName: string, values: Multimap): [string, string] {
  const all = [...values].map(([each, many]) => `${quote(each)}:${arrayOf(many)}`);
  return [`"${name}":${objectOf(lastValues(values)) ?? '{}'}`, `"${multiName}":{${all.join(',')}}`];
}

function disconnectHeaders({ connection }: SocketEvent): Multimap {
  return new Map([
    ['Host', [connection.domain.name]],
    ['x-api-key', ['']],
    ['X-Forwarded-For', ['']],
    ['x-restapi', ['']],
  ]);
}

type Name = keyof typeof EVENT_CONTEXT.variables;

/** Variables as members of an event, each with a comma behind it: those without value are left out. */
function membersOf(names: readonly Name[]): (event: SocketEvent) => string {
  const members = names.map((name) => {
    const { isNumber }: ContextVariable<SocketEvent> = EVENT_CONTEXT.variables[name];
    const start = `"${name.replace('identity.', '')}":`;
    return { start, isNumber: isNumber === true, read: logReader(EVENT_CONTEXT, name) };
  });
  return (event) => {
    let text = '';
    for (let i = 0; i < members.length; i++) {
      const { start, isNumber, read } = members[i]!;
      const value = read(event);
      if (value !== undefined) text += `${start}${isNumber ? value : quote(value)},`;
    }
    return text;
  };
}

const beforeIdentity = membersOf([
  ...(['routeKey', 'messageId', 'disconnectStatusCode', 'eventType', 'extendedRequestId'] as const),
  ...(['requestTime', 'messageDirection', 'disconnectReason', 'stage', 'connectedAt'] as const),
  'requestTimeEpoch',
]);
const signer = membersOf([
  'identity.cognitoIdentityPoolId',
  'identity.cognitoIdentityId',
  'identity.principalOrgId',
  'identity.cognitoAuthenticationType',
  'identity.userArn',
  'identity.accountId',
  'identity.caller',
  'identity.accessKey',
  'identity.cognitoAuthenticationProvider',
  'identity.user',
]);
const client = membersOf(['identity.apiKey', 'identity.apiKeyId', 'identity.userAgent']);
const behindIdentity = membersOf(['requestId', 'domainName', 'connectionId']);
const { 'identity.sourceIp': sourceIp, apiId } = EVENT_CONTEXT.variables;

function requestContext(event: SocketEvent, isIntegration: boolean): string {
  const caller = event.authorization?.kind === 'iam' ? signer(event) : '';
  return (
    `{${beforeIdentity(event)}"identity":{${caller}${client(event)}"sourceIp":${quote(sourceIp.read(event))}},` +
    `${behindIdentity(event)}"apiId":${quote(apiId.read(event))}${isIntegration ? authorizer(event) : ''}}`
  );
}

/** The CONNECT event also has how long the authorizer took (§8.5.1). */
function authorizer({ kind, connection, authorizerBegan, authorizerEnded }: SocketEvent): string {
  const { authorization } = connection;
  if (authorization?.kind !== 'lambda') return '';
  const entries: [string, string][] = [];
  if (authorization.principalId !== undefined) entries.push(['principalId', authorization.principalId]);
  for (const [key, value] of authorization.context ?? []) {
    const text = contextText(value);
    if (text !== undefined && key !== 'principalId' && key !== 'integrationLatency')
      entries.push([key, text]);
  }
  const members = entries.map(([key, value]) => `${quote(key)}:${quote(value)}`);
  if (kind === 'CONNECT' && authorizerEnded >= 0) {
    members.push(`"integrationLatency":${Math.round(authorizerEnded - authorizerBegan)}`);
  }
  return `,"authorizer":{${members.join(',')}}`;
}
