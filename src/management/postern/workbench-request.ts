// The body of POST /_postern/workbench (docs/reference/console-api.md).
import { isObject } from '../../grammar/json-object.ts';
import type { ExplainedRequest } from '../../http-api/explain/explained-request.ts';
import type { Authorization } from '../../stage/authorization.ts';
import type { DraftBackend, GivenReply } from '../../stage/draft-backend.ts';
import { badRequest } from '../../wire/errors.ts';
import { parseRequest } from './explain-route.ts';
import { parseHeaders } from './explained-parts.ts';
import { parseConnection, parseMessage } from './explained-socket.ts';

export interface WorkbenchRequest {
  readonly apiId: string;
  readonly stage: string | undefined;
  readonly routeKey: string | undefined;
  /** Members of CreateIntegration. */
  readonly integration: Members;
  /** Instead of the stage's. */
  readonly variables: Readonly<Record<string, string>> | undefined;
  /** Of WebSocket APIs: members of CreateIntegrationResponse, instead of all that are stored. */
  readonly responses: readonly Members[] | undefined;
  /** Of WebSocket APIs, instead of the stored one. */
  readonly routeSelectionExpression: string | undefined;
  /** A request, which asks for a connection where the API is a WebSocket API, or one of its messages. */
  readonly request: ExplainedRequest | DraftMessage;
  readonly backend: DraftBackend;
}

export interface DraftMessage {
  readonly message: string;
  readonly sourceIp: string | undefined;
  readonly authorization: Authorization | undefined;
}

type Members = Readonly<Record<string, unknown>>;

const MEMBERS: ReadonlySet<string> = new Set([
  'apiId',
  'stage',
  'routeKey',
  'integration',
  'integrationResponses',
  'routeSelectionExpression',
  'variables',
  'authorizer',
  'request',
  'backend',
]);

/** Throws BadRequestException with a sentence. */
export function parseWorkbenchRequest(given: Members): WorkbenchRequest {
  for (const name of Object.keys(given)) {
    if (!MEMBERS.has(name)) throw badRequest(`${name} is no member of a workbench request`);
  }
  const { apiId, stage, routeKey, integration = {}, variables, request, authorizer, backend = {} } = given;
  const { integrationResponses: responses, routeSelectionExpression } = given;
  return {
    apiId: textOf('apiId', apiId),
    stage: stage === undefined ? undefined : textOf('stage', stage),
    routeKey: routeKey === undefined ? undefined : textOf('routeKey', routeKey),
    integration: draftOf('integration', integration),
    responses: responses === undefined ? undefined : parseResponses(responses),
    routeSelectionExpression:
      routeSelectionExpression === undefined
        ? undefined
        : textOf('routeSelectionExpression', routeSelectionExpression),
    variables: variables === undefined ? undefined : textsOf('variables', variables),
    request: parseDraftRequest(objectOf('request', request)),
    backend: parseBackend(backend, authorizer),
  };
}

/** As many members and entries of maps as the rules are asked about one by one. */
const MAX_VALUES = 1_000;

function draftOf(name: string, given: unknown): Members {
  const draft = objectOf(name, given);
  const values = (value: unknown): number =>
    typeof value !== 'object' || value === null
      ? 1
      : Object.values(value).reduce((sum: number, each) => sum + values(each), 0);
  if (values(draft) <= MAX_VALUES) return draft;
  throw badRequest(`${name} has more than ${MAX_VALUES} values`);
}

const MAX_RESPONSES = 100;

function parseResponses(given: unknown): readonly Members[] {
  if (!Array.isArray(given) || given.length > MAX_RESPONSES) {
    throw badRequest(`integrationResponses is no list of at most ${MAX_RESPONSES} objects`);
  }
  draftOf('integrationResponses', { ...given });
  return given.map((each, i) => objectOf(`integrationResponses[${i}]`, each));
}

function parseDraftRequest(given: Members): WorkbenchRequest['request'] {
  if (given.message !== undefined) {
    const { sourceIp, authorization } = parseConnection(given.connection ?? {});
    return { message: parseMessage(given.message), sourceIp, authorization };
  }
  const { headers, method, body, url } = parseRequest(given);
  if (!url.startsWith('/') && !(/^(?:https?|wss?):\/\/./i.test(url) && URL.canParse(url))) {
    throw badRequest('url is neither an absolute http or https URL nor a path that begins with a slash');
  }
  return { headers, method, body, url };
}

function parseBackend(given: unknown, authorizer: unknown): DraftBackend {
  if (given === 'call') {
    if (authorizer !== undefined) throw badRequest('authorizer is given, and a real call asks the own one');
    return { kind: 'call' };
  }
  const { reply, answer } = objectOf('backend', given);
  if (reply !== undefined && answer !== undefined) {
    throw badRequest('backend has a reply and an answer: it is one of them');
  }
  return {
    kind: 'given',
    reply: reply === undefined ? undefined : parseReply(objectOf('backend.reply', reply)),
    answer: answer === undefined ? undefined : textOf('backend.answer', answer),
    authorization: authorizer === undefined ? undefined : parseAuthorizer(objectOf('authorizer', authorizer)),
  };
}

function parseReply({ status = 200, headers = [], body = '' }: Members): GivenReply {
  if (!Number.isInteger(status) || (status as number) < 200 || (status as number) > 599) {
    throw badRequest('backend.reply.status is no whole number from 200 to 599');
  }
  return {
    status: status as number,
    headers: parseHeaders(headers),
    body: textOf('backend.reply.body', body),
  };
}

/** What `$context.authorizer` has: `{"claims": {…}}` of a JWT, or `{"context": {…}, "principalId": "…"}` of a function. */
function parseAuthorizer({ claims, scopes, context, principalId }: Members): Authorization {
  if (claims !== undefined) {
    const list = scopes ?? null;
    if (list !== null && !(Array.isArray(list) && list.every((each) => typeof each === 'string'))) {
      throw badRequest('authorizer.scopes is no list of texts');
    }
    const texts = textsOf('authorizer.claims', claims);
    return { kind: 'jwt', claims: new Map(Object.entries(texts)), scopes: list as string[] | null };
  }
  if (context === undefined) throw badRequest('authorizer has neither claims nor context');
  return {
    kind: 'lambda',
    principalId: principalId === undefined ? undefined : textOf('authorizer.principalId', principalId),
    context: new Map(Object.entries(objectOf('authorizer.context', context))),
  };
}

function objectOf(name: string, value: unknown): Members {
  if (!isObject(value)) throw badRequest(`${name} is not a JSON object`);
  return value;
}

function textOf(name: string, value: unknown): string {
  if (typeof value !== 'string') throw badRequest(`${name} is not text`);
  return value;
}

function textsOf(name: string, value: unknown): Readonly<Record<string, string>> {
  const members = objectOf(name, value);
  for (const [key, each] of Object.entries(members)) textOf(`${name}.${key}`, each);
  return members as Readonly<Record<string, string>>;
}
