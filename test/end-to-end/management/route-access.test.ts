// Who may call a route, as CreateRoute and UpdateRoute take it, driven by the unmodified AWS SDK (spec/management-api.md §2.2.4).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ApiGatewayV2,
  BadRequestException,
  type CreateRouteCommandInput,
  type UpdateRouteCommandInput,
} from '@aws-sdk/client-apigatewayv2';
import { deployableApi, webSocketApi } from '../../support/management-seeds.ts';
import { refused, startManagementServer } from '../../support/management-server.ts';

const NO_JWT =
  'Invalid authorizer ID specified. Setting the authorization type to JWT requires a valid JWT authorizer.';
const NO_CUSTOM =
  'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.';
const SCOPES =
  'Invalid Route authorization type specified. Authorization Scopes are only valid for COGNITO_USER_POOLS and JWT authorization types';
const FUNCTION =
  'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:111122223333:function:f/invocations';

type Access = Pick<CreateRouteCommandInput, 'AuthorizationType' | 'AuthorizerId' | 'AuthorizationScopes'>;

/** An API with two authorizers of each type: `jwt`, `jwt2`, `custom`, `custom2`, whose names stand for their ids. */
async function prepare(sdk: ApiGatewayV2) {
  const { ApiId, IntegrationId } = await deployableApi(sdk);
  const ids = new Map<string, string>();
  for (const Name of ['jwt', 'jwt2']) {
    const { AuthorizerId } = await sdk.createAuthorizer({
      ApiId,
      Name,
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: 'https://issuer.example', Audience: ['a'] },
    });
    ids.set(Name, AuthorizerId!);
  }
  for (const Name of ['custom', 'custom2']) {
    const { AuthorizerId } = await sdk.createAuthorizer({
      ApiId,
      Name,
      AuthorizerType: 'REQUEST',
      AuthorizerUri: FUNCTION,
      AuthorizerPayloadFormatVersion: '2.0',
      IdentitySource: ['$request.header.Authorization'],
    });
    ids.set(Name, AuthorizerId!);
  }
  const placed = (access: Access): Access =>
    access.AuthorizerId ? { ...access, AuthorizerId: ids.get(access.AuthorizerId)! } : access;
  return { ApiId, placed, Target: `integrations/${IntegrationId}` };
}

function accessOf(route: Access): Access {
  const { AuthorizationType, AuthorizerId, AuthorizationScopes } = route;
  return JSON.parse(JSON.stringify({ AuthorizationType, AuthorizerId, AuthorizationScopes }));
}

const NONE: Access = { AuthorizationType: 'NONE' };
const IAM: Access = { AuthorizationType: 'AWS_IAM' };
const CUSTOM: Access = { AuthorizationType: 'CUSTOM', AuthorizerId: 'custom' };
const JWT: Access = { AuthorizationType: 'JWT', AuthorizerId: 'jwt' };
const SCOPED: Access = { ...JWT, AuthorizationScopes: ['a', 'b'] };

