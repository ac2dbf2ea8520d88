// `$context.authorizer.*` and `$context.identity.*` of the caller (spec/http-api.md §9.3, §6.2.6, §6.3.6): rows for both kinds of
// API.
import type { Authorization, IamAuthorization } from './authorization.ts';
import type { ContextFamily, ContextReader, ContextVariable } from './context-variables.ts';

/** What an authorizer has found out about the caller of a request, or why it let nobody in. */
export interface Authorized {
  readonly authorization: Authorization | undefined;
  /** `$context.authorizer.error`. */
  readonly authorizerError: string | undefined;
}

type Rows = Readonly<Record<string, ContextVariable<Authorized>>>;

export const SIGNER = {
  'identity.accessKey': {
    about: 'access key id of who signed',
    read: signed((caller) => caller.accessKey),
    isMember: true,
    memberV2: 'authorizer.iam.accessKey',
  },
  'identity.accountId': {
    about: 'account of who signed',
    read: signed((caller) => caller.accountId),
    isMember: true,
    memberV2: 'authorizer.iam.accountId',
  },
  'identity.caller': {
    about: 'id of who signed',
    read: signed((caller) => caller.callerId),
    isMember: true,
    memberV2: 'authorizer.iam.callerId',
  },
  'identity.user': {
    about: 'the same',
    read: signed((caller) => caller.userId),
    isMember: true,
    memberV2: 'authorizer.iam.userId',
  },
  'identity.userArn': {
    about: 'ARN of who signed',
    read: signed((caller) => caller.userArn),
    isMember: true,
    memberV2: 'authorizer.iam.userArn',
  },
} satisfies Rows;

export const COGNITO = {
  'identity.cognitoAuthenticationProvider': {
    about: 'how who signed logged in to Cognito',
    read: signed(({ cognitoIdentity }) => cognitoIdentity?.amr.slice(1).join(',')),
    isMember: true,
  },
  'identity.cognitoAuthenticationType': {
    about: '`authenticated` or `unauthenticated`',
    read: signed(({ cognitoIdentity }) => cognitoIdentity?.amr[0]),
    isMember: true,
  },
  'identity.cognitoIdentityId': {
    about: 'Cognito’s id of who signed',
    read: signed(({ cognitoIdentity }) => cognitoIdentity?.identityId),
    isMember: true,
    memberV2: 'authorizer.iam.cognitoIdentity.identityId',
  },
  'identity.cognitoIdentityPoolId': {
    about: 'and its identity pool',
    read: signed(({ cognitoIdentity }) => cognitoIdentity?.identityPoolId),
    isMember: true,
    memberV2: 'authorizer.iam.cognitoIdentity.identityPoolId',
  },
} satisfies Rows;

/** `$context.identity.principalOrgId`. */
export const organisationOf = signed(({ principalOrgId }) => principalOrgId ?? undefined);

export const PRINCIPAL = {
  'authorizer.principalId': {
    about: 'principal that a Lambda authorizer named',
    read: ({ authorization }) => (authorization?.kind === 'lambda' ? authorization.principalId : undefined),
    isMember: true,
  },
} satisfies Rows;

/** Values of the context that a Lambda authorizer returned. */
export const AUTHORIZER_CONTEXT: ContextFamily<Authorized> = {
  start: 'authorizer.',
  about: 'value of the context that a Lambda authorizer returned, as text',
  reader: (key) => (of) => authorizerValue(of, key),
};

/** Claims of a token. `start`: AWS documents one spelling and recommends another. */
export function claimsFamily(start: string): ContextFamily<Authorized> {
  return {
    start,
    about: 'claim of the token, as text',
    reader:
      (claim) =>
      ({ authorization }) =>
        authorization?.kind === 'jwt' ? authorization.claims.get(claim) : undefined,
  };
}

/** A value of a Lambda authorizer's context. */
export function authorizerValue({ authorization }: Authorized, key: string): string | undefined {
  return authorization?.kind === 'lambda' ? contextText(authorization.context?.get(key)) : undefined;
}

/** A value of a Lambda authorizer's context as text; maps and arrays are compact JSON (Choice C33). */
export function contextText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function signed(read: (caller: IamAuthorization) => string | undefined): ContextReader<Authorized> {
  return ({ authorization }) => (authorization?.kind === 'iam' ? read(authorization) : undefined);
}
