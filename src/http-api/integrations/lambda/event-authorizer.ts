// What events tell about the caller (spec/http-api.md §3.6.2, §3.6.3, §6.2.6, §6.3.6, Choice C22).
import { unreachable } from '../../../defect.ts';
import type { Authorization, IamAuthorization, JwtAuthorization } from '../../../stage/authorization.ts';
import { contextText } from '../../../stage/authorization-context.ts';
import { arrayOf, objectOf, quote, quoteOrNull } from '../../../stage/event-json.ts';
import type { Call } from '../../call.ts';

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

const NO_IDENTITY_START =
  '{"accessKey":null,"accountId":null,"caller":null,"cognitoAmr":null,"cognitoAuthenticationProvider":null,' +
  '"cognitoAuthenticationType":null,"cognitoIdentityId":null,"cognitoIdentityPoolId":null,"principalOrgId":null,' +
  '"sourceIp":';

/** `requestContext.identity` of format 1.0. */
export function identityV1(
  call: Call,
  sourceIp: string,
  userAgent: string,
  clientCert: string | undefined,
): string {
  const iamCaller = call.authorization?.kind === 'iam' ? call.authorization : undefined;
  const certificate = clientCert === undefined ? '' : `,"clientCert":${clientCert}`;
  if (iamCaller === undefined) {
    return `${NO_IDENTITY_START}${quote(sourceIp)},"user":null,"userAgent":${quote(userAgent)},"userArn":null${certificate}}`;
  }
  const { cognitoIdentity } = iamCaller;
  const [type, ...provider] = cognitoIdentity?.amr ?? [];
  return (
    `{"accessKey":${quote(iamCaller.accessKey)},"accountId":${quote(iamCaller.accountId)},` +
    `"caller":${quote(iamCaller.callerId)},"cognitoAmr":${cognitoIdentity === null ? 'null' : arrayOf(cognitoIdentity.amr)},` +
    `"cognitoAuthenticationProvider":${cognitoIdentity === null ? 'null' : quote(provider.join(','))},` +
    `"cognitoAuthenticationType":${quoteOrNull(type)},` +
    `"cognitoIdentityId":${quoteOrNull(cognitoIdentity?.identityId)},` +
    `"cognitoIdentityPoolId":${quoteOrNull(cognitoIdentity?.identityPoolId)},` +
    `"principalOrgId":${quoteOrNull(iamCaller.principalOrgId)},"sourceIp":${quote(sourceIp)},` +
    `"user":${quote(iamCaller.userId)},"userAgent":${quote(userAgent)},"userArn":${quote(iamCaller.userArn)}${certificate}}`
  );
}

function jwt({ claims, scopes }: JwtAuthorization): string {
  return `{"claims":${objectOf(claims) ?? '{}'},"scopes":${scopes === null ? 'null' : arrayOf(scopes)}}`;
}

function iam(caller: IamAuthorization): string {
  const { cognitoIdentity } = caller;
  const cognito =
    cognitoIdentity === null
      ? 'null'
      : `{"amr":${arrayOf(cognitoIdentity.amr)},"identityId":${quote(cognitoIdentity.identityId)},` +
        `"identityPoolId":${quote(cognitoIdentity.identityPoolId)}}`;
  return (
    `{"accessKey":${quote(caller.accessKey)},"accountId":${quote(caller.accountId)},` +
    `"callerId":${quote(caller.callerId)},"cognitoIdentity":${cognito},` +
    `"principalOrgId":${quoteOrNull(caller.principalOrgId)},"userArn":${quote(caller.userArn)},` +
    `"userId":${quote(caller.userId)}}`
  );
}
