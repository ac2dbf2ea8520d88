// What is stored and answered by the management API but does nothing in this release (decision 0016). `postern doctor` prints it
// for a store, the overview of the console shows it; docs/compatibility.md says the same for the product.

import {
  API_INDEX,
  apiKeyOf,
  authorizersOf,
  integrationsOf,
  type Place,
  routesOf,
  stagesOf,
} from '../config/keys.ts';
import type { Sections } from '../settings/sections.ts';
import type { Document, ReadTransaction } from '../store/store.ts';

export interface Finding {
  /** `API pets (a1b2c3d4e5), stage prod`, with account and region in front when there are several. */
  readonly where: string;
  /** The member, in API Gateway's words. */
  readonly what: string;
  /** What happens instead. */
  readonly effect: string;
}

/** An API with everything below it. */
export interface StoredApi {
  readonly account: string;
  readonly region: string;
  readonly api: Document;
  readonly routes: readonly Document[];
  readonly integrations: readonly Document[];
  readonly authorizers: readonly Document[];
  readonly stages: readonly Document[];
}

/** Every API of every account and region. */
export async function readApis(tx: ReadTransaction): Promise<StoredApi[]> {
  const apis: StoredApi[] = [];
  for (const { key, document } of (await tx.list(API_INDEX)).entries) {
    const owner = { account: String(document.Account), region: String(document.Region) };
    const stored = await readApi(tx, owner, key.at(-1)!);
    if (stored !== undefined) apis.push(stored);
  }
  return apis;
}

/** One API; undefined where it is not there. */
export async function readApi(
  tx: ReadTransaction,
  owner: Place,
  apiId: string,
): Promise<StoredApi | undefined> {
  const apiKey = apiKeyOf(owner, apiId);
  const api = await tx.get(apiKey);
  if (api === undefined) return undefined;
  const collections = [routesOf, integrationsOf, authorizersOf, stagesOf].map((of) => of(apiKey));
  const [routes, integrations, authorizers, stages] = (await tx.lists(collections)).map((entries) =>
    entries.map(({ document }) => document),
  ) as [Document[], Document[], Document[], Document[]];
  return { ...owner, api, routes, integrations, authorizers, stages };
}

/** What of these APIs is configured and has no effect. `identities` are those of `credentials`. */
export function withoutEffect(
  apis: readonly StoredApi[],
  sections: Sections,
  identities: readonly { readonly accountId: string }[],
): Finding[] {
  const scopes = new Set(apis.map(({ account, region }) => `${account} ${region}`));
  return apis.flatMap((stored) => {
    const scope = scopes.size > 1 ? `${stored.account} ${stored.region}, ` : '';
    const where = `${scope}API ${String(stored.api.Name)} (${String(stored.api.ApiId)})`;
    const hasCallers = identities.some(({ accountId }) => accountId === stored.account);
    return findingsOf(stored, sections, hasCallers).map(([place, what, effect]) => ({
      where: `${where}${place}`,
      what,
      effect,
    }));
  });
}

/** Place behind the API, what, effect. */
type Found = readonly [place: string, what: string, effect: string];

function findingsOf(stored: StoredApi, sections: Sections, hasCallers: boolean): Found[] {
  const { account, api, routes, integrations, authorizers, stages } = stored;
  const isWebSocket = api.ProtocolType === 'WEBSOCKET';
  return [
    ...(api.IpAddressType === 'dualstack'
      ? [['', 'IpAddressType dualstack', 'the server listens where its settings say'] as const]
      : []),
    ...(api.DisableSchemaValidation === true
      ? [['', 'DisableSchemaValidation', 'models are checked when they are written'] as const]
      : []),
    ...routes.flatMap((route) => (hasCallers ? [] : routeFindings(route, account))),
    ...(isWebSocket ? routes.flatMap((route) => apiKeyFindings(route, String(api.ApiId), sections)) : []),
    ...integrations
      .filter(({ IntegrationType }) => !isWebSocket || String(IntegrationType).startsWith('AWS'))
      .flatMap((integration) => integrationFindings(integration, sections)),
    ...authorizers.flatMap((authorizer) => authorizerFindings(authorizer, sections)),
    ...stages.flatMap((stage) => stageFindings(stage, routes)),
  ];
}

