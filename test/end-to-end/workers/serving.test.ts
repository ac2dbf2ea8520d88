// Two workers are one program: whatever is written is met in both, and what both have done is told as one.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { sendRaw } from '../../support/raw-client.ts';
import { FUNCTION_TARGET, startWorkers, type WorkersStand } from '../../support/workers-stand.ts';

let stand: WorkersStand;
before(async () => {
  stand = await startWorkers();
});
after(() => stand.close());

const get = (path: string, lines = ''): string => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${lines}\r\n`;

async function makeApi(): Promise<string> {
  const api = await stand.client.createApi({ Name: 'say', ProtocolType: 'HTTP', Target: FUNCTION_TARGET });
  return api.ApiId!;
}

const pathOf = (apiId: string, rest: string): string => `/_aws/execute-api/${apiId}${rest}`;

test('a change is live in both workers when it is answered', async () => {
  const apiId = await makeApi();
  for (let i = 0; i < 10; i++) {
    const { RouteId } = await stand.client.createRoute({
      ApiId: apiId,
      RouteKey: `GET /new/${i}`,
      Target: `integrations/${(await stand.client.getIntegrations({ ApiId: apiId })).Items![0]!.IntegrationId}`,
    });
    const made = await stand.askEach(get(pathOf(apiId, `/new/${i}?text=${i}`)));
    assert.deepEqual(
      made.map(({ status, body }) => [status, body]),
      [
        [200, `${i}`],
        [200, `${i}`],
      ],
    );
    await stand.client.deleteRoute({ ApiId: apiId, RouteId: RouteId! });
  }
  await stand.client.deleteApi({ ApiId: apiId });
  const gone = await stand.askEach(get(pathOf(apiId, '/')));
  assert.deepEqual(
    gone.map(({ status }) => status),
    [403, 403],
  );
});

test('metrics and overviews are sums', async () => {
  const apiId = await makeApi();
  for (let i = 0; i < 10; i++) await sendRaw({ ...stand, bytes: get(pathOf(apiId, '/')) });
  const { body } = await sendRaw({ ...stand, bytes: get('/_postern/metrics') });
  assert.match(body, new RegExp(`apigateway_count_total\\{api_id="${apiId}",stage="\\$default"\\} 10\n`));
  const stages = await sendRaw({ ...stand, bytes: get('/_postern/stages') });
  assert.match(stages.body, new RegExp(`"apiId":"${apiId}","stageName":"\\$default","status":"live"`));
});

test('live requests of both workers are listed, streamed and explained', async () => {
  const apiId = await makeApi();
  const stream = await fetch(`${stand.management}/_postern/requests/stream?api=${apiId}`);
  const replies = await stand.askEach(get(pathOf(apiId, '/?text=seen')));
  let seen = '';
  const ids = replies.map(({ headers }) => headers.find(([name]) => name === 'Apigw-Requestid')![1]);
  for await (const chunk of stream.body!) {
    seen += Buffer.from(chunk).toString();
    if (ids.every((id) => seen.includes(id))) break;
  }
  const list = await sendRaw({ ...stand, bytes: get(`/_postern/requests?api=${apiId}`) });
  for (const id of ids) {
    assert.ok(list.body.includes(id));
    const one = await sendRaw({ ...stand, bytes: get(`/_postern/requests/${id}`) });
    assert.equal(one.status, 200);
    assert.ok(one.body.includes(`"id":"${id}"`));
  }
  const none = await sendRaw({ ...stand, bytes: get('/_postern/requests/none') });
  assert.equal(none.status, 404);
});

test('connections of both workers are listed, posted to and closed', async () => {
  const api = await stand.client.createApi({
    Name: 'chat',
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
  });
  await stand.client.createRoute({ ApiId: api.ApiId!, RouteKey: '$connect' });
  await stand.client.createStage({ ApiId: api.ApiId!, StageName: 'prod', AutoDeploy: true });
  const sockets = Array.from(
    { length: 6 },
    () => new WebSocket(`ws://${stand.host}:${stand.port}${pathOf(api.ApiId!, '/prod')}`),
  );
  const said: string[] = [];
  await Promise.all(
    sockets.map(
      (socket) =>
        new Promise((resolve, reject) => {
          socket.on('open', resolve);
          socket.on('error', reject);
          socket.on('message', (text) => said.push(String(text)));
        }),
    ),
  );
  const list = async (): Promise<{ count: number; connections: { connectionId: string }[] }> =>
    JSON.parse((await sendRaw({ ...stand, bytes: get(`/_postern/connections?api=${api.ApiId}`) })).body);
  const { count, connections } = await list();
  assert.deepEqual([count, connections.length], [6, 6]);
  const processes = new Set(
    connections.map(({ connectionId }) => Buffer.from(connectionId, 'base64url').readUInt16BE(0)),
  );
  assert.deepEqual([...processes].sort(), [0, 1]);
  for (const { connectionId } of connections) {
    const at = `${stand.management}/_postern/connections/${encodeURIComponent(connectionId)}`;
    const posted = await fetch(at, { method: 'POST', body: JSON.stringify({ text: connectionId }) });
    assert.equal(posted.status, 200);
  }
  while (said.length < 6) await pause(5);
  assert.deepEqual(said.sort(), connections.map(({ connectionId }) => connectionId).sort());
  for (const { connectionId } of connections) {
    const at = `${stand.management}/_postern/connections/${encodeURIComponent(connectionId)}`;
    assert.equal((await fetch(at, { method: 'DELETE' })).status, 200);
  }
  while ((await list()).count > 0) await pause(5);
});

