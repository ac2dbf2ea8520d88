// Processes of a node that die, are stopped, or outlive their primary (docs/architecture.md, "Processes of a node").
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { killPrograms } from '../../support/program.ts';
import { sendRaw } from '../../support/raw-client.ts';
import { FUNCTION_TARGET, startWorkers, type WorkersStand } from '../../support/workers-stand.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-deaths-'));
});
afterEach(() => killPrograms());
after(() => rm(directory, { recursive: true, force: true }));

/** Whether it runs: one that is over and not asked for does not. */
async function runs(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text !== '' && !/\) [ZX] /.test(text);
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let i = 0; !(await isSo()); i++) {
    assert.ok(i < 1_000, `in time: ${what}`);
    await pause(10);
  }
}

async function pids(stand: WorkersStand): Promise<number[]> {
  return (await stand.workers()).map(({ pid }) => pid);
}

test('a worker that is killed is replaced, and clients of the others notice nothing', async () => {
  const stand = await startWorkers([], { at: directory });
  const { ApiId } = await stand.client.createApi({
    Name: 'a',
    ProtocolType: 'HTTP',
    Target: FUNCTION_TARGET,
  });
  const request = `GET /_aws/execute-api/${ApiId}/?text=here HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  const counted = async (): Promise<number | undefined> => {
    const bytes = 'GET /_postern/metrics HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const { body: page } = await sendRaw({ ...stand, bytes });
    const line = new RegExp(`^apigateway_count_total\\{api_id="${ApiId}",stage="\\$default"\\} (\\d+)$`, 'm');
    const found = line.exec(page);
    return found === null ? undefined : Number(found[1]);
  };
  const before = await pids(stand);
  await stand.askEach(request);
  let first = 0;
  await until('both are counted', async () => {
    first = (await counted()) ?? 0;
    return first >= 2;
  });
  process.kill(before[0]!, 'SIGKILL');
  await stand.program.line('"event":"worker.ended"');
  await stand.program.line('"event":"worker.replaced"');
  const now = await pids(stand);
  assert.deepEqual([now.length, now.includes(before[0]!), now.includes(before[1]!)], [2, false, true]);
  const replies = await stand.askEach(request);
  assert.deepEqual(
    replies.map(({ body }) => body),
    ['here', 'here'],
  );
  await until('two more are counted', async () => {
    const now = (await counted())!;
    assert.ok(now >= first, `what the one that died has counted still counts: ${now} of ${first}`);
    return now >= first + 2;
  });
  await stand.client.deleteApi({ ApiId });
  await until('its counts go with the stage', async () => (await counted()) === undefined);

  // Again and again: then something is wrong that another worker does not mend.
  for (let i = 0; i < 4; i++) {
    process.kill((await pids(stand))[0]!, 'SIGKILL');
    if (i < 3) await stand.program.line('"event":"worker.replaced"', i + 2);
  }
  const { code } = await stand.program.outcome;
  assert.equal(code, 1);
  const { reason } = JSON.parse(await stand.program.line('"event":"workers.failed"'));
  assert.match(
    reason,
    /^5 workers have ended within 30 seconds; the last: Worker \d \(process \d+\) has ended: signal SIGKILL\.$/,
  );
});

test('a write waits a second for a worker that is stopped, once', async () => {
  const stand = await startWorkers([], { at: directory });
  const [first] = await pids(stand);
  process.kill(first!, 'SIGSTOP');
  // What is left on the port is the other worker's: a request of the stopped one hangs, so the client tries on new connections.
  const write = async (): Promise<number> => {
    const body = '{"name":"b","protocolType":"HTTP"}';
    const head = `POST /v2/apis HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n`;
    for (;;) {
      const begun = performance.now();
      const reply = await sendRaw({ ...stand, bytes: head + body }, 1_600).catch(() => undefined);
      if (reply !== undefined) {
        assert.equal(reply.status, 201);
        return performance.now() - begun;
      }
    }
  };
  const late = await write();
  assert.ok(late > 900, `the first is late: ${late}`);
  const next = await write();
  assert.ok(next < 900, `the next is not: ${next}`);
  // A client that was unlucky for ten seconds finds it ended, and replaced.
  if (await runs(first!)) process.kill(first!, 'SIGCONT');
  await stand.program.stop();
});

test('workers end with their primary; one that cannot is ended by the next primary', async () => {
  const stand = await startWorkers([], { at: directory });
  const [first, second] = await pids(stand);
  const { Items: apis } = await stand.client.getApis({});
  process.kill(first!, 'SIGSTOP');
  stand.program.child.kill('SIGKILL');
  await until('the other worker ends', async () => !(await runs(second!)));
  assert.equal(await runs(first!), true);
  const again = await startWorkers(['--listen', `${stand.host}:${stand.port}`], { at: directory });
  assert.equal(await runs(first!), false);
  assert.deepEqual((await again.client.getApis({})).Items, apis);
  const workers = await pids(again);
  const { code, stderr } = await again.program.stop();
  assert.deepEqual([code, stderr], [0, '']);
  for (const pid of workers) assert.equal(await runs(pid), false);
  assert.deepEqual(await again.workers(), []);
});

test('an address that another program has is said to be so', async () => {
  const stand = await startWorkers([], { at: directory });
  const other = await mkdtemp(join(tmpdir(), 'postern-other-'));
  await assert.rejects(
    startWorkers(['--listen', `${stand.host}:${stand.port}`], { at: other }),
    /The address 127\.0\.0\.1:\d+ is in use by another program\. Stop that one, or choose another/,
  );
  await rm(other, { recursive: true });
  await stand.program.stop();
});
