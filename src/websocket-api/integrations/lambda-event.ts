// Events of WebSocket APIs for Lambda functions, as JSON text (spec/websocket-api.md §3.3, §8.3.3, §8.5).
import type { IamAuthorization } from '../../stage/authorization.ts';
import { contextText } from '../../stage/authorization-context.ts';
import { clfTime } from '../../stage/clf-time.ts';
import { arrayOf, objectOf, quote } from '../../stage/event-json.ts';
import { connectHeaders, lastValues, type Multimap } from '../connect-parameters.ts';
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

function requestContext(event: SocketEvent, isIntegration: boolean): string {
  const { connection, stage, disconnect } = event;
  const members = [
    `"routeKey":${quote(event.route?.key ?? '')}`,
    ...(event.messageId === undefined ? [] : [`"messageId":"${event.messageId}"`]),
    ...(disconnect === undefined ? [] : [`"disconnectStatusCode":${disconnect.code}`]),
    `"eventType":"${event.kind}"`,
    `"extendedRequestId":"${event.requestId}"`,
    `"requestTime":"${clfTime(event.requestedAt)}"`,
    '"messageDirection":"IN"',
    ...(disconnect === undefined ? [] : [`"disconnectReason":${quote(disconnect.reason)}`]),
    `"stage":${quote(stage.name)}`,
    `"connectedAt":${connection.connectedAt}`,
    `"requestTimeEpoch":${event.requestedAt}`,
    `"identity":${identity(event)}`,
    `"requestId":"${event.requestId}"`,
    `"domainName":${quote(connection.domain.name)}`,
    `"connectionId":"${connection.id}"`,
    `"apiId":"${stage.apiId}"`,
    ...(isIntegration ? authorizer(event) : []),
  ];
  return `{${members.join(',')}}`;
}

function identity({ connection }: SocketEvent): string {
  const { authorization, apiKey, userAgent } = connection;
  const entries: [string, string][] = [];
  if (authorization?.kind === 'iam') entries.push(...callerOf(authorization));
  if (apiKey !== undefined) entries.push(['apiKey', apiKey.value], ['apiKeyId', apiKey.id]);
  if (userAgent !== undefined) entries.push(['userAgent', userAgent]);
  entries.push(['sourceIp', connection.sourceIp]);
  return objectOf(entries)!;
}

function callerOf(caller: IamAuthorization): [string, string][] {
  const { cognitoIdentity: cognito } = caller;
  const all: [string, string | null | undefined][] = [
    ['cognitoIdentityPoolId', cognito?.identityPoolId],
    ['cognitoIdentityId', cognito?.identityId],
    ['principalOrgId', caller.principalOrgId],
    ['cognitoAuthenticationType', cognito?.amr[0]],
    ['userArn', caller.userArn],
    ['accountId', caller.accountId],
    ['caller', caller.callerId],
    ['accessKey', caller.accessKey],
    ['cognitoAuthenticationProvider', cognito?.amr.slice(1).join(',')],
    ['user', caller.userId],
  ];
  return all.filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== null);
}

/** The CONNECT event also has how long the authorizer took (§8.5.1). */
function authorizer({ kind, connection, authorizerBegan, authorizerEnded }: SocketEvent): string[] {
  const { authorization } = connection;
  if (authorization?.kind !== 'lambda') return [];
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
  return [`"authorizer":{${members.join(',')}}`];
}
