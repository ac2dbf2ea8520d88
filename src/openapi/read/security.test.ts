// Authorizers and who may call an operation (spec/openapi.md §4, §14.5).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DefinitionError } from '../definition.ts';
import {
  flow,
  HEAD,
  invocationUri,
  L,
  read,
  readOperation,
  textsOf,
  withOperation,
  withPaths,
} from './documents.test.support.ts';

const FI = invocationUri();
const scheme = (type: string, authorizer: { readonly [key: string]: string }, more = ''): string =>
  `{type: ${type}, ${more}x-amazon-apigateway-authorizer: ${flow(authorizer)}}`;
const JWT = {
  type: 'jwt',
  identitySource: '"$request.header.Authorization"',
  jwtConfiguration: '{issuer: ISS, audience: [a1, a2]}',
};
const LAM = {
  type: 'request',
  authorizerUri: JSON.stringify(FI),
  authorizerPayloadFormatVersion: '"2.0"',
  enableSimpleResponses: 'true',
  authorizerResultTtlInSeconds: '60',
  identitySource: '["$request.header.A", "$request.querystring.q"]',
};
const REQUEST = {
  AuthorizerType: 'REQUEST',
  Name: 's',
  AuthorizerUri: FI,
  AuthorizerPayloadFormatVersion: '2.0',
  EnableSimpleResponses: true,
  AuthorizerResultTtlInSeconds: 60,
  IdentitySource: ['$request.header.A', '$request.querystring.q'],
};
const jwtGiven = (JwtConfiguration: object) => ({
  AuthorizerType: 'JWT',
  Name: 's',
  IdentitySource: ['$request.header.Authorization'],
  JwtConfiguration,
});
const OIDC = 'openIdConnectUrl: "ISS/.well-known/openid-configuration", ';
const NO_ISSUER = { ...JWT, jwtConfiguration: '{audience: [a1]}' };
const omit = (given: object, name: string): object =>
  Object.fromEntries(Object.entries(given).filter(([key]) => key !== name));

const AUTHORIZERS: readonly (readonly [citation: string, scheme: string, given: object])[] = [
  ['rows 77, 92', scheme('oauth2', JWT), jwtGiven({ Issuer: 'ISS', Audience: ['a1', 'a2'] })],
  [
    'Choice O19',
    scheme('apiKey', { ...JWT, type: 'JWT' }),
    jwtGiven({ Issuer: 'ISS', Audience: ['a1', 'a2'] }),
  ],
  ['row 79', scheme('openIdConnect', NO_ISSUER, OIDC), jwtGiven({ Issuer: 'ISS', Audience: ['a1'] })],
  [
    'Choice O20, the explicit one',
    scheme('openIdConnect', JWT, 'openIdConnectUrl: "I/.well-known/openid-configuration", '),
    jwtGiven({ Issuer: 'ISS', Audience: ['a1', 'a2'] }),
  ],
  [
    'Choice O20, another ending',
    scheme('openIdConnect', NO_ISSUER, 'openIdConnectUrl: "https://x/", '),
    jwtGiven({ Audience: ['a1'] }),
  ],
  [
    'Choice O20, no configuration',
    scheme('openIdConnect', { type: 'jwt' }, OIDC),
    { AuthorizerType: 'JWT', Name: 's', JwtConfiguration: { Issuer: 'ISS' } },
  ],
  [
    'configuration that is none',
    scheme('openIdConnect', { type: 'jwt', jwtConfiguration: '[1]' }, OIDC),
    { AuthorizerType: 'JWT', Name: 's', JwtConfiguration: [1] },
  ],
  [
    '§4.1(2), of the other type',
    scheme('oauth2', { ...LAM, ...JWT }),
    jwtGiven({ Issuer: 'ISS', Audience: ['a1', 'a2'] }),
  ],
  ['row 80', scheme('apiKey', LAM, 'name: Unused, in: header, '), REQUEST],
  [
    'row 80',
    scheme('apiKey', { ...LAM, identitySource: '"$request.header.A, $request.querystring.q"' }),
    REQUEST,
  ],
  ['row 80', scheme('apiKey', { ...LAM, authorizerPayloadFormatVersion: '2.0' }), REQUEST],
  [
    'row 80',
    scheme('apiKey', { ...LAM, authorizerPayloadFormatVersion: '1' }),
    { ...REQUEST, AuthorizerPayloadFormatVersion: '1.0' },
  ],
  ['§4.1(2), TTL as text', scheme('apiKey', { ...LAM, authorizerResultTtlInSeconds: '"60"' }), REQUEST],
  [
    '§4.1(2), REST members',
    scheme('apiKey', {
      ...LAM,
      identityValidationExpression: 'x',
      providerARNs: '[y]',
      jwtConfiguration: '{}',
    }),
    REQUEST,
  ],
  [
    '§4.1(2), credentials',
    scheme('apiKey', { ...LAM, authorizerCredentials: 'ROLE' }),
    { ...REQUEST, AuthorizerCredentialsArn: 'ROLE' },
  ],
  [
    '§4.1(2), no identity source',
    scheme('apiKey', { type: 'Request' }),
    { AuthorizerType: 'REQUEST', Name: 's', IdentitySource: [] },
  ],
  [
    'row 81',
    scheme('apiKey', { ...LAM, authorizerPayloadFormatVersion: 'null' }),
    omit(REQUEST, 'AuthorizerPayloadFormatVersion'),
  ],
  ['row 93', scheme('apiKey', { ...LAM, type: 'token' }), { refusal: 'Unsupported authorizer type: token' }],
  [
    'row 93',
    scheme('apiKey', { ...LAM, type: 'cognito_user_pools' }),
    { refusal: 'Unsupported authorizer type: cognito_user_pools' },
  ],
  [
    'Choice O21',
    '{type: apiKey, x-amazon-apigateway-authorizer: {}}',
    { refusal: 'Unsupported authorizer type: null' },
  ],
  [
    'Choice O21',
    '{type: apiKey, x-amazon-apigateway-authorizer: jwt}',
    { refusal: 'Unsupported authorizer type: null' },
  ],
];

