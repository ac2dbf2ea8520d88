// `$context` of WebSocket APIs (spec/websocket-api.md §5.7.4): one table of readers serves parameter mapping, templates and
// access logs.
import { contextText } from '../stage/authorization-context.ts';
import { clfTime } from '../stage/clf-time.ts';
import { type MapStyle, type Value, VMap } from '../template/values.ts';
import type { SocketEvent } from './event.ts';

/** Reads one variable; undefined when it has no value. */
export type SocketContextReader = (event: SocketEvent) => string | undefined;

type Readers = Readonly<Record<string, SocketContextReader>>;

/** Where templates and parameter mapping may read them too, in the order of §5.7.4: what an authorizer found stands between
 *  these two. */
const BEFORE_AUTHORIZER: Readers = {
  apiId: (event) => event.stage.apiId,
  connectedAt: (event) => String(event.connection.connectedAt),
  connectionId: (event) => event.connection.id,
  domainName: (event) => event.connection.domain.name,
  eventType: (event) => event.kind,
  extendedRequestId: (event) => event.requestId,
  messageId: (event) => event.messageId,
  messageDirection: () => 'IN',
  requestId: (event) => event.requestId,
  requestTime: (event) => clfTime(event.requestedAt),
  requestTimeEpoch: (event) => String(event.requestedAt),
  routeKey: (event) => event.route?.key,
  stage: (event) => event.stage.name,
  status: (event) => (event.status === 0 ? undefined : String(event.status)),
};

const BEHIND_AUTHORIZER: Readers = {
  'error.messageString': (event) =>
    event.failure === undefined ? undefined : JSON.stringify(event.failure.message),
  'error.validationErrorString': (event) => event.validationError,
  'identity.accessKey': iam((caller) => caller.accessKey),
  'identity.accountId': iam((caller) => caller.accountId),
  'identity.caller': iam((caller) => caller.callerId),
  'identity.user': iam((caller) => caller.userId),
  'identity.userArn': iam((caller) => caller.userArn),
  'identity.apiKey': (event) => event.connection.apiKey?.value,
  'identity.apiKeyId': (event) => event.connection.apiKey?.id,
  'identity.cognitoAuthenticationProvider': iam((caller) => caller.cognitoIdentity?.amr.slice(1).join(',')),
  'identity.cognitoAuthenticationType': iam((caller) => caller.cognitoIdentity?.amr[0]),
  'identity.cognitoIdentityId': iam((caller) => caller.cognitoIdentity?.identityId),
  'identity.cognitoIdentityPoolId': iam((caller) => caller.cognitoIdentity?.identityPoolId),
  'identity.sourceIp': (event) => event.connection.sourceIp,
  'identity.userAgent': (event) => event.connection.userAgent,
  disconnectStatusCode: (event) =>
    event.disconnect === undefined ? undefined : String(event.disconnect.code),
  disconnectReason: (event) => event.disconnect?.reason,
};

const EVERYWHERE: Readers = { ...BEFORE_AUTHORIZER, ...BEHIND_AUTHORIZER };

const LOGS_ALONE: Readers = {
  'identity.principalOrgId': iam((caller) => caller.principalOrgId ?? undefined),
  'error.message': (event) => event.failure?.message,
  'error.responseType': (event) => event.failure?.responseType,
  'authorizer.error': ofType('CUSTOM', (event) => event.authorizerError),
  'authorizer.latency': ofType('CUSTOM', authorizerMillis),
  'authorizer.integrationLatency': (event) =>
    event.authorizerCall === undefined ? undefined : authorizerMillis(event),
  'authorizer.integrationStatus': (event) => textOfNumber(event.authorizerCall?.status),
  'authorizer.requestId': (event) => event.authorizerCall?.requestId,
  'authorizer.status': ofType('CUSTOM', decisionStatus),
  // AWS_IAM is one check: the signature is authentication, the policies of its owner are authorization.
  'authenticate.error': ofType('AWS_IAM', (event) => (isSigned(event) ? undefined : event.authorizerError)),
  'authenticate.latency': ofType('AWS_IAM', authorizerMillis),
  'authenticate.status': ofType('AWS_IAM', (event) => (isSigned(event) ? '200' : decisionStatus(event))),
  'authorize.error': (event) => (isSigned(event) ? event.authorizerError : undefined),
  'authorize.latency': (event) => (isSigned(event) ? authorizerMillis(event) : undefined),
  'authorize.status': (event) => (isSigned(event) ? decisionStatus(event) : undefined),
  'integration.error': (event) => event.integrationError,
  integrationErrorMessage: (event) => event.integrationError,
  'integration.integrationStatus': (event) => textOfNumber(event.integrationStatus),
  integrationStatus: (event) => textOfNumber(event.integrationStatus),
  'integration.status': (event) => textOfNumber(event.functionStatus ?? event.integrationStatus),
  'integration.latency': (event) => millisBetween(event.integrationBegan, event.integrationEnded),
  integrationLatency: (event) => millisBetween(event.integrationBegan, event.integrationEnded),
  'integration.requestId': (event) => event.integrationRequestId,
  awsEndpointRequestId: (event) => event.integrationRequestId,
};

