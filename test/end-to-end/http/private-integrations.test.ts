// Private integrations on the wire (spec/http-api.md §3.5): VPC links configured by the AWS SDK, real backends found by
// static targets, DNS and Cloud Map's API.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { type TestContext, test } from 'node:test';
import {
  CreateApiCommand,
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateRouteCommand,
  CreateStageCommand,
  CreateVpcLinkCommand,
  DeleteApiCommand,
} from '@aws-sdk/client-apigatewayv2';
import type {
  HealthCheckSettings,
  PrivateTargetSettings,
  StaticTarget,
  TargetSource,
} from '../../../src/backends/private-targets/settings.ts';
import type { Identity } from '../../../src/identity/identities.ts';
import {
  BACKEND_KEY,
  CA_CERTIFICATE,
  SELF_SIGNED_CERTIFICATE,
  SIGNED_CERTIFICATE,
} from '../../../src/net/upstream/certificates.test.support.ts';
import { type NameRecord, startNameServer } from '../../support/name-server.ts';
import { ACCOUNT, type RunningPostern, startTestPostern } from '../../support/postern.ts';
import { type RawReply, sendRaw } from '../../support/raw-client.ts';
import { KEY, sign } from '../../support/signing.ts';

const LISTENER = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/orders/1/2';
const SERVICE = 'arn:aws:servicediscovery:us-east-1:000000000000:service/srv-1';

interface Backend {
  readonly port: number;
  readonly requests: IncomingMessage[];
}

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

async function startBackend(t: TestContext, name: string, serve?: Serve): Promise<Backend> {
  const requests: IncomingMessage[] = [];
  const server = createHttpServer((request, response) => {
    requests.push(request);
    if (serve === undefined) response.end(name);
    else serve(request, response);
  });
  return { port: await listen(t, server), requests };
}

async function listen(t: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        if ('closeAllConnections' in server)
          (server as ReturnType<typeof createHttpServer>).closeAllConnections();
      }),
  );
  return (server.address() as AddressInfo).port;
}

const at = (port: number, more: Partial<StaticTarget> = {}): StaticTarget => ({
  host: '127.0.0.1',
  port,
  weight: 1,
  attributes: new Map(),
  ...more,
});

const targets = (...list: readonly StaticTarget[]): TargetSource => ({ kind: 'static', targets: list });

interface Started {
  readonly postern: RunningPostern;
  readonly apiId: string | undefined;
  /** Of the integration. */
  readonly target: string;
  call(path?: string, lines?: readonly string[]): Promise<RawReply>;
}

/** An API with a `$default` route to the ARN, in the stage `prod`. */
async function start(
  t: TestContext,
  settings: readonly Partial<PrivateTargetSettings>[],
  integration: Partial<CreateIntegrationCommandInput> = {},
  certificateAuthorities: readonly string[] = [],
  credentials: readonly Identity[] = [],
): Promise<Started> {
  const privateTargets = settings.map((each) => ({
    arn: LISTENER,
    source: targets(),
    healthCheck: undefined,
    ...each,
  }));
  const postern = await startTestPostern({
    sections: { privateTargets, certificateAuthorities },
    credentials,
  });
  t.after(() => postern.close());
  const { client } = postern;
  const link = await client.send(new CreateVpcLinkCommand({ Name: 'link', SubnetIds: ['subnet-1'] }));
  const { ApiId } = await client.send(new CreateApiCommand({ Name: 'private', ProtocolType: 'HTTP' }));
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'ANY',
      ConnectionType: 'VPC_LINK',
      ConnectionId: link.VpcLinkId,
      IntegrationUri: LISTENER,
      PayloadFormatVersion: '1.0',
      ...integration,
    }),
  );
  const target = `integrations/${IntegrationId}`;
  await client.send(
    new CreateRouteCommand({
      ApiId,
      RouteKey: '$default',
      Target: target,
      AuthorizationType: credentials.length === 0 ? 'NONE' : 'AWS_IAM',
    }),
  );
  await client.send(new CreateStageCommand({ ApiId, StageName: 'prod', AutoDeploy: true }));
  return {
    postern,
    apiId: ApiId,
    target,
    call: (path = '/', lines = []) =>
      sendRaw({
        host: postern.host,
        port: postern.port,
        bytes: [
          `GET /prod${path} HTTP/1.1`,
          `Host: ${ApiId}.execute-api.localhost`,
          ...lines,
          'Connection: close',
          '',
          '',
        ].join('\r\n'),
      }),
  };
}

