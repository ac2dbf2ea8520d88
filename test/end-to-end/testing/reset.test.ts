// `reset` of `postern/testing`: afterwards a Postern behaves as one that was just started, or as it did at the point.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  ApiGatewayV2Client,
  DeleteApiCommand,
  GetApisCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { startPostern } from '../../../src/testing/entry.ts';
import type { TestPostern } from '../../../src/testing/interface.ts';
import { startRecordingBackend } from '../../support/recording-backend.ts';
import { type MadeApi, makeHttpApi, makeWebSocketApi } from '../../support/testing-apis.ts';
import { makeKey, makeToken, secondsFromNow, startTokenIssuer } from '../../support/token-issuer.ts';

const ISSUER = 'https://issuer.example/';
const key = makeKey('ES256', 'k');
const token = makeToken(key, { iss: ISSUER, aud: 'pets', exp: secondsFromNow(3_600) });
const backend = await startRecordingBackend();
const issuer = await startTokenIssuer(ISSUER, [key]);
const directory = mkdtempSync(join(tmpdir(), 'postern-who-'));
writeFileSync(
  join(directory, 'who.mjs'),
  'export const handler = async () => ({ isAuthorized: true, context: {} });\n',
);
const SETTINGS = {
  jwt: { issuers: { [ISSUER]: { address: issuer.address } } },
  functions: { who: { file: join(directory, 'who.mjs'), concurrency: 1 } },
  throttling: { accountRateLimit: 1, accountBurstLimit: 12 },
};

interface Stand {
  readonly postern: TestPostern;
  readonly client: ApiGatewayV2Client;
}

async function start(settings: Readonly<Record<string, unknown>> = SETTINGS): Promise<Stand> {
  const postern = await startPostern({ settings });
  const client = new ApiGatewayV2Client(postern.awsConfig);
  return { postern, client };
}

async function stop({ postern, client }: Stand): Promise<void> {
  client.destroy();
  await postern.close();
}

const stand = await start();
const { postern, client } = stand;

after(async () => {
  await stop(stand);
  await Promise.all([backend.close(), issuer.close()]);
  rmSync(directory, { recursive: true });
});

test('it takes at most 50 ms of computing, with connections, and leaves nothing', async () => {
  const taken: number[] = [];
  const computed: number[] = [];
  for (let i = 0; i < 7; i++) {
    await makeHttpApi(client, { port: backend.port, issuer: ISSUER });
    const { apiId } = await makeWebSocketApi(client, backend.port);
    const sockets = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const socket = new WebSocket(postern.wsUrl(apiId, 'prod'));
        await once(socket, 'open');
        return socket;
      }),
    );
    const closed = Promise.all(sockets.map((socket) => once(socket, 'close')));
    const began = performance.now();
    const before = process.cpuUsage();
    await postern.reset();
    taken.push(performance.now() - began);
    const { user, system } = process.cpuUsage(before);
    computed.push((user + system) / 1_000);
    for (const [code] of await closed) assert.equal(code, 1001);
    // Each $connect and each $disconnect.
    assert.equal(backend.requests.length, 10);
    backend.script();
    assert.deepEqual((await client.send(new GetApisCommand({}))).Items, []);
    assert.equal((await fetch(`${postern.url(apiId)}/open`)).status, 403);
  }
  // The quickest: a busy machine is slow for reasons of its own. Waiting for nothing would take a second.
  assert.ok(Math.min(...computed) < 50, computed.join(' '));
  assert.ok(Math.min(...taken) < 500, taken.join(' '));
});

test('what is reset to a point has its ids, and what came later is gone', async () => {
  const { apiId } = await makeHttpApi(client, { port: backend.port });
  postern.mark('one api');
  for (let i = 0; i < 3; i++) {
    const later = await makeHttpApi(client, { port: backend.port });
    await client.send(new DeleteApiCommand({ ApiId: apiId }));
    assert.equal((await fetch(`${postern.url(apiId)}/open`)).status, 403);
    await postern.reset('one api');
    assert.equal((await fetch(`${postern.url(apiId)}/open`)).status, 200);
    assert.equal((await fetch(`${postern.url(later.apiId)}/open`)).status, 403);
    const apis = await client.send(new GetApisCommand({}));
    assert.deepEqual(
      apis.Items!.map(({ ApiId }) => ApiId),
      [apiId],
    );
  }
  await assert.rejects(postern.reset('another'), {
    message: 'There is no point "another" to go back to: there are one api. mark("another") makes it.',
  });
  await postern.reset();
});

const ACTIONS = [
  'open',
  'jwt',
  'lambda',
  'advance',
  'fault',
  'throttle',
  'delete',
  'socket',
  'stop',
] as const;
type Action = (typeof ACTIONS)[number];

/** Does what a test may do, and tells what came of it. Times stand still, so that the same comes of the same. */
async function act(
  of: Stand,
  api: MadeApi,
  sockets: MadeApi,
  actions: readonly Action[],
): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  const call = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${of.postern.url(api.apiId)}${path}`, { headers });
    seen.push([response.status, await response.text()]);
  };
  seen.push(Math.abs(of.postern.clock.now() - Date.now()) < 50);
  of.postern.clock.stop();
  const jwks = issuer.asked.length;
  for (const action of actions) {
    if (action === 'open') await call('/open');
    else if (action === 'jwt') await call('/jwt', { Authorization: `Bearer ${token}` });
    else if (action === 'lambda') await call('/lambda', { 'x-key': 'a' });
    else if (action === 'advance') of.postern.clock.advance(400);
    else if (action === 'fault') of.postern.faults.set({ route: 'GET /open' }, { error: 502, times: 2 });
    else if (action === 'throttle') {
      await of.client.send(
        new UpdateStageCommand({
          ApiId: api.apiId,
          StageName: '$default',
          DefaultRouteSettings: { ThrottlingRateLimit: 2, ThrottlingBurstLimit: 3 },
        }),
      );
    } else if (action === 'delete')
      await of.client.send(new DeleteApiCommand({ ApiId: sockets.apiId })).catch(() => {});
    else if (action === 'socket') {
      const socket = new WebSocket(of.postern.wsUrl(sockets.apiId, 'prod'));
      const event = await once(socket, 'open').then(
        () => 'open',
        (error: Error) => error.message,
      );
      seen.push(event);
    }
  }
  seen.push(issuer.asked.length - jwks);
  return seen;
}

async function makeBoth({ client: by }: Stand): Promise<readonly [MadeApi, MadeApi]> {
  const throttle = { rate: 1, burst: 4 };
  return [
    await makeHttpApi(by, { port: backend.port, issuer: ISSUER, throttle }),
    await makeWebSocketApi(by, backend.port),
  ];
}

const actions = fc.array(fc.constantFrom(...ACTIONS), { minLength: 4, maxLength: 24 });

test('whatever was done before, after a reset the same comes of the same as after a start', async () => {
  await postern.reset();
  const [api, sockets] = await makeBoth(stand);
  postern.mark('both');
  const property = fc.asyncProperty(actions, actions, async (before, then) => {
    await act(stand, api, sockets, before);
    await postern.reset('both');
    const afterReset = await act(stand, api, sockets, then);
    await postern.reset();
    const fresh = await start();
    try {
      const made = await makeBoth(fresh);
      assert.deepEqual(afterReset, await act(fresh, ...made, then));
    } finally {
      await stop(fresh);
      await postern.reset('both');
    }
  });
  await fc.assert(property, { numRuns: 12 });
});
