// Authorizers, driven by the unmodified AWS SDK (spec/management-api.md §1.10, §2.6, §2.9.2, §2.16; http-api.md §6.1).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ApiGatewayV2,
  ConflictException,
  type CreateAuthorizerCommandInput,
  NotFoundException,
} from '@aws-sdk/client-apigatewayv2';
import { deployableApi, httpApi, plain, webSocketApi } from '../../support/management-seeds.ts';
import { OTHER_ACCOUNT, REGION, refused, startManagementServer } from '../../support/management-server.ts';
import { type RefusalRow, testRefusals } from '../../support/refusal-rows.ts';

const FUNCTION = `arn:aws:lambda:${REGION}:111111111111:function:who`;
const URI = `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;
const ROLE = 'arn:aws:iam::111111111111:role/invoke';
const HEADER = '$request.header.Authorization';

type Given = Partial<Omit<CreateAuthorizerCommandInput, 'ApiId'>>;

const JWT: Given = {
  Name: 'jwt',
  AuthorizerType: 'JWT',
  IdentitySource: [HEADER],
  JwtConfiguration: { Issuer: 'https://issuer.example/', Audience: ['a', 'b'] },
};
const REQUEST: Given = {
  Name: 'lambda',
  AuthorizerType: 'REQUEST',
  AuthorizerUri: URI,
  AuthorizerPayloadFormatVersion: '2.0',
  IdentitySource: [HEADER],
  AuthorizerResultTtlInSeconds: 300,
};
const WEBSOCKET: Given = {
  Name: 'ws',
  AuthorizerType: 'REQUEST',
  AuthorizerUri: URI,
  IdentitySource: ['route.request.querystring.token'],
};

const create = (sdk: ApiGatewayV2, ApiId: string, given: Given) =>
  sdk.createAuthorizer({ ...given, ApiId } as CreateAuthorizerCommandInput);

async function started(t: { after(end: () => Promise<void>): void }) {
  const server = await startManagementServer();
  t.after(() => server.close());
  return { server, sdk: server.client() };
}

test('a JWT authorizer is created, read and changed member by member (§2.6.1, §1.10)', async (t) => {
  const { sdk } = await started(t);
  const { ApiId } = await httpApi(sdk);
  const output = await create(sdk, ApiId, JWT);
  assert.equal(output.$metadata.httpStatusCode, 201);
  const { AuthorizerId, ...made } = plain(output) as { AuthorizerId: string };
  assert.match(AuthorizerId, /^[a-z0-9]{6}$/);
  assert.deepEqual(made, JWT);
  assert.deepEqual(plain(await sdk.getAuthorizer({ ApiId, AuthorizerId })), { ...JWT, AuthorizerId });
  const changed = await sdk.updateAuthorizer({
    ApiId,
    AuthorizerId,
    JwtConfiguration: { Audience: ['c'] },
  });
  assert.deepEqual(plain(changed), {
    ...JWT,
    AuthorizerId,
    JwtConfiguration: { Issuer: 'https://issuer.example/', Audience: ['c'] },
  });
  const renamed = await sdk.updateAuthorizer({ ApiId, AuthorizerId, Name: 'other', JwtConfiguration: {} });
  assert.deepEqual([renamed.Name, renamed.JwtConfiguration?.Audience], ['other', ['c']]);
});

test('issuers of this machine may be of http, by their spelling (§2.6.2)', async (t) => {
  const { sdk } = await started(t);
  const { ApiId } = await httpApi(sdk);
  for (const Issuer of [
    'http://localhost:8080/realms/dev',
    'http://127.0.0.1:5556/dex',
    'HTTP://LOCALHOST',
    'http://issuer.localhost/',
    'http://a.b.localhost:1',
    'http://127.9.8.7',
    'http://[::1]:8080/',
    'https://keycloak:8443/realms/dev',
  ]) {
    const made = await create(sdk, ApiId, {
      ...JWT,
      Name: Issuer,
      JwtConfiguration: { Issuer, Audience: ['a'] },
    });
    assert.equal(made.JwtConfiguration!.Issuer, Issuer);
  }
});

test('a Lambda authorizer of format 1.0 may say that it has no simple responses (§2.6.2)', async (t) => {
  const { sdk } = await started(t);
  const { ApiId } = await httpApi(sdk);
  const given = { ...REQUEST, AuthorizerPayloadFormatVersion: '1.0', EnableSimpleResponses: false };
  assert.equal((await create(sdk, ApiId, given)).EnableSimpleResponses, false);
});

test('a Lambda authorizer of an HTTP API is created, changed and cleared (§2.6.1, §1.10)', async (t) => {
  const { sdk } = await started(t);
  const { ApiId } = await httpApi(sdk);
  const full = {
    ...REQUEST,
    AuthorizerCredentialsArn: ROLE,
    EnableSimpleResponses: true,
    IdentityValidationExpression: '.*',
  };
  const { AuthorizerId, ...made } = plain(await create(sdk, ApiId, full)) as { AuthorizerId: string };
  assert.deepEqual(made, full);
  const cleared = await sdk.updateAuthorizer({
    ApiId,
    AuthorizerId,
    AuthorizerCredentialsArn: '',
    IdentityValidationExpression: '',
    IdentitySource: [],
    AuthorizerResultTtlInSeconds: 0,
    EnableSimpleResponses: false,
    AuthorizerPayloadFormatVersion: '1.0',
  });
  const { IdentitySource, ...rest } = REQUEST;
  assert.deepEqual(plain(cleared), {
    ...rest,
    AuthorizerId,
    AuthorizerResultTtlInSeconds: 0,
    EnableSimpleResponses: false,
    AuthorizerPayloadFormatVersion: '1.0',
  });
});

test('a Lambda authorizer needs no identity source, and has stage variables in its URI (§2.6.1, §4.4)', async (t) => {
  const { sdk } = await started(t);
  const { ApiId } = await httpApi(sdk);
  const { AuthorizerResultTtlInSeconds: _, ...given } = REQUEST;
  const uri = URI.replace('who', `\${stageVariables.fn}`);
  const made = plain(await create(sdk, ApiId, { ...given, AuthorizerUri: uri, IdentitySource: [] }));
  assert.deepEqual([made.IdentitySource, made.AuthorizerResultTtlInSeconds], [undefined, undefined]);
  assert.equal(made.AuthorizerUri, uri);
});

test('a type that changes takes its members along (§2.6.1)', async (t) => {
  const { sdk } = await started(t);
  const { ApiId } = await httpApi(sdk);
  const { AuthorizerId } = (await create(sdk, ApiId, REQUEST)) as { AuthorizerId: string };
  const { Name, ...jwt } = JWT;
  const changed = plain(await sdk.updateAuthorizer({ ApiId, AuthorizerId, ...jwt }));
  assert.deepEqual(changed, { ...jwt, Name: 'lambda', AuthorizerId });
});

test('an authorizer of a WebSocket API has neither version nor lifetime (§2.6.1)', async (t) => {
  const { sdk } = await started(t);
  const { ApiId } = await webSocketApi(sdk);
  const { AuthorizerId, ...made } = plain(await create(sdk, ApiId, WEBSOCKET)) as { AuthorizerId: string };
  assert.deepEqual(made, WEBSOCKET);
  const sources = ['route.request.header.A', 'stageVariables.v', 'context.connectionId'];
  const changed = await sdk.updateAuthorizer({ ApiId, AuthorizerId, IdentitySource: sources });
  assert.deepEqual(changed.IdentitySource, sources);
});

test('authorizers are listed in pages, belong to an account, and are gone once deleted (§1.9, §1.13)', async (t) => {
  const { server, sdk } = await started(t);
  const { ApiId } = await httpApi(sdk);
  await create(sdk, ApiId, JWT);
  const { AuthorizerId } = (await create(sdk, ApiId, REQUEST)) as { AuthorizerId: string };
  const first = await sdk.getAuthorizers({ ApiId, MaxResults: '1' });
  const second = await sdk.getAuthorizers({ ApiId, MaxResults: '1', NextToken: first.NextToken! });
  assert.deepEqual(
    [...first.Items!, ...second.Items!].map(({ Name }) => Name),
    ['jwt', 'lambda'],
  );
  await assert.rejects(
    server.client(OTHER_ACCOUNT).getAuthorizer({ ApiId, AuthorizerId }),
    NotFoundException,
  );
  assert.equal((await sdk.deleteAuthorizer({ ApiId, AuthorizerId })).$metadata.httpStatusCode, 204);
  await refused(
    sdk.getAuthorizer({ ApiId, AuthorizerId }),
    NotFoundException,
    404,
    `Invalid Authorizer identifier specified ${AuthorizerId}`,
  );
});

test('an authorizer that a route uses is not deleted (§2.16)', async (t) => {
  const { sdk } = await started(t);
  const { ApiId, RouteId } = await deployableApi(sdk);
  const { AuthorizerId } = (await create(sdk, ApiId, JWT)) as { AuthorizerId: string };
  await sdk.updateRoute({ ApiId, RouteId, AuthorizationType: 'JWT', AuthorizerId });
  await refused(
    sdk.deleteAuthorizer({ ApiId, AuthorizerId }),
    ConflictException,
    409,
    "Cannot delete authorizer 'jwt', is referenced in route: GET /pets/{petId}",
  );
  await sdk.updateRoute({ ApiId, RouteId, AuthorizationType: 'NONE' });
  await sdk.deleteAuthorizer({ ApiId, AuthorizerId });
});

test('ResetAuthorizersCache answers 204 for a stage and 404 for none (§2.6.2)', async (t) => {
  const { sdk } = await started(t);
  const { ApiId } = await deployableApi(sdk);
  await sdk.createStage({ ApiId, StageName: '$default', AutoDeploy: true });
  const { $metadata } = await sdk.resetAuthorizersCache({ ApiId, StageName: '$default' });
  assert.equal($metadata.httpStatusCode, 204);
  await refused(
    sdk.resetAuthorizersCache({ ApiId, StageName: 'nothere' }),
    NotFoundException,
    404,
    'Invalid stage identifier specified',
  );
});

const SIMPLE_WITH_1 = 'EnableSimpleResponses can only be set for AuthorizerPayloadFormatVersion "2.0".';
const TTL_RANGE = 'Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 seconds.';
const TTL_ALONE = 'Identity source must be set if authorizer caching is enabled (TTL is greater than 0)';
const ISSUER = 'Invalid issuer: Issuer is not a valid URL for JWT Authorizer';
const VERSION = 'AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer';
const NEEDS_URI = 'AuthorizerUri is a required field in an Authorizer';
const SOURCE = 'Invalid identity source expression: ';

type Row = readonly [source: string, name: string, given: Given, text: string];

const issuer = (text: string): Given => ({ ...JWT, JwtConfiguration: { Issuer: text, Audience: ['a'] } });

const HTTP_ROWS: readonly Row[] = [
  ['§1.5', 'no type', { Name: 'x', IdentitySource: [] }, 'AuthorizerType is a required field'],
  [
    '§8.21',
    'a type that is none',
    { ...REQUEST, AuthorizerType: 'TOKEN' as never },
    'Invalid authorizerType specified',
  ],
  ['§1.5', 'no name', { ...REQUEST, Name: undefined }, 'Name is a required field'],
  ['§2.6.1', 'an empty name', { ...REQUEST, Name: '' }, 'name must have length between 1 and 128'],
  ['§2.6.1', 'a long name', { ...REQUEST, Name: 'x'.repeat(129) }, 'name must have length between 1 and 128'],
  [
    '§6.1',
    'no JwtConfiguration',
    { ...JWT, JwtConfiguration: undefined },
    'JwtConfiguration must not be null for JWT Authorizer',
  ],
  [
    '§2.6.2',
    'no audience',
    { ...JWT, JwtConfiguration: { Issuer: 'https://i.example' } },
    'Audience list must have at least 1 item for JWT Authorizer',
  ],
  [
    '§7.1',
    '51 audiences',
    {
      ...JWT,
      JwtConfiguration: { Issuer: 'https://i.example', Audience: Array.from({ length: 51 }, String) },
    },
    'audience must have at most 50 entries',
  ],
  ['§6.1', 'no issuer', { ...JWT, JwtConfiguration: { Audience: ['a'] } }, ISSUER],
  ...[
    'http://issuer.example',
    'http://keycloak:8080/realms/dev',
    'http://10.0.0.5/realms/dev',
    'http://192.168.1.2:8080',
    'http://[fd00::1]/',
    'http://localhost.example.com',
    'http://localhost.',
    'http://127.0.0.1.example.com',
    'http://notlocalhost',
    'http://localhost@issuer.example/',
    'http://0.0.0.0:8080',
  ].map(
    (url): Row => [
      '§2.6.2',
      `an issuer by http elsewhere: ${url}`,
      issuer(url),
      `${ISSUER}. Issuers of http are those of this machine, such as http://localhost:8080. For ${new URL(url).host} use https, or name the issuer in jwt.issuers of the configuration file`,
    ],
  ),
  ...['ftp://x', 'localhost:8080', 'http:localhost', 'http://', 'http:///a', 'ws://localhost', ''].map(
    (url): Row => ['§2.6.2', `an issuer of no such URL: ${JSON.stringify(url)}`, issuer(url), ISSUER],
  ),
  ['§6.1', 'an issuer that is no URL', issuer('https://'), ISSUER],
  ['§6.1', 'an issuer that is text', issuer('issuer'), ISSUER],
  [
    '§2.6.1',
    'JWT without source',
    { ...JWT, IdentitySource: [] },
    'IdentitySource must have exactly 1 item for JWT Authorizer',
  ],
  [
    '§2.6.1',
    'JWT with two sources',
    { ...JWT, IdentitySource: [HEADER, HEADER] },
    'IdentitySource must have exactly 1 item for JWT Authorizer',
  ],
  ['§6.1', 'JWT with a bad source', { ...JWT, IdentitySource: ['Authorization'] }, `${SOURCE}Authorization`],
  [
    '§6.2.1',
    'JWT from a variable',
    { ...JWT, IdentitySource: ['$context.routeKey'] },
    `${SOURCE}$context.routeKey`,
  ],
  [
    '§2.6.1',
    'JWT with a URI',
    { ...JWT, AuthorizerUri: URI },
    'AuthorizerUri is not supported for JWT Authorizer',
  ],
  [
    '§2.6.2',
    'JWT with simple responses, even none',
    { ...JWT, EnableSimpleResponses: false },
    'EnableSimpleResponses is not supported for JWT Authorizer',
  ],
  [
    '§2.6.2',
    'JWT with credentials',
    { ...JWT, AuthorizerCredentialsArn: ROLE },
    'AuthorizerCredentialsArn is not supported for JWT Authorizer',
  ],
  [
    '§2.6.1',
    'JWT with a lifetime',
    { ...JWT, AuthorizerResultTtlInSeconds: 0 },
    'AuthorizerResultTtlInSeconds is not supported for JWT Authorizer',
  ],
  [
    '§2.6.1',
    'REQUEST with JwtConfiguration',
    { ...REQUEST, ...{ JwtConfiguration: JWT.JwtConfiguration } },
    'JwtConfiguration is not supported for REQUEST authorizer',
  ],
  ['§6.1', 'REQUEST without version', { ...REQUEST, AuthorizerPayloadFormatVersion: undefined }, VERSION],
  [
    '§2.6.2',
    'another version',
    { ...REQUEST, AuthorizerPayloadFormatVersion: '3.0' },
    'AuthorizerPayloadFormatVersion 3.0 is not supported',
  ],
  [
    '§6.1',
    'simple responses with 1.0',
    { ...REQUEST, AuthorizerPayloadFormatVersion: '1.0', EnableSimpleResponses: true },
    SIMPLE_WITH_1,
  ],
  ['§2.6.2', 'REQUEST without URI', { ...REQUEST, AuthorizerUri: undefined }, NEEDS_URI],
  ['§2.6.2', 'REQUEST with an empty URI', { ...REQUEST, AuthorizerUri: '' }, NEEDS_URI],
  [
    '§2.6.2',
    'a URI that is a URL',
    { ...REQUEST, AuthorizerUri: 'https://who.example' },
    'Invalid authorizer URI',
  ],
  [
    '§2.6.2',
    'a URI of no function',
    { ...REQUEST, AuthorizerUri: `arn:aws:apigateway:${REGION}:sqs:path/q` },
    'Invalid authorizer URI',
  ],
  ['§6.1', 'a lifetime below 0', { ...REQUEST, AuthorizerResultTtlInSeconds: -1 }, TTL_RANGE],
  ['§6.1', 'a lifetime over 3600', { ...REQUEST, AuthorizerResultTtlInSeconds: 3601 }, TTL_RANGE],
  ['§6.1', 'a lifetime without source', { ...REQUEST, IdentitySource: [] }, TTL_ALONE],
  [
    '§6.1',
    'a source that is none',
    { ...REQUEST, IdentitySource: [HEADER, '$request.body.a'] },
    `${SOURCE}$request.body.a`,
  ],
  [
    '§2.6.2',
    'credentials of the caller',
    { ...REQUEST, AuthorizerCredentialsArn: 'arn:aws:iam::*:user/*' },
    'Invalid ARN specified in the request',
  ],
];

