// Where the APIs of a deploy are, with the routes that they have (spec/definitions.md §1.5, §12.1).

import { apiKeyOf, integrationsOf, routesOf, stagesOf } from '../../../config/keys.ts';
import type { Endpoint } from '../../../definitions/deploy-answer.ts';
import { API, FUNCTION } from '../../../definitions/type-names.ts';
import { parseRouteTarget } from '../../../grammar/route-target.ts';
import type { Context } from '../../context.ts';
import { listAll } from '../../document-list.ts';
import type { Deployment } from '../deployment.ts';
import type { StackRun } from '../stack-run.ts';

/** One for each stage of the APIs that are of the stacks. */
export async function endpointsOf(
  { context }: Deployment,
  runs: readonly StackRun[],
): Promise<readonly Endpoint[]> {
  const endpoints: Endpoint[] = [];
  const functions = functionsOf(runs);
  for (const { stack, written } of runs) {
    for (const { LogicalId, Type, PhysicalId } of written.values()) {
      if (Type !== API) continue;
      const logicalId = stack.source.prefix + LogicalId;
      endpoints.push(...(await endpointsOfApi(context, logicalId, PhysicalId, functions)));
    }
  }
  return endpoints;
}

/** Logical ids by ARN. */
function functionsOf(runs: readonly StackRun[]): ReadonlyMap<string, string> {
  const resources = runs.flatMap(({ stack, written }) =>
    Array.from(written.values(), (document) => ({ document, prefix: stack.source.prefix })),
  );
  return new Map(
    resources
      .filter(({ document }) => document.Type === FUNCTION)
      .map(({ document, prefix }) => [document.Attributes.Arn!, prefix + document.LogicalId]),
  );
}

async function endpointsOfApi(
  context: Context,
  logicalId: string,
  apiId: string,
  functions: ReadonlyMap<string, string>,
): Promise<readonly Endpoint[]> {
  const { tx } = context;
  const key = apiKeyOf(context, apiId);
  const api = await tx.get(key);
  if (api === undefined) return [];
  const protocolType = api.ProtocolType as Endpoint['protocolType'];
  const base = context.endpoint(apiId, protocolType).replace(/\/$/, '');
  const integrations = new Map(
    (await listAll(tx, integrationsOf(key))).map((each) => [String(each.IntegrationId), each]),
  );
  const routes = (await listAll(tx, routesOf(key))).map(({ RouteKey, Target }) => ({
    key: String(RouteKey),
    target: targetText(integrations.get(parseRouteTarget(String(Target)) ?? ''), functions),
  }));
  const stages = await listAll<{ readonly StageName: string }>(tx, stagesOf(key));
  return stages.map(({ StageName: stage }) => {
    const url = stage === '$default' ? `${base}/` : `${base}/${stage}`;
    return { logicalId, apiId, protocolType, stage, url, routes };
  });
}

/** The function by its logical id, or what else is called. */
function targetText(
  integration: { readonly [member: string]: unknown } | undefined,
  functions: ReadonlyMap<string, string>,
): string {
  if (integration === undefined) return 'nothing';
  const { IntegrationUri: uri, IntegrationSubtype: subtype, IntegrationType: type } = integration;
  if (typeof uri !== 'string') return String(subtype ?? type);
  for (const [arn, id] of functions)
    if (uri === arn || uri.includes(`${arn}/`) || uri.includes(`${arn}:`)) return id;
  return uri;
}
