// The whole program with its store in PostgreSQL: what it does while that is there, away, and another.
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { CreateApiCommand, GetApiCommand } from '@aws-sdk/client-apigatewayv2';
import {
  makeTestDirectory,
  NODE_SECTIONS,
  type RunningPostern,
  startTestPostern,
} from '../support/postern.ts';
import { Program, runProgram } from '../support/program.ts';
import { startRecordingBackend } from '../support/recording-backend.ts';
import { openPostgresStand, type PostgresStand } from './postgres-stand.ts';

type Backend = Awaited<ReturnType<typeof startRecordingBackend>>;

describe('a program with its store in PostgreSQL', () => {
  let stand: PostgresStand;
  let backend: Backend;
  before(async () => {
    stand = await openPostgresStand();
    backend = await startRecordingBackend();
  });
  after(async () => {
    await backend.close();
    await stand.close();
  });

  const createApi = async ({ client }: RunningPostern, name = 'pets'): Promise<string> => {
    const target = `http://127.0.0.1:${backend.port}/`;
    const { ApiId } = await client.send(
      new CreateApiCommand({ Name: name, ProtocolType: 'HTTP', Target: target }),
    );
    return ApiId!;
  };
  const startNode = (store: string) => startTestPostern({ store, sections: NODE_SECTIONS });
  const call = async ({ host, port }: RunningPostern, api: string): Promise<number> =>
    (await fetch(`http://${host}:${port}/_aws/execute-api/${api}/`)).status;
  const manage = (postern: RunningPostern, path: string, init?: RequestInit): Promise<Response> =>
    fetch(`${postern.management}${path}`, init);
  const createByHand = (postern: RunningPostern, name: string): Promise<Response> =>
    manage(postern, '/v2/apis', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, protocolType: 'HTTP' }),
    });

  test('what is written at one is served there at once, and soon at the other', async (t) => {
    const store = await stand.createDatabase();
    const [first, second] = [await startNode(store), await startNode(store)];
    t.after(() => Promise.all([first.close(), second.close()]));
    const api = await createApi(first);
    assert.equal(await call(first, api), 200);
    const { Name } = await second.client.send(new GetApiCommand({ ApiId: api }));
    assert.equal(Name, 'pets', 'the management door of the other reads what is stored');
    await until(async () => (await call(second, api)) === 200);
    await manage(second, `/v2/apis/${api}`, { method: 'DELETE' });
    await until(async () => (await call(first, api)) !== 200);
    assert.deepEqual([...first.errors, ...second.errors], []);
  });

  test('a program without a secret does not start beside another, and says what to set', async (t) => {
    const store = await stand.createDatabase();
    const first = await startTestPostern({ store });
    t.after(() => first.close());
    const data = await makeTestDirectory();
    t.after(() => rm(data, { recursive: true }));
    const words = ['--listen', '127.0.0.1:0', '--data', data];
    const { code, stderr } = await runProgram(words, { cwd: data, environment: { POSTERN_STORE: store } });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^postern: Node 0 \(.+\) uses the same store, and this one has no secret to be linked by\. Set cluster\.secret or POSTERN_CLUSTER_SECRET to the same on all nodes, or stop that one\.\n$/,
    );
    assert.equal((await createByHand(first, 'goes on')).status, 201);
  });

  test('while PostgreSQL is away, APIs are served, reads say how old they are, and writes are refused for a while', async (t) => {
    const store = await stand.createDatabase();
    const data = await makeTestDirectory();
    t.after(() => rm(data, { recursive: true }));
    const postern = await startTestPostern({ store, data });
    const api = await createApi(postern);
    await stand.stop('SIGQUIT');
    await until(async () => (await manage(postern, `/v2/apis/${api}`)).headers.has('x-postern-behind'));
    const read = await manage(postern, `/v2/apis/${api}`);
    assert.equal(read.status, 200);
    assert.match(read.headers.get('x-postern-behind')!, /^\d+$/);
    const refused = await createByHand(postern, 'other');
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get('x-amzn-errortype'), 'ServiceUnavailableException');
    assert.equal(refused.headers.get('retry-after'), '5');
    assert.equal(await call(postern, api), 200);
    assert.match(await (await manage(postern, '/_postern/metrics')).text(), /^postern_store_up 0$/m);
    await postern.close();

    const again = await startTestPostern({ store, data });
    t.after(() => again.close());
    assert.equal(await call(again, api), 200, 'a start without PostgreSQL serves the replica');
    assert.equal((await createByHand(again, 'other')).status, 503);
    assert.equal((await manage(again, '/_postern/ready')).status, 200);

    await stand.start();
    await until(async () => (await createByHand(again, 'other')).status === 201);
    assert.equal((await manage(again, `/v2/apis/${api}`)).headers.has('x-postern-behind'), false);
    assert.match(await (await manage(again, '/_postern/metrics')).text(), /^postern_store_up 1$/m);
    const told = [...postern.errors, ...again.errors].join('');
    assert.match(told, /"event":"store\.down"|store\.down|PostgreSQL cannot be reached/);
    assert.doesNotMatch(told, /Secret/);
  });

  test('without PostgreSQL and without a replica it is not ready, and becomes so by itself', async (t) => {
    const store = await stand.createDatabase();
    const first = await startTestPostern({ store });
    const api = await createApi(first);
    await first.close();
    await stand.stop('SIGQUIT');
    const postern = await startTestPostern({ store });
    t.after(() => postern.close());
    assert.equal((await manage(postern, '/_postern/ready')).status, 503);
    assert.equal((await manage(postern, '/_postern/health')).status, 200);
    assert.equal((await manage(postern, `/v2/apis/${api}`)).status, 503);
    await stand.start();
    await until(async () => (await manage(postern, '/_postern/ready')).status === 200);
    await until(async () => (await call(postern, api)) === 200);
  });

  test('a program with nothing to serve says that it waits, is alive, and says that it is ready once it is', async (t) => {
    const store = await stand.createDatabase();
    await stand.stop('SIGQUIT');
    const cwd = await makeTestDirectory();
    const words = ['--store', store, '--data', cwd, '--workers', '2', '--listen', '127.0.0.1:0'];
    const program = new Program(words, { cwd, environment: { POSTERN_CLUSTER_SECRET: 'x'.repeat(32) } });
    t.after(async () => {
      await program.stop('SIGKILL');
      await rm(cwd, { recursive: true });
    });
    const { management } = JSON.parse(await program.line('"program.waiting"')) as { management: string };
    const problem =
      'PostgreSQL has not been reached yet, and the data directory has no copy of what is stored there.';
    const ready = await fetch(`${management}/_postern/ready`);
    assert.deepEqual(
      [ready.status, ready.headers.has('x-postern-behind'), await ready.json()],
      [503, false, { status: 'not ready', problems: ['0 of 2 workers serve what is deployed.', problem] }],
    );
    const health = await fetch(`${management}/_postern/health`);
    assert.deepEqual(
      [health.status, await health.json()],
      [200, { status: 'degraded', problems: [problem] }],
    );
    const asked = await runProgram(['ready', '--endpoint', management], { cwd });
    assert.equal(asked.code, 1);
    assert.match(asked.stderr, /is not ready\. 0 of 2 .*has no copy/);
    assert.ok(!program.lines.some((line) => line.includes('"program.ready"')));
    await stand.start();
    assert.equal((await program.logged('ready')).workers, 2);
    assert.equal((await runProgram(['ready', '--endpoint', management], { cwd })).code, 0);
    await program.stop();

    const again = new Program(words, { cwd, environment: { POSTERN_CLUSTER_SECRET: 'x'.repeat(32) } });
    t.after(() => again.stop('SIGKILL'));
    const { workers, node } = await again.logged('ready');
    assert.deepEqual([workers, node], [2, 0]);
  });

  test('a server that is stopped is one that is away', async (t) => {
    const store = await stand.createDatabase();
    const postern = await startTestPostern({ store });
    t.after(() => postern.close());
    const api = await createApi(postern);
    await stand.signal('SIGSTOP');
    try {
      const reading = await manage(postern, `/v2/apis/${api}`);
      assert.deepEqual([reading.status, reading.headers.has('x-postern-behind')], [200, true]);
      assert.equal((await createByHand(postern, 'other')).status, 503);
      assert.equal(await call(postern, api), 200);
    } finally {
      await stand.signal('SIGCONT');
    }
    await until(async () => (await createByHand(postern, 'other')).status === 201);
  });

  test('workers follow the replica, and read everything again when PostgreSQL was restored', async (t) => {
    const store = await stand.createDatabase();
    const data = await makeTestDirectory();
    t.after(() => rm(data, { recursive: true }));
    const words = ['--listen', '127.0.0.1:0', '--workers', '2', '--data', data];
    const program = new Program(words, { cwd: data, environment: { POSTERN_STORE: store } });
    t.after(() => program.stop());
    const { management } = await program.ready();
    const create = async (name: string): Promise<string> => {
      const target = `http://127.0.0.1:${backend.port}/`;
      const answer = await fetch(`${management}/v2/apis`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name, protocolType: 'HTTP', target }),
      });
      return ((await answer.json()) as { apiId: string }).apiId;
    };
    /** Of calls on connections of their own, which fall to one worker or the other. */
    const statuses = async (api: string): Promise<string> => {
      const headers = { connection: 'close' };
      const url = `${management}/_aws/execute-api/${api}/`;
      const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(url, { headers })));
      return [...new Set(answers.map(({ status }) => status))].sort().join();
    };
    const kept = await create('kept');
    const database = new URL(store).pathname.slice(1);
    const [head] = await stand.sql('select latest::int from postern.head', database);
    const lost = await create('lost');
    assert.deepEqual([await statuses(kept), await statuses(lost)], ['200', '200']);
    await stand.sql(
      `delete from postern.change where number > ${head!.latest}; delete from postern.document where seq > ${head!.latest};
       update postern.head set latest = ${head!.latest}, batch = (select batch from postern.change where number = ${head!.latest})`,
      database,
    );
    await until(async () => !(await statuses(lost)).includes('200'));
    assert.equal(await statuses(kept), '200');
    assert.equal(await statuses(await create('new')), '200');
  });

  const refused: readonly (readonly [
    name: string,
    store: () => Promise<string>,
    code: number,
    message: RegExp,
  ])[] = [
    [
      'another password',
      async () => stand.url().replace(/:[^:@]+@/, ':hush@'),
      1,
      /^postern: PostgreSQL at postgres:\/\/postern@\S+ does not let this user in: .*\n$/,
    ],
    [
      'a database that is not there',
      async () => stand.url('none'),
      1,
      /^postern: .* has no database of this name\..*\n$/,
    ],
    [
      'a URL of something else',
      async () => 'mysql://a:hush@b/c',
      2,
      /^postern: POSTERN_STORE is no place for a store: .*\n$/,
    ],
  ];
  for (const [name, store, code, message] of refused) {
    test(`a start with ${name} ends with one sentence`, async () => {
      const environment = { POSTERN_STORE: await store() };
      const data = await makeTestDirectory();
      const outcome = await runProgram(['--listen', '127.0.0.1:0', '--data', data], {
        cwd: data,
        environment,
      });
      await rm(data, { recursive: true });
      assert.equal(outcome.code, code);
      assert.match(outcome.stderr, message);
      assert.doesNotMatch(outcome.stderr + outcome.stdout, /hush|Secret/);
    });
  }
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await isSo())) {
    assert.ok(performance.now() < end, 'it has not come to this in 20 s');
    await pause(50);
  }
}
