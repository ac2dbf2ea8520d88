// Destinations of access logs: files that are moved, standard output that nobody reads, services that fail.
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type LoggedLine, logTo } from '../../../test/support/logged.ts';
import type { Log } from '../../telemetry/log.ts';
import { AccessLogs, defaultTarget } from './access-logs.ts';
import { BatchDestination, type BatchService, RefusedBatch } from './batch-destination.ts';
import { FileDestination } from './file-destination.ts';
import { type Line, LineQueue, MAX_WAITING_BYTES } from './line-queue.ts';
import { StdoutDestination } from './stdout-destination.ts';

const GROUP = 'arn:aws:logs:eu-west-1:000000000000:log-group:shop';
const MEGABYTE = 'x'.repeat(1_048_576);

interface Warnings {
  readonly log: Log;
  readonly said: LoggedLine[];
}

function warnings(): Warnings {
  const said: Warnings['said'] = [];
  return { said, log: logTo((line) => said.push(line)) };
}

async function directory(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'postern-logs-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('a file is made with its directories, appended to, and readable by its owner and group alone', async (t) => {
  const path = join(await directory(t), 'a', 'b', 'access.log');
  for (const line of ['one', 'zwei ü']) {
    const file = new FileDestination(path, warnings().log);
    file.write(line, 0);
    await file.close();
    await file.close();
  }
  assert.equal(await readFile(path, 'utf8'), 'one\nzwei ü\n');
  assert.equal((await stat(path)).mode & 0o137, 0);
});

for (const how of ['noticed', 'told'] as const) {
  test(`a file that was moved away is made anew: ${how}`, async (t) => {
    const path = join(await directory(t), 'access.log');
    const file = new FileDestination(path, warnings().log);
    file.write('before', 0);
    await file.flush();
    await rename(path, `${path}.1`);
    if (how === 'told') file.reopen();
    file.write('after', 0);
    await file.close();
    assert.equal(await readFile(`${path}.1`, 'utf8'), 'before\n');
    assert.equal(await readFile(path, 'utf8'), 'after\n');
  });
}

test('a file that cannot be written keeps its lines until it can, and says so', async (t) => {
  const parent = await directory(t);
  const path = join(parent, 'access.log');
  await mkdir(path);
  const { said, log } = warnings();
  const file = new FileDestination(path, log);
  file.write('kept', 0);
  await file.flush();
  assert.deepEqual(said[0], {
    event: 'access-log.not-written',
    fields: { file: path, code: 'EISDIR' },
    message: 'an access log cannot be written',
  });
  await rm(path, { recursive: true });
  await file.close();
  assert.equal(await readFile(path, 'utf8'), 'kept\n');
  assert.equal(file.dropped, 0);
});

test('lines that a file never took are counted', async (t) => {
  const path = await directory(t);
  const { said, log } = warnings();
  const file = new FileDestination(path, log);
  file.write('a', 0);
  await file.flush();
  file.write('b', 0);
  await file.close();
  file.write('c', 0);
  assert.equal(file.dropped, 3);
  assert.ok(said.some(({ message }) => message === 'lines of an access log are lost'));
});

test('a queue holds so many bytes, counts what does not fit, and says so once in a while', () => {
  const { said, log } = warnings();
  const queue = new LineQueue('it', log);
  for (let i = 0; i < MAX_WAITING_BYTES / MEGABYTE.length; i++) assert.ok(queue.push(MEGABYTE, 0));
  assert.ok(!queue.push('x', 0));
  assert.ok(!queue.push('x', 0));
  assert.equal(queue.dropped, 2);
  assert.deepEqual(
    said.map(({ fields }) => fields),
    [{ destination: 'it', lines: 1, reason: 'too many lines wait' }],
  );
  assert.equal(queue.take(1, 10, 0).length, 1);
  assert.ok(queue.push('x', 0));
});

test('batches have at most so many lines and bytes, and always a line', () => {
  const queue = new LineQueue('it', warnings().log);
  for (const text of ['aaaa', 'bb', 'cc', 'd']) queue.push(text, 0);
  const sizes = [queue.take(9, 3, 0), queue.take(9, 10, 3), queue.take(1, 99, 0)].map(
    (lines) => lines.length,
  );
  assert.deepEqual(sizes, [1, 2, 1]);
  assert.equal(queue.bytes, 0);
});

test('standard output gets lines while somebody reads it', () => {
  const written: string[] = [];
  const output = { writableLength: 0, write: (text: string) => void written.push(text) };
  const { said, log } = warnings();
  const stdout = new StdoutDestination(output, log);
  stdout.write('a');
  output.writableLength = MAX_WAITING_BYTES + 1;
  stdout.write('b');
  assert.deepEqual(written, ['a\n']);
  assert.equal(stdout.dropped, 1);
  assert.equal(said.length, 1);
});

