// Custom domain names, API mappings and routing rules as they are stored, read for the gateway (spec/http-api.md §1.4 to
// §1.6; management-api.md §2.10 to §2.12).
import type { HeaderMatch, RoutingRuleDocument } from './routing-rule.ts';

type Document = { readonly [member: string]: unknown };

export interface DomainConfig {
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  /** What a TLS listener has to know. */
  readonly tls: DomainTls;
  readonly usesRules: boolean;
  readonly usesMappings: boolean;
  readonly mappings: readonly MappingConfig[];
  readonly rules: readonly RuleConfig[];
}

export interface DomainTls {
  readonly certificateArn: string;
  /** `TLS_1_2`. */
  readonly securityPolicy: string;
  /** With it the domain has mutual TLS. */
  readonly truststore: { readonly uri: string; readonly version: string | undefined } | undefined;
}

export interface MappingConfig {
  readonly id: string;
  readonly apiId: string;
  readonly stage: string;
  /** Empty for the whole domain. */
  readonly key: string;
}

export interface RuleConfig {
  readonly id: string;
  readonly priority: number;
  readonly apiId: string;
  readonly stage: string;
  readonly headers: readonly HeaderMatch[];
  readonly basePath: string | undefined;
  readonly stripsBasePath: boolean;
}

/** The documents of one domain. */
export interface DomainDocuments {
  readonly accountId: string;
  readonly region: string;
  readonly domain: Document;
  readonly mappings: readonly Document[];
  readonly rules: readonly Document[];
}

export function parseDomain({ accountId, region, domain, mappings, rules }: DomainDocuments): DomainConfig {
  const mode = String(domain.RoutingMode);
  return {
    name: String(domain.DomainName),
    accountId,
    region,
    tls: parseTls(domain),
    usesRules: mode !== 'API_MAPPING_ONLY',
    usesMappings: mode !== 'ROUTING_RULE_ONLY',
    mappings: mappings.map(parseMapping),
    rules: rules.map(parseRule),
  };
}

function parseTls({ DomainNameConfigurations, MutualTlsAuthentication }: Document): DomainTls {
  const [configuration = {}] = DomainNameConfigurations as readonly Document[];
  const mutual = MutualTlsAuthentication as
    | { readonly TruststoreUri: string; readonly TruststoreVersion?: string }
    | undefined;
  return {
    certificateArn: String(configuration.CertificateArn),
    securityPolicy: String(configuration.SecurityPolicy),
    truststore: mutual && { uri: mutual.TruststoreUri, version: mutual.TruststoreVersion },
  };
}

function parseMapping({ ApiMappingId, ApiId, Stage, ApiMappingKey }: Document): MappingConfig {
  return {
    id: String(ApiMappingId),
    apiId: String(ApiId),
    stage: String(Stage),
    key: String(ApiMappingKey ?? ''),
  };
}

function parseRule(document: Document): RuleConfig {
  const { RoutingRuleId, Priority, Conditions, Actions } = document as unknown as RoutingRuleDocument;
  const { ApiId, Stage, StripBasePath } = Actions[0]!.InvokeApi;
  return {
    id: RoutingRuleId,
    priority: Priority,
    apiId: ApiId,
    stage: Stage,
    headers: Conditions.flatMap(({ MatchHeaders }) => MatchHeaders?.AnyOf ?? []),
    basePath: Conditions.flatMap(({ MatchBasePaths }) => MatchBasePaths?.AnyOf ?? [])[0],
    stripsBasePath: StripBasePath === true,
  };
}
