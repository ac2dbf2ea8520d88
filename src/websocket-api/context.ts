// The `$context` variables of WebSocket APIs (spec/websocket-api.md §5.7.4), in the order in which `$context` prints.
import {
  AUTHORIZER_CONTEXT,
  COGNITO,
  organisationOf,
  PRINCIPAL,
  SIGNER,
} from '../stage/authorization-context.ts';
import { clfTime } from '../stage/clf-time.ts';
import type { ContextReader, ContextTable } from '../stage/context-variables.ts';
import type { SocketEvent } from './event.ts';

export const EVENT_CONTEXT = {
  variables: {
    apiId: { about: 'id of the API', read: (event) => event.stage.apiId, isMember: true },
    connectedAt: {
      about: 'when the client connected, in epoch milliseconds',
      read: (event) => String(event.connection.connectedAt),
      isNumber: true,
      isMember: true,
    },
    connectionId: { about: 'id of the connection', read: (event) => event.connection.id, isMember: true },
    domainName: {
      about: 'host that was called',
      read: (event) => event.connection.domain.name,
      isMember: true,
    },
    eventType: { about: '`CONNECT`, `MESSAGE` or `DISCONNECT`', read: (event) => event.kind, isMember: true },
    extendedRequestId: { about: 'id of the event', read: (event) => event.requestId, isMember: true },
    messageId: { about: 'id of the message', read: (event) => event.messageId, isMember: true },
    messageDirection: { about: '`IN`', read: () => 'IN', isMember: true },
    requestId: { about: 'id of the event', read: (event) => event.requestId, isMember: true },
    requestTime: {
      about: 'when it came, as the common log format writes it',
      read: (event) => clfTime(event.requestedAt),
      isMember: true,
    },
    requestTimeEpoch: {
      about: 'the same in epoch milliseconds',
      read: (event) => String(event.requestedAt),
      isNumber: true,
      isMember: true,
    },
    routeKey: { about: 'key of the route', read: (event) => event.route?.key, isMember: true },
    stage: { about: 'name of the stage', read: (event) => event.stage.name, isMember: true },
    status: {
      about: 'status of the handshake, or of the message’s result',
      read: (event) => (event.status === 0 ? undefined : String(event.status)),
    },
    ...PRINCIPAL,
    'authorizer.error': {
      about: 'why a Lambda authorizer let nobody in',
      log: ofType('CUSTOM', (event) => event.authorizerError),
    },
    'authorizer.latency': { about: 'milliseconds that it took', log: ofType('CUSTOM', authorizerMillis) },
    'authorizer.status': {
      about: '200, or the status of the refusal',
      log: ofType('CUSTOM', decisionStatus),
    },
    'authorizer.integrationLatency': {
      about: 'milliseconds that its function took',
      log: (event) => (event.authorizerCall === undefined ? undefined : authorizerMillis(event)),
    },
    'authorizer.integrationStatus': {
      about: 'status of the function’s Invoke call',
      log: (event) => textOfNumber(event.authorizerCall?.status),
    },
    'authorizer.requestId': { about: 'its request id', log: (event) => event.authorizerCall?.requestId },
    // AWS_IAM is one check: the signature is authentication, the policies of its owner are authorization.
    'authenticate.error': {
      about: 'what is wrong with the signature',
      log: ofType('AWS_IAM', (event) => (isSigned(event) ? undefined : event.authorizerError)),
    },
    'authenticate.latency': {
      about: 'milliseconds that the signature took',
      log: ofType('AWS_IAM', authorizerMillis),
    },
    'authenticate.status': {
      about: '200, or the status of the refusal',
      log: ofType('AWS_IAM', (event) => (isSigned(event) ? '200' : decisionStatus(event))),
    },
    'authorize.error': {
      about: 'why who is known was not let in',
      log: (event) => (isSigned(event) ? event.authorizerError : undefined),
    },
    'authorize.latency': {
      about: 'milliseconds that the decision took',
      log: (event) => (isSigned(event) ? authorizerMillis(event) : undefined),
    },
    'authorize.status': {
      about: '200, or the status of the refusal',
      log: (event) => (isSigned(event) ? decisionStatus(event) : undefined),
    },
    'error.message': { about: 'text of the gateway’s own answer', log: (event) => event.failure?.message },
    'error.messageString': {
      about: 'the same in double quotes',
      read: (event) => (event.failure === undefined ? undefined : JSON.stringify(event.failure.message)),
      // The log quotes it itself.
      log: (event) => event.failure?.message,
    },
    'error.responseType': { about: 'its type', log: (event) => event.failure?.responseType },
    'error.validationErrorString': {
      about: 'what the model says of the message',
      read: (event) => event.validationError,
    },
    ...SIGNER,
    'identity.apiKey': {
      about: 'API key of the connect request',
      read: (event) => event.connection.apiKey?.value,
      isMember: true,
    },
    'identity.apiKeyId': { about: 'its id', read: (event) => event.connection.apiKey?.id, isMember: true },
    ...COGNITO,
    'identity.principalOrgId': { about: 'organisation of who signed', log: organisationOf, isMember: true },
    'identity.sourceIp': {
      about: 'address of the client',
      read: (event) => event.connection.sourceIp,
      isMember: true,
    },
    'identity.userAgent': {
      about: 'its `User-Agent`',
      read: (event) => event.connection.userAgent,
      isMember: true,
    },
    'integration.error': {
      about: 'why the integration gave no answer',
      log: (event) => event.integrationError,
    },
    integrationErrorMessage: { about: 'the same', log: (event) => event.integrationError },
    'integration.integrationStatus': {
      about: 'status of the backend; of a Lambda function that of its Invoke call',
      log: (event) => textOfNumber(event.integrationStatus),
    },
    integrationStatus: { about: 'the same', log: (event) => textOfNumber(event.integrationStatus) },
    'integration.status': {
      about: 'status that the backend or the function gave',
      log: (event) => textOfNumber(event.functionStatus ?? event.integrationStatus),
    },
    'integration.latency': { about: 'milliseconds that the integration took', log: integrationMillis },
    integrationLatency: { about: 'the same', log: integrationMillis },
    'integration.requestId': {
      about: 'request id of the AWS service',
      log: (event) => event.integrationRequestId,
    },
    awsEndpointRequestId: { about: 'the same', log: (event) => event.integrationRequestId },
    disconnectStatusCode: {
      about: 'code of the close frame, of disconnect events',
      read: (event) => textOfNumber(event.disconnect?.code),
      isNumber: true,
      isMember: true,
    },
    disconnectReason: { about: 'its reason', read: (event) => event.disconnect?.reason, isMember: true },
  },
  families: [AUTHORIZER_CONTEXT],
} satisfies ContextTable<SocketEvent>;