async function bodies(started: Started, count: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let i = 0; i < count; i++) {
    const { body } = await started.call();
    counts[body] = (counts[body] ?? 0) + 1;
  }
  return counts;
}

const UNAVAILABLE = '{"message":"Service Unavailable"}';

test('a private backend does not get the Authorization header of a signed request (§3.3)', async (t) => {
  const backend = await startBackend(t, 'a');
  const identity = { ...KEY, accountId: ACCOUNT };
  const started = await start(t, [{ source: targets(at(backend.port)) }], {}, [], [identity]);
  const host = `${started.apiId}.execute-api.localhost`;
  const signed = await sign({ host, path: '/prod/a' });
  const lines = signed.lines.filter((line) => !/^host:/i.test(line));
  assert.equal((await started.call('/a', lines)).status, 200);
  const { headers } = backend.requests[0]!;
  assert.equal(headers.authorization, undefined);
  assert.match(String(headers['x-amz-date']), /^\d{8}T\d{6}Z$/);
});

test('a path mapping of a private integration: its query, and no dot segment of data (§4.7)', async (t) => {
  const backend = await startBackend(t, 'a');
  const started = await start(t, [{ source: targets(at(backend.port)) }], {
    RequestParameters: { 'overwrite:path': '/base/${request.header.x-p}?v=1' },
  });
  assert.equal((await started.call('/a?b=2', ['X-P: x?y'])).status, 200);
  assert.equal(backend.requests[0]!.url, '/base/x%3Fy?v=1&b=2');
  for (const value of ['../admin', '%2e%2e', '..\\admin', '.']) {
    const reply = await started.call('/a', [`X-P: ${value}`]);
    assert.equal(reply.status, 400, value);
    assert.equal(reply.body, '{"message":"Bad Request"}');
  }
  assert.equal(backend.requests.length, 1);
});

test('a private backend gets the path with the stage, the client’s Host, and Forwarded without by', async (t) => {
  const backend = await startBackend(t, 'ok');
  const { call } = await start(t, [{ source: targets(at(backend.port)) }]);
  const reply = await call('/a%20b/c?x=1', ['X-Kept: yes']);
  assert.equal(reply.status, 200);
  const [request] = backend.requests;
  assert.equal(request?.url, '/prod/a%20b/c?x=1');
  assert.match(request?.headers.host ?? '', /^[a-z0-9]{10}\.execute-api\.localhost$/);
  assert.match(
    String(request?.headers.forwarded),
    /^for=127\.0\.0\.1;host=[a-z0-9]{10}\.execute-api\.localhost;proto=http$/,
  );
  assert.equal(request?.headers.via, 'HTTP/1.1 AmazonAPIGateway');
  assert.equal(request?.headers['x-kept'], 'yes');
});

test('overwrite:path takes the stage out, overwrite:header.host changes the host', async (t) => {
  const backend = await startBackend(t, 'ok');
  const { call } = await start(t, [{ source: targets(at(backend.port)) }], {
    RequestParameters: { 'overwrite:path': '$request.path', 'overwrite:header.host': 'orders.internal' },
    ResponseParameters: { 200: { 'overwrite:statuscode': '202' } },
  });
  const reply = await call('/orders/7');
  assert.equal(reply.status, 202);
  assert.equal(backend.requests[0]?.url, '/orders/7');
  assert.equal(backend.requests[0]?.headers.host, 'orders.internal');
});

test('requests are spread by weight', async (t) => {
  const [a, b] = [await startBackend(t, 'a'), await startBackend(t, 'b')];
  const started = await start(t, [{ source: targets(at(a.port, { weight: 3 }), at(b.port)) }]);
  assert.deepEqual(await bodies(started, 8), { a: 6, b: 2 });
});

test('a listener without targets, and one that the configuration does not name, answer 503', async (t) => {
  for (const settings of [[{}], []]) {
    const { call } = await start(t, settings);
    const reply = await call();
    assert.equal(reply.status, 503);
    assert.equal(reply.body, UNAVAILABLE);
  }
});

test('a load balancer’s own error passes through', async (t) => {
  const backend = await startBackend(t, '', (_request, response) => {
    response.writeHead(504, { 'Content-Type': 'text/html' });
    response.end('<html>504</html>');
  });
  const { call } = await start(t, [{ source: targets(at(backend.port)) }]);
  const reply = await call();
  assert.equal(reply.status, 504);
  assert.equal(reply.body, '<html>504</html>');
});

