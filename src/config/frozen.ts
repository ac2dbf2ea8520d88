// What a deployment freezes: the API's documents as they were stored (decision 0008).

type Document = { readonly [member: string]: unknown };

/** Stored below the deployment (`frozenKey`). Each list is in creation order. */
export interface FrozenApi {
  readonly Api: Document;
  readonly Routes: readonly Document[];
  readonly Integrations: readonly Document[];
  /** Not in what was frozen before there were any. */
  readonly Authorizers?: readonly Document[];
  /** Of WebSocket APIs. Each has the IntegrationId it belongs to. */
  readonly IntegrationResponses?: readonly Document[];
  /** Each has the RouteId it belongs to. */
  readonly RouteResponses?: readonly Document[];
  readonly Models?: readonly Document[];
}

/** What an OpenAPI definition says of routes, and API Gateway ignores: kept beside the API that it was imported to, and beside
 *  what a deployment froze of that (spec/openapi.md Choice O52). Portals show it. */
export interface ApiDocumentation {
  /** By RouteId: members of OpenAPI operations, such as `summary`. */
  readonly Routes: { readonly [routeId: string]: object };
  /** The component schemas that they refer to, by name. */
  readonly Schemas: Document;
}
