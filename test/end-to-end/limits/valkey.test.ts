// Two programs of one account that have their limits in a real Valkey or Redis, and what becomes of them without it.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { UpdateStageCommand } from '@aws-sdk/client-apigatewayv2';
import { NO_SECTIONS } from '../../../src/settings/sections.ts';
import { parseValkeyUrl } from '../../../src/settings/valkey-url.ts';
import type { BucketNumbers } from '../../../src/stage/throttle.ts';
import type { ValkeyStand } from '../../cluster/stand/valkey.ts';
import { type LoggedApi, makeApi } from '../../support/logged-api.ts';
import { type RunningPostern, startTestPostern } from '../../support/postern.ts';
import { type RecordingBackend, startRecordingBackend } from '../../support/recording-backend.ts';
import { NO_VALKEY, oneOf, startValkey } from '../../support/valkey-server.ts';

/** Nothing comes while a test runs. */
const HARDLY = 1e-6;
const PATIENCE_MILLIS = 30_000;

const valkey = await startValkey();

describe('limits in a Valkey', { skip: valkey === undefined && NO_VALKEY }, () => {
  let server: ValkeyStand;
  let backend: RecordingBackend;
  const running: RunningPostern[] = [];
  before(async () => {
    server = valkey!;
    backend = await startRecordingBackend();
  });
  after(async () => {
    for (const each of running) await each.close();
    await backend.close();
  });

  let names = 0;
  /** Programs that share their limits with each other alone. */
  async function programs(count: number, throttling?: BucketNumbers): Promise<readonly RunningPostern[]> {
    const cluster = { ...NO_SECTIONS.cluster, name: `test-${names++}`, valkey: parseValkeyUrl(server.url) };
    const started = await Promise.all(
      Array.from({ length: count }, () => startTestPostern({ sections: { cluster, throttling } })),
    );
    running.push(...started);
    return started;
  }

  const apiOf = (on: RunningPostern, settings: object = {}): Promise<LoggedApi> =>
    makeApi(on, {
      integration: { IntegrationUri: `http://127.0.0.1:${backend.port}` },
      routes: [{ RouteKey: 'ANY /a' }, { RouteKey: 'GET /b/{x}' }],
      stage: { DefaultRouteSettings: settings },
    });

  const statuses = async (...sent: readonly (readonly [LoggedApi, string])[]): Promise<string> => {
    const got: number[] = [];
    for (const [api, line] of sent) got.push((await api.send(line)).status);
    return got.join(' ');
  };

  const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

  async function areShared({ management }: RunningPostern): Promise<boolean> {
    const page = await (await fetch(`${management}/_postern/metrics`)).text();
    const [, value] = /^postern_limits_shared (\d)$/m.exec(page) ?? [];
    assert.ok(value !== undefined);
    return value === '1';
  }

  /** Requests ask about the server; nobody else does. */
  async function until(look: () => Promise<boolean>, asking: () => Promise<unknown>): Promise<void> {
    const since = performance.now();
    while (!(await look())) {
      assert.ok(performance.now() - since < PATIENCE_MILLIS);
      await asking();
      await pause(20);
    }
  }

  // A busy machine may keep the server from answering within 50 ms, and then there are shares.
  const calmly = (attempt: () => Promise<void>) => () => oneOf(5, attempt);

  test(
    'an account has one bucket, whichever program serves it',
    calmly(async () => {
      // Of less than four tokens none is held ahead.
      const [a, b] = await programs(2, { rateLimit: HARDLY, burstLimit: 3 });
      const [at, bt] = [await apiOf(a!), await apiOf(b!)];
      assert.equal(await statuses(...times(2, [at, 'GET /a'] as const)), '200 200');
      assert.equal(await statuses(...times(3, [bt, 'GET /b/1'] as const)), '200 429 429');
      assert.equal(await statuses([at, 'GET /a']), '429');
      assert.equal(await areShared(a!), true);
    }),
  );

  test(
    'routes have theirs, live when the stage says other numbers',
    calmly(async () => {
      const [a] = await programs(1);
      const api = await apiOf(a!, { ThrottlingBurstLimit: 2, ThrottlingRateLimit: HARDLY });
      const [one, other] = [[api, 'GET /a'] as const, [api, 'GET /b/1'] as const];
      assert.equal(await statuses(one, one, other, one), '200 200 200 429');
      const update = (burst: number) =>
        a!.client.send(
          new UpdateStageCommand({
            ApiId: api.apiId,
            StageName: '$default',
            DefaultRouteSettings: { ThrottlingBurstLimit: burst, ThrottlingRateLimit: HARDLY },
          }),
        );
      await update(0);
      assert.equal(await statuses(other), '429');
      // It keeps what it had.
      await update(3);
      assert.equal(await statuses(other, other), '200 429');
    }),
  );

  test('what is posted while its token is asked for arrives whole', async () => {
    const [a] = await programs(1, { rateLimit: HARDLY, burstLimit: 50 });
    const api = await apiOf(a!);
    const body = 'x'.repeat(300_000);
    backend.script('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    const replies = await Promise.all(times(8, 0).map(() => api.send('POST /a', [], body)));
    assert.deepEqual(
      replies.map(({ status }) => status),
      times(8, 200),
    );
    assert.ok(backend.requests.every((request) => request.body === body));
    assert.equal(backend.requests.length, 8);
  });

  test('a server that stops answering is waited for once, then each program has its share; it is back by itself', async () => {
    const [a, b] = await programs(2, { rateLimit: HARDLY, burstLimit: 3 });
    const [at, bt] = [await apiOf(a!), await apiOf(b!)];
    assert.equal(await statuses([at, 'GET /a'], [at, 'GET /a']), '200 200');
    server.signal('SIGSTOP');
    try {
      // A client that leaves while its request waits ends that request alone.
      const gone = connect(a!.port, a!.host);
      gone.write(`GET /a HTTP/1.1\r\nHost: ${at.host}\r\n\r\n`, () => gone.destroy());
      backend.script('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      const body = 'y'.repeat(300_000);
      assert.equal((await at.send('POST /a', [], body)).status, 200);
      assert.equal(backend.requests.at(-1)?.body, body);
      // Nobody has told the two of each other: a share is the whole bucket.
      assert.match(await statuses(...times(3, [at, 'GET /a'] as const)), /^200 .*429$/);
      assert.equal(await statuses(...times(4, [bt, 'GET /a'] as const)), '200 200 200 429');
      assert.deepEqual([await areShared(a!), await areShared(b!)], [false, false]);
    } finally {
      server.signal('SIGCONT');
    }
    await until(
      () => areShared(a!),
      () => at.send('GET /a'),
    );
    await until(
      () => areShared(b!),
      () => bt.send('GET /a'),
    );
    // What went by meanwhile is not known there: one was left.
    assert.match(await statuses(...times(2, [bt, 'GET /a'] as const)), /429$/);
    assert.deepEqual([a!.errors, b!.errors], [[], []]);
  });

  test('a server that is killed is done without, and used again when it is there again', async () => {
    const [a] = await programs(1, { rateLimit: HARDLY, burstLimit: 2 });
    const api = await apiOf(a!);
    assert.equal(await statuses([api, 'GET /a']), '200');
    await server.kill();
    assert.equal(await statuses(...times(3, [api, 'GET /a'] as const)), '200 200 429');
    assert.equal(await areShared(a!), false);
    await server.start();
    await until(
      () => areShared(a!),
      () => api.send('GET /a'),
    );
    // It has forgotten: one burst more.
    const after = await statuses(...times(4, [api, 'GET /a'] as const));
    assert.match(after, /^(200 )*429/);
    assert.ok(after.split('200').length - 1 <= 2, after);
  });

  test('a program starts without the server, and finds it later', async () => {
    await server.kill();
    const [a] = await programs(1, { rateLimit: HARDLY, burstLimit: 1 });
    const api = await apiOf(a!);
    assert.equal(await statuses([api, 'GET /a'], [api, 'GET /a']), '200 429');
    assert.equal(await areShared(a!), false);
    await server.start();
    await until(
      () => areShared(a!),
      () => api.send('GET /a'),
    );
  });
});