const HEALTH: HealthCheckSettings = {
  protocol: 'http',
  path: '/health',
  intervalMillis: 50,
  timeoutMillis: 2_000,
  healthyThreshold: 1,
  unhealthyThreshold: 2,
};

test('a target that fails its health checks gets no requests until it passes again', async (t) => {
  let isWell = false;
  const sick = await startBackend(t, '', (request, response) => {
    response.statusCode = request.url === '/health' && !isWell ? 500 : 200;
    response.end('sick');
  });
  const well = await startBackend(t, 'well');
  const started = await start(t, [{ source: targets(at(sick.port), at(well.port)), healthCheck: HEALTH }]);
  await until(async () => (await bodies(started, 4)).sick === undefined);
  assert.deepEqual(await bodies(started, 4), { well: 4 });
  isWell = true;
  await until(async () => (await bodies(started, 4)).sick === 2);
  assert.equal(
    sick.requests.find(({ url }) => url === '/health')?.headers['user-agent'],
    'ELB-HealthChecker/2.0',
  );
});

test('a route that later deployments take over keeps its health checks and connections, until its API is gone', async (t) => {
  let isWell = true;
  const connections = new Set<IncomingMessage['socket']>();
  const sick = await startBackend(t, '', (request, response) => {
    response.statusCode = request.url === '/health' && !isWell ? 500 : 200;
    response.end('sick');
  });
  const well = await startBackend(t, '', ({ socket, url }, response) => {
    if (url !== '/health') connections.add(socket);
    response.end('well');
  });
  const started = await start(t, [{ source: targets(at(sick.port), at(well.port)), healthCheck: HEALTH }]);
  assert.deepEqual(await bodies(started, 4), { sick: 2, well: 2 });
  const { postern, apiId: ApiId, target: Target } = started;
  for (const path of ['a', 'b', 'c']) {
    await postern.client.send(new CreateRouteCommand({ ApiId, RouteKey: `GET /${path}`, Target }));
    assert.deepEqual(await bodies(started, 4), { sick: 2, well: 2 });
  }
  assert.equal(connections.size, 1);
  isWell = false;
  await until(async () => (await bodies(started, 4)).sick === undefined);
  const [connection] = connections;
  const closed = once(connection!, 'close');
  await postern.client.send(new DeleteApiCommand({ ApiId }));
  await closed;
});

test('without a healthy target the answer is 503', async (t) => {
  const sick = await startBackend(t, '', (_request, response) => {
    response.statusCode = 500;
    response.end();
  });
  const { call } = await start(t, [{ source: targets(at(sick.port)), healthCheck: HEALTH }]);
  await until(async () => (await call()).body === UNAVAILABLE);
});