test('a scheme with an authorizer is one, whether it is used or not', async () => {
  for (const [citation, written, given] of AUTHORIZERS) {
    const text = `${HEAD}paths: {}\ncomponents: {securitySchemes: {bare: {type: http}, s: ${written}}}`;
    const { authorizers } = await read(text);
    assert.deepEqual(authorizers, [{ name: 's', given, offset: text.indexOf(`s: ${written}`) }], citation);
  }
});

const SCHEMES = `components: {securitySchemes: ${flow({
  jwt: scheme('oauth2', JWT),
  lam: scheme('apiKey', LAM),
  tok: scheme('apiKey', { type: 'token' }),
  iam: '{type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}',
  sig: '{type: apiKey, x-amazon-apigateway-authtype: AWSSIGV4}',
  bare: '{type: http, scheme: bearer}',
  custom: '{type: apiKey, x-amazon-apigateway-authtype: custom}',
})}}`;
const AUTH = 'x-amazon-apigateway-auth';
const NONE = { kind: 'none' };
const IAM = { kind: 'iam', scopes: [] };
const by = (name: string, ...scopes: readonly string[]) => ({ kind: 'authorizer', name, scopes });
const refused = (refusal: string) => ({ kind: 'refused', refusal });

const AUTHORIZATIONS: readonly (readonly [citation: string, members: string, authorization: object])[] = [
  ['row 77', 'security: [{jwt: []}]', by('jwt')],
  ['row 78', 'security: [{jwt: [email, profile]}]', by('jwt', 'email', 'profile')],
  ['row 82', 'security: [{lam: [s]}]', by('lam', 's')],
  ['row 93', 'security: [{tok: []}]', by('tok')],
  ['row 83', 'security: [{iam: []}]', IAM],
  ['Choice O19', 'security: [{sig: []}]', IAM],
  ['Choice O23', 'security: [{iam: [s]}]', { kind: 'iam', scopes: ['s'] }],
  ['row 84', `${AUTH}: {type: aws_iam}`, IAM],
  ['row 84', `${AUTH}: {type: NONE}`, NONE],
  ['row 85', 'x-a: b', NONE],
  ['row 85', 'security: []', NONE],
  ['row 85', 'security: [{}]', NONE],
  ['row 86', 'security: [{NONE: []}]', NONE],
  ['row 87', 'security: [{nope: []}]', refused('Security scheme nope is not defined')],
  ['Choice O25', 'security: [{none: []}]', refused('Security scheme none is not defined')],
  ['row 88', 'security: [{bare: []}]', refused('Security scheme bare has no authorizer')],
  ['row 88', 'security: [{custom: []}]', refused('Security scheme custom has no authorizer')],
  ['Choice O24, the same type', `security: [{iam: []}], ${AUTH}: {type: AWS_IAM}`, IAM],
  ['Choice O24, the same type', `security: [{NONE: []}], ${AUTH}: {type: NONE}`, NONE],
  ['Choice O24, no requirement', `security: [], ${AUTH}: {type: AWS_IAM}`, IAM],
  [
    'Choice O24, unusable',
    `security: [{bare: []}], ${AUTH}: {type: NONE}`,
    refused('Security scheme bare has no authorizer'),
  ],
  ['no scopes', 'security: [{jwt: }]', by('jwt')],
  ['slips open nothing', 'security: {jwt: []}', refused('Security requirements must be an array')],
  ['slips open nothing', 'security: ', refused('Security requirements must be an array')],
  ['slips open nothing', 'security: [jwt]', refused('A security requirement must be an object')],
  [
    'slips open nothing',
    'security: [{jwt: email}]',
    refused('Scopes of security scheme jwt must be an array of strings'),
  ],
  [
    'slips open nothing',
    'security: [{jwt: [{}]}]',
    refused('Scopes of security scheme jwt must be an array of strings'),
  ],
  ['slips open nothing', `${AUTH}: {type: IAM}`, refused(`${AUTH} must be of type AWS_IAM or NONE`)],
  ['slips open nothing', `${AUTH}: AWS_IAM`, refused(`${AUTH} must be of type AWS_IAM or NONE`)],
];