test('a change of the configuration file is taken by all workers, or by none', async () => {
  const apiId = await makeApi();
  const file = join(stand.directory, 'postern.yaml');
  const yaml = await readFile(file, 'utf8');
  await writeFile(file, `${yaml}throttling: { accountRateLimit: 0, accountBurstLimit: 0 }\n`);
  await stand.program.line('"event":"config.reloaded"');
  // Each worker has taken it: of many requests some are refused by each.
  const statuses = new Set<string>();
  for (let i = 0; statuses.size < 2 && i < 200; i++) {
    const { status, headers } = await sendRaw({ ...stand, bytes: get(pathOf(apiId, '/')) });
    if (status === 429) statuses.add(headers.find(([name]) => name === 'Apigw-Requestid')![1].slice(0, 9));
  }
  assert.equal(statuses.size, 2);
  await writeFile(file, `${yaml}truststores: { 's3://bucket/none.pem': none.pem }\n`);
  await stand.program.line('"event":"config.refused"');
  await writeFile(file, yaml);
  await stand.program.line('"event":"config.reloaded"', 2);
  const replies = await stand.askEach(get(pathOf(apiId, '/')));
  assert.deepEqual(
    replies.map(({ status }) => status),
    [200, 200],
  );
});

test('what came to a worker and is the management door’s is judged as it was sent', async () => {
  const forged = Buffer.from(
    JSON.stringify({ host: '127.0.0.1', remoteAddress: '127.0.0.1', scheme: 'http' }),
  ).toString('base64url');
  const cases: readonly (readonly [what: string, lines: string, status: number])[] = [
    ['as it is', 'Host: 127.0.0.1', 200],
    ['a host that leads here by DNS rebinding', 'Host: evil.example', 403],
    ['the same, with a line of workers', `Host: evil.example\r\nX-Postern-Forwarded: ${forged}`, 403],
    ['the same, with the line in front', `X-Postern-Forwarded: ${forged}\r\nHost: evil.example`, 403],
    ['a line of workers alone', `Host: 127.0.0.1\r\nX-Postern-Forwarded: ${forged}`, 200],
    ['no line of workers at all', 'Host: 127.0.0.1\r\nX-Postern-Forwarded: nothing', 200],
    ['a proxy’s', 'Host: 127.0.0.1\r\nX-Forwarded-For: 192.0.2.1', 403],
    ['another page’s', 'Host: 127.0.0.1\r\nOrigin: https://evil.example', 403],
    ['a page’s of the same site', 'Host: 127.0.0.1\r\nSec-Fetch-Site: same-site', 403],
    ['the console’s', 'Host: 127.0.0.1\r\nSec-Fetch-Site: same-origin', 200],
  ];
  for (const [what, lines, status] of cases) {
    const reply = await sendRaw({ ...stand, bytes: `GET /v2/apis HTTP/1.1\r\n${lines}\r\n\r\n` });
    assert.equal(reply.status, status, what);
  }
});

