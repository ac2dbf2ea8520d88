// Gateways whose integrations lead back to them, over the wire (spec/http-api.md §3.3, spec/websocket-api.md §3.5.2).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
  UpdateIntegrationCommand,
} from '@aws-sdk/client-apigatewayv2';
import { WebSocket } from 'ws';
import { killPrograms, Program } from '../../support/program.ts';

const REASON = 'A loop: the request has passed this gateway 10 times before';
/** Where an integration leads before its API's id is known. */
const NOWHERE = 'http://127.0.0.1:1/';

describe('a gateway whose integration leads back to it', () => {
  let directory = '';
  let program: Program;
  let gateway = '';
  let client: ApiGatewayV2Client;
  let proxy: Server;
  let proxied = 0;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'postern-loops-'));
    program = new Program(['--listen', '127.0.0.1:0'], { cwd: directory });
    ({ gateway } = await program.ready());
    const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
    client = new ApiGatewayV2Client({ endpoint: gateway, region: 'us-east-1', credentials });
    proxy = createServer((given, reply) => {
      if (given.url!.startsWith('/there')) return void reply.end('there');
      proxied++;
      shakeHands(`${gateway}${given.url}`, given.headers.via, (status) => reply.writeHead(status).end('{}'));
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
  });
  after(async () => {
    client.destroy();
    proxy.close();
    await program.stop();
    killPrograms();
    await rm(directory, { recursive: true });
  });

  /** An API with one integration, and where it is: the path form. */
  async function makeApi(
    protocol: 'HTTP' | 'WEBSOCKET',
    routes: readonly string[],
  ): Promise<{ apiId: string; url: string; leadTo(uri: string): Promise<unknown> }> {
    const { ApiId } = await client.send(
      new CreateApiCommand({
        Name: 'circle',
        ProtocolType: protocol,
        ...(protocol === 'HTTP' ? {} : { RouteSelectionExpression: '$request.body.action' }),
      }),
    );
    const { IntegrationId } = await client.send(
      new CreateIntegrationCommand({
        ...{ ApiId, IntegrationType: 'HTTP_PROXY', IntegrationMethod: 'GET', IntegrationUri: NOWHERE },
        ...(protocol === 'HTTP' ? { PayloadFormatVersion: '1.0' } : {}),
      }),
    );
    const Target = `integrations/${IntegrationId}`;
    for (const RouteKey of routes) await client.send(new CreateRouteCommand({ ApiId, RouteKey, Target }));
    await client.send(new CreateStageCommand({ ApiId, StageName: 'prod', AutoDeploy: true }));
    return {
      apiId: ApiId!,
      url: `/_aws/execute-api/${ApiId}/prod`,
      leadTo: (IntegrationUri) =>
        client.send(new UpdateIntegrationCommand({ ApiId, IntegrationId, IntegrationUri })),
    };
  }

  const proxyUrl = (): string => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

  /** So many lines speak of an API. */
  const told = (apiId: string, lines: number) => program.line(`"apiId":"${apiId}"`, lines);

  const logged = (apiId: string) =>
    program.lines
      .filter((line) => line.includes(apiId) && line.includes('an integration failed'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  test('an API that is its own backend: 500 after ten rounds, and one line names loop and route', async () => {
    const { apiId, url, leadTo } = await makeApi('HTTP', ['GET /around']);
    await leadTo(`${gateway}${url}/around`);
    const reply = await fetch(`${gateway}${url}/around`);
    assert.deepEqual([reply.status, await reply.text()], [500, '{"message":"Internal Server Error"}']);
    await told(apiId, 1);
    const lines = logged(apiId);
    assert.deepEqual(
      lines.map(({ apiId: id, stage, route, reason }) => ({ id, stage, route, reason })),
      [{ id: apiId, stage: 'prod', route: 'GET /around', reason: REASON }],
    );
  });

  test('three APIs in a circle end too, a chain of eight is none', async () => {
    const circle = [];
    for (let i = 0; i < 3; i++) circle.push(await makeApi('HTTP', ['$default']));
    for (const [i, { leadTo }] of circle.entries()) await leadTo(`${gateway}${circle[(i + 1) % 3]!.url}`);
    assert.equal((await fetch(`${gateway}${circle[0]!.url}/x`)).status, 500);
    await Promise.race(circle.map(({ apiId }) => told(apiId, 1)));
    assert.equal(circle.flatMap(({ apiId }) => logged(apiId)).length, 1);

    let onward = `${proxyUrl()}/there`;
    for (let i = 0; i < 8; i++) {
      const { url, leadTo } = await makeApi('HTTP', ['$default']);
      await leadTo(onward);
      onward = `${gateway}${url}`;
    }
    assert.equal(await (await fetch(onward)).text(), 'there');
  });

  test('a connect that comes back by a proxy that shakes hands again: 500 after ten rounds', async () => {
    const { url, leadTo } = await makeApi('WEBSOCKET', ['$connect']);
    await leadTo(`${proxyUrl()}${url}`);
    proxied = 0;
    const status = await new Promise((resolve) => shakeHands(`${gateway}${url}`, undefined, resolve));
    assert.deepEqual([status, proxied], [500, 10]);
  });

  test('messages that go to an API in a circle: an error each, and the connection goes on', async () => {
    const circle = await makeApi('HTTP', ['$default']);
    await circle.leadTo(`${gateway}${circle.url}/x`);
    const sockets = await makeApi('WEBSOCKET', ['$default']);
    await sockets.leadTo(`${gateway}${circle.url}/x`);
    const socket = new WebSocket(`${gateway.replace('http', 'ws')}${sockets.url}`);
    await once(socket, 'open');
    for (let i = 1; i <= 3; i++) {
      socket.send('{}');
      await told(circle.apiId, i);
      assert.equal(logged(circle.apiId).length, i);
    }
    assert.equal(socket.readyState, WebSocket.OPEN);
    socket.terminate();
  });
});

/** Shakes hands as a WebSocket client does and tells the status. */
function shakeHands(url: string, via: string | undefined, then: (status: number) => void): void {
  const request = httpRequest(url, {
    headers: {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...(via === undefined ? {} : { Via: via }),
    },
  });
  request.on('upgrade', (_response, socket) => {
    socket.destroy();
    then(200);
  });
  request.on('response', (response) => {
    response.resume();
    then(response.statusCode!);
  });
  request.on('error', () => then(599));
  request.end();
}