/** Repeats until it holds; the test's own time-out ends what never does. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds()));
}

test('SRV records are followed: weights, the lowest priority, and changes', async (t) => {
  const [a, b, c] = [await startBackend(t, 'a'), await startBackend(t, 'b'), await startBackend(t, 'c')];
  const record = (port: number, weight: number, priority = 10): NameRecord => ({
    ...{ name: '_http._tcp.orders.internal', type: 'SRV', target: 'node.internal' },
    ...{ port, weight, priority },
  });
  const address: NameRecord = { name: 'node.internal', type: 'A', address: '127.0.0.1' };
  const server = await startNameServer([
    record(a.port, 2),
    record(b.port, 1),
    record(c.port, 9, 20),
    address,
  ]);
  t.after(() => server.close());
  const lookup = { server: `127.0.0.1:${server.port}`, refreshMillis: 50 };
  const started = await start(t, [
    { source: { kind: 'services', name: '_http._tcp.orders.internal', lookup } },
  ]);
  assert.deepEqual(await bodies(started, 6), { a: 4, b: 2 });
  server.records = [record(c.port, 1), address];
  await until(async () => (await started.call()).body === 'c');
  assert.deepEqual(await bodies(started, 3), { c: 3 });
  server.records = [];
  assert.deepEqual(await bodies(started, 3), { c: 3 }, 'a failed lookup keeps what was known');
});

test('A records are followed, with the port of the setting', async (t) => {
  const backend = await startBackend(t, 'a');
  const server = await startNameServer([{ name: 'orders.internal', type: 'A', address: '127.0.0.1' }]);
  t.after(() => server.close());
  const lookup = { server: `127.0.0.1:${server.port}`, refreshMillis: 60_000 };
  const source: TargetSource = { kind: 'addresses', name: 'orders.internal', port: backend.port, lookup };
  assert.equal((await (await start(t, [{ source }])).call()).body, 'a');
});

test('a name that is not known answers 503', async (t) => {
  const server = await startNameServer([]);
  t.after(() => server.close());
  const lookup = { server: `127.0.0.1:${server.port}`, refreshMillis: 60_000 };
  const { call } = await start(t, [{ source: { kind: 'services', name: '_http._tcp.nobody', lookup } }]);
  assert.equal((await call()).body, UNAVAILABLE);
});

test('the query of a Cloud Map ARN selects static targets by their attributes', async (t) => {
  const [green, blue] = [await startBackend(t, 'green'), await startBackend(t, 'blue')];
  const attributes = (deployment: string) => new Map([['deployment', deployment]]);
  const source = targets(
    at(green.port, { attributes: attributes('green') }),
    at(blue.port, { attributes: attributes('blue') }),
  );
  const started = await start(t, [{ arn: SERVICE, source }], {
    IntegrationUri: `${SERVICE}?deployment=green`,
  });
  assert.deepEqual(await bodies(started, 3), { green: 3 });
});

test('a Cloud Map service is asked for by DiscoverInstances, with the ARN’s query as attributes', async (t) => {
  const backend = await startBackend(t, 'instance');
  const asked: [target: string, body: Record<string, unknown>][] = [];
  const instance = (attributes: object) => ({ InstanceId: 'i', Attributes: attributes });
  const answers: Record<string, object> = {
    GetService: { Service: { Id: 'srv-1', Name: 'orders', NamespaceId: 'ns-1' } },
    GetNamespace: { Namespace: { Id: 'ns-1', Name: 'shop.local' } },
    DiscoverInstances: {
      Instances: [
        instance({ AWS_INSTANCE_IPV4: '127.0.0.1', AWS_INSTANCE_PORT: String(backend.port) }),
        instance({ AWS_INSTANCE_IPV4: '127.0.0.1' }),
      ],
    },
  };
  const cloudMap = createHttpServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const target = String(request.headers['x-amz-target']).split('.')[1]!;
    asked.push([target, JSON.parse(Buffer.concat(chunks).toString())]);
    response.setHeader('Content-Type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify(answers[target]));
  });
  const port = await listen(t, cloudMap);
  const environment = {
    AWS_ENDPOINT_URL_SERVICEDISCOVERY: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, environment);
  t.after(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  const started = await start(t, [], { IntegrationUri: `${SERVICE}?stage=prod&deployment=green` });
  assert.deepEqual(await bodies(started, 2), { instance: 2 });
  assert.deepEqual(asked[2], [
    'DiscoverInstances',
    {
      NamespaceName: 'shop.local',
      ServiceName: 'orders',
      QueryParameters: { stage: 'prod', deployment: 'green' },
      HealthStatus: 'HEALTHY',
      MaxResults: 1000,
    },
  ]);
});

const TLS_ROWS: readonly [what: string, serverName: string, cert: string, status: number][] = [
  ['the name to verify is SNI and in the certificate', 'backend.test', SIGNED_CERTIFICATE, 200],
  ['another name than the certificate’s', 'other.test', SIGNED_CERTIFICATE, 503],
  ['a certificate of nobody known', 'localhost', SELF_SIGNED_CERTIFICATE, 503],
];
test('TlsConfig: HTTPS, with the name to verify as SNI and checked in the certificate', async (t) => {
  for (const [what, serverName, cert, status] of TLS_ROWS) {
    await t.test(what, async (t) => {
      const names: (string | undefined)[] = [];
      const SNICallback = (name: string, done: (error: null) => void) => {
        names.push(name);
        done(null);
      };
      const server = createHttpsServer({ key: BACKEND_KEY, cert, SNICallback }, (_request, response) =>
        response.end('secret'),
      );
      const port = await listen(t, server);
      const integration = { TlsConfig: { ServerNameToVerify: serverName } };
      const { call } = await start(t, [{ source: targets(at(port)) }], integration, [CA_CERTIFICATE]);
      assert.equal((await call()).status, status);
      assert.equal(names[0], serverName);
    });
  }
});
