// What `privateTargets:` of the configuration file says: where a listener's or Cloud Map service's requests go.

export interface PrivateTargetSettings {
  /** The ARN as integrations name it, of a Cloud Map service with or without the query; or `vpclink/{id}`. */
  readonly arn: string;
  readonly source: TargetSource;
  readonly healthCheck: HealthCheckSettings | undefined;
}

export type TargetSource =
  | { readonly kind: 'static'; readonly targets: readonly StaticTarget[] }
  /** A and AAAA records, one port for all. */
  | {
      readonly kind: 'addresses';
      readonly name: string;
      readonly port: number;
      readonly lookup: LookupSettings;
    }
  /** SRV records: `_http._tcp.orders.internal`. */
  | { readonly kind: 'services'; readonly name: string; readonly lookup: LookupSettings }
  /** DiscoverInstances of AWS Cloud Map. */
  | { readonly kind: 'cloudMap'; readonly refreshMillis: number };

export interface StaticTarget {
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  /** What the query of a Cloud Map service's ARN selects by. */
  readonly attributes: ReadonlyMap<string, string>;
}

export interface LookupSettings {
  /** `127.0.0.1:8600`; the system's when undefined. */
  readonly server: string | undefined;
  readonly refreshMillis: number;
}

export interface HealthCheckSettings {
  readonly protocol: 'http' | 'https' | 'tcp';
  /** Of the request, for http and https. */
  readonly path: string;
  readonly intervalMillis: number;
  readonly timeoutMillis: number;
  /** Passed checks in a row that make an unhealthy target healthy again. */
  readonly healthyThreshold: number;
  /** Failed checks in a row that take a target out. */
  readonly unhealthyThreshold: number;
}
