// Authorizers of an HTTP API as security schemes of its document (spec/definitions.md §8.6).

import {
  entries,
  get,
  has,
  isList,
  isTrue,
  isTruthy,
  madeMap,
  type Plain,
  set,
  type Tree,
  type TreeMap,
} from '../editing.ts';
import { sub } from '../intrinsics.ts';
import { type Blame, expectBoolean, expectMap, expectStrings } from '../invalid.ts';
import { invocationUri } from '../permissions.ts';

export interface HttpAuthorizer {
  readonly name: string;
  readonly kind: 'JWT' | 'REQUEST' | 'AWS_IAM';
  readonly scopes: Tree | undefined;
  readonly functionArn: Tree | undefined;
  /** Whether API Gateway gets the permission to call the function. */
  readonly isPermitted: boolean;
  readonly scheme: TreeMap;
}

/** Which kind a member is for; the message names it so. In the order of the checks. */
const MEMBERS: readonly (readonly [member: string, kind: HttpAuthorizer['kind'], name: string])[] = [
  ['AuthorizationScopes', 'JWT', 'OAuth2 Authorizer'],
  ['JwtConfiguration', 'JWT', 'OAuth2 Authorizer'],
  ['IdentitySource', 'JWT', "OAuth2 Authorizer. For Lambda Authorizer, use the 'Identity' property instead"],
  ['FunctionArn', 'REQUEST', 'Lambda Authorizer'],
  ['FunctionInvokeRole', 'REQUEST', 'Lambda Authorizer'],
  ['Identity', 'REQUEST', 'Lambda Authorizer'],
  ['AuthorizerPayloadFormatVersion', 'REQUEST', 'Lambda Authorizer'],
  ['EnableSimpleResponses', 'REQUEST', 'Lambda Authorizer'],
  ['EnableFunctionDefaultPermissions', 'REQUEST', 'Lambda Authorizer'],
];

const IDENTITIES = [
  ['Headers', '$request.header.'],
  ['QueryStrings', '$request.querystring.'],
  ['StageVariables', '$stageVariables.'],
  ['Context', '$context.'],
] as const;

/** The authorizers of `Auth`, that of IAM first. */
export function httpAuthorizers(auth: TreeMap, partition: string, blame: Blame): Map<string, HttpAuthorizer> {
  const authorizers = new Map<string, HttpAuthorizer>();
  if (isTrue(get(auth, 'EnableIamAuthorizer'))) authorizers.set('AWS_IAM', iamAuthorizer(auth.offset));
  const given = get(auth, 'Authorizers');
  if (!isTruthy(given)) return authorizers;
  for (const [name, each] of entries(expectMap(given, 'Auth.Authorizers', blame))) {
    const authorizer = expectMap(each, `Auth.Authorizers.${name}`, blame);
    if (has(authorizer, 'OpenIdConnectUrl')) {
      throw blame(
        `'OpenIdConnectUrl' is no longer a supported property for authorizer '${name}'. Please refer to the AWS SAM documentation.`,
        authorizer,
      );
    }
    authorizers.set(name, readAuthorizer(name, authorizer, partition, blame));
  }
  return authorizers;
}

function iamAuthorizer(offset: number): HttpAuthorizer {
  const scheme = madeMap(offset, {
    type: 'apiKey',
    name: 'Authorization',
    in: 'header',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  });
  return {
    name: 'AWS_IAM',
    kind: 'AWS_IAM',
    scopes: undefined,
    functionArn: undefined,
    isPermitted: false,
    scheme,
  };
}

function readAuthorizer(name: string, authorizer: TreeMap, partition: string, blame: Blame): HttpAuthorizer {
  const configuration = get(authorizer, 'JwtConfiguration');
  const jwt = isTruthy(configuration) ? expectMap(configuration, 'JwtConfiguration', blame) : undefined;
  const kind = jwt === undefined ? 'REQUEST' : 'JWT';
  const scopes = get(authorizer, 'AuthorizationScopes');
  if (scopes !== undefined && !isList(scopes)) throw blame('AuthorizationScopes must be a list.', scopes);
  for (const [member, of, described] of MEMBERS) {
    const value = get(authorizer, member);
    if (value !== undefined && of !== kind)
      throw blame(`${member} is only supported for ${described}.`, value);
  }
  const needed = kind === 'JWT' ? ['IdentitySource'] : ['FunctionArn', 'AuthorizerPayloadFormatVersion'];
  for (const member of needed) {
    if (isTruthy(get(authorizer, member))) continue;
    throw blame(
      `${name} ${kind === 'JWT' ? 'OAuth2' : 'Lambda'} Authorizer must define '${member}'.`,
      authorizer,
    );
  }
  const permission = get(authorizer, 'EnableFunctionDefaultPermissions');
  return {
    name,
    kind,
    scopes,
    functionArn: get(authorizer, 'FunctionArn'),
    isPermitted:
      permission !== undefined &&
      expectBoolean(permission, `Authorizers.${name}.EnableFunctionDefaultPermissions`, blame),
    scheme:
      jwt === undefined ? requestScheme(name, authorizer, partition, blame) : jwtScheme(jwt, authorizer),
  };
}

function jwtScheme(configuration: TreeMap, authorizer: TreeMap): TreeMap {
  const lower = madeMap(configuration.offset, {});
  for (const [key, value] of entries(configuration)) set(lower, key.toLowerCase(), value);
  return madeMap(authorizer.offset, {
    type: 'oauth2',
    'x-amazon-apigateway-authorizer': {
      jwtConfiguration: lower,
      identitySource: get(authorizer, 'IdentitySource'),
      type: 'jwt',
    },
  });
}

function requestScheme(name: string, authorizer: TreeMap, partition: string, blame: Blame): TreeMap {
  const identity = get(authorizer, 'Identity');
  const role = get(authorizer, 'FunctionInvokeRole');
  const isSimple = get(authorizer, 'EnableSimpleResponses');
  const uri = invocationUri(partition, '${__FunctionArn__}');
  return madeMap(authorizer.offset, {
    type: 'apiKey',
    name: 'Unused',
    in: 'header',
    'x-amazon-apigateway-authorizer': {
      type: 'request',
      authorizerUri: sub(uri, { __FunctionArn__: get(authorizer, 'FunctionArn') }),
      authorizerCredentials: namedRole(role),
      ...(isTruthy(identity) && readIdentity(name, identity, blame)),
      authorizerPayloadFormatVersion: get(authorizer, 'AuthorizerPayloadFormatVersion'),
      enableSimpleResponses: isTruthy(isSimple) ? isSimple : undefined,
    },
  });
}

function namedRole(role: Tree | undefined): Tree | undefined {
  const isNone = role?.kind === 'scalar' && role.value === 'NONE';
  return isTruthy(role) && !isNone ? role : undefined;
}

function readIdentity(name: string, given: Tree, blame: Blame): { [key: string]: Plain } {
  const identity = expectMap(given, `Auth.Authorizers.${name}.Identity`, blame);
  const source = IDENTITIES.flatMap(([member, prefix]) => {
    const values = get(identity, member);
    if (!isTruthy(values)) return [];
    return expectStrings(values, `Authorizers.${name}.Identity.${member}`, blame).map(
      (value) => prefix + value,
    );
  });
  return { authorizerResultTtlInSeconds: get(identity, 'ReauthorizeEvery'), identitySource: source };
}