test('bodies, methods and paths come to the management door as they were sent', async () => {
  const body = JSON.stringify({ name: 'ü', protocolType: 'HTTP' });
  const length = Buffer.byteLength(body);
  const latin = Buffer.from(body).toString('latin1');
  const head = 'POST /v2/apis HTTP/1.1\r\nHost: 127.0.0.1\r\n';
  const whole = await sendRaw({ ...stand, bytes: `${head}Content-Length: ${length}\r\n\r\n${latin}` });
  const pieces = await sendRaw({
    ...stand,
    bytes: `${head}Transfer-Encoding: chunked\r\n\r\n${length.toString(16)}\r\n${latin}\r\n0\r\n\r\n`,
  });
  for (const { status, body: made } of [whole, pieces]) {
    assert.equal(status, 201);
    assert.equal(JSON.parse(Buffer.from(made, 'latin1').toString()).name, 'ü');
  }
  const waiting = await sendRaw({
    ...stand,
    bytes: `${head}Expect: 100-continue\r\nContent-Length: ${length}\r\n\r\n${latin}`,
  });
  assert.equal(waiting.status, 201);
  const headed = await sendRaw({
    ...stand,
    bytes: 'HEAD /_postern/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
  });
  assert.equal(headed.body, '');
  // Methods are told apart by case (RFC 9110 §9.1).
  for (const method of ['get', 'head', 'Post']) {
    const other = await sendRaw({
      ...stand,
      bytes: `${method} /v2/apis HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`,
    });
    assert.deepEqual([other.status, other.body], [404, '{}'], method);
  }
  const large = await sendRaw({ ...stand, bytes: `${head}Content-Length: 99999999\r\n\r\n` });
  assert.equal(large.status, 413);
  const unknown = await sendRaw({ ...stand, bytes: get('/v2/none?a=%00') });
  assert.deepEqual(
    [unknown.status, unknown.headers.some(([name]) => name === 'x-amzn-requestid')],
    [404, true],
  );
});

test('what APIs answer to browsers by the path form is nobody’s page', async () => {
  const apiId = await makeApi();
  const [reply] = await stand.askEach(get(pathOf(apiId, '/'), 'Sec-Fetch-Dest: document\r\n'));
  const policy = reply!.headers.find(([name]) => name.toLowerCase() === 'content-security-policy')?.[1];
  assert.match(policy ?? '', /^sandbox /);
});

/** What takes tens of milliseconds to compile: many routes with mappings, and one that says a stage variable. */
function largeDefinition(): string {
  const integration = {
    type: 'HTTP_PROXY',
    httpMethod: 'GET',
    payloadFormatVersion: '1.0',
    requestParameters: Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [
        `overwrite:header.x-${i}`,
        '${request.path.id}/${stageVariables.text}/$context.requestId',
      ]),
    ),
  };
  const paths = Array.from({ length: 250 }, (_, i) => [
    `/of/${i}/{id}`,
    { get: { 'x-amazon-apigateway-integration': { ...integration, uri: `http://127.0.0.1:9/${i}` } } },
  ]);
  const said = { type: 'AWS_PROXY', httpMethod: 'POST', payloadFormatVersion: '2.0', uri: FUNCTION_TARGET };
  return JSON.stringify({
    openapi: '3.0.1',
    info: { title: 'large', version: '1' },
    paths: {
      ...Object.fromEntries(paths),
      '/said': { get: { 'x-amazon-apigateway-integration': said } },
    },
  });
}

test('a change of an API that takes long to compile is live in both workers, or in all but one that is stopped', async () => {
  const { ApiId = '' } = await stand.client.importApi({ Body: largeDefinition() });
  const stage = { ApiId, StageName: 'prod' };
  await stand.client.createStage({ ...stage, AutoDeploy: true, StageVariables: { text: '0' } });
  const request = get(pathOf(ApiId, '/prod/said'));
  const said = async () => (await stand.askEach(request)).map(({ body }) => body);
  assert.deepEqual(await said(), ['0', '0']);
  for (const text of ['1', '2', '3']) {
    await stand.client.updateStage({ ...stage, StageVariables: { text } });
    assert.deepEqual(await said(), [text, text]);
  }

  const [stopped] = await stand.workers();
  process.kill(stopped!.pid, 'SIGSTOP');
  // What comes to the one that is stopped is not answered.
  const answered = async (bytes: string, timeoutMillis: number) => {
    for (;;) {
      const reply = await sendRaw({ ...stand, bytes }, timeoutMillis).catch(() => undefined);
      if (reply !== undefined) return reply;
    }
  };
  const change = '{"stageVariables":{"text":"4"}}';
  const head = `PATCH /v2/apis/${ApiId}/stages/prod HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${change.length}`;
  assert.equal((await answered(`${head}\r\n\r\n${change}`, 2_000)).status, 200);
  assert.equal((await answered(request, 500)).body, '4');
  process.kill(stopped!.pid, 'SIGCONT');
  while ((await said()).some((text) => text !== '4')) await pause(10);
  await stand.client.deleteApi({ ApiId });
});

test('a stop lets what is at work in workers come to its end', async () => {
  const other = await startWorkers();
  const { ApiId } = await other.client.createApi({
    Name: 'slow',
    ProtocolType: 'HTTP',
    Target: FUNCTION_TARGET,
  });
  const slow = sendRaw({ ...other, bytes: get(pathOf(ApiId!, '/?text=done&millis=700')) });
  await pause(200);
  const { code, stderr } = await other.program.stop();
  const { status, body } = await slow;
  assert.deepEqual([code, stderr, status, body], [0, '', 200, 'done']);
  await other.close();
});
