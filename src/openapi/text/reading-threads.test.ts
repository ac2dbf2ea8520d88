import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DefinitionError } from '../definition.ts';
import { plainOf } from '../node.ts';
import { readText } from './read-text.ts';
import { ReadingThreads, TooManyTexts } from './reading-threads.ts';

const LIMITS = { threads: 2, waiting: 8, milliseconds: 60_000, megabytes: 512 };

test('a thread gives the tree that reading at once gives, and the same errors', async () => {
  const threads = new ReadingThreads(LIMITS);
  const text = 'a: &x [1, 2.0]\nb: {<<: {c: *x}}\n';
  assert.deepEqual(await threads.read(text), readText(text));
  await assert.rejects(threads.read('a: 1\na: 2\n'), (error) => {
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
  const readings = ['{"a":1}', '{"a":2}', '{"a":3}'].map((text) => threads.read(text));
  const [first, second, third] = await Promise.allSettled(readings);
  assert.deepEqual(
    [first!, second!].map((each) => each.status === 'fulfilled' && plainOf(each.value)),
    [{ a: 1 }, { a: 2 }],
  );
  assert.ok(third?.status === 'rejected' && third.reason instanceof TooManyTexts);
  assert.deepEqual(plainOf(await threads.read('{"a":4}')), { a: 4 });
});

test('a thread that takes too long is ended', async () => {
  const threads = new ReadingThreads({ ...LIMITS, milliseconds: 1 });
  await assert.rejects(threads.read('{"a":1}'), {
    message: 'Invalid OpenAPI input.',
    detail: 'reading the text takes more than 0.001 seconds',
  });
});

test('a thread that takes too much memory is ended', async () => {
  const threads = new ReadingThreads({ ...LIMITS, megabytes: 30 });
  await assert.rejects(threads.read(`{"a":[${'[1],'.repeat(240_000)}1]}`), {
    message: 'Invalid OpenAPI input.',
    detail: 'reading the text takes more than 30 MB of memory',
  });
});
