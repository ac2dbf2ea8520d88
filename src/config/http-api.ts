// A frozen HTTP API, parsed: stored documents → closed kinds that the compiler cannot get wrong. Everything here was
// refused at write time if it was malformed, so a throw is a defect or a document of another version.
import { type PrivateTarget, parsePrivateTarget } from '../grammar/arn.ts';
import { type IntegrationUri, parseIntegrationUri } from '../grammar/integration-uri.ts';
import {
  parseRequestMappings,
  parseResponseMappings,
  type RequestChange,
  type ResponseChange,
} from '../grammar/mapping.ts';
import type { MappingValue } from '../grammar/mapping-value.ts';
import { parseHttpRouteKey, type RouteKey } from '../grammar/route-key.ts';
import { parseRouteTarget } from '../grammar/route-target.ts';
import { parseServiceValue } from '../grammar/service-value.ts';
import type { FrozenApi } from './frozen.ts';

type Document = FrozenApi['Api'];

/** What every kind of integration has. */
interface Mapped {
  readonly responseChanges: ReadonlyMap<number, readonly ResponseChange[]>;
  readonly timeoutInMillis: number;
}

interface RequestMapped extends Mapped {
  readonly requestChanges: readonly RequestChange[];
}

/** By the columns of spec/management-api.md §2.3.2. */
export type IntegrationConfig =
  | HttpIntegrationConfig
  | PrivateIntegrationConfig
  | LambdaIntegrationConfig
  | ServiceIntegrationConfig;

export interface HttpIntegrationConfig extends RequestMapped {
  readonly kind: 'http';
  readonly uri: IntegrationUri;
  /** `ANY` or the method of every backend request. */
  readonly method: string;
}

export interface PrivateIntegrationConfig extends RequestMapped {
  readonly kind: 'private';
  readonly vpcLinkId: string;
  readonly target: PrivateTarget;
  readonly method: string;
  /** Of TlsConfig, with which backends are called by HTTPS (spec/http-api.md §3.5). */
  readonly serverNameToVerify: string | undefined;
}

export interface LambdaIntegrationConfig extends RequestMapped {
  readonly kind: 'lambda';
  /** With stage variables still in it. */
  readonly uri: string;
  readonly payloadFormatVersion: '1.0' | '2.0';
  /** With stage variables still in it. */
  readonly credentialsArn: string | undefined;
}

export interface ServiceIntegrationConfig extends Mapped {
  readonly kind: 'service';
  /** `SQS-SendMessage`. */
  readonly subtype: string;
  readonly parameters: ReadonlyMap<string, MappingValue>;
  /** With stage variables still in it. */
  readonly credentialsArn: string;
}

export type AuthorizerConfig = JwtAuthorizerConfig | RequestAuthorizerConfig;

export interface JwtAuthorizerConfig {
  readonly kind: 'jwt';
  readonly authorizerId: string;
  readonly name: string;
  readonly issuer: string;
  readonly audience: readonly string[];
  /** `$request.header.Authorization`. */
  readonly identitySource: string;
}

export interface RequestAuthorizerConfig {
  readonly kind: 'request';
  readonly authorizerId: string;
  readonly name: string;
  /** With stage variables still in it. */
  readonly uri: string;
  readonly credentialsArn: string | undefined;
  readonly payloadFormatVersion: '1.0' | '2.0';
  /** 0: results are not cached. */
  readonly ttlInSeconds: number;
  readonly simpleResponses: boolean;
  readonly identitySources: readonly string[];
}

export interface RouteConfig {
  readonly key: RouteKey;
  readonly keyText: string;
  readonly routeId: string;
  /** `NONE`, `JWT`, `CUSTOM` or `AWS_IAM`. */
  readonly authorizationType: string;
  readonly authorizerId: string | undefined;
  readonly authorizationScopes: readonly string[];
  /** The id in the target; undefined for a route without target. */
  readonly integrationId: string | undefined;
}

export function parseRoute(document: Document): RouteConfig {
  const keyText = String(document.RouteKey);
  const target = optionalText(document.Target);
  return {
    key: parseHttpRouteKey(keyText),
    keyText,
    routeId: String(document.RouteId),
    authorizationType: String(document.AuthorizationType ?? 'NONE'),
    authorizerId: optionalText(document.AuthorizerId),
    authorizationScopes: (document.AuthorizationScopes ?? []) as readonly string[],
    integrationId: target && parseRouteTarget(target),
  };
}

export function parseIntegration(document: Document): IntegrationConfig {
  const mapped = {
    responseChanges: parseResponseMappings(
      (document.ResponseParameters ?? {}) as Record<string, Record<string, string>>,
    ),
    timeoutInMillis: Number(document.TimeoutInMillis ?? 30_000),
  };
  const parameters = (document.RequestParameters ?? {}) as Record<string, string>;
  const credentialsArn = optionalText(document.CredentialsArn);
  if (typeof document.IntegrationSubtype === 'string') {
    const values = Object.entries(parameters).map(
      ([name, value]) => [name, parseServiceValue(value)] as const,
    );
    return {
      ...mapped,
      kind: 'service',
      subtype: document.IntegrationSubtype,
      parameters: new Map(values),
      credentialsArn: String(credentialsArn),
    };
  }
  const requestChanges = parseRequestMappings(parameters);
  const uri = String(document.IntegrationUri);
  if (document.IntegrationType === 'AWS_PROXY') {
    const payloadFormatVersion = document.PayloadFormatVersion === '1.0' ? '1.0' : '2.0';
    return { ...mapped, kind: 'lambda', requestChanges, uri, payloadFormatVersion, credentialsArn };
  }
  const method = String(document.IntegrationMethod);
  if (document.ConnectionType !== 'VPC_LINK') {
    return { ...mapped, kind: 'http', requestChanges, uri: parseIntegrationUri(uri), method };
  }
  const tls = document.TlsConfig as { ServerNameToVerify?: string } | undefined;
  return {
    ...mapped,
    kind: 'private',
    requestChanges,
    vpcLinkId: String(document.ConnectionId),
    target: parsePrivateTarget(uri),
    method,
    serverNameToVerify: tls?.ServerNameToVerify,
  };
}

export function parseAuthorizer(document: Document): AuthorizerConfig {
  const authorizerId = String(document.AuthorizerId);
  const name = String(document.Name);
  const identitySources = (document.IdentitySource ?? []) as readonly string[];
  if (document.AuthorizerType === 'JWT') {
    const { Issuer, Audience } = document.JwtConfiguration as { Issuer: string; Audience: string[] };
    const identitySource = identitySources[0]!;
    return { kind: 'jwt', authorizerId, name, issuer: Issuer, audience: Audience, identitySource };
  }
  return {
    kind: 'request',
    authorizerId,
    name,
    uri: String(document.AuthorizerUri),
    credentialsArn: optionalText(document.AuthorizerCredentialsArn),
    payloadFormatVersion: document.AuthorizerPayloadFormatVersion === '1.0' ? '1.0' : '2.0',
    ttlInSeconds: Number(document.AuthorizerResultTtlInSeconds ?? 0),
    simpleResponses: document.EnableSimpleResponses === true,
    identitySources,
  };
}

function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
