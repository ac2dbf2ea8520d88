// `$context.authorizer.*` and `$context.identity.*` of the caller (spec/http-api.md §9.3, §6.2.6, §6.3.6).
import type { Authorization, IamAuthorization } from './authorization.ts';

const AUTHORIZER = 'authorizer.';
/** AWS documents the first and recommends the second. */
const CLAIMS = ['authorizer.claims.', 'authorizer.jwt.claims.'];

const IAM: Readonly<Record<string, (iam: IamAuthorization) => string | null | undefined>> = {
  'identity.accessKey': (iam) => iam.accessKey,
  'identity.accountId': (iam) => iam.accountId,
  'identity.caller': (iam) => iam.callerId,
  'identity.user': (iam) => iam.userId,
  'identity.userArn': (iam) => iam.userArn,
  'identity.principalOrgId': (iam) => iam.principalOrgId,
  'identity.cognitoIdentityId': (iam) => iam.cognitoIdentity?.identityId,
  'identity.cognitoIdentityPoolId': (iam) => iam.cognitoIdentity?.identityPoolId,
  'identity.cognitoAuthenticationProvider': (iam) => iam.cognitoIdentity?.amr.slice(1).join(','),
  'identity.cognitoAuthenticationType': (iam) => iam.cognitoIdentity?.amr[0],
};

/** What an authorizer has found out about the caller of a request, or why it let nobody in. */
export interface Authorized {
  readonly authorization: Authorization | undefined;
  /** `$context.authorizer.error`. */
  readonly authorizerError: string | undefined;
}

/** The reader of a variable of the caller; undefined for any other name. */
export function authorizationReader(name: string): ((of: Authorized) => string | undefined) | undefined {
  if (Object.hasOwn(IAM, name)) {
    const read = IAM[name]!;
    return ({ authorization }) =>
      authorization?.kind === 'iam' ? (read(authorization) ?? undefined) : undefined;
  }
  if (name === 'authorizer.error') return ({ authorizerError }) => authorizerError;
  const claims = CLAIMS.find((start) => name.startsWith(start));
  if (claims !== undefined) {
    const claim = name.slice(claims.length);
    return ({ authorization }) =>
      authorization?.kind === 'jwt' ? authorization.claims.get(claim) : undefined;
  }
  if (name === 'authorizer.principalId') {
    return ({ authorization }) => (authorization?.kind === 'lambda' ? authorization.principalId : undefined);
  }
  if (!name.startsWith(AUTHORIZER) || name === 'authorizer.claims') return undefined;
  const key = name.slice(AUTHORIZER.length);
  return ({ authorization }) =>
    authorization?.kind === 'lambda' ? contextText(authorization.context?.get(key)) : undefined;
}

/** A value of a Lambda authorizer's context as text; maps and arrays are compact JSON (Choice C33). */
export function contextText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
