// `postern store`, on both engines.
import assert from 'node:assert/strict';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CreateApiCommand, CreateRouteCommand, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { makeTestDirectory, type RunningPostern, startTestPostern } from '../support/postern.ts';
import { type Outcome, runProgram } from '../support/program.ts';
import { openPostgresStand, type PostgresStand, STAND_PASSWORD } from './postgres-stand.ts';

describe('postern store', () => {
  let stand: PostgresStand;
  let directory: string;
  before(async () => {
    stand = await openPostgresStand();
    directory = await makeTestDirectory();
  });
  after(async () => {
    await stand.close();
    await rm(directory, { recursive: true });
  });

  const run = async (words: readonly string[], store?: string, input?: string): Promise<Outcome> => {
    const environment = store === undefined ? {} : { POSTERN_STORE: store };
    const outcome = await runProgram(['store', ...words], {
      cwd: directory,
      environment,
      ...(input === undefined ? {} : { input }),
    });
    assert.ok(!`${outcome.stdout}${outcome.stderr}`.includes(STAND_PASSWORD));
    return outcome;
  };
  const nameOf = (url: string): string => new URL(url).pathname.slice(1);
  const apisOf = async ({ client }: RunningPostern) =>
    (await client.send(new GetApisCommand({}))).Items!.map(({ ApiId, Name }) => [ApiId, Name]);

  test('moves a store from SQLite to PostgreSQL and back, and nothing is different', async () => {
    const data = join(directory, 'data');
    const here = await startTestPostern({ data });
    for (const Name of ['zebra', 'ant', 'cow']) {
      const { ApiId } = await here.client.send(new CreateApiCommand({ Name, ProtocolType: 'HTTP' }));
      await here.client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /a/{b}' }));
    }
    const apis = await apisOf(here);
    const exported = await run(['export', '--data', 'data', '-o', 'first.ndjson']);
    assert.deepEqual([exported.code, exported.stdout], [0, ''], exported.stderr);
    assert.equal((await stat(join(directory, 'first.ndjson'))).mode & 0o077, 0, 'nobody else may read it');
    await here.close();
    const first = await readFile(join(directory, 'first.ndjson'), 'utf8');

    const store = await stand.createDatabase();
    const imported = await run(['import', 'first.ndjson'], store);
    assert.equal(imported.code, 0, imported.stderr);
    assert.match(imported.stderr, /documents are in the store at postgres:\/\/postern@/);
    assert.equal((await run(['export'], store)).stdout, first);

    const again = await run(['import', 'first.ndjson'], store);
    assert.equal(again.code, 1);
    assert.match(
      again.stderr,
      /^postern: The store at postgres:\S+ is not empty\. An import needs an empty one/,
    );

    const there = await startTestPostern({ store });
    assert.deepEqual(await apisOf(there), apis);
    await there.client.send(new CreateApiCommand({ Name: 'new', ProtocolType: 'HTTP' }));
    assert.deepEqual((await apisOf(there)).slice(0, 3), apis);
    await there.close();

    assert.equal((await run(['import', '-', '--data', 'back'], undefined, first)).code, 0);
    assert.equal((await run(['export', '--data', 'back'])).stdout, first);
    assert.match((await run(['import', 'first.ndjson', '--data', 'back'])).stderr, /is not empty/);
  });

  test('an export that is damaged leaves nothing behind', async () => {
    const store = await stand.createDatabase();
    const damaged = (await readFile(join(directory, 'first.ndjson'), 'utf8')).replace('zebra', 'zebro');
    await writeFile(join(directory, 'damaged.ndjson'), damaged);
    for (const [words, where] of [
      [['import', 'damaged.ndjson'], store],
      [['import', 'damaged.ndjson', '--data', 'other'], undefined],
    ] as const) {
      const refused = await run(words, where);
      assert.equal(refused.code, 1);
      assert.match(
        refused.stderr,
        /^postern: The file damaged\.ndjson cannot be imported: its checksum is another/,
      );
    }
    assert.equal((await run(['import', 'first.ndjson'], store)).code, 0);
    assert.equal((await run(['import', 'first.ndjson', '--data', 'other'])).code, 0);
  });

  test('tells what an upgrade would do, and does it', async () => {
    const store = await stand.createDatabase();
    const check = await run(['upgrade', '--check'], store);
    assert.match(check.stdout, /^create table "postern"\.meta \(.*\);\n/);
    assert.deepEqual(
      await stand.sql("select nspname from pg_namespace where nspname = 'postern'", nameOf(store)),
      [],
    );
    assert.equal((await run(['upgrade'], store)).code, 0);
    await stand.sql('alter table postern.change drop column at', nameOf(store));
    const lacking = await run(['upgrade', '--check'], store);
    assert.equal(
      lacking.stdout,
      'alter table "postern".change add column at timestamptz not null default now();\n',
    );
    await run(['upgrade'], store);
    assert.match((await run(['upgrade', '--check'], store)).stdout, /^-- the store at postgres:\S+ has all/);
  });

  test('a restored store forgets its nodes, and as a copy is another cluster', async () => {
    const store = await stand.createDatabase();
    await run(['upgrade'], store);
    const clusterOf = async () =>
      (await stand.sql('select cluster from postern.meta', nameOf(store)))[0]!.cluster;
    const cluster = await clusterOf();
    await stand.sql(`insert into postern.connection (id, holder, info) values ('x', 1, '{}')`, nameOf(store));
    assert.match((await run(['restored'], store)).stdout, /are forgotten\.\n$/);
    assert.deepEqual(await stand.sql('select count(*)::int as n from postern.connection', nameOf(store)), [
      { n: 0 },
    ]);
    assert.equal(await clusterOf(), cluster);
    assert.match((await run(['restored', '--copy'], store)).stdout, /a cluster of its own\.\n$/);
    assert.notEqual(await clusterOf(), cluster);
  });

  test('is looked at by doctor, which changes nothing and tells no password', async () => {
    const store = await stand.createDatabase();
    const look = async (): Promise<string> => {
      const words = ['doctor', '--json', '--listen', '127.0.0.1:0'];
      const environment = { POSTERN_STORE: store };
      const { stdout, stderr } = await runProgram(words, { cwd: directory, environment });
      assert.ok(!stdout.includes(STAND_PASSWORD), stderr);
      const { checks } = JSON.parse(stdout) as { checks: { name: string; state: string; text: string }[] };
      return checks
        .filter(({ name }) => name === 'Store')
        .map(({ state, text }) => `${state}: ${text}`)
        .join('\n');
    };
    assert.match(await look(), /^good: PostgreSQL 18\S* at postgres:\S+ holds none yet; a start makes it$/);
    assert.equal((await run(['import', 'first.ndjson'], store)).code, 0);
    assert.match(await look(), /^good: PostgreSQL 18\S* at postgres:\S+ is intact: 3 APIs$/);
    await stand.sql('alter table postern.change drop column at', nameOf(store));
    assert.match(await look(), /^good: .*\nnote: this version adds to its tables at a start/);
    await stand.sql('update postern.head set latest = 99', nameOf(store));
    assert.match(
      await look(),
      /^bad: The store at postgres:\S+ is damaged: its newest change is \d+, and its head says 99/,
    );
  });

  const wrong: readonly (readonly [words: readonly string[], code: number, message: RegExp])[] = [
    [[], 2, /^postern: postern store is asked to do nothing\. It is one of export, /],
    [['exprot'], 2, /does not do "exprot"\. Did you mean export\?/],
    [['import'], 2, /takes one FILE, or "-" for standard input/],
    [['export', 'x'], 2, /postern store export takes no argument, but got "x"/],
    [['export', '--copy'], 2, /--copy is not for postern store export/],
    [['import', 'none.ndjson'], 1, /The file none\.ndjson does not exist\./],
    [['export', '--data', 'empty'], 1, /The data directory \S+empty holds no store/],
    [['restored'], 1, /A store in SQLite needs no word of that/],
  ];
  test('what is wrong is said in a sentence', async () => {
    for (const [words, code, message] of wrong) {
      const outcome = await run(words);
      assert.equal(outcome.code, code, outcome.stderr);
      assert.match(outcome.stderr, message);
    }
  });
});
