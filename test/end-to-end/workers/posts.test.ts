// `@connections` where another worker holds the connection than the one that gets the call (spec/websocket-api.md §6).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { after, before, test } from 'node:test';
import { WebSocket } from 'ws';
import { newConnectionId, processOf } from '../../../src/websocket-api/connections/connection-id.ts';
import { FUNCTION_TARGET, startWorkers, type WorkersStand } from '../../support/workers-stand.ts';

/** Says who asks; or posts to somebody, and says what was answered. */
const CODE = `export const handler = async ({ requestContext: { connectionId, requestId }, body }) => {
  const { post } = JSON.parse(body ?? '{}');
  if (post === undefined) return { statusCode: 200, body: connectionId + ' ' + requestId };
  const to = post.replace('ME', encodeURIComponent(connectionId));
  const { status } = await fetch(to, { method: 'POST', body: 'by a function' });
  return { statusCode: 200, body: String(status) };
};\n`;
const MAX = 40;

interface Client {
  readonly id: string;
  readonly slot: number;
  readonly socket: WebSocket;
  /** What it has got since it knows its id. */
  readonly got: string[];
}

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: string;
}

/** One connection to one worker. */
interface Poster {
  readonly slot: number;
  readonly agent: Agent;
}

let stand: WorkersStand;
let apiId = '';
let stagePath = '';
/** One of each worker. */
let clients: readonly Client[];
let posters: readonly Poster[];
/** Which worker makes request ids that begin so. */
const slots = new Map<string, number>();
const agents: Agent[] = [];

before(async () => {
  stand = await startWorkers([], { code: CODE, yaml: `webSocket: { maxConnections: ${MAX} }\n` });
  apiId = await makeApi('prod');
  stagePath = `/_aws/execute-api/${apiId}/prod`;
  clients = await oneOfEach(open, ({ socket }) => socket.terminate());
  posters = await oneOfEach(openPoster, ({ agent }) => agent.destroy());
});

after(async () => {
  for (const agent of agents) agent.destroy();
  await stand.close();
});

async function makeApi(stage: string): Promise<string> {
  const { client } = stand;
  const { ApiId } = await client.createApi({
    Name: 'posts',
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
  });
  const { IntegrationId } = await client.createIntegration({
    ApiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION_TARGET}/invocations`,
  });
  const { RouteId } = await client.createRoute({
    ...{ ApiId, RouteKey: '$default', Target: `integrations/${IntegrationId}` },
    RouteResponseSelectionExpression: '$default',
  });
  await client.createRouteResponse({ ApiId, RouteId, RouteResponseKey: '$default' });
  await client.createStage({ ApiId, StageName: stage, AutoDeploy: true });
  return ApiId!;
}

async function open(): Promise<Client> {
  const socket = new WebSocket(`ws://${stand.host}:${stand.port}${stagePath}`);
  await once(socket, 'open');
  socket.send('{}');
  const [told] = await once(socket, 'message');
  const [id, requestId] = String(told).split(' ') as [string, string];
  slots.set(requestId.slice(0, 9), processOf(id));
  const got: string[] = [];
  socket.on('message', (text) => got.push(String(text)));
  return { id, slot: processOf(id), socket, got };
}

async function openPoster(): Promise<Poster> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  const { requestId } = await ask(agent, 'GET', clients[0]!.id);
  return { slot: slots.get(requestId.slice(0, 9))!, agent };
}

/** Opens until there is one of each of the two workers; they are in the order of their places. */
async function oneOfEach<T extends { readonly slot: number }>(
  make: () => Promise<T>,
  drop: (one: T) => void,
): Promise<readonly [T, T]> {
  const found: T[] = [];
  for (let i = 0; found[0] === undefined || found[1] === undefined; i++) {
    assert.ok(i < 100, 'one worker alone takes connections');
    const one = await make();
    if (found[one.slot] === undefined) found[one.slot] = one;
    else drop(one);
  }
  return found as unknown as [T, T];
}

