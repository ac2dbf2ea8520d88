// A reimport while the API is called (spec/openapi.md §8.2): no request fails, none that is under way is cut, connections of clients
// and to backends stay, and the change is live when the reimport is answered.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { test } from 'node:test';
import {
  CreateStageCommand,
  GetDeploymentsCommand,
  ImportApiCommand,
  ReimportApiCommand,
} from '@aws-sdk/client-apigatewayv2';
import { startProgram } from '../../support/program-stand.ts';

const CONNECTIONS = 16;
const REIMPORTS = 50;
const SLOW_MILLIS = 700;
/** Automatic deployments that no stage uses and that are kept all the same. */
const KEPT_DEPLOYMENTS = 10;

test('fifty reimports of an API that sixteen connections call fail no request', async (t) => {
  let backendConnections = 0;
  const backend = createServer((incoming, response) => {
    const answer = () => response.end(incoming.url);
    if (incoming.url === '/slow') setTimeout(answer, SLOW_MILLIS);
    else answer();
  }).on('connection', () => backendConnections++);
  backend.listen(0, '127.0.0.1');
  await once(backend, 'listening');
  t.after(() => {
    backend.closeAllConnections();
    backend.close();
  });
  const { client, host, port } = await startProgram(t);
  const origin = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
  const definition = (version: number): string =>
    JSON.stringify({
      openapi: '3.0.1',
      info: { title: 'Busy', version: String(version) },
      paths: Object.fromEntries(
        ['/steady', '/slow', '/version'].map((path) => [
          path,
          {
            get: {
              responses: {},
              'x-amazon-apigateway-integration': {
                type: 'http_proxy',
                httpMethod: 'GET',
                uri: path === '/version' ? `${origin}/version${version}` : `${origin}${path}`,
                payloadFormatVersion: '1.0',
                requestParameters: { 'append:header.x-request-id': '$context.requestId' },
              },
            },
          },
        ]),
      ),
    });
  const { ApiId } = await client.send(new ImportApiCommand({ Body: definition(0), FailOnWarnings: true }));
  await client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));

  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS + 1 });
  t.after(() => agent.destroy());
  const sockets = new Set<Socket>();
  const call = (path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const headers = { host: `${ApiId}.execute-api.localhost` };
      request({ host, port, path, headers, agent }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve(response.statusCode === 200 ? text : `${path}: ${response.statusCode} ${text}`),
        );
      })
        .on('socket', (socket) => sockets.add(socket))
        .on('error', (error) => resolve(`${path}: ${error.message}`))
        .end();
    });

  let isOver = false;
  const answers = new Map<string, number>();
  const load = async (...paths: readonly string[]): Promise<void> => {
    while (!isOver) {
      for (const path of paths) {
        const answer = await call(path);
        answers.set(answer, (answers.get(answer) ?? 0) + 1);
      }
    }
  };
  const loads = Promise.all([
    ...Array.from({ length: CONNECTIONS - 1 }, () => load('/steady', '/version')),
    load('/slow'),
  ]);
  await new Promise((resolve) => setTimeout(resolve, SLOW_MILLIS));
  const connectionsBefore = backendConnections;
  for (let version = 1; version <= REIMPORTS; version++) {
    await client.send(new ReimportApiCommand({ ApiId, Body: definition(version), FailOnWarnings: true }));
    assert.equal(await call('/version'), `/version${version}`, 'live when it is answered');
  }
  isOver = true;
  await loads;

  const wrong = [...answers].filter(([answer]) => !/^\/(?:steady|slow|version\d+)$/.test(answer));
  assert.deepEqual(wrong, []);
  assert.ok(answers.get('/slow')! > 1, 'slow requests were under way all the time');
  assert.ok(sockets.size <= CONNECTIONS + 1, `clients needed ${sockets.size} connections`);
  assert.ok(
    backendConnections - connectionsBefore <= CONNECTIONS,
    `the backend was connected to ${backendConnections - connectionsBefore} times more`,
  );
  const { Items } = await client.send(new GetDeploymentsCommand({ ApiId }));
  assert.ok(Items!.length <= KEPT_DEPLOYMENTS + 1, `${Items!.length} deployments are kept`);
});
