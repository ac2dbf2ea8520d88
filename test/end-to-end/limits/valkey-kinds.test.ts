// Limits in a Valkey or Redis that Sentinels watch, in a cluster, and behind TLS and a password.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { ValkeyTokens } from '../../../src/cluster/limits/valkey/valkey-tokens.ts';
import { parseValkeyUrl } from '../../../src/settings/valkey-url.ts';
import { ValkeyStand, valkeyProgram } from '../../cluster/stand/valkey.ts';
import { issueCertificate } from '../../support/certificates.ts';
import { freePort } from '../../support/free-port.ts';
import { NO_VALKEY } from '../../support/valkey-server.ts';

const PATIENCE_MILLIS = 30_000;
const BURST = 100;

const program = valkeyProgram();

describe('kinds of Valkey', { skip: program === undefined && NO_VALKEY }, () => {
  let folder: string;
  const servers: ValkeyStand[] = [];
  const clients: ValkeyTokens[] = [];
  const asking: Redis[] = [];
  let sentinel: ChildProcess | undefined;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postern-valkey-'));
  });
  after(async () => {
    for (const client of clients) client.close();
    for (const client of asking) client.disconnect();
    for (const server of servers) await server.close();
    if (sentinel?.exitCode === null) {
      const ended = once(sentinel, 'exit');
      sentinel.kill('SIGKILL');
      await ended;
    }
    await rm(folder, { recursive: true });
  });

  async function start(...words: string[]): Promise<ValkeyStand> {
    const server = new ValkeyStand(program!, '127.0.0.1', await freePort(), words);
    servers.push(server);
    await server.start();
    return server;
  }

  /** A client of the test's own. */
  function ask(port: number, password?: string): Redis {
    const client = new Redis(port, '127.0.0.1', {
      maxRetriesPerRequest: null,
      ...(password === undefined ? {} : { password }),
    });
    client.on('error', () => {});
    asking.push(client);
    return client;
  }

  async function open(url: string, ca: readonly string[] = []): Promise<ValkeyTokens> {
    const tokens = await ValkeyTokens.open({
      place: parseValkeyUrl(url)!,
      name: 'kinds',
      holder: 'a',
      ca,
      answerMillis: 2_000,
    });
    clients.push(tokens);
    return tokens;
  }

  /** How many of so many are granted, of a bucket that nothing comes to. */
  async function take(tokens: ValkeyTokens, due: number, bucket = 'GET /{id}'): Promise<number> {
    const numbers = { rateLimit: 1e-6, burstLimit: BURST };
    return (await tokens.take({ bucket, numbers, due, ahead: 0, back: 0, held: 0 })).granted;
  }

  async function until<T>(what: () => Promise<T>): Promise<T> {
    const since = performance.now();
    for (;;) {
      try {
        return await what();
      } catch (error) {
        if (performance.now() - since > PATIENCE_MILLIS) throw error;
        await pause(20);
      }
    }
  }

  test('a failover of Sentinels grants one burst more at most, and limits go on', async () => {
    const first = await start();
    await start('--replicaof', `127.0.0.1 ${first.port}`, '--repl-diskless-sync-delay', '0');
    const replica = ask(first.port);
    await until(async () => {
      assert.match(String(await replica.info('replication')), /state=online/);
    });
    const file = join(folder, 'sentinel.conf');
    const port = await freePort();
    const lines = [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor limits 127.0.0.1 ${first.port} 1`,
      'sentinel down-after-milliseconds limits 300',
      'sentinel failover-timeout limits 2000',
    ];
    await writeFile(file, `${lines.join('\n')}\n`);
    sentinel = spawn(program!, [file, '--sentinel'], { stdio: 'ignore' });
    const asked = ask(port);
    // It has to know whom to promote.
    await until(async () => {
      const replicas = (await asked.call('SENTINEL', 'replicas', 'limits')) as unknown[];
      assert.equal(replicas.length, 1);
    });

    const tokens = await until(() => open(`sentinel+redis://127.0.0.1:${port}/limits`));
    assert.equal(await until(() => take(tokens, 60)), 60);
    await first.kill();
    await assert.rejects(take(tokens, 1));
    const granted = await until(() => take(tokens, 2 * BURST));
    assert.ok(granted >= BURST - 60 && granted <= BURST, String(granted));
    assert.equal(await take(tokens, 1), 0);
  });

  test('a cluster has buckets on all its servers, with a password', async () => {
    // Without a port that is said it takes one that the system gives to others too.
    const buses = [await freePort(), await freePort()];
    const both = await Promise.all(
      buses.map((bus, i) => {
        const config = [
          '--cluster-config-file',
          join(folder, `nodes-${i}.conf`),
          '--cluster-port',
          String(bus),
        ];
        return start('--cluster-enabled', 'yes', ...config, '--requirepass', 'hunter2');
      }),
    );
    const [one, other] = both.map(({ port }) => ask(port, 'hunter2'));
    await one!.call('CLUSTER', 'ADDSLOTSRANGE', '0', '8191');
    await other!.call('CLUSTER', 'ADDSLOTSRANGE', '8192', '16383');
    await one!.call('CLUSTER', 'MEET', '127.0.0.1', String(both[1]!.port), String(buses[1]));
    await until(async () => {
      for (const client of [one!, other!])
        assert.match(String(await client.call('CLUSTER', 'INFO')), /cluster_state:ok/);
    });
    const tokens = await open(`redis-cluster://:hunter2@127.0.0.1:${both[0]!.port}`);
    const buckets = Array.from({ length: 20 }, (_, i) => `GET /${i}/{id}`);
    for (const bucket of buckets) {
      assert.equal(await until(() => take(tokens, 60, bucket)), 60);
      assert.equal(await take(tokens, 60, bucket), 40);
    }
    const sizes = [await one!.dbsize(), await other!.dbsize()];
    assert.ok(Math.min(...sizes) > 0, `keys: ${sizes}`);
  });

  test('TLS: the certificate is checked by the authorities of the settings', async () => {
    const authority = issueCertificate({ subject: 'CN=authority', authority: true });
    const { cert, key } = issueCertificate({ issuer: authority, names: ['localhost'] });
    const [certFile, keyFile] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
    await writeFile(certFile, cert);
    await writeFile(keyFile, key);
    const port = await freePort();
    const files = ['--tls-cert-file', certFile, '--tls-key-file', keyFile, '--tls-ca-cert-file', certFile];
    await start('--tls-port', String(port), '--tls-auth-clients', 'no', ...files);
    const tokens = await open(`rediss://localhost:${port}`, [authority.cert]);
    assert.equal(await until(() => take(tokens, 60)), 60);
    const wary = await open(`rediss://localhost:${port}`);
    await assert.rejects(take(wary, 1), /certificate|signature|authority/i);
  });
});
