// What a node of several processes has once: functions, counters, output, and what is told of its processes
// (docs/architecture.md, "Processes of a node").
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:tls';
import { TEST_CERTIFICATE, TEST_KEY } from '../../support/certificate.ts';
import { runProgram } from '../../support/program.ts';
import { sendRaw } from '../../support/raw-client.ts';
import { startWorkers, type WorkersStand } from '../../support/workers-stand.ts';

const CODE = `
export const say = async (event) => event.queryStringParameters?.text ?? 'nothing';
export const pid = async () => String(process.pid);
export const hang = () => new Promise((resolve) => setTimeout(resolve, 60_000));
export const exit = () => process.exit(1);
`;
const NAMES = ['say', 'pid', 'hang', 'exit'];
const LOG_GROUP = 'arn:aws:logs:us-east-1:000000000000:log-group:all';
const yamlOf = (names: readonly string[]): string =>
  `workers: 2
functions:
${names.map((name) => `  ${name}: { file: code.mjs, export: ${name}, timeout: 60, concurrency: 1 }\n`).join('')}logDestinations: { '${LOG_GROUP}': stdout }
`;

let stand: WorkersStand;
const apis = new Map<string, string>();

before(async () => {
  stand = await startWorkers([], { environment: { POSTERN_LOG_LEVEL: 'info', PGPASSWORD: 'of the store' } });
  await writeFile(join(stand.directory, 'code.mjs'), CODE);
  await configure(yamlOf(NAMES));
  for (const name of NAMES) {
    const { ApiId } = await stand.client.createApi({
      Name: name,
      ProtocolType: 'HTTP',
      Target: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    });
    apis.set(name, ApiId!);
  }
});
after(() => stand.close());

let reloads = 0;
async function configure(yaml: string): Promise<void> {
  await writeFile(join(stand.directory, 'postern.yaml'), yaml);
  await stand.program.line('"event":"config.reloaded"', ++reloads);
}

