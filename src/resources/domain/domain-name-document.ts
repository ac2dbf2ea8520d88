// A custom domain name as it is stored (spec/management-api.md §2.10.1).
import type { Tags } from '../tags/tag-rules.ts';

export interface DomainNameDocument {
  readonly DomainName: string;
  /** Exactly one. */
  readonly DomainNameConfigurations: readonly DomainNameConfiguration[];
  readonly MutualTlsAuthentication?: MutualTls;
  readonly RoutingMode: RoutingMode;
  readonly ApiMappingSelectionExpression: string;
  readonly Tags: Tags;
}

export type RoutingMode = 'API_MAPPING_ONLY' | 'ROUTING_RULE_ONLY' | 'ROUTING_RULE_THEN_API_MAPPING';

export interface DomainNameConfiguration {
  readonly ApiGatewayDomainName?: string;
  readonly CertificateArn?: string;
  readonly CertificateName?: string;
  readonly CertificateUploadDate?: string;
  readonly DomainNameStatus?: string;
  readonly DomainNameStatusMessage?: string;
  readonly EndpointType?: string;
  readonly HostedZoneId?: string;
  readonly IpAddressType?: string;
  readonly OwnershipVerificationCertificateArn?: string;
  readonly SecurityPolicy?: string;
}

export interface MutualTls {
  /** `s3://bucket/key`. */
  readonly TruststoreUri?: string;
  readonly TruststoreVersion?: string;
  readonly TruststoreWarnings?: readonly string[];
}
