// Rules of integrations of WebSocket APIs (spec/management-api.md §2.3.3, websocket-api.md §3.1, §3.8).
import { isFunctionUri } from '../../grammar/arn.ts';
import { parseIntegrationUri } from '../../grammar/integration-uri.ts';
import { collect, throwCauses } from '../../grammar/mapping-error.ts';
import { badRequestParameter, parseRequestParameter } from '../../grammar/socket-request-parameter.ts';
import { compileBodyPath } from '../../websocket-api/body-path.ts';
import { badRequest } from '../../wire/errors.ts';
import { checkMethod, checkTemplateTexts } from '../limits.ts';
import type { Draft } from '../rules.ts';
import { checkSelection } from '../selection-expressions.ts';
import { parsed } from '../syntax.ts';
import { requireVpcLink } from './integration-connection.ts';
import { HTTP_ONLY, type IntegrationDocument, type IntegrationScope } from './integration-document.ts';
import { checkProxyFunctionUri, checkServiceUri, hasStageVariable } from './integration-targets.ts';

type IntegrationDraft = Draft<IntegrationDocument>;
type Completed = Omit<IntegrationDocument, 'IntegrationId'>;
type Type = IntegrationDocument['IntegrationType'];

const MIN_TIMEOUT_IN_MILLIS = 50;
const MAX_TIMEOUT_IN_MILLIS = 29_000;

/** Checks a draft and completes it. */
export async function settleWebSocketApiIntegration(
  draft: IntegrationDraft,
  scope: IntegrationScope,
): Promise<Completed> {
  const IntegrationType = draft.IntegrationType!;
  const { PayloadFormatVersion = '1.0', ConnectionType = 'INTERNET' } = draft;
  if (PayloadFormatVersion !== '1.0') {
    throw badRequest(`Unsupported PayloadFormatVersion: ${PayloadFormatVersion}`);
  }
  const TimeoutInMillis = draft.TimeoutInMillis ?? MAX_TIMEOUT_IN_MILLIS;
  if (TimeoutInMillis < MIN_TIMEOUT_IN_MILLIS || TimeoutInMillis > MAX_TIMEOUT_IN_MILLIS) {
    throw badRequest(`Timeout should be between ${MIN_TIMEOUT_IN_MILLIS} ms and ${MAX_TIMEOUT_IN_MILLIS} ms`);
  }
  for (const member of HTTP_ONLY) {
    if (draft[member] !== undefined) {
      throw badRequest(`${member} is not supported for protocolType WEBSOCKET`);
    }
  }
  checkMethod(draft.IntegrationMethod);
  checkers[IntegrationType](draft);
  await checkConnection(IntegrationType, ConnectionType, draft, scope);
  checkRequestParameters(draft.RequestParameters ?? {});
  checkTemplates(draft);
  const isFunction = isFunctionUri(draft.IntegrationUri ?? '');
  const method = draft.IntegrationMethod ?? (isFunction ? 'POST' : undefined);
  return {
    ...draft,
    ...(method === undefined ? {} : { IntegrationMethod: method }),
    IntegrationType,
    ConnectionType,
    PassthroughBehavior: draft.PassthroughBehavior ?? 'WHEN_NO_MATCH',
    PayloadFormatVersion,
    TimeoutInMillis,
  };
}

const checkers: Readonly<Record<Type, (draft: IntegrationDraft) => void>> = {
  AWS(draft) {
    const uri = draft.IntegrationUri ?? '';
    checkServiceUri(uri);
    if (!isFunctionUri(uri)) requireMethod(draft, 'AWS');
  },
  AWS_PROXY: (draft) => checkProxyFunctionUri(draft.IntegrationUri ?? ''),
  HTTP: (draft) => checkUrl(draft, 'HTTP'),
  HTTP_PROXY: (draft) => checkUrl(draft, 'HTTPPROXY'),
  MOCK() {},
};

function checkUrl(draft: IntegrationDraft, typeInText: string): void {
  requireMethod(draft, typeInText);
  parsed(() => parseIntegrationUri(draft.IntegrationUri ?? ''));
}

function requireMethod(draft: IntegrationDraft, typeInText: string): void {
  if (draft.IntegrationMethod !== undefined) return;
  throw badRequest(`HttpMethod parameter method must be specified for integrationType ${typeInText}`);
}

/** The id may be a stage variable, which only the stage can tell. */
async function checkConnection(
  type: Type,
  connectionType: string,
  draft: IntegrationDraft,
  scope: IntegrationScope,
): Promise<void> {
  if (connectionType !== 'VPC_LINK') return;
  if (type !== 'HTTP' && type !== 'HTTP_PROXY') {
    throw badRequest(`ConnectionType VPC_LINK is not supported for integrations of type ${type}`);
  }
  const { ConnectionId } = draft;
  if (ConnectionId === undefined) {
    throw badRequest('ConnectionId must be set to vpcLinkId for ConnectionType VPC_LINK');
  }
  if (hasStageVariable(ConnectionId)) return;
  await requireVpcLink(ConnectionId, scope);
}

/** A JSONPath behind `body` is one that is understood when the route runs (spec/websocket-api.md §3.8.5). */
function checkRequestParameters(parameters: { readonly [destination: string]: string }): void {
  const causes: string[] = [];
  for (const [destination, written] of Object.entries(parameters)) {
    collect(causes, () => {
      const { source } = parseRequestParameter(destination, written);
      if (source.from !== 'body' || source.path === '') return;
      if (compileBodyPath(source.path) === undefined) throw badRequestParameter(written);
    });
  }
  parsed(() => throwCauses(causes));
}

function checkTemplates(draft: IntegrationDraft): void {
  checkSelection('template', draft.TemplateSelectionExpression);
  checkTemplateTexts('requestTemplates', draft.RequestTemplates);
}
