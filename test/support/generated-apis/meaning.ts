// What an export and its import must have in common: §10.10(2) of spec/openapi.md.
import type { ExportedApi, ExportedIntegration } from '../../../src/openapi/export/exported-api.ts';

/** The API without ids, and without the order in which its parts are stored. An API without version is what its export says. */
export function meaningOf({ api, routes, integrations, authorizers }: ExportedApi, stamp: string): object {
  const names = new Map(authorizers.map((each) => [each.AuthorizerId, each.Name]));
  const targets = new Map(integrations.map((each) => [`integrations/${each.IntegrationId}`, each]));
  return {
    api: { ...api, Version: api.Version ?? stamp },
    authorizers: new Map(authorizers.map(({ AuthorizerId, ...rest }) => [rest.Name, rest])),
    routes: new Map(
      routes.map((route) => [
        route.RouteKey,
        {
          name: route.OperationName,
          type: route.AuthorizationType,
          scopes: route.AuthorizationScopes,
          authorizer: names.get(route.AuthorizerId ?? ''),
          integration: withoutId(targets.get(route.Target ?? '')),
        },
      ]),
    ),
  };
}

function withoutId(integration: ExportedIntegration | undefined): object | undefined {
  if (integration === undefined) return undefined;
  const { IntegrationId, ...rest } = integration;
  return rest;
}