const WEBSOCKET_ONLY = 'Only REQUEST authorizer type is supported on WEBSOCKET protocol Apis.';
const WEBSOCKET_SOURCE =
  "Invalid request identity source expression: $request.header.A. The sources must be separated by comma, and each source must be either a request parameter, matching 'route.request.querystring|header.[a-zA-Z0-9._-]+', or a stage variable, matching 'stageVariables.[a-zA-Z0-9._-]+', or a context parameter, matching 'context.[a-zA-Z0-9._-]+'";

const WEBSOCKET_ROWS: readonly Row[] = [
  ['§2.6.2', 'JWT', JWT, WEBSOCKET_ONLY],
  [
    '§2.6.2',
    'a lifetime',
    { ...WEBSOCKET, AuthorizerResultTtlInSeconds: 0 },
    'AuthorizerResultTtlInSeconds cannot be set for WEBSOCKET protocol Apis',
  ],
  [
    '§2.6.2',
    'a version',
    { ...WEBSOCKET, AuthorizerPayloadFormatVersion: '1.0' },
    'AuthorizerPayloadFormatVersion cannot be set for WEBSOCKET protocol Apis.',
  ],
  [
    '§2.6.2',
    'simple responses',
    { ...WEBSOCKET, EnableSimpleResponses: false },
    'EnableSimpleResponses cannot be set for WEBSOCKET protocol Apis.',
  ],
  [
    '§2.6.2',
    'JwtConfiguration',
    { ...WEBSOCKET, ...{ JwtConfiguration: JWT.JwtConfiguration } },
    'JwtConfiguration cannot be set for WEBSOCKET protocol Apis.',
  ],
  [
    '§2.6.2',
    'a source of an HTTP API',
    { ...WEBSOCKET, IdentitySource: ['$request.header.A'] },
    WEBSOCKET_SOURCE,
  ],
  ['§2.6.2', 'no URI', { ...WEBSOCKET, AuthorizerUri: undefined }, NEEDS_URI],
];

