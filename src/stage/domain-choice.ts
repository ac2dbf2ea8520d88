// What led from a custom domain to a stage (spec/http-api.md §1.5, §1.6): one value a mapping or rule, made when the
// domain is compiled.

export interface DomainChoice {
  /** As configured: `*.example.com`. */
  readonly domainName: string;
  readonly kind: 'mapping' | 'rule';
  /** ApiMappingId or RoutingRuleId. */
  readonly id: string;
  readonly apiId: string;
  readonly stage: string;
  /** The mapping key or the rule's base path, without slashes around it; empty for none. */
  readonly basePath: string;
  /** How many characters it takes off the path, its slash included. */
  readonly taken: number;
}
