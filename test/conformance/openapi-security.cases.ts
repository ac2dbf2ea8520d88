// Who may call the routes of a document (spec/openapi.md §14.5). All operations have the integration of a function.
import type { ImportCase } from './openapi-case.ts';
import {
  any,
  bare,
  doc,
  FI,
  getA,
  ISSUER,
  iam,
  int,
  jwt,
  L,
  lam,
  type MadeRoute,
  type Members,
  noAuthorizer,
  noRoute,
  secured,
  to,
} from './openapi-language.ts';

const JWT: Members = {
  AuthorizerType: 'JWT',
  IdentitySource: ['$request.header.Authorization'],
  JwtConfiguration: { Audience: ['a1', 'a2'], Issuer: ISSUER },
};
const REQUEST: Members = {
  AuthorizerType: 'REQUEST',
  AuthorizerUri: FI,
  AuthorizerPayloadFormatVersion: '2.0',
  AuthorizerResultTtlInSeconds: 60,
  EnableSimpleResponses: true,
  IdentitySource: ['$request.header.A', '$request.querystring.q'],
};
const A = (more: Omit<MadeRoute, 'to'> = {}): { readonly 'GET /a': MadeRoute } => ({ 'GET /a': to(L, more) });
const by = (...schemes: readonly (readonly [name: string, scopes?: readonly string[]])[]): Members => ({
  security: schemes.map(([name, scopes = []]) => ({ [name]: scopes })),
});
const SEVERAL = "Unable to parse API definition because of multiple security requirements at path 'GET /a'.";
const SCOPES =
  'Invalid Route authorization type specified. Authorization Scopes are only valid for COGNITO_USER_POOLS and JWT ' +
  'authorization types';
const DISCOVERY = `${ISSUER}/.well-known/openid-configuration`;
const oidc = (url: string): Members => ({
  type: 'openIdConnect',
  openIdConnectUrl: url,
  'x-amazon-apigateway-authorizer': {
    type: 'jwt',
    identitySource: '$request.header.Authorization',
    jwtConfiguration: { audience: ['a1', 'a2'] },
  },
});

/** The route of `GET /a` under a scheme. */
const guarded = (
  row: number,
  name: string,
  scheme: Members,
  more: Partial<ImportCase['made']> = {},
): ImportCase => ({
  row,
  name,
  document: secured({ it: scheme }, by(['it'])),
  made: { routes: A(), ...more },
});
/** No route and no authorizer, but the integration. */
const shut = (
  row: number,
  name: string,
  scheme: Members,
  warning: string,
  more: Partial<ImportCase> = {},
): ImportCase => ({
  row,
  name,
  document: secured({ it: scheme }, by(['it'])),
  made: { routes: {}, integrations: 1, warnings: [warning] },
  ...more,
});

const byTwo = (row: number, name: string, schemes: Members, operation: Members): ImportCase => ({
  row,
  name,
  choices: ['O24'],
  document: secured(schemes, operation),
  refused: { message: SEVERAL },
});