function ask(
  agent: Agent,
  method: string,
  id: string,
  { body = '', path = stagePath }: { readonly body?: string; readonly path?: string } = {},
): Promise<Answer & { readonly requestId: string }> {
  const { host, port } = stand;
  return new Promise((resolve, reject) => {
    const sent = request({
      ...{ host, port, method, agent },
      path: `${path}/@connections/${encodeURIComponent(id)}`,
    });
    sent.on('error', reject);
    sent.on('response', async (reply) => {
      const chunks: Buffer[] = [];
      for await (const chunk of reply) chunks.push(chunk as Buffer);
      resolve({
        status: reply.statusCode!,
        type: reply.headers['x-amzn-errortype'] as string | undefined,
        body: Buffer.concat(chunks).toString(),
        requestId: String(reply.headers['x-amz-apigw-id']),
      });
    });
    sent.end(body);
  });
}

async function told(answer: Promise<Answer>): Promise<string> {
  const { status, type } = await answer;
  return type === undefined ? `${status}` : `${status} ${type}`;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('a post arrives from either worker, in the order in which it was posted', async () => {
  for (const { agent, slot } of posters) {
    for (const client of clients) {
      client.got.length = 0;
      // The connection carries them one after another; the worker is asked for several at once.
      const sent = Array.from({ length: 50 }, (_, i) => `${slot}: ${i} ü`);
      const answers = await Promise.all(sent.map((body) => ask(agent, 'POST', client.id, { body })));
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
      await until(() => client.got.length === sent.length);
      assert.deepEqual(client.got, sent);
    }
  }
});

test('either worker tells the same of a connection', async () => {
  for (const { id } of clients) {
    const [one, other] = await Promise.all(posters.map(({ agent }) => ask(agent, 'GET', id)));
    assert.equal(one!.status, 200);
    assert.match(one!.body, /"sourceIp" : "127.0.0.1"/);
    assert.equal(one!.body, other!.body);
  }
});

test('410: of another stage or API, and where nobody has it', async () => {
  const other = await makeApi('prod');
  await stand.client.createStage({ ApiId: apiId, StageName: 'second', AutoDeploy: true });
  const unknown = [0, 1, 2, 63, 64, 65_535].map(newConnectionId);
  for (const { agent } of posters) {
    for (const { id } of clients) {
      for (const path of [`/_aws/execute-api/${other}/prod`, `/_aws/execute-api/${apiId}/second`]) {
        assert.equal(await told(ask(agent, 'POST', id, { path, body: 'x' })), '410 GoneException');
        assert.equal(await told(ask(agent, 'DELETE', id, { path })), '410 GoneException');
      }
    }
    for (const id of unknown) assert.equal(await told(ask(agent, 'GET', id)), '410 GoneException');
  }
});

test('who runs the program sends to connections of either worker, and closes them', async () => {
  const at = (id: string) => `${stand.management}/_postern/connections/${encodeURIComponent(id)}`;
  const send = async (id: string): Promise<number> =>
    (await fetch(at(id), { method: 'POST', body: '{"base64": "/w=="}' })).status;
  for (const { id, got } of clients) {
    got.length = 0;
    assert.equal(await send(id), 200);
    await until(() => got.length === 1);
    assert.equal(await send(newConnectionId(processOf(id))), 404);
  }
  assert.equal(await send(newConnectionId(77)), 404);
  assert.equal(await send('none'), 404);
  const both = await oneOfEach(open, ({ socket }) => socket.terminate());
  for (const { id, socket } of both) {
    const closed = once(socket, 'close');
    assert.equal((await fetch(at(id), { method: 'DELETE' })).status, 200);
    assert.equal((await closed)[0], 1000);
    assert.equal((await fetch(at(id), { method: 'DELETE' })).status, 404);
  }
});

test('429: a client that does not read, also for the other worker', async () => {
  const [slow] = (await oneOfEach(open, ({ socket }) => socket.terminate())) as readonly [Client, Client];
  slow.socket.pause();
  const body = 'x'.repeat(128 * 1_024);
  const { agent } = posters[1]!;
  let answer = '';
  for (let i = 0; i < 200 && !answer.startsWith('429'); i++)
    answer = await told(ask(agent, 'POST', slow.id, { body }));
  assert.equal(answer, '429 LimitExceededException');
  slow.socket.terminate();
});

test('DELETE closes it from either worker', async () => {
  for (const { agent, slot } of posters) {
    const both = await oneOfEach(open, ({ socket }) => socket.terminate());
    const { socket, id } = both[1 - slot]!;
    const closed = once(socket, 'close');
    assert.equal(await told(ask(agent, 'DELETE', id)), '204');
    const [code, reason] = await closed;
    assert.deepEqual([code, String(reason)], [1000, 'Connection Closed Normally']);
    assert.equal(await told(ask(agent, 'POST', id, { body: 'x' })), '410 GoneException');
    both[slot]!.socket.terminate();
  }
});

test('a function posts to connections of both workers', async () => {
  const at = `http://${stand.host}:${stand.port}${stagePath}/@connections/`;
  for (const from of clients) {
    for (const to of clients) {
      for (const client of clients) client.got.length = 0;
      from.socket.send(JSON.stringify({ post: at + encodeURIComponent(to.id) }));
      const wanted = from === to ? ['by a function', '200'] : ['200'];
      await until(() => from.got.length === wanted.length && (from === to || to.got.length === 1));
      assert.deepEqual(from.got, wanted);
      if (from !== to) assert.deepEqual(to.got, ['by a function']);
    }
  }
});

test('what a function posts to a connection that is explained is told, whichever worker gets it', async () => {
  const url = `ws://${stand.host}:${stand.port}${stagePath}`;
  const post = `http://${stand.host}:${stand.port}${stagePath}/@connections/ME`;
  for (let i = 0; i < 8; i++) {
    const reply = await fetch(`${stand.management}/_postern/explain`, {
      method: 'POST',
      body: JSON.stringify({ url, message: JSON.stringify({ post }) }),
    });
    const trace = (await reply.json()) as { posted?: readonly { text?: string }[] };
    assert.match(JSON.stringify(trace.posted), /by a function/, JSON.stringify(trace));
  }
});

test('503, not 410, while the holder does not answer; 410 when it is gone with its connections', async () => {
  const { pid } = (await stand.workers()).find(({ role }) => role === 'worker 1')!;
  const { agent } = posters[0]!;
  const { id, socket, got } = clients[1]!;
  process.kill(pid, 'SIGSTOP');
  assert.equal(await told(ask(agent, 'POST', id, { body: 'late' })), '503 ServiceUnavailableException');
  assert.equal(await told(ask(agent, 'GET', id)), '503 ServiceUnavailableException');
  process.kill(pid, 'SIGCONT');
  got.length = 0;
  assert.equal(await told(ask(agent, 'POST', id, { body: 'again' })), '200');
  await until(() => got.includes('again'));
  const gone = once(socket, 'close');
  process.kill(pid, 'SIGKILL');
  await gone;
  let answer = '';
  while (answer !== '410 GoneException') {
    answer = await told(ask(agent, 'POST', id, { body: 'x' }));
    assert.match(answer, /^(?:410 Gone|503 ServiceUnavailable)Exception$/);
  }
});

test('an account has as many connections as the settings say, over both workers', async () => {
  await stand.program.line('"event":"worker.replaced"');
  const statuses: number[] = [];
  const held = new Set<number>();
  const sockets: WebSocket[] = [];
  // What one worker does not know of the other yet is over by what comes within a second.
  while (statuses.slice(-20).filter((status) => status === 429).length < 20) {
    assert.ok(statuses.length < 10_000);
    const socket = new WebSocket(`ws://${stand.host}:${stand.port}${stagePath}`);
    sockets.push(socket);
    const status = await new Promise<number>((resolve) => {
      socket.on('open', () => resolve(101));
      socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode!));
      socket.on('error', () => {});
    });
    statuses.push(status);
    if (status !== 101) continue;
    socket.send('{}');
    const [text] = await once(socket, 'message');
    held.add(processOf(String(text).split(' ')[0]!));
  }
  // Each worker alone has fewer than may be.
  assert.deepEqual([...held].sort(), [0, 1]);
  const open = statuses.filter((status) => status === 101).length;
  assert.ok(open >= MAX - 1, `${open}`);
  for (const socket of sockets) socket.terminate();
});
