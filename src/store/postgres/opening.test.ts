// With which servers, by which ways and with which schemas a store in PostgreSQL is opened, and what is said of the others.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  openPostgresStand,
  type PostgresStand,
  STAND_PASSWORD,
} from '../../../test/cluster/postgres-stand.ts';
import { issueCertificate } from '../../../test/support/certificates.ts';
import type { Store } from '../store.ts';
import { StoreError, type StoreProblem } from '../store-error.ts';
import { openPostgresAt, openStoreAt } from './at.test.support.ts';

const KEY = ['a', 'r', 'counters', 'c'];

describe('opening a store in PostgreSQL', () => {
  const authority = issueCertificate({ subject: 'CN=authority', authority: true });
  let stand: PostgresStand;
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'postern-faults-'));
    await writeFile(join(directory, 'ca.pem'), authority.cert);
    await writeFile(join(directory, 'other.pem'), issueCertificate({ authority: true }).cert);
    const identity = issueCertificate({ subject: 'CN=localhost', names: ['localhost'], issuer: authority });
    stand = await openPostgresStand({ identity });
  });
  after(async () => {
    await stand.close();
    await rm(directory, { recursive: true });
  });

  const increment = (store: Store): Promise<number> =>
    store.transact(async (tx) => {
      const n = Number((await tx.get(KEY))?.n ?? 0) + 1;
      await tx.put(KEY, { n });
      return n;
    });
  const nameOf = (url: string): string => new URL(url).pathname.slice(1);

  const ways: readonly (readonly [options: string, host: string, isEncrypted: boolean])[] = [
    ['', '127.0.0.1', true],
    ['sslmode=disable', '127.0.0.1', false],
    ['sslmode=require', '127.0.0.1', true],
    ['sslmode=verify-ca&sslrootcert=ca.pem', '127.0.0.1', true],
    ['sslmode=verify-full&sslrootcert=ca.pem', 'localhost', true],
  ];
  const urlBy = async (options: string, host: string): Promise<string> => {
    const url = (await stand.createDatabase()).replace('@127.0.0.1', `@${host}`);
    return `${url}?${options.replace('sslrootcert=', `sslrootcert=${directory}/`)}`;
  };
  for (const [options, host, isEncrypted] of ways) {
    test(`a connection to ${host} with ${options || 'no options'} is ${isEncrypted ? '' : 'not '}encrypted`, async (t) => {
      const { store, sql } = await openPostgresAt(await urlBy(options, host));
      t.after(() => store.close());
      const { rows } = await sql.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
      assert.deepEqual(rows, [[isEncrypted]]);
    });
  }

  const refused: readonly (readonly [
    name: string,
    url: () => Promise<string>,
    problem: StoreProblem,
    message: RegExp,
  ])[] = [
    [
      'a name that the certificate has not',
      () => urlBy('sslmode=verify-full&sslrootcert=ca.pem', '127.0.0.1'),
      'refused',
      /^The certificate of PostgreSQL at /,
    ],
    [
      'another authority',
      () => urlBy('sslmode=verify-ca&sslrootcert=other.pem', 'localhost'),
      'refused',
      /^The certificate of PostgreSQL at /,
    ],
    [
      'an authority that Node.js does not know',
      () => urlBy('sslmode=verify-full', 'localhost'),
      'refused',
      /^The certificate of PostgreSQL at /,
    ],
    [
      'a file of authorities that is not there',
      () => urlBy('sslmode=verify-ca&sslrootcert=none.pem', 'localhost'),
      'refused',
      /^The sslrootcert of the store's URL .*none\.pem, which cannot be read \(ENOENT\)/,
    ],
    [
      'another password',
      async () => (await stand.createDatabase()).replace(/:[^:@]+@/, ':hush@'),
      'refused',
      /^PostgreSQL at \S+ does not let this user in: password authentication failed/,
    ],
    [
      'a database that is not there',
      async () => stand.url('missing'),
      'refused',
      /has no database of this name\. Make it: CREATE DATABASE "missing"\.$/,
    ],
    [
      'a server that is not there',
      async () => stand.url('postgres', 1),
      'unreachable',
      /^PostgreSQL at \S+ cannot be reached: .*ECONNREFUSED/,
    ],
    ['an old server', oldServer, 'refused', /is version 13\.\d+; a store needs 14 or newer\.$/],
    [
      'a user without rights',
      withoutRights,
      'refused',
      /lacks a right: may not read and write .*document.*\. Make the user the owner/,
    ],
    [
      'a user that may make no schema',
      withoutSchema,
      'refused',
      /lacks a right: permission denied for database/,
    ],
    [
      'a store of a newer version',
      newer,
      'newer',
      /was made by a newer version of Postern \(it needs 99\.0\.0 or newer, this is 0\.1\.0\)/,
    ],
  ];
  for (const [name, url, problem, message] of refused) {
    test(`${name} is refused with a sentence that has no password`, async () => {
      const error = await openPostgresAt(await url()).then(
        async ({ store }) => {
          await store.close();
          assert.fail('the store was opened');
        },
        (reason) => reason,
      );
      assert.ok(error instanceof StoreError, String(error));
      assert.equal(error.problem, problem, error.message);
      assert.match(error.message, message);
      assert.match(error.message, /^The .*\.$|^PostgreSQL .*\.$/s);
      for (const secret of ['hush', STAND_PASSWORD, encodeURIComponent(STAND_PASSWORD)]) {
        assert.ok(!error.message.includes(secret) && !String(error.stack).includes(secret));
      }
    });
  }

  /** The same server, which says of itself that it is older. */
  async function oldServer(): Promise<string> {
    const { connect } = await import('node:net');
    const server = createServer((client) => {
      const engine = connect(stand.port, '127.0.0.1');
      client.pipe(engine);
      engine.on('data', (data) =>
        client.write(
          Buffer.from(data.toString('latin1').replace(/\b1[4-9](00\d\d|\.\d)/g, '13$1'), 'latin1'),
        ),
      );
      for (const [one, other] of [
        [client, engine],
        [engine, client],
      ] as const) {
        one.on('error', () => undefined).on('close', () => other.destroy());
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    return `${stand.url('postgres', address.port)}?sslmode=disable`;
  }

  async function withoutRights(): Promise<string> {
    const url = await stand.createDatabase();
    await (await openStoreAt(url)).close();
    await stand.sql(
      `create role guest login password 'hush'; grant usage on schema postern to guest; grant select on postern.meta to guest`,
      nameOf(url),
    );
    return url.replace(/\/\/[^@]*@/, '//guest:hush@');
  }

  async function withoutSchema(): Promise<string> {
    const url = await stand.createDatabase();
    await stand.sql(`create role stranger login password 'hush'`, nameOf(url));
    return url.replace(/\/\/[^@]*@/, '//stranger:hush@');
  }

  async function newer(): Promise<string> {
    const url = await stand.createDatabase();
    await (await openStoreAt(url)).close();
    await stand.sql(`update postern.meta set oldest_program = '99.0.0'`, nameOf(url));
    return url;
  }

  test('what a schema of the version before lacks is added, and what a later one has more is left', async (t) => {
    const url = await stand.createDatabase();
    const first = await openStoreAt(url);
    await increment(first);
    await first.close();
    await stand.sql(
      `alter table postern.change drop column at; drop index postern.document_parent; drop table postern.duty;
       alter table postern.document add column later text default 'x'; update postern.meta set format = 0`,
      nameOf(url),
    );
    const [second, third] = await Promise.all([openStoreAt(url), openStoreAt(url)]);
    t.after(() => Promise.all([second.close(), third.close()]));
    assert.equal(await increment(second), 2);
    assert.equal(await increment(third), 3);
    await third.checkIntegrity();
    const columns = `select count(*)::int as n from information_schema.columns where table_schema = 'postern' and (table_name, column_name) in (('change', 'at'), ('document', 'later'), ('duty', 'due_at'))`;
    assert.deepEqual(await stand.sql(columns, nameOf(url)), [{ n: 3 }]);
    assert.deepEqual(await stand.sql('select format from postern.meta', nameOf(url)), [{ format: 1 }]);
  });

  const damage: readonly (readonly [sql: string, message: RegExp])[] = [
    [`update postern.document set body = '{"n":'`, /the document a\/r\/counters\/c is no JSON object/],
    [`update postern.document set body = '[]'`, /the document a\/r\/counters\/c is no JSON object/],
    [`update postern.document set parent = 'a/r'`, /is in the wrong collection/],
    ['delete from postern.change where number = 2', /the change table holds 2 of 3 changes/],
    ['update postern.head set latest = 9', /its newest change is 3, and its head says 9/],
    ['delete from postern.head', /its head has 0 rows/],
  ];
  test('damage is found by the check, which says what it is', async () => {
    for (const [sql, message] of damage) {
      const url = await stand.createDatabase();
      const store = await openStoreAt(url);
      for (let n = 0; n < 3; n++) await increment(store);
      await store.checkIntegrity();
      await stand.sql(sql, nameOf(url));
      await assert.rejects(
        store.checkIntegrity(),
        (error: StoreError) => error.problem === 'corrupt' && message.test(error.message),
        sql,
      );
      await store.close();
    }
  });
});
