// What is asked for at every key (console/src/workbench/latest.ts): the newest wins, and nothing older is shown.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { latest } from '../../console/src/workbench/latest.ts';

function stand(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const runs: {
    readonly input: string;
    readonly end: (output: string) => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  const shown: string[] = [];
  const work = latest<string, string>({
    pauseMillis: 100,
    run: (input) => new Promise((end, fail) => runs.push({ input, end, fail })),
    show: (output, input) => shown.push(`${input}: ${output}`),
    fail: (error) => shown.push(String(error)),
  });
  return { runs, shown, work, settled: () => new Promise((resolve) => setImmediate(resolve)) };
}

test('keys in a row are one run, of the last', async (t) => {
  const { runs, shown, work, settled } = stand(t);
  for (const text of ['a', 'ab', 'abc']) {
    work.ask(text);
    t.mock.timers.tick(99);
  }
  assert.equal(runs.length, 0);
  t.mock.timers.tick(1);
  assert.deepEqual(
    runs.map(({ input }) => input),
    ['abc'],
  );
  runs[0]!.end('x');
  await settled();
  assert.deepEqual(shown, ['abc: x']);
});

test('what comes back when something newer was typed is not shown, and only the newest is run after it', async (t) => {
  const { runs, shown, work, settled } = stand(t);
  work.ask('a');
  t.mock.timers.tick(100);
  for (const text of ['b', 'c']) {
    work.ask(text);
    t.mock.timers.tick(100);
  }
  assert.equal(runs.length, 1);
  runs[0]!.end('old');
  await settled();
  assert.deepEqual(shown, []);
  assert.deepEqual(
    runs.map(({ input }) => input),
    ['a', 'c'],
  );
  runs[1]!.end('new');
  await settled();
  assert.deepEqual(shown, ['c: new']);
});

test('an old failure is not shown either, and the next run comes all the same', async (t) => {
  const { runs, shown, work, settled } = stand(t);
  work.ask('a');
  t.mock.timers.tick(100);
  work.ask('b');
  runs[0]!.fail(new Error('old'));
  await settled();
  t.mock.timers.tick(100);
  runs[1]!.fail(new Error('new'));
  await settled();
  assert.deepEqual(shown, ['Error: new']);
});

test('nothing is shown after the end', async (t) => {
  const { runs, shown, work, settled } = stand(t);
  work.ask('a');
  t.mock.timers.tick(100);
  work.stop();
  runs[0]!.end('late');
  work.ask('b');
  work.stop();
  t.mock.timers.tick(100);
  await settled();
  assert.deepEqual([shown, runs.length], [[], 1]);
});
