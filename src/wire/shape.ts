// The words the generated model is written in: shapes of values on the wire and the operations that carry them
// (decision 0006; spec/management-api.md §1.2).

/** What a value is. `values` closes a string to an enum. */
export type Shape =
  | { readonly kind: 'string'; readonly values?: readonly string[] }
  | { readonly kind: 'boolean' | 'integer' | 'double' | 'timestamp' | 'blob' }
  | { readonly kind: 'list'; readonly item: Shape }
  | { readonly kind: 'map'; readonly value: Shape }
  | Structure;

export interface Structure {
  readonly kind: 'structure';
  readonly name: string;
  readonly members: readonly Member[];
}

export interface Member {
  /** The SDK's name, as in documents: `RouteKey`. */
  readonly name: string;
  /** The name on the wire, in JSON or in the query: `routeKey`. */
  readonly jsonName: string;
  readonly shape: Shape;
  readonly required: boolean;
}

/** One operation and where its members travel. */
export interface OperationModel<Name extends string> {
  readonly name: Name;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/v2/apis/{ApiId}/routes/{RouteId}`: labels carry the names of their members. */
  readonly path: string;
  /** The status of success. */
  readonly status: number;
  /** Changes nothing. */
  readonly reads: boolean;
  /** Members of the path, in path order; all are required strings. */
  readonly labels: readonly string[];
  readonly query: readonly Member[];
  readonly body: readonly Member[];
  readonly output: readonly Member[];
  /** The output member that is the whole reply body, not JSON. */
  readonly payload: string | undefined;
}
