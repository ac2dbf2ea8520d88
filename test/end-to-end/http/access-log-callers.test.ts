// Access logs of calls with functions, authorizers, tokens and signatures (spec/http-api.md §9.3, §9.4, Choice C64).
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { UpdateStageCommand } from '@aws-sdk/client-apigatewayv2';
import { createGuardedApi, policy, startAuthorizerStand, statement } from '../../support/authorizer-stand.ts';
import { AWS_REQUEST_ID } from '../../support/invoke-server.ts';
import { createJwtApi, startJwtStand } from '../../support/jwt-stand.ts';
import { groupArn } from '../../support/logged-api.ts';
import { ACCOUNT } from '../../support/postern.ts';
import { KEY, sign } from '../../support/signing.ts';
import { makeKey, makeToken, secondsFromNow, startTokenIssuer } from '../../support/token-issuer.ts';

const formatOf = (...names: string[]): string =>
  `${names.map((name) => `$context.${name}`).join('|')} $context.requestId`;
const valuesOf = (line: string): string => line.slice(0, line.lastIndexOf(' '));

test('functions: the status of the Invoke call and that of the function are two things', async (t) => {
  const stand = await startAuthorizerStand(t);
  const format = formatOf(
    'status',
    'integrationStatus',
    'integration.integrationStatus',
    'integration.status',
    'awsEndpointRequestId',
    'integration.requestId',
    'error.responseType',
  );
  const api = await createGuardedApi(stand, {
    authorizers: {},
    routes: [{ key: 'GET /', type: 'NONE', lambda: '2.0' }],
    accessLog: { group: 'functions', format },
  });
  stand.lambda.script(
    { payload: '{"statusCode":418}' },
    { payload: '{"statusCode":"nonsense"}' },
    { functionError: 'Unhandled', payload: '{"errorMessage":"no"}' },
  );
  for (let i = 0; i < 3; i++) await api.call('/');
  const lines = await stand.accessLog('functions');
  assert.deepEqual(lines.map(valuesOf), [
    `418|200|200|418|${AWS_REQUEST_ID}|${AWS_REQUEST_ID}|-`,
    `500|200|200|-|${AWS_REQUEST_ID}|${AWS_REQUEST_ID}|API_CONFIGURATION_ERROR`,
    `500|200|200|-|${AWS_REQUEST_ID}|${AWS_REQUEST_ID}|DEFAULT_5XX`,
  ]);
});

test('an authorizer’s latency and status', async (t) => {
  const stand = await startAuthorizerStand(t);
  const format = formatOf('authorizer.status', 'authorizer.latency');
  const api = await createGuardedApi(stand, {
    authorizers: { who: { EnableSimpleResponses: false, AuthorizerPayloadFormatVersion: '1.0' } },
    routes: [{ key: 'GET /' }, { key: 'GET /open', type: 'NONE' }],
    accessLog: { group: 'authorizers', format },
  });
  stand.lambda.script(
    policy(statement('Allow', '*')),
    policy(statement('Allow', '*'), { principalId: 'me', context: { status: 'own' } }),
    policy([]),
    { payload: '{}' },
  );
  for (let i = 0; i < 4; i++) await api.call('/', [`Authorization: ${i}`]);
  await api.call('/open');
  const lines = await stand.accessLog('authorizers');
  assert.deepEqual(
    lines.map((line) => valuesOf(line).replace(/\d+$/, 'MILLIS')),
    ['200|MILLIS', 'own|MILLIS', '403|MILLIS', '500|MILLIS', '-|-'],
  );
});

test('who signed is named', async (t) => {
  const stand = await startAuthorizerStand(t, [{ ...KEY, accountId: ACCOUNT }]);
  const names = 'accessKey accountId caller user userArn principalOrgId cognitoIdentityId'.split(' ');
  const api = await createGuardedApi(stand, {
    authorizers: {},
    routes: [{ key: 'GET /', type: 'AWS_IAM' }],
    accessLog: { group: 'signed', format: formatOf(...names.map((name) => `identity.${name}`)) },
  });
  const { target, lines, method } = await sign({ host: api.host, path: '/' });
  assert.equal((await api.call(target, lines, method)).status, 200);
  const [accessKey, accountId, caller, user, userArn, organisation, cognito] = valuesOf(
    (await stand.accessLog('signed'))[0]!,
  ).split('|');
  assert.equal(accessKey, KEY.accessKeyId);
  assert.equal(accountId, ACCOUNT);
  assert.notEqual(caller, '-');
  assert.equal(user, caller);
  assert.match(userArn!, new RegExp(`^arn:aws:iam::${ACCOUNT}:`));
  assert.deepEqual([organisation, cognito], ['-', '-']);
});

test('claims of a token, and a token that is missing', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-claims-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, 'claims.log');
  const issuer = 'https://login.example.com/';
  const key = makeKey('RS256', 'one');
  const keys = await startTokenIssuer(issuer, [key]);
  t.after(() => keys.close());
  const DestinationArn = groupArn('claims');
  const stand = await startJwtStand(t, [{ issuer, address: keys.address, ca: undefined }], {
    logDestinations: [{ arn: DestinationArn, target: { kind: 'file', path } }],
  });
  const api = await createJwtApi(stand, { first: { issuer, audience: ['pets'] } }, [{ key: 'GET /' }]);
  const Format = formatOf(
    'authorizer.claims.sub',
    'authorizer.jwt.claims.sub',
    'identity.accessKey',
    'authorizer.claims.cognito:groups',
    'authorizer.claims.missing',
    'error.responseType',
  );
  const AccessLogSettings = { DestinationArn, Format };
  await stand.postern.client.send(
    new UpdateStageCommand({ ApiId: api.apiId, StageName: '$default', AccessLogSettings }),
  );
  const claims = {
    iss: issuer,
    aud: 'pets',
    sub: 'me',
    exp: secondsFromNow(600),
    'cognito:groups': ['a', 'b'],
  };
  assert.equal((await api.with(makeToken(key, claims))).status, 200);
  await api.call('/');
  await stand.postern.close();
  const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  assert.deepEqual(lines.map(valuesOf), ['me|me|-|[a b]|-|-', '-|-|-|-|-|UNAUTHORIZED']);
});