function routeFindings(route: Document, account: string): Found[] {
  if (route.AuthorizationType !== 'AWS_IAM') return [];
  const effect = `no credentials of account ${account} are configured, so requests are refused with 403`;
  return [[`, route ${String(route.RouteKey)}`, 'AuthorizationType AWS_IAM', effect]];
}

/** spec/websocket-api.md §2.7. */
function apiKeyFindings({ RouteKey, ApiKeyRequired }: Document, apiId: string, sections: Sections): Found[] {
  if (ApiKeyRequired !== true) return [];
  const place = `, route ${String(RouteKey)}`;
  if (RouteKey !== '$connect') return [[place, 'ApiKeyRequired', 'only $connect asks for a key']];
  const isGood = sections.apiKeys.some(
    ({ isEnabled, stages }) =>
      isEnabled && stages.some((stage) => stage === '*' || stage.startsWith(`${apiId}:`)),
  );
  if (isGood) return [];
  return [[place, 'ApiKeyRequired', 'apiKeys has no key for the API, so connects are refused with 403']];
}

function authorizerFindings(authorizer: Document, sections: Sections): Found[] {
  const place = `, authorizer ${String(authorizer.Name)}`;
  const { AuthorizerCredentialsArn, AuthorizerUri, IdentityValidationExpression } = authorizer;
  const found: Found[] = [];
  if (IdentityValidationExpression !== undefined) {
    found.push([place, 'IdentityValidationExpression', 'HTTP APIs do not use it']);
  }
  if (AuthorizerCredentialsArn === undefined || sections.assumeRoles === true) return found;
  if (isLocal(AuthorizerUri, sections)) return found;
  return [...found, [place, `AuthorizerCredentialsArn ${String(AuthorizerCredentialsArn)}`, OWN_CREDENTIALS]];
}

const OWN_CREDENTIALS =
  'the AWS SDK’s own credentials are used instead, unless AWS_ENDPOINT_URL_STS or assumeRoles: true is set';

function integrationFindings(integration: Document, sections: Sections): Found[] {
  const { privateTargets, assumeRoles } = sections;
  const place = `, integration ${String(integration.IntegrationId)}`;
  const { IntegrationType, IntegrationSubtype, ConnectionType } = integration;
  if (IntegrationType === 'AWS_PROXY' || IntegrationType === 'AWS') {
    if (IntegrationType === 'AWS' && integration.CredentialsArn === undefined) return [];
    const isLambda = IntegrationSubtype === undefined;
    if (
      isLambda &&
      (integration.CredentialsArn === undefined || isLocal(integration.IntegrationUri, sections))
    )
      return [];
    const what = `CredentialsArn ${String(integration.CredentialsArn)}`;
    if (isLambda && what.endsWith(':user/*')) {
      return [[place, what, 'functions cannot be called as the client: its routes answer 500']];
    }
    if (assumeRoles === true) return [];
    return [[place, what, OWN_CREDENTIALS]];
  }
  if (ConnectionType === 'VPC_LINK') {
    const uri = String(integration.IntegrationUri);
    const leads = uri.includes(':servicediscovery:') || privateTargets.some(({ arn }) => arn === uri);
    if (leads) return [];
    return [[place, `IntegrationUri ${uri}`, 'privateTargets has no targets for it: its routes answer 503']];
  }
  return IntegrationType === 'HTTP_PROXY'
    ? []
    : [[place, `IntegrationType ${String(IntegrationType)}`, 'it does not run: its routes answer 500']];
}

/** Whether the function is one of `functions:`, which ask nobody for credentials. */
function isLocal(functionUri: unknown, { functions }: Sections): boolean {
  const uri = String(functionUri);
  const name = /:function:([A-Za-z0-9_-]+)/.exec(uri)?.[1];
  return functions.some(
    ({ key }) => key.split(':')[0] === name || (key.startsWith('arn:') && uri.includes(key)),
  );
}

function stageFindings(stage: Document, routes: readonly Document[]): Found[] {
  const place = `, stage ${String(stage.StageName)}`;
  const found: Found[] = [];
  if (stage.ClientCertificateId !== undefined) {
    found.push([place, 'ClientCertificateId', 'backends are shown no client certificate']);
  }
  const keys = new Set(routes.map(({ RouteKey }) => RouteKey));
  for (const key of Object.keys((stage.RouteSettings ?? {}) as Document)) {
    if (!keys.has(key)) found.push([place, `RouteSettings of ${key}`, 'no route has this key']);
  }
  return found;
}