const get = (path: string, lines = ''): string => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${lines}\r\n`;
const to = (name: string, rest = '/'): string => get(`/_aws/execute-api/${apis.get(name)}${rest}`);
const send = (bytes: string, millis?: number) => sendRaw({ ...stand, bytes }, millis);
const postern = async (path: string) => (await fetch(`${stand.management}/_postern/${path}`)).text();

/** What `look` finds, once it finds something. */
async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  for (let i = 0; ; i++) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    assert.ok(i < 2_000, `in time: ${what}`);
    await pause(5);
  }
}

function pidOf(role: string): Promise<number> {
  return until(role, async () => (await stand.processes()).find((each) => each.role === role)?.pid);
}

test('workers and the functions host have nothing of the settings in their environment', async () => {
  const environmentOf = (pid: number) => readFile(`/proc/${pid}/environ`, 'utf8');
  const ofSettings = /(?:^|\0)(?:POSTERN_|PG)/;
  assert.match(await environmentOf(stand.program.child.pid!), ofSettings);
  for (const role of ['worker 0', 'worker 1', 'functions'])
    assert.doesNotMatch(await environmentOf(await pidOf(role)), ofSettings, role);
});

function invoke(name: string): Promise<Response> {
  const path = `${stand.management}/2015-03-31/functions/${name}/invocations`;
  return fetch(path, { method: 'POST', body: '{}' });
}

test('a function has one process on the machine, whoever calls it', async () => {
  const replies = await stand.askEach(to('pid'));
  const pids = new Set([...replies.map(({ body }) => body), JSON.parse(await (await invoke('pid')).text())]);
  assert.equal(pids.size, 1);
});

test('a killed functions host is a crash of the functions that ran, and another one answers', async () => {
  const crashed = await send(to('exit'));
  const running = send(to('hang'), 20_000);
  const child = Number((await send(to('pid'))).body);
  const before = await pidOf('functions');
  // It runs once its function is counted.
  await until('it runs', async () => /_running\{function="hang"\} 1\n/.test(await postern('metrics')));
  process.kill(before, 'SIGKILL');
  const killed = await running;
  assert.deepEqual([killed.status, killed.body], [crashed.status, crashed.body]);
  const replies = await stand.askEach(to('say', '/?text=again'));
  assert.deepEqual(
    replies.map(({ body }) => body),
    ['again', 'again'],
  );
  assert.notEqual(await pidOf('functions'), before);
  await stand.program.line('"event":"functions-host.replaced"');
  await until('its processes go', async () => !isRunning(child));
});

test('functions of another configuration are called at once, and none of one that is refused', async () => {
  const without = yamlOf(NAMES.filter((name) => name !== 'pid'));
  await writeFile(
    join(stand.directory, 'postern.yaml'),
    `${without}truststores: { 's3://bucket/none.pem': none.pem }\n`,
  );
  await stand.program.line('"event":"config.refused"');
  assert.equal((await invoke('pid')).status, 200);
  await configure(without);
  assert.equal((await invoke('pid')).status, 404);
  const gone = await stand.askEach(to('pid'));
  assert.deepEqual(
    gone.map(({ status }) => status),
    [500, 500],
  );
  await configure(yamlOf(NAMES));
  const back = await stand.askEach(to('pid'));
  assert.deepEqual(
    back.map(({ status }) => status),
    [200, 200],
  );
});

test('counters stay when a worker dies, and the page says which processes there are', async () => {
  const counted = async (): Promise<number> => {
    const line = new RegExp(`^apigateway_count_total\\{api_id="${apis.get('say')}".*\\} (\\d+)$`, 'm');
    return Number(line.exec(await postern('metrics'))![1]);
  };
  const before = await counted();
  for (let i = 0; i < 20; i++) await send(to('say'));
  await until('all are counted', async () => (await counted()) >= before + 20);
  const page = await postern('metrics');
  assert.match(page, /^postern_workers 2$/m);
  for (const worker of [0, 1])
    assert.match(page, new RegExp(`^postern_worker_up\\{worker="${worker}"\\} 1$`, 'm'));
  for (const name of ['primary', 'worker 0', 'worker 1', 'functions']) {
    assert.match(page, new RegExp(`^process_resident_memory_bytes\\{process="${name}"\\} \\d+$`, 'm'));
  }
  process.kill(await pidOf('worker 0'), 'SIGKILL');
  await stand.program.line('"event":"worker.replaced"');
  const after = await counted();
  assert.ok(after >= before + 20, `${after} of ${before + 20}`);
});

test('a server is ready, and doctor tells its processes', async () => {
  assert.deepEqual(JSON.parse(await postern('ready')), { status: 'ready' });
  assert.deepEqual(JSON.parse(await postern('health')), { status: 'ok' });
  const report = JSON.parse(await postern('processes'));
  const pids = [await pidOf('worker 0'), await pidOf('worker 1')];
  assert.deepEqual(
    report.workers.map(({ pid }: { pid: number }) => pid),
    pids,
  );
  assert.deepEqual([report.pid, report.functionsPid], [stand.program.child.pid, await pidOf('functions')]);
  const words = ['doctor', '--listen', new URL(stand.management).host];
  const { stdout } = await runProgram(words, { cwd: stand.directory });
  assert.match(
    stdout,
    new RegExp(`^✓ Processes +2 workers \\(${pids.join(', ')}\\) behind process ${report.pid}; `, 'm'),
  );
});

/** Three of them are longer than the system writes at once. */
const LONG = '$context.path'.repeat(3);
const LOGGED = `/logged/${'x'.repeat(2_000)}`;

test('lines of the output are whole, however long they are and whoever writes them', async () => {
  await stand.client.createStage({
    ApiId: apis.get('say')!,
    StageName: 'logged',
    AutoDeploy: true,
    AccessLogSettings: {
      DestinationArn: LOG_GROUP,
      Format: `{"access":"$context.requestId","long":"${LONG}"}`,
    },
  });
  const asked = 100;
  await Promise.all(Array.from({ length: asked }, () => send(to('say', LOGGED))));
  const idsIn = (lines: readonly string[]) =>
    new Set(lines.filter((line) => line.includes('"access"')).map((line) => JSON.parse(line).access));
  await until('all have a line', async () => idsIn(stand.program.lines).size >= asked);
  assert.equal(idsIn(stand.program.lines).size, asked);
});

test('lines of a file are whole too, and a file that was moved is made anew', async () => {
  const file = join(stand.directory, 'access.log');
  await configure(yamlOf(NAMES).replace('stdout', `{ file: ${file} }`));
  const linesIn = async (path: string): Promise<string[]> =>
    (await readFile(path, 'utf8').catch(() => '')).split('\n').slice(0, -1);
  for (const round of [1, 2]) {
    await Promise.all(Array.from({ length: 50 }, () => send(to('say', LOGGED))));
    await until('all have a line', async () => (await linesIn(file)).length >= 50);
    await rename(file, `${file}.${round}`);
    // Whoever writes next lets go of the one that was moved.
    const ids = (await linesIn(`${file}.${round}`)).map((line) => JSON.parse(line).access);
    assert.equal(new Set(ids).size, 50);
  }
});

test('a client of one worker resumes its TLS session at the other', async () => {
  await writeFile(join(stand.directory, 'tls.crt'), TEST_CERTIFICATE);
  await writeFile(join(stand.directory, 'tls.key'), TEST_KEY);
  const tls = await startWorkers([
    ...['--management', '127.0.0.1:0', '--gateway', '127.0.0.1:0'],
    ...['--tls-cert', join(stand.directory, 'tls.crt'), '--tls-key', join(stand.directory, 'tls.key')],
  ]);
  try {
    const { port } = new URL((await tls.program.ready()).gateway);
    let session: Buffer | undefined;
    const workers = new Set<string>();
    for (let i = 0; workers.size < 2; i++) {
      assert.ok(i < 200, 'both workers are met');
      const socket = connect({ host: '127.0.0.1', port: Number(port), rejectUnauthorized: false, session });
      const isResumed = once(socket, 'secureConnect').then(() => socket.isSessionReused());
      socket.on('session', (next) => {
        session = next;
      });
      let reply = '';
      socket.on('data', (bytes) => {
        reply += String(bytes);
      });
      socket.write('GET / HTTP/1.1\r\nHost: none\r\nConnection: close\r\n\r\n');
      await once(socket, 'close');
      assert.equal(await isResumed, i > 0);
      workers.add(/apigw-requestid: (.{9})/i.exec(reply)![1]!);
    }
  } finally {
    await tls.close();
  }
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
