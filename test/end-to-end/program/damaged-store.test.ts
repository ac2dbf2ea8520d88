// A store that is damaged, as the person at the program meets it: a sentence at the start, in doctor, in the log and in the
// answers of the management door, never a stack (docs/guide/production.md).
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, open, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';
import { connect } from '../../../src/store/sqlite/connection.ts';
import { ENTRY, killPrograms, Program, runProgram } from '../../support/program.ts';

const ANY_PORT = ['--listen', '127.0.0.1:0'];
const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

function clientOf(endpoint: string): ApiGatewayV2 {
  return new ApiGatewayV2({ endpoint, region: 'us-east-1', credentials: CREDENTIALS, maxAttempts: 1 });
}

async function overwrite(path: string, from: number): Promise<void> {
  const file = await open(path, 'r+');
  const { size } = await file.stat();
  for (let at = from; at < size; at += 4096) await file.write(Buffer.alloc(4096, 0x5a), 0, 4096, at);
  await file.close();
}

async function change(path: string, sql: string): Promise<void> {
  const connection = connect(path);
  await connection.exec(sql);
  connection.close();
}

describe('a damaged store', () => {
  let root = '';
  let good = '';
  let made = 0;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'postern-damaged-'));
    good = join(root, 'good');
    const program = new Program([...ANY_PORT, '--data', good], { cwd: root });
    const client = clientOf((await program.ready()).management);
    for (let i = 0; i < 8; i++) {
      await client.createApi({
        Name: `pets ${i}`,
        ProtocolType: 'HTTP',
        Target: `http://127.0.0.1:9/${'x'.repeat(400)}`,
      });
    }
    client.destroy();
    await program.stop();
  });
  afterEach(killPrograms);
  after(() => rm(root, { recursive: true }));

  async function copy(): Promise<{ readonly data: string; readonly file: string }> {
    const data = join(root, String(++made));
    await cp(good, data, { recursive: true });
    return { data, file: join(data, 'postern.db') };
  }

  const DAMAGE: readonly (readonly [what: string, says: RegExp, damage: (file: string) => Promise<void>])[] =
    [
      ['an empty file', /it is empty/, (file) => truncate(file, 0)],
      ['a file that ends half-way', /malformed/, (file) => truncate(file, 8192)],
      ['a file of some bytes', /it ends after 60 bytes/, (file) => truncate(file, 60)],
      ['another file', /it is no SQLite database/, (file) => writeFile(file, 'pets\n'.repeat(2000))],
      ['damaged pages', /damaged/, (file) => overwrite(file, 4096)],
      [
        'stages that are no objects',
        /the document \S+\/stages\/\S+ cannot be read|is no JSON object/,
        (file) => change(file, `update document set body = 'null' where key like '%/stages/%'`),
      ],
      [
        'other columns',
        /its tables are not those of a store/,
        (file) => change(file, 'alter table document rename column body to text'),
      ],
      [
        'a log alone',
        /it is gone, and only its log .* is left/,
        async (file) => {
          await rm(file);
          await writeFile(`${file}-wal`, 'frames');
        },
      ],
    ];
  for (const [what, says, damage] of DAMAGE) {
    test(`${what}: the start and doctor say so, and what to do`, async () => {
      const { data, file } = await copy();
      await damage(file);
      const started = await runProgram([...ANY_PORT, '--data', data], { cwd: root });
      assert.match(
        started.stderr,
        /^postern: The store file \S+postern\.db is damaged: .* restore the directory from a backup, or move it away .*\.\n$/,
      );
      assert.match(started.stderr, says);
      assert.deepEqual([started.code, started.stdout], [1, '']);
      const doctor = await runProgram(['doctor', '--listen', '127.0.0.1:1', '--data', data], { cwd: root });
      assert.match(doctor.stdout, /^✗ Store +The store file \S+ is damaged: \S.* from a backup/m);
      assert.deepEqual([doctor.code, doctor.stderr], [1, '']);
    });
  }

  test('a data directory where none can be made is a sentence at once, and signals still end the program', async () => {
    for (const words of [ANY_PORT, ['doctor', '--listen', '127.0.0.1:1']]) {
      const program = new Program([...words, '--data', '/proc/postern/data'], { cwd: root });
      const timer = setTimeout(() => program.child.kill('SIGKILL'), 20_000);
      const { stderr, signal } = await program.outcome;
      clearTimeout(timer);
      assert.equal(signal, null);
      if (words === ANY_PORT) {
        assert.match(
          stderr,
          /^postern: The data directory \/proc\/postern\/data cannot be used: no directory can be made there\..*\n$/,
        );
      }
    }
  });

  test('damage that is met while it runs: one line in the log, a sentence in the answer, other APIs go on', async () => {
    const { data, file } = await copy();
    const program = new Program([...ANY_PORT, '--data', data], { cwd: root });
    const { management } = await program.ready();
    const client = clientOf(management);
    const { Items = [] } = await client.getApis({});
    assert.equal(Items.length, 8);
    const other = connect(file);
    await other.exec(`update document set body = '{' where key like '%/integrations/%'`);
    other.close();
    await assert.rejects(client.getIntegrations({ ApiId: Items[0]!.ApiId }), (error: Error) => {
      assert.match(error.message, /^The store file \S+postern\.db is damaged: .* from a backup, .*\.$/);
      return true;
    });
    const line = await program.logged('the store failed');
    assert.deepEqual([line.level, line.problem], ['error', 'corrupt']);
    assert.match(String(line.reason), /is damaged/);
    const url = `${management}/_aws/execute-api/${Items[0]!.ApiId}/`;
    assert.equal((await fetch(url)).status, 503, 'the API is served from memory: its backend is asked');
    client.destroy();
    const { stdout, stderr, code } = await program.stop();
    assert.deepEqual([code, stderr], [0, '']);
    assert.ok(!/"stack"| {4}at /.test(stdout), stdout);
  });

  test('a disk that is full: the write is refused with a sentence, and goes on when there is room', async (t) => {
    const disk = join(root, 'disk');
    await mkdir(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      return t.skip('file systems cannot be mounted here');
    }
    try {
      const program = new Program([...ANY_PORT, '--data', join(disk, 'data')], { cwd: root });
      const client = clientOf((await program.ready()).management);
      await writeFile(join(disk, 'ballast'), Buffer.alloc(2_000_000)).catch(() => undefined);
      await assert.rejects(
        async () => {
          for (let i = 0; i < 200; i++) {
            await client.createApi({ Name: 'pets', ProtocolType: 'HTTP', Description: 'x'.repeat(1000) });
          }
        },
        (error: Error) => {
          assert.match(
            error.message,
            /^The disk of the data directory \S+ is full\..* Nothing of the change was kept\.$/,
          );
          return true;
        },
      );
      await rm(join(disk, 'ballast'));
      await client.createApi({ Name: 'roomy', ProtocolType: 'HTTP' });
      client.destroy();
      assert.equal((await program.stop()).code, 0);
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });

  test('files of another user: the start and doctor say so', async (t) => {
    if (process.getuid?.() !== 0) return t.skip('only root can run the program as somebody else');
    const { data } = await copy();
    execFileSync('chmod', ['755', root, data]);
    const run = (words: readonly string[]) =>
      spawnSync(process.execPath, [ENTRY, ...words, '--data', data], {
        cwd: '/',
        uid: 65_534,
        gid: 65_534,
        encoding: 'utf8',
      });
    const started = run(ANY_PORT);
    assert.match(started.stderr, /^postern: The data directory \S+ cannot be used: permission denied\..*\n$/);
    const { stdout, status } = run(['doctor', '--listen', '127.0.0.1:1']);
    assert.match(
      stdout,
      /^✗ Store +The files in the data directory \S+ cannot be read and written by this user\./m,
    );
    assert.equal(status, 1);
  });

  test('files of data and logs are their owner’s alone; an open directory is warned of', async () => {
    const data = join(root, 'open');
    await mkdir(join(data, 'access-logs'), { recursive: true, mode: 0o755 });
    await writeFile(join(data, 'access-logs', 'old.log'), 'a line\n', { mode: 0o644 });
    await cp(join(good, 'postern.db'), join(data, 'postern.db'));
    execFileSync('chmod', ['644', join(data, 'postern.db')]);
    const program = new Program([...ANY_PORT, '--data', data], { cwd: root });
    const { management } = await program.ready();
    const client = clientOf(management);
    const { ApiId } = await client.createApi({
      Name: 'logged',
      ProtocolType: 'HTTP',
      Target: 'http://127.0.0.1:9/',
    });
    await client.createStage({
      ApiId,
      StageName: 'prod',
      AutoDeploy: true,
      AccessLogSettings: {
        DestinationArn: 'arn:aws:logs:us-east-1:000000000000:log-group:pets',
        Format: '$context.requestId',
      },
    });
    await fetch(`${management}/_aws/execute-api/${ApiId}/prod/`);
    client.destroy();
    const warning = await program.logged('the data directory is open to others');
    assert.match(String(warning.reason), /may see what is in it \(mode 755\); chmod 700 /);
    const open: string[] = [];
    const look = async (directory: string): Promise<number> => {
      let files = 0;
      for (const entry of await readdir(directory, { withFileTypes: true })) {
        const path = join(directory, entry.name);
        if (entry.isDirectory()) files += await look(path);
        else {
          files++;
          if (((await stat(path)).mode & 0o077) !== 0) open.push(path);
        }
      }
      return files;
    };
    const deadline = Date.now() + 5_000;
    while ((await look(data)) < 8 && Date.now() < deadline) await new Promise((done) => setTimeout(done, 50));
    open.length = 0;
    assert.equal(await look(data), 8, 'six files of the store and two access logs');
    assert.deepEqual(open, []);
    const doctor = await runProgram(['doctor', '--listen', '127.0.0.1:1', '--data', data], { cwd: root });
    assert.match(doctor.stdout, /^✓ Store .*mode 755/m);
    await program.stop();
  });
});
