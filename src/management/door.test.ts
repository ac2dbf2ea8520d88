import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  DeleteApiCommand,
  GetApiCommand,
  GetTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-apigatewayv2';
import { type LoggedLine, logTo } from '../../test/support/logged.ts';
import { apiKeyOf, apisOf } from '../config/keys.ts';
import type { InjectedReply, InjectedRequest } from '../net/http1/inject.ts';
import { inject } from '../net/http1/inject.ts';
import { createListener } from '../net/listener/listener.ts';
import type { ReadContext } from '../resources/context.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { conflict, notFound } from '../wire/errors.ts';
import type { OperationName, Output, ReadOperationName } from '../wire/operation.ts';
import { operations } from '../wire/operation.ts';
import type { Handlers, ManagementMeans, NotYet } from './door.ts';
import { createManagementDoor } from './door.ts';
import { HEALTH, jsonReply, READY } from './postern/postern-routes.ts';
import { MAX_BODY_BYTES } from './request-body.ts';

type Api = NonNullable<Output<'GetApis'>['Items']>[number];

const NOW = Date.parse('2026-11-22T23:45:00.500Z');
const KEY = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', accountId: '111122223333' };

// Just enough rules to see the door work.
const handlers = {
  async CreateApi(input, { tx, account, region, now, endpoint }) {
    if (input.Name === 'taken') throw conflict('Taken');
    const document = {
      ...input,
      ApiId: 'a1',
      CreatedDate: now.toISOString(),
      ApiEndpoint: endpoint('a1', 'HTTP'),
    };
    await tx.put(apiKeyOf({ account, region }, 'a1'), document);
    if (input.Name === 'fails late') throw conflict('Late');
    if (input.Name === 'breaks') throw new Error('defect: told to');
    return document;
  },
  async GetApi(input, context) {
    return apiOf(input.ApiId, context);
  },
  async GetApis(input, { tx, account, region }) {
    const page = { limit: 1, ...(input.NextToken !== undefined && { after: input.NextToken }) };
    const { entries, next } = await tx.list(apisOf({ account, region }), page);
    return { Items: entries.map(({ document }) => document as Api), NextToken: next };
  },
  async DeleteApi(input, { tx, account, region }) {
    await tx.delete(apiKeyOf({ account, region }, input.ApiId));
  },
  async GetTags(input) {
    return { Tags: { arn: input.ResourceArn } };
  },
  async TagResource() {},
  async UntagResource() {},
} satisfies Handlers;

const notYet = Object.fromEntries(
  operations.map(({ name }) => [name, `${name} comes later`]).filter(([name]) => !(name! in handlers)),
) as NotYet<typeof handlers>;

async function apiOf(id: string, { tx, account, region }: ReadContext) {
  const api = await tx.get(apiKeyOf({ account, region }, id));
  if (api === undefined) throw notFound(`Invalid API identifier specified ${account}:${id}`);
  return api;
}

let directory: string;
let store: Store;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-door-'));
  store = await openSqliteStore({ directory });
});
after(async () => {
  await store.close();
  await rm(directory, { recursive: true });
});

type Means = ManagementMeans<typeof handlers>;

function doorOf(changes: Partial<Means> = {}, logged: LoggedLine[] = []) {
  return createManagementDoor({
    store,
    handlers,
    notYet,
    requirePath: async (_name, input, context) => {
      if (typeof input.ApiId === 'string') await apiOf(input.ApiId, context);
    },
    credentials: [],
    account: '000000000000',
    endpoint: (apiId, protocolType, region) => `http://${apiId}.${region}.localhost/${protocolType}`,
    now: () => NOW,
    log: logTo((line) => logged.push(line)),
    ...changes,
    routes: {
      [HEALTH]: () => jsonReply(200, { status: 'ok' }),
      [READY]: () => jsonReply(200, { status: 'ready' }),
      ...changes.routes,
    },
  });
}

function ask(request: InjectedRequest, changes?: Partial<Means>): Promise<InjectedReply> {
  return inject((exchange) => doorOf(changes).serve(exchange), request);
}

/** Status, error class and body of a reply. */
function seen(reply: InjectedReply): readonly [number, string | undefined, string] {
  return [reply.status, reply.headers.first('x-amzn-errortype'), reply.body.toString()];
}