const AUTHORIZER = 'authorizer.';

/** The reader of a variable for parameter mapping and templates. Names without a value resolve to nothing. */
export function socketContextReader(name: string): SocketContextReader {
  if (Object.hasOwn(EVERYWHERE, name)) return EVERYWHERE[name]!;
  if (!name.startsWith(AUTHORIZER)) return () => undefined;
  const key = name.slice(AUTHORIZER.length);
  return (event) => authorizerValue(event, key);
}

/** The reader of a variable for access logs. */
export function socketLogReader(name: string): SocketContextReader {
  return Object.hasOwn(LOGS_ALONE, name) ? LOGS_ALONE[name]! : socketContextReader(name);
}

/** What are numbers in templates. */
const NUMBERS: Readonly<Record<string, (event: SocketEvent) => number | undefined>> = {
  connectedAt: (event) => event.connection.connectedAt,
  requestTimeEpoch: (event) => event.requestedAt,
  disconnectStatusCode: (event) => event.disconnect?.code,
};

interface Variable {
  /** `identity` of `identity.sourceIp`. */
  readonly owner: string | undefined;
  readonly key: string;
  readonly read: (event: SocketEvent) => string | number | undefined;
}

/** The variables of templates, taken apart. */
function variablesOf(readers: Readers): readonly Variable[] {
  return Object.entries(readers).map(([name, text]) => {
    const dot = name.indexOf('.');
    return {
      owner: dot < 0 ? undefined : name.slice(0, dot),
      key: name.slice(dot + 1),
      read: NUMBERS[name] ?? text,
    };
  });
}

const FIRST_VARIABLES = variablesOf(BEFORE_AUTHORIZER);
const LAST_VARIABLES = variablesOf(BEHIND_AUTHORIZER);

/** `$context` as templates see it: maps that print as Java's do, with empty and silent override maps in it. */
export function contextMap(event: SocketEvent): VMap {
  const context = new VMap(new Map<string, Value>(), 'java');
  put(context, FIRST_VARIABLES, event);
  const { authorization } = event.connection;
  if (authorization?.kind === 'lambda') {
    const authorizer = mapIn(context, 'authorizer', 'java');
    for (const key of ['principalId', ...(authorization.context?.keys() ?? [])]) {
      const text = authorizerValue(event, key);
      if (text !== undefined) authorizer.entries.set(key, text);
    }
  }
  put(context, LAST_VARIABLES, event);
  const request = mapIn(context, 'requestOverride', 'silent');
  for (const location of ['header', 'querystring', 'path']) mapIn(request, location, 'silent');
  mapIn(mapIn(context, 'responseOverride', 'silent'), 'header', 'silent');
  return context;
}

function put(context: VMap, variables: readonly Variable[], event: SocketEvent): void {
  for (let i = 0; i < variables.length; i++) {
    const { owner, key, read } = variables[i]!;
    const value = read(event);
    if (value === undefined) continue;
    const entries = (owner === undefined ? context : mapIn(context, owner, 'java')).entries;
    entries.set(key, typeof value === 'number' ? BigInt(value) : value);
  }
}

function mapIn(owner: VMap, name: string, style: MapStyle): VMap {
  const known = owner.entries.get(name);
  if (known instanceof VMap) return known;
  const made = new VMap(new Map<string, Value>(), style);
  owner.entries.set(name, made);
  return made;
}

function authorizerValue({ connection: { authorization } }: SocketEvent, key: string): string | undefined {
  if (authorization?.kind !== 'lambda') return undefined;
  return key === 'principalId' ? authorization.principalId : contextText(authorization.context?.get(key));
}

type Caller = NonNullable<SocketEvent['connection']['authorization']> & { kind: 'iam' };

function iam(read: (caller: Caller) => string | undefined): SocketContextReader {
  return ({ connection: { authorization } }) =>
    authorization?.kind === 'iam' ? read(authorization) : undefined;
}

function ofType(type: 'AWS_IAM' | 'CUSTOM', read: SocketContextReader): SocketContextReader {
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

function millisBetween(began: number, ended: number): string | undefined {
  return began < 0 || ended < 0 ? undefined : String(Math.round(ended - began));
}

function textOfNumber(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
