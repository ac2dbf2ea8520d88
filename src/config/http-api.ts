// A frozen HTTP API, parsed: stored documents → closed kinds that the compiler cannot get wrong. Everything here was
// refused at write time if it was malformed, so a throw is a defect or a document of another version.
import { type IntegrationUri, parseIntegrationUri } from '../grammar/integration-uri.ts';
import {
  parseRequestMappings,
  parseResponseMappings,
  type RequestChange,
  type ResponseChange,
} from '../grammar/mapping.ts';
import { parseHttpRouteKey, type RouteKey } from '../grammar/route-key.ts';
import type { FrozenApi } from './frozen.ts';

type Document = FrozenApi['Api'];

export type IntegrationConfig =
  | {
      readonly kind: 'http';
      readonly uri: IntegrationUri;
      /** `ANY` or the method of every backend request. */
      readonly method: string;
      readonly requestChanges: readonly RequestChange[];
      readonly responseChanges: ReadonlyMap<number, readonly ResponseChange[]>;
      readonly timeoutInMillis: number;
    }
  /** A kind that is stored but that this release cannot run. */
  | { readonly kind: 'notRun'; readonly what: string };

export interface RouteConfig {
  readonly key: RouteKey;
  readonly keyText: string;
  readonly routeId: string;
  readonly authorizationType: string;
  /** The id in the target; undefined for a route without target. */
  readonly integrationId: string | undefined;
}

export function parseRoute(document: Document): RouteConfig {
  const keyText = String(document.RouteKey);
  const target = document.Target;
  return {
    key: parseHttpRouteKey(keyText),
    keyText,
    routeId: String(document.RouteId),
    authorizationType: String(document.AuthorizationType ?? 'NONE'),
    integrationId: typeof target === 'string' ? target.replace(/^integrations\//, '') : undefined,
  };
}

export function parseIntegration(document: Document): IntegrationConfig {
  const type = String(document.IntegrationType);
  if (type !== 'HTTP_PROXY') {
    const subtype = document.IntegrationSubtype;
    return {
      kind: 'notRun',
      what: typeof subtype === 'string' ? `AWS_PROXY ${subtype}` : `${type} (Lambda)`,
    };
  }
  if (document.ConnectionType === 'VPC_LINK') return { kind: 'notRun', what: 'HTTP_PROXY over a VPC link' };
  return {
    kind: 'http',
    uri: parseIntegrationUri(String(document.IntegrationUri)),
    method: String(document.IntegrationMethod),
    requestChanges: parseRequestMappings((document.RequestParameters ?? {}) as Record<string, string>),
    responseChanges: parseResponseMappings(
      (document.ResponseParameters ?? {}) as Record<string, Record<string, string>>,
    ),
    timeoutInMillis: Number(document.TimeoutInMillis ?? 30_000),
  };
}
