// Auth of a WebSocket API (spec/definitions.md §8.8).
import { get, isTruthy, type Plain, stringOf, type Tree, type TreeMap } from '../editing.ts';
import { ref, sub } from '../intrinsics.ts';
import type { Blame } from '../invalid.ts';
import { authorizerPermission, invocationUri } from '../permissions.ts';
import type { Resource, SamResource } from '../resource.ts';

export interface WebSocketAuth {
  readonly type: 'NONE' | 'AWS_IAM' | 'CUSTOM';
  readonly given: TreeMap;
}

/** In any case of letters, unlike AWS SAM, for which `aws_iam` passes and then leaves the route open (§8.8.4, Choice D40). */
export function checkAuth(auth: TreeMap, blame: Blame): WebSocketAuth {
  const given = get(auth, 'AuthType');
  if (!isTruthy(given)) throw blame('AuthType must be specified for additional auth configurations.', auth);
  const type = stringOf(given)?.toUpperCase();
  switch (type) {
    case 'CUSTOM':
      if (!isTruthy(get(auth, 'AuthArn')))
        throw blame('AuthArn must be specified if AuthType is CUSTOM.', auth);
      return { type, given: auth };
    case 'AWS_IAM':
    case 'NONE':
      if (auth.members.size > 1)
        throw blame(`No additional configurations supported for AuthType ${type}.`, auth);
      return { type, given: auth };
    default:
      throw blame('AuthType is not one of AWS_IAM, CUSTOM or NONE.', given);
  }
}

export function authorizerId(logicalId: string): string {
  return `${logicalId}ConnectAuthorizer`;
}

/** @param variable of the ARN, as AWS SAM names it here */
export function socketInvocationUri(variable: string, functionArn: Tree | undefined): Plain {
  return sub(invocationUri('${AWS::Partition}', `\${${variable}}`), { [variable]: functionArn });
}

/** The authorizer of CUSTOM, and the permission to call its function where no role does. */
export function authorizerOf(
  { logicalId, passedOn }: SamResource,
  { type, given }: WebSocketAuth,
): Resource[] {
  if (type !== 'CUSTOM') return [];
  const functionArn = get(given, 'AuthArn');
  const name = get(given, 'Name');
  const role = get(given, 'InvokeRole');
  const authorizer: Resource = {
    logicalId: authorizerId(logicalId),
    type: 'AWS::ApiGatewayV2::Authorizer',
    attributes: passedOn,
    offset: given.offset,
    properties: {
      ApiId: ref(logicalId),
      AuthorizerCredentialsArn: role,
      AuthorizerType: 'REQUEST',
      AuthorizerUri: socketInvocationUri('AuthArn', functionArn),
      IdentitySource: get(given, 'IdentitySource'),
      Name: isTruthy(name) ? name : authorizerId(logicalId),
    },
  };
  if (isTruthy(role)) return [authorizer];
  const id = `${logicalId}AuthorizerPermission`;
  return [authorizer, authorizerPermission(id, given.offset, passedOn, functionArn, ref(logicalId))];
}
