// What events tell about the caller (spec/http-api.md §3.6.2, §3.6.3, §6.2.6, §6.3.6, Choice C22).
import { unreachable } from '../../defect.ts';
import type { Authorization, IamAuthorization, JwtAuthorization } from '../../stage/authorization.ts';
import { contextText } from '../../stage/authorization-context.ts';
import { arrayOf, objectOf, quote, quoteOrNull } from '../../stage/event-json.ts';
import type { Call } from '../call.ts';
import { CALL_CONTEXT } from '../context.ts';
import { clientCertText } from './certificate.ts';

const {
  'identity.accessKey': accessKey,
  'identity.accountId': accountId,
  'identity.caller': caller,
  'identity.cognitoAuthenticationProvider': cognitoAuthenticationProvider,
  'identity.cognitoAuthenticationType': cognitoAuthenticationType,
  'identity.cognitoIdentityId': cognitoIdentityId,
  'identity.cognitoIdentityPoolId': cognitoIdentityPoolId,
  'identity.principalOrgId': principalOrgId,
  'identity.sourceIp': sourceIp,
  'identity.user': user,
  'identity.userAgent': userAgent,
  'identity.userArn': userArn,
} = CALL_CONTEXT.variables;

/** `requestContext.authorizer` of format 2.0. */
export function authorizerV2(authorization: Authorization): string {
  switch (authorization.kind) {
    case 'jwt':
      return `{"jwt":${jwt(authorization)}}`;
    case 'lambda': {
      const { context } = authorization;
      return `{"lambda":${context === undefined ? 'null' : JSON.stringify(Object.fromEntries(context))}}`;
    }
    case 'iam':
      return `{"iam":${iam(authorization)}}`;
    default:
      unreachable(authorization);
  }
}

/** `requestContext.authorizer` of format 1.0; undefined where it has none. */
export function authorizerV1(authorization: Authorization): string | undefined {
  switch (authorization.kind) {
    case 'jwt':
      return jwt(authorization);
    case 'lambda': {
      const entries: [string, string][] = [];
      for (const [name, value] of authorization.context ?? []) {
        const text = contextText(value);
        if (text !== undefined && name !== 'principalId') entries.push([name, text]);
      }
      if (authorization.principalId !== undefined) entries.push(['principalId', authorization.principalId]);
      return objectOf(entries) ?? '{}';
    }
    case 'iam':
      return undefined;
    default:
      unreachable(authorization);
  }
}

const NO_SIGNER =
  '{"accessKey":null,"accountId":null,"caller":null,"cognitoAmr":null,"cognitoAuthenticationProvider":null,' +
  '"cognitoAuthenticationType":null,"cognitoIdentityId":null,"cognitoIdentityPoolId":null,"principalOrgId":null,"sourceIp":';

/** `requestContext.identity` of format 1.0. */
export function identityV1(call: Call): string {
  const { authorization, exchange } = call;
  const certificate = clientCertText(exchange.clientCertificate);
  const end = certificate === undefined ? '}' : `,"clientCert":${certificate}}`;
  const address = quote(sourceIp.read(call));
  const agent = quote(userAgent.read(call) ?? '');
  if (authorization?.kind !== 'iam') {
    return `${NO_SIGNER}${address},"user":null,"userAgent":${agent},"userArn":null${end}`;
  }
  const { cognitoIdentity } = authorization;
  return (
    `{"accessKey":${quoteOrNull(accessKey.read(call))},"accountId":${quoteOrNull(accountId.read(call))},` +
    `"caller":${quoteOrNull(caller.read(call))},` +
    `"cognitoAmr":${cognitoIdentity === null ? 'null' : arrayOf(cognitoIdentity.amr)},` +
    `"cognitoAuthenticationProvider":${quoteOrNull(cognitoAuthenticationProvider.read(call))},` +
    `"cognitoAuthenticationType":${quoteOrNull(cognitoAuthenticationType.read(call))},` +
    `"cognitoIdentityId":${quoteOrNull(cognitoIdentityId.read(call))},` +
    `"cognitoIdentityPoolId":${quoteOrNull(cognitoIdentityPoolId.read(call))},` +
    `"principalOrgId":${quoteOrNull(principalOrgId.read(call))},"sourceIp":${address},` +
    `"user":${quoteOrNull(user.read(call))},"userAgent":${agent},"userArn":${quoteOrNull(userArn.read(call))}${end}`
  );
}

function jwt({ claims, scopes }: JwtAuthorization): string {
  return `{"claims":${objectOf(claims) ?? '{}'},"scopes":${scopes === null ? 'null' : arrayOf(scopes)}}`;
}

function iam(signer: IamAuthorization): string {
  const { cognitoIdentity } = signer;
  const cognito =
    cognitoIdentity === null
      ? 'null'
      : `{"amr":${arrayOf(cognitoIdentity.amr)},"identityId":${quote(cognitoIdentity.identityId)},` +
        `"identityPoolId":${quote(cognitoIdentity.identityPoolId)}}`;
  return (
    `{"accessKey":${quote(signer.accessKey)},"accountId":${quote(signer.accountId)},` +
    `"callerId":${quote(signer.callerId)},"cognitoIdentity":${cognito},` +
    `"principalOrgId":${quoteOrNull(signer.principalOrgId)},"userArn":${quote(signer.userArn)},` +
    `"userId":${quote(signer.userId)}}`
  );
}