function ofType(type: 'AWS_IAM' | 'CUSTOM', read: ContextReader<SocketEvent>): ContextReader<SocketEvent> {
  return (event) =>
    event.authorizerEnded < 0 || event.route?.authorizationType !== type ? undefined : read(event);
}

function authorizerMillis(event: SocketEvent): string | undefined {
  return millisBetween(event.authorizerBegan, event.authorizerEnded);
}

/** 200, or the status of the refusal. */
function decisionStatus(event: SocketEvent): string | undefined {
  if (event.authorizerEnded < 0) return undefined;
  return event.authorizerError === undefined ? '200' : textOfNumber(event.failure?.status);
}

/** Whether authorization was reached: with AWS_IAM behind the signature. */
function isSigned({ authorizerEnded, authorizerError, failure, route }: SocketEvent): boolean {
  if (authorizerEnded < 0) return false;
  const isRefused = authorizerError !== undefined && failure?.errorType !== 'AccessDeniedException';
  return !(isRefused && route?.authorizationType === 'AWS_IAM');
}

function integrationMillis(event: SocketEvent): string | undefined {
  return millisBetween(event.integrationBegan, event.integrationEnded);
}

function millisBetween(began: number, ended: number): string | undefined {
  return began < 0 || ended < 0 ? undefined : String(Math.round(ended - began));
}

function textOfNumber(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
