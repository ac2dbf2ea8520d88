// What authorizers find out about the caller (spec/http-api.md §6): events, `$context` and logs are made from it.

export type Authorization = JwtAuthorization | LambdaAuthorization | IamAuthorization;

/** spec/http-api.md §6.2.6. */
export interface JwtAuthorization {
  readonly kind: 'jwt';
  /** Claims as text. */
  readonly claims: ReadonlyMap<string, string>;
  /** The token's scopes, when the route asks for any. */
  readonly scopes: readonly string[] | null;
}

/** spec/http-api.md §6.3.6. */
export interface LambdaAuthorization {
  readonly kind: 'lambda';
  readonly principalId: string | undefined;
  /** As the function returned it: JSON values. */
  readonly context: ReadonlyMap<string, unknown> | undefined;
}

/** spec/http-api.md §3.6.2, §6.4. */
export interface IamAuthorization {
  readonly kind: 'iam';
  readonly accessKey: string;
  readonly accountId: string;
  readonly callerId: string;
  readonly cognitoIdentity: {
    readonly amr: readonly string[];
    readonly identityId: string;
    readonly identityPoolId: string;
  } | null;
  readonly principalOrgId: string | null;
  readonly userArn: string;
  readonly userId: string;
}
