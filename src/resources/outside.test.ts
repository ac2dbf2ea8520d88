import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { badRequest } from '../wire/errors.ts';
import { apis } from './api/api.ts';
import { authorizers } from './authorizer/authorizer.ts';
import type { Context } from './context.ts';
import { domainNames } from './domain/domain-name.ts';
import { importApi } from './openapi/loaded-later.ts';
import { askedOnce, type Outside } from './outside.ts';
import { routes } from './route/route.ts';

const PLACE = { account: '000000000000', region: 'us-east-1' };
const UNREACHABLE = 'Issuer https://down.example cannot be asked';

let directory: string;
let store: Store;
let ApiId: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-outside-'));
  store = await openSqliteStore({ directory });
  ({ ApiId } = await transact({}, (context) =>
    apis.create(context, { Name: 'asking', ProtocolType: 'HTTP' }),
  ));
});
after(async () => {
  await store.close();
  await rm(directory, { recursive: true });
});

function transact<T>(outside: Outside, work: (context: Context) => Promise<T>): Promise<T> {
  return store.transact((tx) =>
    work({ tx, ...PLACE, now: new Date(0), endpoint: (id) => `http://${id}.example`, outside }),
  );
}

/** The outside of one operation, and what it was asked. */
function outsideThatLists(): { readonly outside: Outside; readonly asked: string[] } {
  const asked: string[] = [];
  const outside = askedOnce({
    async checkIssuer(issuer) {
      asked.push(issuer);
      if (issuer === 'https://down.example') throw badRequest(UNREACHABLE);
    },
    async readTruststore(uri, version) {
      asked.push(`${uri} ${version ?? 'newest'}`);
      return { warnings: [] };
    },
  });
  return { outside, asked };
}

const jwt = (Name: string, Issuer = `https://${Name}.example`) => ({
  ApiId,
  Name,
  AuthorizerType: 'JWT',
  IdentitySource: ['$request.header.Authorization'],
  JwtConfiguration: { Issuer, Audience: ['pets'] },
});

test('rules that create two authorizers have their issuers asked before the transaction, which asks nobody', async () => {
  const { outside, asked } = outsideThatLists();
  const preparation = { ...PLACE, store, outside };
  const wanted = [jwt('first'), jwt('second'), jwt('third', 'https://first.example')];
  await Promise.all(wanted.map((given) => authorizers.prepare('create', given, preparation)));
  assert.deepEqual(asked.splice(0), ['https://first.example', 'https://second.example']);
  await transact(outside, async (context) => {
    for (const given of wanted) await authorizers.create(context, given);
  });
  assert.deepEqual(asked, []);
});

test('an import has its issuers asked before the transaction, and a refusal is the warning of its authorizer', async () => {
  const scheme = (issuer: string) => ({
    type: 'oauth2',
    'x-amazon-apigateway-authorizer': {
      type: 'jwt',
      identitySource: '$request.header.Authorization',
      jwtConfiguration: { issuer, audience: ['pets'] },
    },
  });
  const Body = JSON.stringify({
    openapi: '3.0.1',
    info: { title: 'asking', version: '1' },
    paths: {
      '/a': { get: { responses: {}, security: [{ down: [] }] } },
      '/b': { get: { responses: {}, security: [{ up: [] }] } },
    },
    components: {
      securitySchemes: { down: scheme('https://down.example'), up: scheme('https://up.example') },
    },
  });
  const { outside, asked } = outsideThatLists();
  const definition = await importApi.prepare!({ Body }, { ...PLACE, store, outside });
  assert.deepEqual(asked.splice(0), ['https://down.example', 'https://up.example']);
  await transact(outside, async (context) => {
    const { Warnings, ApiId: imported = '' } = await importApi({ Body }, context, definition);
    assert.deepEqual(Warnings, [`Unable to create Authorizer 'down': ${UNREACHABLE}`]);
    const { Items } = await routes.operations.GetRoutes({ ApiId: imported }, context);
    assert.deepEqual(
      Items?.map(({ RouteKey }) => RouteKey),
      ['GET /b'],
    );
  });
  assert.deepEqual(asked, []);
});

describe('a refusal of the outside has its place in the order of checks', () => {
  const down = 'https://down.example';
  const rows: readonly (readonly [name: string, given: () => object, code: string, message: string])[] = [
    ['it is thrown by the rules', () => jwt('refused', down), 'BadRequestException', UNREACHABLE],
    [
      'what is wrong with the members goes before',
      () => ({ ...jwt('refused', down), IdentitySource: [] }),
      'BadRequestException',
      'IdentitySource must have exactly 1 item for JWT Authorizer',
    ],
    [
      'the API that is not there goes before',
      () => ({ ...jwt('refused', down), ApiId: 'none' }),
      'NotFoundException',
      `Invalid API identifier specified ${PLACE.account}:none`,
    ],
  ];
  for (const [name, given, code, message] of rows) {
    test(name, async () => {
      const { outside, asked } = outsideThatLists();
      const { CreateAuthorizer } = authorizers.operations;
      const input = given() as Parameters<typeof CreateAuthorizer>[0];
      await CreateAuthorizer.prepare?.(input, { ...PLACE, store, outside });
      assert.deepEqual(asked, [down]);
      await assert.rejects(
        transact(outside, (context) => CreateAuthorizer(input, context)),
        { code, message },
      );
      assert.deepEqual(asked, [down]);
    });
  }
});

test('an update asks for what it is going to be: the stored truststore with another version', async () => {
  const DomainName = 'api.example.com';
  await transact({}, (context) =>
    domainNames.create(context, {
      DomainName,
      DomainNameConfigurations: [{ CertificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/a' }],
      MutualTlsAuthentication: { TruststoreUri: 's3://bucket/roots.pem', TruststoreVersion: '1' },
    }),
  );
  const { outside, asked } = outsideThatLists();
  const { UpdateDomainName } = domainNames.operations;
  const input = { DomainName, MutualTlsAuthentication: { TruststoreVersion: '2' } };
  await UpdateDomainName.prepare?.(input, { ...PLACE, store, outside });
  await transact(outside, (context) => UpdateDomainName(input, context));
  assert.deepEqual(asked, ['s3://bucket/roots.pem 2']);
});
