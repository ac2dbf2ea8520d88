// Rules of integrations of HTTP APIs (spec/management-api.md §2.3.2, §2.3.6; http-api.md §3.1, §4.10).
import { parseIntegrationUri } from '../../grammar/integration-uri.ts';
import { badRequest } from '../../wire/errors.ts';
import { checkLength, checkMethod } from '../limits.ts';
import type { Draft } from '../rules.ts';
import { parsed } from '../syntax.ts';
import { requireVpcLink } from './integration-connection.ts';
import {
  DROPPED,
  FOREIGN,
  type HttpApiKind,
  httpApiKind,
  type IntegrationDocument,
  type IntegrationScope,
} from './integration-document.ts';
import {
  checkRequestParameters,
  checkResponseParameters,
  keptRequestParameters,
} from './integration-mappings.ts';
import { checkFunctionUri, checkPrivateTarget } from './integration-targets.ts';
import { settledServiceParameters } from './service-operations.ts';

type IntegrationDraft = Draft<IntegrationDocument>;
type Completed = Omit<IntegrationDocument, 'IntegrationId'>;

const ONLY_PROXIES =
  'Currently, an API with a protocol type of HTTP may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)';

const MIN_TIMEOUT_IN_MILLIS = 50;
const MAX_TIMEOUT_IN_MILLIS = 30_000;

/** Checks a draft and completes it. */
export async function settleHttpApiIntegration(
  given: IntegrationDraft,
  scope: IntegrationScope,
): Promise<Completed> {
  const draft = keptRequestParameters(given, scope);
  const type = draft.IntegrationType;
  if (type !== 'AWS_PROXY' && type !== 'HTTP_PROXY') throw badRequest(ONLY_PROXIES);
  const kind = httpApiKind(draft);
  const version = checkedVersion(kind, draft);
  const TimeoutInMillis = draft.TimeoutInMillis ?? MAX_TIMEOUT_IN_MILLIS;
  if (TimeoutInMillis < MIN_TIMEOUT_IN_MILLIS || TimeoutInMillis > MAX_TIMEOUT_IN_MILLIS) {
    throw badRequest(`Timeout should be between ${MIN_TIMEOUT_IN_MILLIS} ms and ${MAX_TIMEOUT_IN_MILLIS} ms`);
  }
  checkForeign(kind, draft, scope);
  checkMethod(draft.IntegrationMethod);
  let parameters = draft.RequestParameters;
  if (kind === 'service') {
    parameters = settledServiceParameters(draft, scope);
  } else {
    await checkers[kind](draft, scope);
    checkRequestParameters(draft, scope);
  }
  checkResponseParameters(draft, scope);
  const own = new Map<string, unknown>(Object.entries(draft));
  for (const member of DROPPED[kind]) own.delete(member);
  own.delete('RequestParameters');
  if (parameters !== undefined) own.set('RequestParameters', parameters);
  if (kind === 'lambda') own.set('IntegrationMethod', draft.IntegrationMethod ?? 'POST');
  return {
    ...(Object.fromEntries(own) as IntegrationDraft),
    IntegrationType: type,
    ConnectionType: draft.ConnectionType ?? 'INTERNET',
    PayloadFormatVersion: version,
    TimeoutInMillis,
  };
}

function checkedVersion(kind: HttpApiKind, draft: IntegrationDraft): string {
  const version = draft.PayloadFormatVersion;
  if (version === undefined) throw badRequest('PayloadFormatVersion is a required parameter for integration');
  const isSupported = version === '1.0' || (version === '2.0' && kind === 'lambda');
  // A subtype with another version is "not supported" as a whole; its check comes later.
  if (isSupported || kind === 'service') return version;
  throw badRequest(
    version === '2.0'
      ? 'PayloadFormatVersion 2.0 is not supported for integration of type HTTP_PROXY'
      : `Unsupported PayloadFormatVersion: ${version}`,
  );
}

const FOREIGN_TEXTS: Readonly<Partial<Record<keyof IntegrationDocument, string>>> = {
  IntegrationSubtype: 'IntegrationSubtype is only supported for integrations of type AWS_PROXY',
  IntegrationUri: 'URI should not be specified for AWS_PROXY integrations with IntegrationSubtype',
  ConnectionId: 'ConnectionId is only supported for ConnectionType VPC_LINK',
};

function checkForeign(kind: HttpApiKind, draft: IntegrationDraft, { given }: IntegrationScope): void {
  if (kind === 'lambda' || kind === 'service') {
    if (draft.ConnectionType === 'VPC_LINK') {
      throw badRequest('ConnectionType VPC_LINK is not supported for integrations of type AWS_PROXY');
    }
  }
  for (const member of FOREIGN[kind]) {
    // What is given empty is cleared, and so not in the draft.
    if (given[member] !== undefined && draft[member] !== undefined) throw badRequest(FOREIGN_TEXTS[member]!);
  }
}

type Check = (draft: IntegrationDraft, scope: IntegrationScope) => Promise<void>;

const checkers: Readonly<Record<Exclude<HttpApiKind, 'service'>, Check>> = {
  async http(draft) {
    requireMethod(draft);
    parsed(() => parseIntegrationUri(draft.IntegrationUri ?? ''));
  },
  async private(draft, scope) {
    requireMethod(draft);
    if (draft.ConnectionId === undefined) {
      throw badRequest('ConnectionId must be set to vpcLinkId for ConnectionType VPC_LINK');
    }
    checkPrivateTarget(draft.IntegrationUri ?? '');
    checkLength('serverNameToVerify', draft.TlsConfig?.ServerNameToVerify, 1, 512);
    await requireVpcLink(draft.ConnectionId, scope);
  },
  async lambda(draft) {
    checkFunctionUri(draft.IntegrationUri ?? '');
  },
};

function requireMethod(draft: IntegrationDraft): void {
  if (draft.IntegrationMethod !== undefined) return;
  throw badRequest('HttpMethod parameter method must be specified for integrationType HTTPPROXY');
}