test('UpdateRoute: what the three members become (§2.2.4)', async (t) => {
  const server = await startManagementServer();
  t.after(() => server.close());
  const sdk = server.client();
  const { ApiId, placed, Target } = await prepare(sdk);
  const rows: readonly (readonly [
    stored: Access,
    update: Partial<UpdateRouteCommandInput>,
    reads: Access | { readonly refused: string },
  ])[] = [
    // An authorizer is attached together with the type, even to a route that has it.
    [JWT, { AuthorizerId: 'jwt2' }, { refused: NO_JWT }],
    [JWT, { AuthorizerId: 'jwt' }, { refused: NO_JWT }],
    [CUSTOM, { AuthorizerId: 'custom2' }, { refused: NO_CUSTOM }],
    [CUSTOM, { AuthorizerId: 'custom' }, { refused: NO_CUSTOM }],
    [NONE, { AuthorizerId: 'custom' }, { refused: NO_CUSTOM }],
    [IAM, { AuthorizerId: 'custom' }, { refused: NO_CUSTOM }],
    [JWT, { AuthorizationType: 'JWT', AuthorizerId: 'jwt2' }, { ...JWT, AuthorizerId: 'jwt2' }],
    [CUSTOM, { AuthorizationType: 'CUSTOM' }, CUSTOM],
    [JWT, { AuthorizationType: 'CUSTOM' }, { refused: NO_CUSTOM }],
    // Nothing is detached by an empty id alone.
    [JWT, { AuthorizerId: '' }, JWT],
    [CUSTOM, { AuthorizerId: '' }, CUSTOM],
    [CUSTOM, { OperationName: 'x' }, CUSTOM],
    [CUSTOM, { AuthorizationType: 'AWS_IAM', AuthorizerId: '' }, IAM],
    [JWT, { AuthorizationType: 'NONE' }, NONE],
    // Scopes go with JWT.
    [NONE, { AuthorizationScopes: ['a'] }, { refused: SCOPES }],
    [IAM, { AuthorizationScopes: ['a'] }, { refused: SCOPES }],
    [CUSTOM, { AuthorizationScopes: ['a'] }, { refused: SCOPES }],
    [NONE, { AuthorizationScopes: [] }, NONE],
    [SCOPED, { AuthorizationType: 'JWT', AuthorizerId: 'jwt2' }, { ...SCOPED, AuthorizerId: 'jwt2' }],
    [SCOPED, { AuthorizationScopes: [] }, JWT],
    [SCOPED, { AuthorizationScopes: ['c'] }, { ...JWT, AuthorizationScopes: ['c'] }],
    [SCOPED, { AuthorizationType: 'CUSTOM', AuthorizerId: 'custom' }, CUSTOM],
    [NONE, { AuthorizationType: 'jwt' as never, AuthorizerId: 'jwt' }, { refused: TYPE }],
  ];
  for (const [i, [stored, update, reads]] of rows.entries()) {
    await t.test(`${JSON.stringify(stored)}, ${JSON.stringify(update)}`, async () => {
      const { RouteId } = await sdk.createRoute({ ApiId, RouteKey: `GET /r${i}`, ...placed(stored) });
      const change = { ApiId, RouteId, Target, ...update, ...placed(update) };
      if ('refused' in reads) {
        await refused(sdk.updateRoute(change), BadRequestException, 400, reads.refused);
        const { Target: unset, ...kept } = await sdk.getRoute({ ApiId, RouteId });
        assert.equal(unset, undefined);
        assert.deepEqual(accessOf(kept), placed(stored));
      } else {
        assert.deepEqual(accessOf(await sdk.updateRoute(change)), placed(reads));
        assert.deepEqual(accessOf(await sdk.getRoute({ ApiId, RouteId })), placed(reads));
      }
    });
  }
});

test('CreateRoute: an authorizer without its type is dropped, and the route is open (§2.2.4)', async (t) => {
  const server = await startManagementServer();
  t.after(() => server.close());
  const sdk = server.client();
  const { ApiId, placed } = await prepare(sdk);
  const rows: readonly (readonly [given: Access, reads: Access])[] = [
    [{ AuthorizationType: 'NONE', AuthorizerId: 'jwt' }, NONE],
    [{ AuthorizationType: 'AWS_IAM', AuthorizerId: 'custom' }, IAM],
    [{ AuthorizerId: 'custom' }, NONE],
    [{ AuthorizationScopes: [] }, NONE],
  ];
  for (const [i, [given, reads]] of rows.entries()) {
    const route = await sdk.createRoute({ ApiId, RouteKey: `GET /c${i}`, ...placed(given) });
    assert.equal(route.$metadata.httpStatusCode, 201);
    assert.deepEqual(accessOf(route), reads, JSON.stringify(given));
  }
  const ws = await webSocketApi(sdk);
  const { AuthorizerId } = await sdk.createAuthorizer({
    ...ws,
    Name: 'f',
    AuthorizerType: 'REQUEST',
    AuthorizerUri: FUNCTION,
    IdentitySource: [],
  });
  for (const RouteKey of ['$connect', '$disconnect', '$default']) {
    const { RouteId, ...route } = await sdk.createRoute({ ...ws, RouteKey, AuthorizerId });
    assert.deepEqual(accessOf(route), NONE, RouteKey);
    const attached = sdk.updateRoute({ ...ws, RouteId, AuthorizerId });
    await refused(attached, BadRequestException, 400, NO_CUSTOM);
  }
});

const TYPE = 'Invalid authorizationType specified';

test('a type that is none is refused, so that no misspelt route is open (§2.2.4)', async (t) => {
  const server = await startManagementServer();
  t.after(() => server.close());
  const sdk = server.client();
  const { ApiId, placed } = await prepare(sdk);
  for (const type of ['jwt', 'Custom', 'COGNITO_USER_POOLS', 'OPEN', '']) {
    const given = { ...placed({ AuthorizerId: 'jwt' }), AuthorizationType: type as never };
    await refused(sdk.createRoute({ ApiId, RouteKey: 'GET /t', ...given }), BadRequestException, 400, TYPE);
  }
});
