// The document of an Integration and its kinds (spec/management-api.md §2.3.1 to §2.3.3).
import type { Input } from '../../wire/operation.ts';
import type { ApiDocument } from '../api/api-document.ts';
import type { Scope } from '../rules.ts';

type Given = Omit<Input<'CreateIntegration'>, 'ApiId'>;

export interface IntegrationDocument extends Given {
  readonly IntegrationId: string;
  readonly ConnectionType: NonNullable<Given['ConnectionType']>;
  readonly PayloadFormatVersion: string;
  readonly TimeoutInMillis: number;
  readonly ApiGatewayManaged?: boolean;
}

export type IntegrationScope = Scope<IntegrationDocument, readonly [ApiDocument]>;

type Member = keyof IntegrationDocument;

/** What an integration of an HTTP API is, by the columns of §2.3.2. */
export type HttpApiKind = 'http' | 'private' | 'lambda' | 'service';

/** Members that a kind does not have: refused when a request gives them, not reported when they are left over from
 *  another kind (§2.3.5). */
export const FOREIGN: Readonly<Record<HttpApiKind, readonly Member[]>> = {
  http: ['IntegrationSubtype', 'ConnectionId'],
  private: ['IntegrationSubtype'],
  lambda: ['ConnectionId'],
  service: ['IntegrationUri', 'ConnectionId'],
};

/** Members that mean something on WebSocket APIs only. */
const WEBSOCKET_ONLY: readonly Member[] = [
  'ContentHandlingStrategy',
  'PassthroughBehavior',
  'RequestTemplates',
  'TemplateSelectionExpression',
];

/** Members that a kind takes and drops: those of WebSocket APIs (§8.10), and TLS settings where no VPC link leads
 *  (§2.3.2). */
export const DROPPED: Readonly<Record<HttpApiKind, readonly Member[]>> = {
  http: [...WEBSOCKET_ONLY, 'TlsConfig'],
  private: WEBSOCKET_ONLY,
  lambda: [...WEBSOCKET_ONLY, 'TlsConfig'],
  service: [...WEBSOCKET_ONLY, 'TlsConfig'],
};

/** Members that mean something on HTTP APIs only: refused on WebSocket APIs (§8.11). */
export const HTTP_ONLY = [
  'ResponseParameters',
  'IntegrationSubtype',
  'TlsConfig',
] as const satisfies readonly Member[];

export function httpApiKind(
  integration: Pick<
    Partial<IntegrationDocument>,
    'IntegrationType' | 'IntegrationSubtype' | 'ConnectionType'
  >,
): HttpApiKind {
  if (integration.IntegrationType === 'HTTP_PROXY') {
    return integration.ConnectionType === 'VPC_LINK' ? 'private' : 'http';
  }
  return integration.IntegrationSubtype === undefined ? 'lambda' : 'service';
}

/** An integration as clients see it. */
export function printIntegration(document: IntegrationDocument, protocolType: string): object {
  const left = new Map<string, unknown>(Object.entries(document));
  if (protocolType === 'HTTP') {
    const kind = httpApiKind(document);
    for (const member of [...FOREIGN[kind], ...DROPPED[kind]]) left.delete(member);
    if (kind === 'service') left.delete('IntegrationMethod');
    return Object.fromEntries(left);
  }
  const type = document.IntegrationType;
  if (document.ConnectionType !== 'VPC_LINK') left.delete('ConnectionId');
  if (type === 'MOCK') for (const member of ['IntegrationUri', 'IntegrationMethod']) left.delete(member);
  const expression = RESPONSE_SELECTION[type];
  if (expression !== undefined) left.set('IntegrationResponseSelectionExpression', expression);
  return Object.fromEntries(left);
}

/** What chooses the integration response of non-proxy integrations; clients cannot set it (§2.3.3). */
const RESPONSE_SELECTION: Readonly<Partial<Record<IntegrationDocument['IntegrationType'], string>>> = {
  AWS: `\${integration.response.body.errorMessage}`,
  HTTP: `\${integration.response.statuscode}`,
  MOCK: `\${integration.response.statuscode}`,
};
