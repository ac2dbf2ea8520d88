// The program as its users meet it: start, readiness, sentences and exit codes, signals, doctor, explain.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { TEST_CERTIFICATE, TEST_KEY } from '../../support/certificate.ts';
import { ENTRY, killPrograms, Program, runProgram } from '../../support/program.ts';

const ANY_PORT = ['--listen', '127.0.0.1:0'];

describe('the program', () => {
  let root = '';
  let made = 0;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'postern-program-'));
  });
  afterEach(killPrograms);
  after(() => rm(root, { recursive: true }));

  async function emptyDirectory(): Promise<string> {
    const directory = join(root, String(++made));
    await mkdir(directory);
    return directory;
  }

  test('starts in an empty directory, says where, is healthy, keeps its state there, ends with SIGTERM', async () => {
    const cwd = await emptyDirectory();
    const program = new Program(ANY_PORT, { cwd });
    const ready = await program.ready();
    assert.equal(ready.management, ready.gateway);
    assert.equal(ready.data, join(cwd, '.postern'));
    const health = await fetch(`${ready.management}/_postern/health`);
    assert.deepEqual([health.status, await health.json()], [200, { status: 'ok' }]);
    const { code, stderr } = await program.stop();
    assert.deepEqual([code, stderr], [0, '']);
    await program.logged('stopped');
    assert.deepEqual(await readdir(cwd), ['.postern']);
  });

  test('starts beside Kubernetes Services of its own name, whose variables look like settings', async () => {
    const environment = {
      POSTERN_SERVICE_HOST: '10.96.0.17',
      POSTERN_SERVICE_PORT: '4700',
      POSTERN_SERVICE_PORT_HTTP: '4700',
      POSTERN_PORT: 'tcp://10.96.0.17:4700',
      POSTERN_PORT_4700_TCP: 'tcp://10.96.0.17:4700',
      POSTERN_PORT_4700_TCP_PROTO: 'tcp',
      POSTERN_PORT_4700_TCP_PORT: '4700',
      POSTERN_PORT_4700_TCP_ADDR: '10.96.0.17',
      POSTERN_MANAGEMENT_SERVICE_HOST: '10.96.0.18',
      POSTERN_MANAGEMENT_PORT: 'tcp://10.96.0.18:4701',
    };
    const program = new Program(ANY_PORT, { cwd: await emptyDirectory(), environment });
    await program.ready();
    assert.equal((await program.stop()).code, 0);
  });

  test('SIGINT ends it too', async () => {
    const program = new Program(ANY_PORT, { cwd: await emptyDirectory() });
    await program.ready();
    assert.equal((await program.stop('SIGINT')).code, 0);
  });

  test('a request in flight is answered after SIGTERM, new ones are not taken', async () => {
    const program = new Program(ANY_PORT, { cwd: await emptyDirectory() });
    const { management } = await program.ready();
    const { hostname, port } = new URL(management);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /v2/apis HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n`,
    );
    await once(socket, 'data');
    program.child.kill('SIGTERM');
    await program.logged('draining');
    await assert.rejects(fetch(`${management}/_postern/health`));
    socket.write('{}');
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk);
    assert.match(Buffer.concat(chunks).toString(), /^HTTP\/1\.1 \d{3} .*\r\n\r\n\{.*\}$/s);
    assert.equal((await program.outcome).code, 0);
  });

  test('a second signal hastens the end: what is in flight has a second more', async () => {
    const program = new Program(ANY_PORT, { cwd: await emptyDirectory() });
    const { management } = await program.ready();
    const { hostname, port } = new URL(management);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.write(
      `POST /v2/apis HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n`,
    );
    await once(socket, 'data');
    program.child.kill('SIGTERM');
    await program.logged('draining');
    // Within a second it would be the same signal.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const began = performance.now();
    program.child.kill('SIGTERM');
    assert.equal((await program.outcome).code, 0);
    assert.ok(performance.now() - began < 5_000);
    socket.destroy();
  });

  test('a reader of the log that goes away does not stop the server', async () => {
    const program = new Program(ANY_PORT, { cwd: await emptyDirectory() });
    const { management } = await program.ready();
    program.child.stdout!.destroy();
    assert.equal((await fetch(`${management}/_postern/health`)).status, 200);
    assert.equal((await program.stop()).code, 0);
  });

  test('doors of their own: each serves only what is its own', async () => {
    const program = new Program(['--management', '127.0.0.1:0', '--gateway', '127.0.0.1:0'], {
      cwd: await emptyDirectory(),
    });
    const { management, gateway } = await program.ready();
    assert.notEqual(management, gateway);
    const status = async (url: string): Promise<number> => (await fetch(url)).status;
    assert.deepEqual(
      [
        await status(`${management}/_postern/health`),
        await status(`${gateway}/_postern/health`),
        await status(`${gateway}/v2/apis`),
      ],
      [200, 403, 403],
    );
    await program.stop();
  });

  test('the gateway speaks TLS with the certificate it is given', async () => {
    const cwd = await emptyDirectory();
    await writeFile(join(cwd, 'cert.pem'), TEST_CERTIFICATE);
    await writeFile(join(cwd, 'key.pem'), TEST_KEY);
    await writeFile(
      join(cwd, 'postern.yaml'),
      'management: 127.0.0.1:0\ngateway: 127.0.0.1:0\ntls: { cert: cert.pem, key: key.pem }\n',
    );
    const program = new Program(['--config', 'postern.yaml'], { cwd });
    const { gateway, apiEndpoint, management } = await program.ready();
    assert.deepEqual(
      [gateway, apiEndpoint, management].map((url) => url.split(':')[0]),
      ['https', 'https', 'http'],
    );
    const [response] = await once(get(gateway, { ca: TEST_CERTIFICATE }), 'response');
    assert.equal(response.statusCode, 403);
    response.resume();
    await program.stop();
  });

  test('with credentials, unsigned requests are refused; health is for everybody', async () => {
    const environment = { POSTERN_CREDENTIALS: 'AKIATEST:secret' };
    const program = new Program(['--listen', '0.0.0.0:0'], { cwd: await emptyDirectory(), environment });
    const { management } = await program.ready();
    assert.equal((await fetch(`${management}/_postern/health`)).status, 200);
    const refused = await fetch(`${management}/v2/apis`);
    assert.deepEqual(
      [refused.status, refused.headers.get('x-amzn-errortype')],
      [403, 'MissingAuthenticationTokenException'],
    );
    const { stdout } = await program.stop();
    assert.ok(!stdout.includes('secret'), 'secrets do not get into the log');
  });

  const refused: [string, string[], number, RegExp][] = [
    [
      'an unknown flag',
      ['--lisen', 'x'],
      2,
      /^postern: postern has no option --lisen\. Did you mean --listen\?.*\n$/,
    ],
    ['an unknown command', ['strat'], 2, /^postern: There is no command "strat"\..*\n$/],
    ['a bad value', ['--listen', 'nowhere'], 2, /^postern: --listen is "nowhere": .*\n$/],
    [
      'an open management door',
      ['--listen', '0.0.0.0:0'],
      2,
      /^postern: The management door would listen on 0\.0\.0\.0:0.*\n$/,
    ],
    [
      'a configuration file that is not there',
      ['--config', 'no.yaml'],
      2,
      /^postern: --config names .* does not exist\.\n$/,
    ],
    [
      'an address of another machine',
      ['--management', '127.0.0.1:0', '--gateway', '192.0.2.1:0'],
      1,
      /^postern: The address 192\.0\.2\.1:0 is not one of this machine's\..*\n$/,
    ],
    [
      'a data directory that is a file',
      ['--data', 'file', ...ANY_PORT],
      1,
      /^postern: The data directory \S+ cannot be used: there is a file of that name\..*\n$/,
    ],
    [
      'explain without a server',
      ['explain', 'GET', 'http://a.localhost/', '--endpoint', 'http://127.0.0.1:1'],
      1,
      /^postern: No Postern answers at http:\/\/127\.0\.0\.1:1 .*\n$/,
    ],
    ['explain of no URL', ['explain', 'GET', '/pets'], 2, /^postern: "\/pets" is not a whole URL.*\n$/],
  ];
  for (const [name, words, code, message] of refused) {
    test(`refused with one sentence: ${name}`, async () => {
      const cwd = await emptyDirectory();
      await writeFile(join(cwd, 'file'), '');
      const outcome = await runProgram(words, { cwd });
      assert.match(outcome.stderr, message);
      assert.deepEqual([outcome.code, outcome.stdout], [code, '']);
    });
  }

  test('an address in use is one sentence, and the store is free again', async () => {
    const stranger = createServer().listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const { port } = stranger.address() as AddressInfo;
    const cwd = await emptyDirectory();
    const outcome = await runProgram(['--listen', `127.0.0.1:${port}`], { cwd });
    assert.match(
      outcome.stderr,
      new RegExp(
        `^postern: The address 127\\.0\\.0\\.1:${port} is in use by another program\\. .*--listen .*\\n$`,
      ),
    );
    assert.equal(outcome.code, 1);
    stranger.close();
    const program = new Program(ANY_PORT, { cwd });
    await program.ready();
    await program.stop();
  });

  test('a second server in the same data directory is refused with a sentence', async () => {
    const cwd = await emptyDirectory();
    const first = new Program(ANY_PORT, { cwd });
    await first.ready();
    const second = await runProgram(ANY_PORT, { cwd });
    assert.match(
      second.stderr,
      new RegExp(
        `^postern: The data directory .* is in use by another Postern \\(process ${first.child.pid}\\)\\..*\\n$`,
      ),
    );
    assert.equal(second.code, 1);
    await first.stop();
  });

  test('help and version', async () => {
    const cwd = await emptyDirectory();
    assert.match((await runProgram(['--help'], { cwd })).stdout, /postern doctor/);
    assert.match(
      (await runProgram(['--version'], { cwd })).stdout,
      /^postern \d+\.\d+\.\d+(?: \(commit [0-9a-f]{7,}(?:\+changes)?\))?, Node\.js \d+\.\d+\.\d+\n$/,
    );
  });

  test('a reader of the output may leave', async () => {
    const cwd = await emptyDirectory();
    const left = spawnSync('sh', ['-c', '"$0" "$1" --help | true', process.execPath, ENTRY], { cwd });
    assert.equal(left.stderr.toString(), '');
  });

  test('a template from standard input is called that', async () => {
    const cwd = await emptyDirectory();
    const failing = spawnSync(process.execPath, [ENTRY, 'template', '-'], {
      cwd,
      input: '#if(',
      encoding: 'utf8',
    });
    assert.equal(
      failing.stderr,
      'postern: Standard input cannot be rendered: Line 1, column 5: an expression is malformed.\n',
    );
    assert.equal(failing.status, 2);
    const twice = await runProgram(['template', '-', '--body-file', '-'], { cwd });
    assert.match(
      twice.stderr,
      /^postern: Standard input is one text: the template, or the payload of --body-file\.$/m,
    );
  });

  describe('ready', () => {
    const rows: readonly (readonly [name: string, words: string[], code: number, said: RegExp])[] = [
      [
        'nobody there',
        ['--listen', '127.0.0.1:1'],
        1,
        /^postern: No Postern answers at http:\/\/127\.0\.0\.1:1\.$/m,
      ],
      [
        'nobody there in time',
        ['--listen', '127.0.0.1:1', '--wait', '0.2'],
        1,
        /^postern: No Postern answers at http:\/\/127\.0\.0\.1:1\.$/m,
      ],
      [
        'no time',
        ['--wait', 'soon'],
        2,
        /^postern: --wait is "soon": it is a number of seconds up to 86400/m,
      ],
    ];
    for (const [name, words, code, said] of rows) {
      test(name, async () => {
        const outcome = await runProgram(['ready', ...words], { cwd: await emptyDirectory() });
        assert.equal(outcome.code, code);
        assert.match(outcome.stderr, said);
      });
    }
  });

  describe('doctor', () => {
    test('finds nothing wrong where nothing has been started, but says that no server runs', async () => {
      const cwd = await emptyDirectory();
      const outcome = await runProgram(['doctor', '--listen', '127.0.0.1:1', '--json'], { cwd });
      const report = JSON.parse(outcome.stdout);
      assert.deepEqual([outcome.code, report.healthy, report.withoutEffect], [3, false, []]);
      const absent = report.checks.filter(
        ({ state }: { state: string }) => state !== 'good' && state !== 'note',
      );
      assert.deepEqual(absent, [
        {
          name: 'Both doors',
          state: 'absent',
          text: '127.0.0.1:1 is free: no server runs there. "postern" starts one',
        },
      ]);
      assert.match(report.checks.at(-1).text, /holds none yet/);
      assert.deepEqual(await readdir(cwd), [], 'and makes nothing');
    });

    test('looks at a running server without disturbing it', async () => {
      const cwd = await emptyDirectory();
      const program = new Program(ANY_PORT, { cwd });
      const { management } = await program.ready();
      const { code, stdout } = await runProgram(['doctor', '--listen', new URL(management).host], { cwd });
      assert.match(stdout, /^✓ Both doors .*is healthy$/m);
      assert.match(stdout, new RegExp(`^✓ Processes +process ${program.child.pid} does everything$`, 'm'));
      assert.match(
        stdout,
        new RegExp(`^✓ Store .*intact: 0 APIs, .*in use by process ${program.child.pid}$`, 'm'),
      );
      assert.equal(code, 0);
      assert.equal((await fetch(`${management}/_postern/health`)).status, 200);
      await program.stop();
    });

    test('says when the port belongs to somebody else, and when the store is damaged', async () => {
      const stranger = createServer((socket) =>
        socket.on('error', () => undefined).end('220 mail.example.com\r\n'),
      ).listen(0, '127.0.0.1');
      await once(stranger, 'listening');
      const { port } = stranger.address() as AddressInfo;
      const cwd = await emptyDirectory();
      await mkdir(join(cwd, '.postern'));
      await writeFile(
        join(cwd, '.postern', 'postern.db'),
        'this is no database, whatever it may be\n'.repeat(200),
      );
      const { code, stdout } = await runProgram(['doctor', '--listen', `127.0.0.1:${port}`], { cwd });
      stranger.close();
      assert.match(
        stdout,
        new RegExp(`^✗ Both doors +127\\.0\\.0\\.1:${port} is in use by another program`, 'm'),
      );
      assert.match(stdout, /^✗ Store .* is damaged/m);
      assert.equal(code, 1);
    });
  });

  describe('explain', () => {
    test('prints the trace of a request, for people and for programs', async () => {
      const cwd = await emptyDirectory();
      const program = new Program(ANY_PORT, { cwd });
      const { management } = await program.ready();
      const words = [
        'explain',
        'get',
        'http://nothing.execute-api.localhost/x?a=ü',
        '-H',
        'X-A: ü',
        '--endpoint',
        management,
      ];
      const printed = await runProgram(words, { cwd });
      assert.deepEqual([printed.code, printed.stderr], [0, '']);
      assert.match(printed.stdout, /^Request +GET http:\/\/nothing.*^Reply +403/ms);
      const { stdout } = await runProgram([...words, '--json'], { cwd });
      assert.equal(JSON.parse(stdout).reply.status, 403);
      await program.stop();
    });

    test('signs when it has credentials, and says so when it should have', async () => {
      const cwd = await emptyDirectory();
      const program = new Program(ANY_PORT, { cwd, environment: { POSTERN_CREDENTIALS: 'AKIATEST:secret' } });
      const { management } = await program.ready();
      const words = ['explain', 'GET', 'http://nothing.execute-api.localhost/', '--endpoint', management];
      const unsigned = await runProgram(words, { cwd });
      assert.match(unsigned.stderr, /refused: .* set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/);
      assert.equal(unsigned.code, 1);
      for (const environment of [
        { POSTERN_CREDENTIALS: 'AKIATEST:secret' },
        { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'secret' },
      ]) {
        assert.equal((await runProgram(words, { cwd, environment })).code, 0);
      }
      await program.stop();
    });
  });
});
