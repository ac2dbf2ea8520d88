// The work on the bench as a request to POST /_postern/workbench.
import type { IntegrationDocument, RouteDocument, StageDocument } from '../api/documents.ts';
import { type AnyTrace, isOfSocket } from '../live/traces.ts';
import { wholeInput } from './copy/definition.ts';
import { type Draft, integrationInput, responseInputs } from './draft/draft.ts';
import { capitalised, SETTINGS } from './draft/settings.ts';
import type { Subject } from './draft/stored.ts';
import { mappingId, settingId, templateId } from './lines/line.ts';
import type { Pair, ReplyDraft, Work } from './work-drafts.ts';

export interface Place {
  readonly subject: Subject;
  readonly route: RouteDocument | undefined;
  readonly stage: StageDocument | undefined;
}

/** All but the backend's answer. */
export function questionOf({ subject, route, stage }: Place, { draft, request }: Work): object {
  const { api, integration } = subject;
  const own = integrationInput(draft, integration, api.protocolType);
  return {
    apiId: api.apiId,
    ...(stage === undefined ? {} : { stage: stage.stageName }),
    ...(route === undefined ? {} : { routeKey: route.routeKey }),
    // Without a route nothing is below the draft.
    integration: route === undefined ? { ...wholeInput(integration), ...own } : own,
    ...(api.protocolType === 'HTTP'
      ? { request: httpRequest(request), ...authorizerOf(request) }
      : {
          integrationResponses: responseInputs(draft),
          routeSelectionExpression: draft.routeSelectionExpression,
          request: route?.routeKey === '$connect' ? httpRequest(request) : { message: request.message },
        }),
  };
}

/** What an authorizer would have found; nothing where it is no object. */
function authorizerOf({ authorizer }: Work['request']): { authorizer?: object } {
  return authorizer === '' || authorizerProblem(authorizer) !== undefined
    ? {}
    : { authorizer: JSON.parse(authorizer) };
}

/** Undefined where there is none. */
export function authorizerProblem(text: string): string | undefined {
  if (text === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return undefined;
  } catch {
    // As below.
  }
  return 'This is no JSON object: {"claims": {…}} of a JWT, {"context": {…}} of a function.';
}

function httpRequest({ method, url, headers, body }: Work['request']): object {
  const path = /^[a-z]+:\/\//i.test(url) || url.startsWith('/') ? url : `/${url}`;
  return { method, url: path, headers: named(headers), body };
}

const named = (headers: readonly Pair[]): readonly Pair[] => headers.filter(([name]) => name !== '');

export function backendOf({ kind, status, headers, body }: ReplyDraft): object {
  const code = Number(status);
  if (kind === 'echo' || !(code >= 200 && code <= 599)) return {};
  return { reply: { status: code, headers: named(headers), body } };
}

/** What frames a body on its connection. */
const OF_THE_CONNECTION = /^(?:content-length|transfer-encoding|connection|keep-alive)$/i;

/** What the backend really answered, to go on with; undefined where it did not. */
export function realReply(trace: AnyTrace): ReplyDraft | undefined {
  const answered = isOfSocket(trace) ? trace.answer : trace.backendReply;
  if (answered === undefined) return undefined;
  return {
    kind: 'given',
    status: String(answered.status),
    headers: answered.headers.filter(([name]) => !OF_THE_CONNECTION.test(name)),
    // Of HTTP APIs no mapping changes it.
    body: (isOfSocket(trace) ? trace.answer : trace.reply)?.body ?? '',
  };
}

/** Whom an integration asks, in a word. */
export function whatAnswers({
  integrationType,
  integrationSubtype,
  integrationUri = '',
}: IntegrationDocument): string {
  if (integrationSubtype !== undefined) return 'service';
  if (integrationType === 'AWS_PROXY' || /:function:/.test(integrationUri)) return 'function';
  return integrationType === 'AWS' ? 'service' : 'backend';
}

/** Ids of all that has a field. */
export function idsOf(draft: Draft): ReadonlySet<string> {
  return new Set([
    ...SETTINGS.map((name) => settingId(capitalised(name))),
    settingId('RouteSelectionExpression'),
    ...draft.requestParameters.map(({ key }) => mappingId('request', key)),
    ...draft.requestTemplates.map(({ key }) => templateId('request', key)),
    ...draft.statuses.flatMap(({ status, rows }) => [
      `status/${status}`,
      ...rows.map(({ key }) => mappingId('response', key, status)),
    ]),
    ...draft.responses.flatMap(({ key: responseKey, parameters, templates }) => [
      `response/${responseKey}`,
      ...parameters.map(({ key }) => mappingId('response', key, responseKey)),
      ...templates.map(({ key }) => templateId('response', key, responseKey)),
    ]),
  ]);
}