export const openApiSecurityCases: readonly ImportCase[] = [
  guarded(77, 'a JWT authorizer', jwt, {
    routes: A({ type: 'JWT', authorizer: 'it' }),
    authorizers: { it: JWT },
  }),
  {
    row: 78,
    name: 'scopes',
    document: secured({ jwt }, by(['jwt', ['email', 'profile']])),
    made: {
      routes: A({ type: 'JWT', authorizer: 'jwt', scopes: ['email', 'profile'] }),
      authorizers: { jwt: JWT },
    },
  },
  {
    ...guarded(79, 'the issuer of an openIdConnectUrl', oidc(DISCOVERY), {
      routes: A({ type: 'JWT', authorizer: 'it' }),
      authorizers: { it: JWT },
    }),
    choices: ['O20'],
  },
  ...(
    [
      ['a Lambda authorizer', {}],
      ['its identity sources as a text', { identitySource: '$request.header.A, $request.querystring.q' }],
      ['its version as a number', { authorizerPayloadFormatVersion: 2.0 }],
      ['its type in capitals', { type: 'REQUEST' }],
      ['its time to live as a string', { authorizerResultTtlInSeconds: '60' }],
    ] as const
  ).map(([name, changed]) =>
    guarded(80, name, lam(changed), {
      routes: A({ type: 'CUSTOM', authorizer: 'it' }),
      authorizers: { it: REQUEST },
    }),
  ),
  shut(
    81,
    'a Lambda authorizer without version',
    lam({ authorizerPayloadFormatVersion: undefined }),
    noAuthorizer('it', 'AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer'),
  ),
  {
    row: 82,
    name: 'scopes on a Lambda authorizer',
    choices: ['O23'],
    document: secured({ lam: lam() }, by(['lam', ['s']])),
    made: {
      routes: {},
      integrations: 1,
      authorizers: { lam: REQUEST },
      warnings: [noRoute('GET /a', SCOPES)],
    },
  },
  guarded(83, 'IAM by a scheme', iam, { routes: A({ type: 'AWS_IAM' }) }),
  {
    ...guarded(
      83,
      'IAM in another case',
      { ...iam, 'x-amazon-apigateway-authtype': 'AWSSIGV4' },
      {
        routes: A({ type: 'AWS_IAM' }),
      },
    ),
    choices: ['O19'],
  },
  {
    row: 84,
    name: 'IAM without a scheme',
    choices: ['O19'],
    document: doc({ '/a': { get: int(L, { 'x-amazon-apigateway-auth': { type: 'aws_iam' } }) } }),
    made: { routes: A({ type: 'AWS_IAM' }) },
  },
  {
    row: 84,
    name: 'NONE without a scheme',
    document: doc({ '/a': { get: int(L, { 'x-amazon-apigateway-auth': { type: 'NONE' } }) } }),
    made: { routes: A() },
  },
  ...(
    [
      ['no security', {}],
      ['security without a requirement', { security: [] }],
      ['a requirement of nothing', { security: [{}] }],
    ] as const
  ).map(
    ([name, operation]): ImportCase => ({
      row: 85,
      name,
      document: secured({ jwt }, operation),
      made: { routes: A(), authorizers: { jwt: JWT } },
    }),
  ),
  {
    row: 86,
    name: 'NONE that is not declared',
    choices: ['O25'],
    document: doc({ '/a': { get: int(L, by(['NONE'])) } }),
    made: { routes: A() },
  },
  {
    row: 86,
    name: 'NONE that is declared',
    choices: ['O25'],
    document: secured({ NONE: jwt }, by(['NONE'])),
    made: { routes: A({ type: 'JWT', authorizer: 'NONE' }), authorizers: { NONE: JWT } },
  },
  {
    row: 87,
    name: 'a scheme that is not declared',
    choices: ['O25'],
    document: doc({ '/a': { get: int(L, by(['nope'])) } }),
    made: {
      routes: {},
      integrations: 1,
      warnings: [noRoute('GET /a', 'Security scheme nope is not defined')],
    },
  },
  shut(88, 'a scheme without authorizer', bare, noRoute('GET /a', 'Security scheme it has no authorizer'), {
    choices: ['O25'],
  }),
  byTwo(89, 'two requirements', { jwt, lam: lam() }, by(['jwt'], ['lam'])),
  byTwo(90, 'one requirement of two schemes', { jwt, iam }, { security: [{ jwt: [], iam: [] }] }),
  {
    row: 91,
    name: 'security of the root',
    choices: ['O26'],
    document: secured({ jwt }, {}, by(['jwt'])),
    made: {
      routes: A(),
      authorizers: { jwt: JWT },
      warnings: ['Root level security is not supported by API Gateway. Ignoring.'],
    },
  },
  {
    row: 92,
    name: 'an authorizer that nothing names',
    choices: ['O22'],
    document: getA(L, { components: { securitySchemes: { jwt } } }),
    made: { routes: A(), authorizers: { jwt: JWT } },
  },
  ...['token', 'cognito_user_pools'].map((type) =>
    shut(
      93,
      `an authorizer of type ${type}`,
      lam({ type }),
      noAuthorizer('it', `Unsupported authorizer type: ${type}`),
      { choices: ['O21'] },
    ),
  ),
  shut(
    94,
    'an issuer that cannot be reached',
    jwt,
    noAuthorizer(
      'it',
      `Caught exception when connecting to ${DISCOVERY} for issuer ${ISSUER}. Please try again later. Error: Invalid issuer: ` +
        `${ISSUER}. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration'`,
    ),
    { checksIssuers: true, also: ['§6.1-2'] },
  ),
  {
    row: 95,
    name: 'a JWT authorizer of the default route',
    document: doc(
      { '/$default': any(int(L, { isDefaultRoute: true, ...by(['jwt']) })) },
      { components: { securitySchemes: { jwt } } },
    ),
    made: {
      routes: { $default: to(L, { type: 'JWT', authorizer: 'jwt' }) },
      authorizers: { jwt: JWT },
    },
  },
  {
    row: 144,
    name: 'one of two authorizers is refused',
    document: doc(
      { '/a': { get: int(L, by(['good'])) }, '/b': { get: int(L, by(['bad'])) } },
      { components: { securitySchemes: { good: jwt, bad: lam({ type: 'token' }) } } },
    ),
    made: {
      routes: A({ type: 'JWT', authorizer: 'good' }),
      integrations: 2,
      authorizers: { good: JWT },
      warnings: [noAuthorizer('bad', 'Unsupported authorizer type: token')],
    },
  },
  byTwo(
    145,
    'a scheme beside NONE',
    { jwt },
    { ...by(['jwt']), 'x-amazon-apigateway-auth': { type: 'NONE' } },
  ),
  {
    row: 146,
    name: 'IAM said twice',
    choices: ['O24'],
    document: secured({ iam }, { ...by(['iam']), 'x-amazon-apigateway-auth': { type: 'AWS_IAM' } }),
    made: { routes: A({ type: 'AWS_IAM' }) },
  },
];