/** Answers each batch by the next of the answers; the last one stays. */
class ScriptedService extends EventEmitter implements BatchService {
  readonly name = 'scripted';
  readonly maxLines = 2;
  readonly maxBytes = 1_000;
  readonly overheadBytes = 0;
  readonly batches: string[] = [];
  closed = false;
  readonly #answers: ((lines: readonly Line[], signal: AbortSignal) => Promise<readonly Line[]>)[];

  constructor(...answers: ((lines: readonly Line[], signal: AbortSignal) => Promise<readonly Line[]>)[]) {
    super();
    this.#answers = answers;
  }

  async send(lines: readonly Line[], signal: AbortSignal): Promise<readonly Line[]> {
    this.batches.push(lines.map(({ text }) => text).join(' '));
    const answer = this.#answers.length > 1 ? this.#answers.shift()! : this.#answers[0]!;
    this.emit('batch');
    return answer(lines, signal);
  }

  close(): void {
    this.closed = true;
  }
}

const takes = async (): Promise<readonly Line[]> => [];
const fails = async (): Promise<readonly Line[]> => {
  throw new Error('no');
};

test('what waits is sent when the destination closes, in batches', async () => {
  const service = new ScriptedService(takes);
  const destination = new BatchDestination(service, warnings().log);
  for (const line of ['a', 'b', 'c']) destination.write(line, 0);
  await destination.close(5_000);
  assert.deepEqual(service.batches, ['a b', 'c']);
  assert.equal(destination.dropped, 0);
  assert.ok(service.closed);
});

test('a batch that fails is sent again, and what a service did not take alone', async (t) => {
  // The destination's own timers keep no process alive.
  const alive = setInterval(() => {}, 1_000);
  t.after(() => clearInterval(alive));
  const service = new ScriptedService(fails, async ([, second]) => [second!], takes);
  const { said, log } = warnings();
  const destination = new BatchDestination(service, log);
  destination.write('a', 0);
  destination.write('b', 0);
  while (service.batches.length < 3) await once(service, 'batch');
  await destination.close(5_000);
  assert.deepEqual(service.batches, ['a b', 'a b', 'b']);
  assert.equal(destination.dropped, 0);
  assert.deepEqual(said[0], {
    event: 'access-log.not-passed-on',
    fields: { destination: 'scripted', reason: 'Error: no' },
    message: 'an access log cannot be passed on',
  });
});

test('a batch that the service refuses is lost, not sent for ever', async () => {
  const service = new ScriptedService(async () => {
    throw new RefusedBatch('too odd');
  }, takes);
  const destination = new BatchDestination(service, warnings().log);
  for (const line of ['a', 'b', 'c']) destination.write(line, 0);
  await destination.close(5_000);
  assert.deepEqual(service.batches, ['a b', 'c']);
  assert.equal(destination.dropped, 2);
});

test('closing waits no longer than it may, and counts what is lost', async () => {
  const service = new ScriptedService(
    (_lines, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
  );
  const destination = new BatchDestination(service, warnings().log);
  for (const line of ['a', 'b', 'c']) destination.write(line, 0);
  await destination.close(1);
  assert.equal(destination.dropped, 3);
});

test('a log group that no setting names has a file of its name inside the directory', () => {
  const pathOf = (arn: string): string => {
    const target = defaultTarget(arn, '/logs');
    return target.kind === 'file' ? target.path : target.kind;
  };
  assert.equal(pathOf(GROUP), '/logs/000000000000/eu-west-1/shop.log');
  assert.equal(
    pathOf('arn:aws:logs:eu-west-1:000000000000:log-group:../../etc/a'),
    '/logs/000000000000/eu-west-1/..%2F..%2Fetc%2Fa.log',
  );
  assert.equal(pathOf('arn:aws:logs:::log-group:a'), '/logs/-/-/a.log');
});

test('a destination is open while somebody uses it', async (t) => {
  const path = join(await directory(t), 'a.log');
  const logs = new AccessLogs([{ arn: GROUP, target: { kind: 'file', path } }], {
    directory: '/nowhere',
    stdout: { writableLength: 0, write: () => true },
    log: warnings().log,
  });
  const first = logs.acquire(GROUP);
  assert.equal(logs.acquire(GROUP), first);
  logs.release(first);
  first.write('still open', 0);
  logs.release(first);
  assert.notEqual(logs.acquire(GROUP), first);
  await logs.close(5_000);
  assert.equal(await readFile(path, 'utf8'), 'still open\n');
  assert.equal(logs.dropped, 0);
});