const create = (body: string): InjectedRequest => ({ method: 'POST', target: '/v2/apis', body });
const scoped = (region: string): readonly string[] => [
  'Authorization',
  `AWS4-HMAC-SHA256 Credential=any/20261122/${region}/apigateway/aws4_request, SignedHeaders=host, Signature=00`,
];

test('a write is stored and answered with the headers of spec/management-api.md §1.4', async () => {
  const reply = await ask({ ...create('{"name":"n","protocolType":"HTTP"}'), requestId: 'AAAAAAAAAAAAAAA=' });
  assert.equal(reply.status, 201);
  assert.equal(reply.headers.first('content-type'), 'application/json');
  assert.match(reply.headers.first('x-amzn-requestid') ?? '', /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
  assert.equal(reply.headers.first('x-amz-apigw-id'), 'AAAAAAAAAAAAAAA=');
  assert.equal(reply.headers.first('date'), 'Sun, 22 Nov 2026 23:45:00 GMT');
  assert.deepEqual(JSON.parse(reply.body.toString()), {
    apiEndpoint: 'http://a1.us-east-1.localhost/HTTP',
    apiId: 'a1',
    createdDate: '2026-11-22T23:45:00Z',
    name: 'n',
    protocolType: 'HTTP',
  });
  assert.equal((await ask({ target: '/v2/apis/a1' })).status, 200);
});

test('204 has neither body nor content type (spec/management-api.md §1.2)', async () => {
  const reply = await ask({ method: 'DELETE', target: '/v2/apis/gone' });
  assert.deepEqual(seen(reply), [204, undefined, '']);
  assert.equal(reply.headers.first('content-type'), undefined);
});

test('text outside ASCII travels as UTF-8, both ways (spec/management-api.md §1.3)', async () => {
  const text = '{"name":"Zoë ☂","protocolType":"HTTP"}';
  for (const body of [Buffer.from(text), Buffer.from(text).toString('latin1')]) {
    const reply = await ask({ method: 'POST', target: '/v2/apis', body });
    assert.equal(JSON.parse(reply.body.toString()).name, 'Zoë ☂');
  }
});

test('the region of an unverified signature separates what is stored (decision 0013)', async () => {
  await ask({ ...create('{"name":"west","protocolType":"HTTP"}'), headers: scoped('eu-west-1') });
  const name = async (region: string) =>
    JSON.parse((await ask({ target: '/v2/apis/a1', headers: scoped(region) })).body.toString()).name;
  await ask(create('{"name":"east","protocolType":"HTTP"}'));
  assert.deepEqual([await name('eu-west-1'), await name('us-east-1')], ['west', 'east']);
  const [status, code] = seen(await ask({ target: '/v2/apis/a1', headers: scoped('eu-west-2') }));
  assert.deepEqual([status, code], [404, 'NotFoundException']);
});

// spec/management-api.md §1.3, §1.5
const errors: readonly (readonly [string, InjectedRequest, number, string, string])[] = [
  ['an unknown path', { target: '/v2/nothing' }, 404, 'UnknownOperationException', '{}'],
  ['an unknown verb', { method: 'PATCH', target: '/v2/apis' }, 404, 'UnknownOperationException', '{}'],
  [
    'unparsable JSON',
    create('{'),
    400,
    'SerializationException',
    '{"message":"Unable to parse request body"}',
  ],
  [
    'no UTF-8',
    create('{"name":"\xff"}'),
    400,
    'SerializationException',
    '{"message":"Unable to parse request body"}',
  ],
  ['a missing member', create('{}'), 400, 'BadRequestException', '{"message":"Invalid API name specified"}'],
  [
    'a rule',
    create('{"name":"taken","protocolType":"HTTP"}'),
    409,
    'ConflictException',
    '{"message":"Taken"}',
  ],
  [
    'a resource that is not there',
    { target: '/v2/apis/nope' },
    404,
    'NotFoundException',
    '{"message":"Invalid API identifier specified 000000000000:nope"}',
  ],
  [
    'a page that is none',
    { target: '/v2/apis?nextToken=%21' },
    400,
    'BadRequestException',
    '{"message":"Invalid nextToken specified"}',
  ],
  [
    'a page size that is none',
    { target: '/v2/apis?maxResults=0' },
    400,
    'BadRequestException',
    '{"message":"Invalid maxResults specified"}',
  ],
  [
    'an operation to come',
    { method: 'POST', target: '/v2/vpclinks', body: '{' },
    501,
    'NotImplementedException',
    '{"message":"CreateVpcLink is not implemented yet. CreateVpcLink comes later"}',
  ],
];
for (const [name, request, status, code, body] of errors) {
  test(`${name}: ${status} ${code} (spec/management-api.md §1.5)`, async () => {
    const reply = await ask(request);
    assert.deepEqual(seen(reply), [status, code, body]);
    assert.equal(reply.headers.first('content-type'), 'application/json');
    assert.ok(reply.headers.first('x-amzn-requestid'));
  });
}

test('a missing resource is told before a wrong member, unparsable JSON before both (spec/management-api.md §1.5)', async () => {
  const changes = { handlers: { ...handlers, CreateRoute: async () => ({}) } };
  const route = (api: string, body: string) =>
    ask({ method: 'POST', target: `/v2/apis/${api}/routes`, body }, changes);
  await ask(create('{"name":"n","protocolType":"HTTP"}'));
  assert.deepEqual((await route('nope', '{')).status, 400);
  assert.deepEqual((await route('nope', '{}')).status, 404);
  assert.deepEqual(seen(await route('a1', '{}')), [
    400,
    'BadRequestException',
    '{"message":"RouteKey is a required field"}',
  ]);
});

test('what a failed write stored is undone', async () => {
  await ask(create('{"name":"n","protocolType":"HTTP"}'));
  assert.equal((await ask(create('{"name":"fails late","protocolType":"HTTP"}'))).status, 409);
  const reply = await ask({ target: '/v2/apis/a1' });
  assert.equal(JSON.parse(reply.body.toString()).name, 'n');
});

test('a defect is answered with 500 and logged with its stack (spec/management-api.md §1.5)', async () => {
  const logged: LoggedLine[] = [];
  const reply = await inject(
    (exchange) => doorOf({}, logged).serve(exchange),
    create('{"name":"breaks","protocolType":"HTTP"}'),
  );
  assert.deepEqual(seen(reply), [500, 'InternalServerException', '{"message":"Internal server error"}']);
  assert.equal(logged.length, 1);
  assert.match(String((logged[0]!.fields.err as Error).stack), /told to\n\s+at /);
});

test('a write is answered when afterWrite is done, a read and a refused write do not wait', async () => {
  const events: string[] = [];
  let release = () => {};
  const changes = {
    afterWrite: () =>
      new Promise<number>((resolve) => {
        events.push('committed');
        release = () => {
          events.push('met');
          resolve(7);
        };
        setImmediate(() => release());
      }),
  };
  const reply = await ask(create('{"name":"n","protocolType":"HTTP"}'), changes);
  events.push('answered');
  assert.deepEqual(events, ['committed', 'met', 'answered']);
  assert.equal(reply.headers.first('x-postern-change'), '7');
  await ask({ target: '/v2/apis/a1' }, changes);
  await ask(create('{"name":"taken","protocolType":"HTTP"}'), changes);
  await ask(create('{}'), changes);
  assert.equal(events.length, 3);
});

test('a body above 6 MB is refused', async () => {
  const reply = await ask({
    method: 'POST',
    target: '/v2/apis',
    body: Buffer.alloc(MAX_BODY_BYTES + 1, 0x20),
  });
  assert.deepEqual(
    [reply.status, reply.headers.first('x-amzn-errortype')],
    [413, 'RequestEntityTooLargeException'],
  );
});

test('health and readiness are told to everybody, other paths of /_postern/ to callers', async () => {
  const routes = {
    'POST /_postern/explain': ({ query, body }: { query: string; body: unknown }) =>
      jsonReply(200, { query, body }),
  };
  for (const credentials of [[], [KEY]]) {
    const health = await ask({ target: '/_postern/health' }, { routes, credentials });
    assert.deepEqual([health.status, JSON.parse(health.body.toString()).status], [200, 'ok']);
    const ready = await ask({ target: '/_postern/ready' }, { routes, credentials });
    assert.deepEqual([ready.status, JSON.parse(ready.body.toString()).status], [200, 'ready']);
  }
  const explain = { method: 'POST', target: '/_postern/explain?a=b', body: 'x' };
  assert.deepEqual(seen(await ask(explain, { routes })), [200, undefined, '{"query":"a=b","body":"x"}']);
  assert.deepEqual((await ask(explain, { routes, credentials: [KEY] })).status, 403);
  for (const target of ['/_postern/constructor', '/_postern/', '/_postern/explain']) {
    assert.equal((await ask({ target }, { routes })).status, 404, target);
  }
  assert.equal((await ask({ target: '/_postern/none' }, { credentials: [KEY] })).status, 403);
});

test('with credentials configured the SDK’s signatures are verified, and their account counts', async (t) => {
  const door = doorOf({ credentials: [KEY], now: Date.now });
  const listener = createListener({ onExchange: (exchange) => door.serve(exchange) });
  t.after(() => listener.close(0));
  const { port } = await listener.listen('127.0.0.1', 0);
  const clientOf = (credentials: { accessKeyId: string; secretAccessKey: string }) => {
    const client = new ApiGatewayV2Client({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-central-1',
      credentials,
      maxAttempts: 1,
    });
    t.after(() => client.destroy());
    return client;
  };
  const client = clientOf({ accessKeyId: KEY.accessKeyId, secretAccessKey: KEY.secretAccessKey });
  const created = await client.send(new CreateApiCommand({ Name: 'Zoë', ProtocolType: 'HTTP' }));
  assert.equal(created.Name, 'Zoë');
  assert.ok(created.CreatedDate instanceof Date);
  const stored = await store.read((tx) =>
    tx.get(apiKeyOf({ account: KEY.accountId, region: 'eu-central-1' }, 'a1')),
  );
  assert.equal(stored?.Name, 'Zoë');
  const arn = 'arn:aws:apigateway:eu-central-1::/apis/abc/stages/$default';
  assert.equal((await client.send(new GetTagsCommand({ ResourceArn: arn }))).Tags?.arn, arn);
  await client.send(new TagResourceCommand({ ResourceArn: arn, Tags: { 'k&=': 'v' } }));
  await client.send(new UntagResourceCommand({ ResourceArn: arn, TagKeys: ['b c', 'a+&=', 'é'] }));
  await client.send(new DeleteApiCommand({ ApiId: 'a1' }));
  await assert.rejects(client.send(new GetApiCommand({ ApiId: 'a1' })), {
    name: 'NotFoundException',
    message: `Invalid API identifier specified ${KEY.accountId}:a1`,
  });
  await assert.rejects(
    clientOf({ accessKeyId: KEY.accessKeyId, secretAccessKey: 'wrong' }).send(
      new GetApiCommand({ ApiId: 'a1' }),
    ),
    { name: 'InvalidSignatureException' },
  );
  await assert.rejects(
    clientOf({ accessKeyId: 'AKIDOTHER', secretAccessKey: 'x' }).send(new GetApiCommand({ ApiId: 'a1' })),
    { name: 'UnrecognizedClientException' },
  );
});

test('an operation without handler and sentence, or with both, does not compile', () => {
  type Rest = NotYet<typeof handlers>;
  const complete: Rest = notYet;
  // @ts-expect-error CreateVpcLink is in neither table
  const neither: Rest = {} as Omit<Rest, 'CreateVpcLink'>;
  // @ts-expect-error GetApi is in both
  const both: Rest = {} as Omit<Rest, 'GetApi'> & { readonly GetApi: string };
  assert.ok(complete && neither && both);
});

test('the operations whose handlers only read are those of GET', () => {
  const reads = (name: OperationName): name is ReadOperationName => /^(Get|List)|^ExportApi$/.test(name);
  for (const { name, method } of operations) assert.equal(reads(name), method === 'GET', name);
});

const PAGES: readonly (readonly string[])[] = [
  ['Origin', 'http://127.0.0.1:4700'],
  ['Origin', 'null'],
  ['Sec-Fetch-Site', 'cross-site'],
  ['Sec-Fetch-Site', 'same-site'],
  ['Sec-Fetch-Site', ''],
  ['Sec-Fetch-Site', 'same-origin', 'Sec-Fetch-Site', 'cross-site'],
  ['Sec-Fetch-Site', 'same-origin', 'Origin', 'null'],
  ['Sec-Fetch-Site', 'same-origin', 'Origin', 'http://127.0.0.1:4701'],
  ['Sec-Fetch-Site', 'same-origin', 'Origin', 'http://localhost:4700'],
  ['Sec-Fetch-Site', 'same-origin', 'Origin', 'http://127.0.0.1:4700.evil.example'],
  ['Sec-Fetch-Site', 'same-origin', 'Origin', 'http://127.0.0.1:4700', 'Origin', 'null'],
  ['Sec-Fetch-Site', 'same-site', 'Origin', 'http://127.0.0.1:4700'],
  ['Sec-Fetch-Site', 'none', 'Origin', 'http://127.0.0.1:4700'],
];

for (const [method, target] of [
  ['GET', '/v2/apis'],
  ['POST', '/v2/apis'],
  ['OPTIONS', '/v2/apis'],
  ['GET', '/_postern/health'],
  ['GET', '/_postern/metrics'],
  ['POST', '/_postern/explain'],
  ['POST', '/2015-03-31/functions/hello/invocations'],
] as const) {
  test(`${method} ${target} is refused to web pages, with credentials and without`, async () => {
    for (const page of PAGES) {
      for (const credentials of [[], [KEY]]) {
        const headers = ['Host', '127.0.0.1:4700', ...page];
        const [status, type, body] = seen(await ask({ method, target, headers }, { credentials }));
        assert.deepEqual([status, type], [403, 'AccessDeniedException'], page.join(' '));
        assert.match(body, /^{"message":"Requests from a web page .*refused here\."}$/);
      }
    }
  });
}

/** What a page of this door's own origin sends, by fetch and by what else it loads. */
const OWN_PAGES: readonly (readonly string[])[] = [
  ['Sec-Fetch-Site', 'same-origin'],
  ['Sec-Fetch-Site', 'same-origin', 'Origin', 'http://127.0.0.1:4700'],
  // A proxy in front has ended TLS.
  ['Sec-Fetch-Site', 'same-origin', 'Origin', 'https://127.0.0.1:4700'],
];

test('a page of this door’s own origin, the console, may call what the console calls, and nothing else', async () => {
  for (const page of OWN_PAGES) {
    const headers = ['Host', '127.0.0.1:4700', ...page];
    const statusOf = async (method: string, target: string) =>
      (await ask({ method, target, headers })).status;
    assert.equal(await statusOf('GET', '/v2/apis'), 200, page.join(' '));
    assert.equal(await statusOf('GET', '/_postern/health'), 200, page.join(' '));
    assert.equal(await statusOf('POST', '/2015-03-31/functions/hello/invocations'), 403, page.join(' '));
    assert.equal(await statusOf('POST', '/'), 403, page.join(' '));
  }
});

test('a page that came by DNS rebinding has its own origin here, and may call nothing', async () => {
  for (const target of ['/v2/apis', '/_postern/console/']) {
    const headers = [
      'Host',
      'evil.example',
      'Origin',
      'http://evil.example',
      'Sec-Fetch-Site',
      'same-origin',
    ];
    const [status, type] = seen(await ask({ target, headers }));
    assert.deepEqual([status, type], [403, 'AccessDeniedException'], target);
  }
  const headers = ['Host', 'evil.example', 'Origin', 'http://evil.example', 'Sec-Fetch-Site', 'same-origin'];
  const [status, type] = seen(await ask({ target: '/v2/apis', headers }, { credentials: [KEY] }));
  assert.deepEqual([status, type], [403, 'MissingAuthenticationTokenException']);
});

test('what a user types into a browser is no page’s', async () => {
  const headers = ['Host', '127.0.0.1:4700', 'Sec-Fetch-Site', 'none', 'Sec-Fetch-Mode', 'navigate'];
  assert.equal((await ask({ target: '/_postern/health', headers })).status, 200);
});

test('health is told behind a proxy, nothing else without credentials', async () => {
  const headers = ['Host', '127.0.0.1:4700', 'X-Forwarded-For', '203.0.113.7'];
  assert.equal((await ask({ target: '/_postern/health', headers })).status, 200);
  for (const target of ['/v2/apis', '/_postern/metrics']) {
    const [status, type, body] = seen(await ask({ target, headers }));
    assert.deepEqual([status, type], [403, 'AccessDeniedException'], target);
    assert.match(body, /a proxy passed on \(with X-Forwarded-For\)/);
  }
  const target = '/2015-03-31/functions/hello/invocations';
  assert.equal((await ask({ method: 'POST', target, headers })).status, 403);
});