function creation(rows: readonly Row[]): RefusalRow<{ ApiId: string }>[] {
  return rows.map(([source, name, given, text]) => ({
    source,
    name,
    call: (sdk, { ApiId }) => create(sdk, ApiId, given),
    text,
  }));
}

testRefusals('CreateAuthorizer refuses', httpApi, creation(HTTP_ROWS));
testRefusals('CreateAuthorizer of a WebSocket API refuses', webSocketApi, creation(WEBSOCKET_ROWS));

async function twoAuthorizers(sdk: ApiGatewayV2) {
  const { ApiId } = await httpApi(sdk);
  const { AuthorizerId } = await create(sdk, ApiId, REQUEST);
  const { AuthorizerId: jwtId } = await create(sdk, ApiId, JWT);
  return { ApiId, AuthorizerId, jwtId: jwtId! };
}

testRefusals('UpdateAuthorizer and CreateAuthorizer refuse, with others there', twoAuthorizers, [
  {
    source: '§2.6.2',
    name: 'a name that another has',
    call: (sdk, { ApiId }) => create(sdk, ApiId, JWT),
    text: 'Authorizer name must be unique. Authorizer jwt already exists in this RestApi.',
    exception: 'Conflict',
  },
  {
    source: '§2.6.2',
    name: 'renaming to a name that another has',
    call: (sdk, { ApiId, AuthorizerId }) => sdk.updateAuthorizer({ ApiId, AuthorizerId, Name: 'jwt' }),
    text: 'Authorizer name must be unique. Authorizer jwt already exists in this RestApi.',
    exception: 'Conflict',
  },
  ...[
    { EnableSimpleResponses: false },
    { EnableSimpleResponses: true },
    { AuthorizerCredentialsArn: ROLE },
  ].map(
    (members): RefusalRow<{ ApiId: string; jwtId: string }> => ({
      source: '§2.6.2',
      name: `${JSON.stringify(members)} of a JWT authorizer`,
      call: (sdk, { ApiId, jwtId }) => sdk.updateAuthorizer({ ApiId, AuthorizerId: jwtId, ...members }),
      text: `${Object.keys(members)[0]} is not supported for JWT Authorizer`,
    }),
  ),
  {
    source: '§2.6.2',
    name: 'an issuer by http elsewhere in an update',
    call: (sdk, { ApiId, jwtId }) =>
      sdk.updateAuthorizer({
        ApiId,
        AuthorizerId: jwtId,
        JwtConfiguration: { Issuer: 'http://dex:5556/dex' },
      }),
    text: `${ISSUER}. Issuers of http are those of this machine, such as http://localhost:8080. For dex:5556 use https, or name the issuer in jwt.issuers of the configuration file`,
  },
  {
    source: '§6.1',
    name: 'taking the identity sources from under a lifetime',
    call: (sdk, { ApiId, AuthorizerId }) => sdk.updateAuthorizer({ ApiId, AuthorizerId, IdentitySource: [] }),
    text: TTL_ALONE,
  },
  {
    source: '§2.6.1',
    name: 'a type without what it needs',
    call: (sdk, { ApiId, AuthorizerId }) =>
      sdk.updateAuthorizer({ ApiId, AuthorizerId, AuthorizerType: 'JWT' }),
    text: 'JwtConfiguration must not be null for JWT Authorizer',
  },
  {
    source: 'App. A',
    name: 'an authorizer that is not there',
    call: (sdk, { ApiId }) => sdk.updateAuthorizer({ ApiId, AuthorizerId: 'nothere' }),
    text: 'Invalid Authorizer identifier specified nothere',
    exception: 'NotFound',
  },
]);
