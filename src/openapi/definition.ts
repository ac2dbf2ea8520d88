// What an OpenAPI document defines, as the rules of resources take it: members under their wire names (`IntegrationUri`), in
// the order in which resources are made, with what is to be said about the document. Nothing here was asked of the store:
// whether a rule refuses a member shows when the definition is applied (spec/openapi.md §13).

/** Members of an input of the management API under their wire names, as far as the document gives them. */
export type GivenMembers = { readonly [member: string]: unknown };

/** Something to say about a place of the document. */
export interface Line {
  readonly text: string;
  /** Offset in the text (node.ts). */
  readonly offset: number;
}

/** A document that is an error: 400 BadRequestException with this message (spec/openapi.md §5.5). */
export class DefinitionError extends Error {
  readonly offset: number;
  /** What exactly is wrong and what would be right, for people: the message is AWS's and says less. */
  readonly detail: string | undefined;

  constructor(message: string, offset: number, detail?: string) {
    super(message);
    this.offset = offset;
    this.detail = detail;
  }
}

export interface Definition {
  /** `Name`, `Description`, `Version`, `DisableExecuteApiEndpoint`, `IpAddressType`: those that the document has. */
  readonly api: GivenMembers;
  readonly apiOffset: number;
  /** CorsConfiguration with the members that the document has, or what stands there instead of an object; undefined without the
   *  extension or a known member. */
  readonly cors: { readonly given: unknown; readonly offset: number } | undefined;
  /** In document order; the last of one key counts. */
  readonly tags: readonly DefinedTag[];
  readonly authorizers: readonly DefinedAuthorizer[];
  readonly operations: readonly DefinedOperation[];
  /** Info lines, in order (Choice O27). */
  readonly info: readonly Line[];
  /** What the document alone gives reason to warn of: parse issues, root security, servers (§13 step 13, in this order). */
  readonly warnings: readonly Line[];
  /** Component schemas that kept operations refer to, by name (Choice O52). */
  readonly schemas: { readonly [name: string]: unknown };
}

export interface DefinedTag {
  readonly key: string;
  /** A text, unless the document has something else there, for the rules to refuse. */
  readonly value: unknown;
  readonly offset: number;
}

export interface DefinedAuthorizer {
  readonly name: string;
  /** Of CreateAuthorizer, or why there is none (`Unsupported authorizer type: token`). */
  readonly given: GivenMembers | { readonly refusal: string };
  readonly offset: number;
}

/** Characters of an OperationName; a longer one is left out (Choice O33). */
export const MAX_OPERATION_NAME = 64;

export interface DefinedOperation {
  /** `GET /pets/{petId}`, base path included; not checked. */
  readonly routeKey: string;
  readonly offset: number;
  /** OperationName; undefined also where it is too long (Choice O33). */
  readonly operationName: string | undefined;
  readonly authorization: DefinedAuthorization;
  /** Undefined: the route has no target. */
  readonly integration: DefinedIntegration | undefined;
  /** The parts of the operation that make nothing and that portals show, as plain data; undefined when it has none. */
  readonly documentation: object | undefined;
}

export type DefinedAuthorization =
  | { readonly kind: 'none' }
  | { readonly kind: 'iam'; readonly scopes: readonly string[] }
  /** The authorizer's entry says whether it is JWT or REQUEST; the rules of routes judge the scopes. */
  | { readonly kind: 'authorizer'; readonly name: string; readonly scopes: readonly string[] }
  /** Why no route can be made (`Security scheme nope is not defined`). */
  | { readonly kind: 'refused'; readonly refusal: string };

export interface DefinedIntegration {
  /** The name in components.x-amazon-apigateway-integrations: one integration for all operations that share it. */
  readonly shared: string | undefined;
  /** Of CreateIntegration, or why there is none (`#/components/…/none is missing`). */
  readonly given: GivenMembers | { readonly refusal: string };
  readonly offset: number;
}
