// Routing rules of custom domain names as they are stored (spec/management-api.md §2.12).

export interface RoutingRuleDocument {
  readonly RoutingRuleId: string;
  /** Lowest first, unique per domain. */
  readonly Priority: number;
  /** All of them have to hold; none at all is a catch-all. */
  readonly Conditions: readonly RoutingCondition[];
  /** Exactly one. */
  readonly Actions: readonly RoutingAction[];
}

/** Exactly one of the two members. */
export interface RoutingCondition {
  readonly MatchBasePaths?: { readonly AnyOf: readonly string[] };
  readonly MatchHeaders?: { readonly AnyOf: readonly HeaderMatch[] };
}

export interface HeaderMatch {
  readonly Header: string;
  readonly ValueGlob: string;
}

export interface RoutingAction {
  readonly InvokeApi: { readonly ApiId: string; readonly Stage: string; readonly StripBasePath?: boolean };
}
