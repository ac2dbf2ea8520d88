// What calls the functions of a stack (spec/definitions.md §7.1.2, §7.6): the routes and authorizers that its APIs have, whichever way
// they were defined.
import { apiKeyOf, authorizersOf, integrationsOf, routesOf, stagesOf } from '../../../config/keys.ts';
import { type FunctionArn, parseFunctionUri } from '../../../grammar/arn.ts';
import { partitionOf, printExecutionArn } from '../../../grammar/management-arn.ts';
import { parseRouteTarget } from '../../../grammar/route-target.ts';
import type { Context } from '../../context.ts';
import { listAll } from '../../document-list.ts';

export interface FunctionCall {
  readonly function: FunctionArn;
  /** What names it, as it is stored. */
  readonly uri: string;
  readonly apiId: string;
  /** `GET /pets`, `authorizer j` */
  readonly from: string;
  /** Whether a role is named that calls it. */
  readonly hasRole: boolean;
  /** What permissions are compared with: the ARN that Lambda is called for, of every stage and method. */
  readonly sourceArns: readonly string[];
}

/** A JWT authorizer. */
export interface TrustedIssuer {
  readonly authorizer: string;
  readonly issuer: string;
}

export interface ApiCalls {
  readonly calls: readonly FunctionCall[];
  readonly issuers: readonly TrustedIssuer[];
}

type Member = { readonly [name: string]: unknown };

export async function callsOfApi(context: Context, apiId: string): Promise<ApiCalls> {
  const { tx, account, region } = context;
  const key = apiKeyOf(context, apiId);
  const [routes, integrations, authorizers, stages] = (await Promise.all(
    [routesOf(key), integrationsOf(key), authorizersOf(key), stagesOf(key)].map((each) =>
      listAll<Member>(tx, each),
    ),
  )) as [readonly Member[], readonly Member[], readonly Member[], readonly Member[]];
  const byId = new Map(integrations.map((each) => [String(each.IntegrationId), each]));
  const names = stages.length === 0 ? ['$default'] : stages.map(({ StageName }) => String(StageName));
  const arnOf = (path: string): string =>
    printExecutionArn({ partition: partitionOf(region), region, account, apiId, path });
  const calls: FunctionCall[] = [];
  for (const { RouteKey, Target } of routes) {
    const integration = byId.get(parseRouteTarget(String(Target)) ?? '');
    const called = functionOf(integration?.IntegrationUri);
    if (called === undefined) continue;
    const paths = pathsOf(String(RouteKey));
    calls.push({
      function: called,
      uri: String(integration?.IntegrationUri),
      apiId,
      from: String(RouteKey),
      hasRole: integration?.CredentialsArn !== undefined,
      sourceArns: names.flatMap((stage) => paths.map((path) => arnOf(`/${stage}/${path}`))),
    });
  }
  for (const { AuthorizerId, AuthorizerUri, AuthorizerCredentialsArn, Name } of authorizers) {
    const called = functionOf(AuthorizerUri);
    if (called === undefined) continue;
    const sourceArns = [arnOf(`/authorizers/${AuthorizerId}`)];
    const hasRole = AuthorizerCredentialsArn !== undefined;
    const uri = String(AuthorizerUri);
    calls.push({ function: called, uri, apiId, from: `authorizer ${Name}`, hasRole, sourceArns });
  }
  return { calls, issuers: authorizers.flatMap(issuerOf) };
}

function issuerOf({ Name, JwtConfiguration }: Member): readonly TrustedIssuer[] {
  const issuer = (JwtConfiguration as Member | undefined)?.Issuer;
  return typeof issuer === 'string' ? [{ authorizer: String(Name), issuer }] : [];
}

/** Undefined for what is no function, or has stage variables in it. */
function functionOf(uri: unknown): FunctionArn | undefined {
  if (typeof uri !== 'string') return undefined;
  try {
    return parseFunctionUri(uri).function;
  } catch {
    return undefined;
  }
}

/** `GET/pets/{id}`, `$default`, `sendMessage`; a route of any method is called with each. */
function pathsOf(routeKey: string): readonly string[] {
  const [method, path] = routeKey.split(' ');
  if (path === undefined) return [routeKey];
  return method === 'ANY' ? [`ANY${path}`, `GET${path}`, `POST${path}`] : [`${method}${path}`];
}

const MAX_LISTED = 10;

/** Routes, authorizers or other names, as a finding has them. */
export function listedNames(names: readonly string[]): string {
  if (names.length <= MAX_LISTED) return names.join(', ');
  return `${names.slice(0, MAX_LISTED).join(', ')} and ${names.length - MAX_LISTED} more`;
}
