// Rows of spec/http-api.md §6.1: what of authorizers and of the routes that name them is refused when it is written. What
// JWT authorizers do to requests: test/end-to-end/http/jwt.test.ts.
import type { CreateAuthorizerCommandInput } from '@aws-sdk/client-apigatewayv2';
import type { CreationCase } from './case.ts';

const ROUTE = { RouteKey: 'GET /pets' };
const JWT: Partial<CreateAuthorizerCommandInput> = {
  Name: 'jwt',
  AuthorizerType: 'JWT',
  IdentitySource: ['$request.header.Authorization'],
  JwtConfiguration: { Issuer: 'https://login.example.com', Audience: ['pets'] },
};
const LAMBDA: Partial<CreateAuthorizerCommandInput> = {
  Name: 'lambda',
  AuthorizerType: 'REQUEST',
  AuthorizerUri:
    'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:who/invocations',
  AuthorizerPayloadFormatVersion: '2.0',
  IdentitySource: ['$request.header.Authorization'],
};
const NO_JWT = /Setting the authorization type to JWT requires a valid JWT authorizer\.$/;
const NO_URL = 'Invalid issuer: Issuer is not a valid URL for JWT Authorizer';

const badRequest = (message: string | RegExp) => ({ name: 'BadRequestException', message });

export const authorizationCreationCases: readonly CreationCase[] = [
  {
    name: 'a JWT authorizer',
    statements: ['§6.1-1', '§6.1 cause: discovery document'],
    creation: { create: 'authorizer', with: JWT },
  },
  {
    name: 'a JWT authorizer without configuration',
    statements: ['§6.1 cause: JWT without configuration'],
    creation: { create: 'authorizer', with: { ...JWT, JwtConfiguration: undefined } },
    refused: badRequest('JwtConfiguration must not be null for JWT Authorizer'),
  },
  {
    name: 'a JWT authorizer without audience',
    statements: ['§6.1-1'],
    creation: {
      create: 'authorizer',
      with: { ...JWT, JwtConfiguration: { Issuer: 'https://i.example.com' } },
    },
    refused: badRequest('Audience list must have at least 1 item for JWT Authorizer'),
  },
  ...[
    'http://login.example.com',
    'http://keycloak:8080/realms/dev',
    'login.example.com',
    'localhost:8080',
    'https://',
    'ftp://login.example.com',
  ].map(
    (Issuer): CreationCase => ({
      name: `a JWT authorizer with the issuer ${Issuer}`,
      statements: ['§6.1 cause: issuer not an https URL'],
      creation: { create: 'authorizer', with: { ...JWT, JwtConfiguration: { Issuer, Audience: ['pets'] } } },
      refused: { name: 'BadRequestException', message: new RegExp(`^${NO_URL}`) },
    }),
  ),
  ...['http://localhost:8080/realms/dev', 'http://127.0.0.1:5556/dex'].map(
    (Issuer): CreationCase => ({
      name: `a JWT authorizer with the issuer of this machine ${Issuer}`,
      statements: ['§6.1 cause: issuer not an https URL'],
      creation: { create: 'authorizer', with: { ...JWT, JwtConfiguration: { Issuer, Audience: ['pets'] } } },
    }),
  ),
  ...['Authorization', '$request.body.token', '$request.header.', 'route.request.header.Authorization'].map(
    (source): CreationCase => ({
      name: `a JWT authorizer with the identity source ${source}`,
      statements: ['§6.1 cause: bad identity source'],
      creation: { create: 'authorizer', with: { ...JWT, IdentitySource: [source] } },
      refused: badRequest(`Invalid identity source expression: ${source}`),
    }),
  ),
  {
    name: 'a JWT authorizer with two identity sources',
    statements: ['§6.2.1-1'],
    creation: {
      create: 'authorizer',
      with: { ...JWT, IdentitySource: ['$request.header.Authorization', '$request.querystring.token'] },
    },
    refused: badRequest(/exactly 1 item/),
  },
  {
    name: 'a Lambda authorizer',
    statements: ['§6.1 cause: Lambda authorizer without version'],
    creation: { create: 'authorizer', with: LAMBDA },
  },
  {
    name: 'a Lambda authorizer without version',
    statements: ['§6.1 cause: Lambda authorizer without version'],
    creation: { create: 'authorizer', with: { ...LAMBDA, AuthorizerPayloadFormatVersion: undefined } },
    refused: badRequest('AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer'),
  },
  {
    name: 'simple responses with 1.0',
    statements: ['§6.1 cause: simple responses with 1.0'],
    creation: {
      create: 'authorizer',
      with: { ...LAMBDA, AuthorizerPayloadFormatVersion: '1.0', EnableSimpleResponses: true },
    },
    refused: badRequest('EnableSimpleResponses can only be set for AuthorizerPayloadFormatVersion "2.0".'),
  },
  ...[-1, 3_601].map((ttl) => ({
    name: `a lifetime of ${ttl} s`,
    statements: ['§6.1 cause: TTL outside 0–3600'],
    creation: { create: 'authorizer' as const, with: { ...LAMBDA, AuthorizerResultTtlInSeconds: ttl } },
    refused: badRequest(
      'Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 seconds.',
    ),
  })),
  {
    name: 'a lifetime without identity source',
    statements: ['§6.1 cause: TTL > 0 without identity source'],
    creation: {
      create: 'authorizer',
      with: { ...LAMBDA, IdentitySource: [], AuthorizerResultTtlInSeconds: 1 },
    },
    refused: badRequest(
      'Identity source must be set if authorizer caching is enabled (TTL is greater than 0)',
    ),
  },
  {
    name: 'a route with JWT and no authorizer',
    statements: ['§6.1 cause: route JWT without JWT authorizer', '§6-1'],
    creation: { create: 'route', with: { ...ROUTE, AuthorizationType: 'JWT' } },
    refused: badRequest(NO_JWT),
  },
  {
    name: 'a route with JWT and an authorizer that is not there',
    statements: ['§6.1 cause: route JWT without JWT authorizer'],
    creation: { create: 'route', with: { ...ROUTE, AuthorizationType: 'JWT', AuthorizerId: 'abcdef' } },
    refused: badRequest(NO_JWT),
  },
  {
    name: 'scopes of a route without JWT',
    statements: ['§6.1 cause: scopes on another type'],
    creation: { create: 'route', with: { ...ROUTE, AuthorizationScopes: ['pets:read'] } },
    refused: badRequest(
      'Invalid Route authorization type specified. Authorization Scopes are only valid for COGNITO_USER_POOLS and JWT authorization types',
    ),
  },
];