test('an operation has the authorization of its one requirement', async () => {
  for (const [citation, members, authorization] of AUTHORIZATIONS) {
    const operation = await readOperation(withOperation(members, SCHEMES));
    assert.deepEqual(operation.authorization, authorization, `${citation}: ${members}`);
  }
});

test('Choice O25: a declared scheme named NONE is an ordinary one', async () => {
  const declared = `components: {securitySchemes: {NONE: ${scheme('oauth2', JWT)}}}`;
  const operation = await readOperation(withOperation('security: [{NONE: []}]', declared));
  assert.deepEqual(operation.authorization, by('NONE'));
});

test('row 95: the default route has authorization too', async () => {
  const paths = '/$default: {x-amazon-apigateway-any-method: {isDefaultRoute: true, security: [{jwt: []}]}}';
  assert.deepEqual((await readOperation(withPaths(paths, SCHEMES))).authorization, by('jwt'));
});

const SEVERAL: readonly (readonly [citation: string, members: string, at: string])[] = [
  ['row 89', 'security: [{jwt: []}, {lam: []}]', '[{jwt'],
  ['row 90', 'security: [{jwt: [], iam: []}]', '[{jwt'],
  ['Choice O24', `security: [{jwt: []}], ${AUTH}: {type: AWS_IAM}`, '{type: AWS_IAM'],
  ['Choice O24', `security: [{jwt: []}], ${AUTH}: {type: NONE}`, '{type: NONE'],
  ['Choice O24', `security: [{NONE: []}], ${AUTH}: {type: AWS_IAM}`, '{type: AWS_IAM'],
];

test('several requirements are an error of the document', async () => {
  for (const [citation, members, at] of SEVERAL) {
    const text = withOperation(members, SCHEMES);
    await assert.rejects(read(text), (error) => {
      assert.ok(error instanceof DefinitionError, citation);
      const message =
        "Unable to parse API definition because of multiple security requirements at path 'GET /a'.";
      assert.deepEqual([error.message, error.offset], [message, text.indexOf(at)], citation);
      return true;
    });
  }
});

test('§13 step 6: the first error of the document is the one that is reported', async () => {
  const several = `security: [{jwt: []}, {lam: []}], x-amazon-apigateway-integration: ${flow(L)}`;
  const malformed = 'x-amazon-apigateway-integration: text, security: [{jwt: []}, {lam: []}]';
  const first = (paths: string) => read(withPaths(paths, SCHEMES));
  await assert.rejects(
    first(`/a: {post: {${several}}, get: {${malformed}}}`),
    /requirements at path 'POST \/a'/,
  );
  await assert.rejects(
    first(`/a: {post: {${malformed}}, get: {${several}}}`),
    /malformed integration at path \/a/,
  );
});

const ROOT: readonly (readonly [citation: string, security: string, warned: boolean])[] = [
  ['row 91', '[{jwt: []}]', true],
  ['Choice O26', '[{}, {jwt: []}]', true],
  ['nothing is required', '[]', false],
  ['nothing is required', '[{}]', false],
];

test('row 91: root security is not applied, and warned of', async () => {
  for (const [citation, security, warned] of ROOT) {
    const { operations, warnings } = await read(withOperation(`x-a: b`, SCHEMES, `security: ${security}`));
    assert.deepEqual(operations[0]!.authorization, NONE, citation);
    const text = 'Root level security is not supported by API Gateway. Ignoring.';
    assert.deepEqual(textsOf(warnings), warned ? [text] : [], citation);
  }
});
