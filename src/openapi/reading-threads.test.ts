import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readText } from '../tree/read-text.ts';
import { DefinitionError } from './definition.ts';
import { readDefinition } from './read-definition.ts';
import { ReadingThreads, TooManyTexts } from './reading-threads.ts';

const MEANS = { account: '1', region: 'us-east-1', partition: 'aws', basePath: 'ignore' } as const;
const titled = (title: string) => `{"openapi":"3.0.1","info":{"title":"${title}"}}`;
/** Members that are undefined are not sent. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const LIMITS = { threads: 2, waiting: 8, milliseconds: 60_000, megabytes: 512, idleMilliseconds: 10_000 };

test('a thread gives what reading at once gives, and the same errors', async () => {
  const threads = new ReadingThreads(LIMITS);
  const text = `{"openapi":"3.0.1","info":{"title":"\${AWS::Region}"},"paths":{"/a":{"get":{"summary":"s"}},"foo":1}}`;
  assert.deepEqual(plain(await threads.read(text, MEANS)), plain(readDefinition(readText(text), MEANS)));
  await assert.rejects(threads.read('a: 1\na: 2\n', MEANS), (error) => {
    assert.ok(error instanceof DefinitionError);
    assert.deepEqual(
      [error.message, error.offset, error.detail],
      ['Invalid OpenAPI input.', 5, 'the key "a" is there twice, first in line 1'],
    );
    return true;
  });
});

test('who comes when all threads are busy waits, and beyond that is refused', async () => {
  const threads = new ReadingThreads({ ...LIMITS, threads: 1, waiting: 1 });
  const readings = ['1', '2', '3'].map((title) => threads.read(titled(title), MEANS));
  const [first, second, third] = await Promise.allSettled(readings);
  assert.deepEqual(
    [first!, second!].map((each) => each.status === 'fulfilled' && each.value.api.Name),
    ['1', '2'],
  );
  assert.ok(third?.status === 'rejected' && third.reason instanceof TooManyTexts);
  assert.equal((await threads.read(titled('4'), MEANS)).api.Name, '4');
});

test('a thread reads one text after the other, ends when none comes, and another one takes its place', async () => {
  for (const idleMilliseconds of [LIMITS.idleMilliseconds, 0]) {
    const threads = new ReadingThreads({ ...LIMITS, threads: 1, milliseconds: 10_000, idleMilliseconds });
    for (const title of ['1', '2', '3', '4']) {
      assert.equal((await threads.read(titled(title), MEANS)).api.Name, title);
      if (title > '2') await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
});

test('a text that ends its thread leaves the next one nothing to wait for', async () => {
  const threads = new ReadingThreads({ ...LIMITS, threads: 1, megabytes: 30 });
  assert.equal((await threads.read(titled('1'), MEANS)).api.Name, '1');
  await assert.rejects(threads.read(`{"a":[${'[1],'.repeat(240_000)}1]}`, MEANS), {
    message: 'Invalid OpenAPI input.',
  });
  assert.equal((await threads.read(titled('2'), MEANS)).api.Name, '2');
});

test('a thread that takes too long is ended', async () => {
  const threads = new ReadingThreads({ ...LIMITS, milliseconds: 1 });
  await assert.rejects(threads.read('{"a":1}', MEANS), {
    message: 'Invalid OpenAPI input.',
    detail: 'reading the text takes more than 0.001 seconds',
  });
});

test('a thread that takes too much memory is ended', async () => {
  const threads = new ReadingThreads({ ...LIMITS, megabytes: 30 });
  await assert.rejects(threads.read(`{"a":[${'[1],'.repeat(240_000)}1]}`, MEANS), {
    message: 'Invalid OpenAPI input.',
    detail: 'reading the text takes more than 30 MB of memory',
  });
});
