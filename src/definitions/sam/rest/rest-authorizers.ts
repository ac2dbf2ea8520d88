// Authorizers of a REST API as security definitions of its document.

import {
  entries,
  get,
  isList,
  isTruthy,
  madeMap,
  type Plain,
  stringOf,
  type Tree,
  type TreeMap,
  truthyMember,
} from '../editing.ts';
import { sub } from '../intrinsics.ts';
import { type Blame, expectBoolean, expectList, expectMap, expectString } from '../invalid.ts';
import { invocationUri } from '../permissions.ts';
import { pythonStr } from '../python-text.ts';

export interface RestAuthorizer {
  readonly name: string;
  readonly scopes: Tree | undefined;
  readonly functionArn: Tree | undefined;
  readonly isPermitted: boolean;
  /** Made when it is asked for: what is wrong with the identity shows then. */
  readonly definition: () => TreeMap;
}

const IDENTITIES = [
  ['Headers', 'method.request.header.'],
  ['QueryStrings', 'method.request.querystring.'],
  ['StageVariables', 'stageVariables.'],
  ['Context', 'context.'],
] as const;

/** Undefined where there are none. */
export function restAuthorizers(
  auth: TreeMap,
  partition: string,
  blame: Blame,
): Map<string, RestAuthorizer> | undefined {
  const authorizers = new Map<string, RestAuthorizer>();
  if (stringOf(get(auth, 'DefaultAuthorizer')) === 'AWS_IAM')
    authorizers.set('AWS_IAM', iamAuthorizer(auth.offset));
  const given = get(auth, 'Authorizers');
  if (isTruthy(given)) {
    for (const [name, each] of entries(expectMap(given, 'Auth.Authorizers', blame))) {
      const authorizer = expectMap(each, `Auth.Authorizers.${name}`, blame);
      authorizers.set(name, readAuthorizer(name, authorizer, partition, blame));
    }
  }
  return authorizers.size === 0 && !isTruthy(given) ? undefined : authorizers;
}

function iamAuthorizer(offset: number): RestAuthorizer {
  return {
    name: 'AWS_IAM',
    scopes: undefined,
    functionArn: undefined,
    isPermitted: false,
    definition: () =>
      madeMap(offset, {
        type: 'apiKey',
        name: 'Authorization',
        in: 'header',
        'x-amazon-apigateway-authtype': 'awsSigv4',
      }),
  };
}

function readAuthorizer(name: string, authorizer: TreeMap, partition: string, blame: Blame): RestAuthorizer {
  const type = get(authorizer, 'FunctionPayloadType');
  const payload = type === undefined ? 'TOKEN' : stringOf(type);
  if (payload !== 'TOKEN' && payload !== 'REQUEST') {
    throw blame(`${name} Authorizer has invalid 'FunctionPayloadType': ${pythonStr(type)}.`, type);
  }
  const identity = get(authorizer, 'Identity');
  if (payload === 'REQUEST' && lacksSource(name, identity, blame)) {
    throw blame(
      `${name} Authorizer must specify Identity with at least one of Headers, QueryStrings, StageVariables, or Context.`,
      authorizer,
    );
  }
  const scopes = get(authorizer, 'AuthorizationScopes');
  if (scopes !== undefined) expectList(scopes, `Authorizers.${name}.AuthorizationScopes`, blame);
  const refused = get(authorizer, 'DisableFunctionDefaultPermissions');
  const isPermitted =
    refused === undefined ||
    !expectBoolean(refused, `Authorizers.${name}.DisableFunctionDefaultPermissions`, blame);
  const pool = get(authorizer, 'UserPoolArn');
  const functionArn = get(authorizer, 'FunctionArn');
  return {
    name,
    scopes,
    functionArn,
    isPermitted,
    definition: () => {
      const header = payload === 'REQUEST' && !isTruthy(pool) ? 'Unused' : headerOf(identity, blame);
      return madeMap(authorizer.offset, {
        type: 'apiKey',
        name: header,
        in: 'header',
        'x-amazon-apigateway-authtype': isTruthy(pool) ? 'cognito_user_pools' : 'custom',
        'x-amazon-apigateway-authorizer': isTruthy(pool)
          ? cognito(pool, identity)
          : lambda(name, payload, authorizer, partition, blame),
      });
    },
  };
}

function lacksSource(name: string, identity: Tree | undefined, blame: Blame): boolean {
  if (!isTruthy(identity)) return true;
  const map = expectMap(identity, `Authorizer.${name}.Identity`, blame);
  const isMissing = IDENTITIES.every(([member]) => !isTruthy(get(map, member)));
  const ttl = Number(
    stringOf(get(map, 'ReauthorizeEvery')) ?? (get(map, 'ReauthorizeEvery') as { value?: unknown })?.value,
  );
  return Number.isInteger(ttl) && get(map, 'ReauthorizeEvery') !== undefined
    ? ttl > 0 && isMissing
    : isMissing;
}

function headerOf(identity: Tree | undefined, blame: Blame): Plain {
  if (!isTruthy(identity)) return 'Authorization';
  if (identity.kind !== 'map') {
    throw blame(
      'Auth.Authorizers.<Authorizer>.Identity must be a dict (LambdaTokenAuthorizationIdentity, LambdaRequestAuthorizationIdentity or CognitoAuthorizationIdentity).',
      identity,
    );
  }
  return truthyMember(identity, 'Header') ?? 'Authorization';
}

function cognito(pool: Tree, identity: Tree | undefined): Plain {
  return {
    type: 'cognito_user_pools',
    providerARNs: isList(pool) ? pool : [pool],
    identityValidationExpression: truthyMember(identity, 'ValidationExpression'),
  };
}

function lambda(
  name: string,
  payload: 'TOKEN' | 'REQUEST',
  authorizer: TreeMap,
  partition: string,
  blame: Blame,
): Plain {
  const identity = truthyMember(authorizer, 'Identity');
  const role = truthyMember(authorizer, 'FunctionInvokeRole');
  const uri = invocationUri(partition, '${__FunctionArn__}');
  const source = payload === 'REQUEST' ? sourceOf(name, identity, blame) : '';
  return {
    type: payload === 'REQUEST' ? 'request' : 'token',
    authorizerUri: sub(uri, { __FunctionArn__: get(authorizer, 'FunctionArn') }),
    authorizerResultTtlInSeconds: get(identity, 'ReauthorizeEvery'),
    authorizerCredentials: stringOf(role) === 'NONE' ? undefined : role,
    identitySource: source === '' ? undefined : source,
    identityValidationExpression:
      payload === 'TOKEN' ? truthyMember(identity, 'ValidationExpression') : undefined,
  };
}

function sourceOf(name: string, identity: Tree | undefined, blame: Blame): string {
  return IDENTITIES.flatMap(([member, prefix]) => {
    const values = get(identity, member);
    const path = `Auth.Authorizers.${name}.Identity.${member}`;
    if (!isTruthy(values)) return [];
    return expectList(values, path, blame).items.map(
      (value, index) => prefix + expectString(value, `${path}[${index}]`, blame),
    );
  }).join(', ');
}
