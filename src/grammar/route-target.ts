// Targets of routes: `integrations/{IntegrationId}` (spec/management-api.md §2.2.2).

const TARGET = /^integrations\/([^/]+)$/;

/** The integration's id; undefined for what is no target. */
export function parseRouteTarget(text: string): string | undefined {
  return TARGET.exec(text)?.[1];
}

export function printRouteTarget(integrationId: string): string {
  return `integrations/${integrationId}`;
}
