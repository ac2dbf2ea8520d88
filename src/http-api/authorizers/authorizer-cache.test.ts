import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AuthorizerCache, type Cacheable, cacheKey } from './authorizer-cache.ts';

const kept =
  (value: string, characters = 1) =>
  async (): Promise<Cacheable<string>> => ({ value, characters });

function cacheAt(options: { maxEntries?: number; maxCharacters?: number } = {}) {
  const clock = { now: 0 };
  const cache = new AuthorizerCache<string>({ ttlInMillis: 1_000, now: () => clock.now, ...options });
  return { clock, cache };
}

test('a value is kept for its lifetime, counted from the question (spec/http-api.md §6.3.1)', async () => {
  const { clock, cache } = cacheAt();
  assert.equal(cache.get('a'), undefined);
  const found = cache.load('a', async () => {
    clock.now = 400;
    return { value: 'x', characters: 1 };
  });
  assert.equal(await found, 'x');
  clock.now = 999;
  assert.equal(cache.get('a'), 'x');
  clock.now = 1_000;
  assert.equal(cache.get('a'), undefined);
  assert.equal(cache.size, 0);
});

test('those who come at the same time wait for one answer', async () => {
  const { cache } = cacheAt();
  let asked = 0;
  const find = async () => {
    asked++;
    return { value: 'x', characters: 1 };
  };
  assert.deepEqual(await Promise.all([cache.load('a', find), cache.load('a', find)]), ['x', 'x']);
  assert.equal(asked, 1);
});

test('what is not to be kept, and what throws, is asked for again', async () => {
  const { cache } = cacheAt();
  await cache.load('a', async () => ({ value: 'failed', characters: undefined }));
  assert.equal(cache.get('a'), undefined);
  await assert.rejects(cache.load('a', () => Promise.reject(new Error('x'))));
  assert.equal(await cache.load('a', kept('y')), 'y');
});

test('the least recently used give way', async () => {
  const { cache } = cacheAt({ maxEntries: 2 });
  await cache.load('a', kept('1'));
  await cache.load('b', kept('2'));
  cache.get('a');
  await cache.load('c', kept('3'));
  assert.deepEqual([cache.get('a'), cache.get('b'), cache.get('c')], ['1', undefined, '3']);
});

test('large values push out many, and one that is larger than all is not kept', async () => {
  const { cache } = cacheAt({ maxCharacters: 100 });
  for (const key of ['a', 'b', 'c']) await cache.load(key, kept(key, 30));
  await cache.load('d', kept('d', 60));
  assert.deepEqual(
    [cache.get('a'), cache.get('b'), cache.get('c'), cache.get('d')],
    [undefined, undefined, 'c', 'd'],
  );
  await cache.load('e', kept('e', 100));
  assert.deepEqual([cache.get('d'), cache.get('e')], ['d', undefined]);
});

test('different lists of values have different keys', () => {
  const values = fc.array(fc.string({ unit: fc.constantFrom('1', ':', ',', 'a', '\0'), maxLength: 4 }), {
    maxLength: 3,
  });
  fc.assert(
    fc.property(values, values, (a, b) => {
      assert.equal(cacheKey(a) === cacheKey(b), JSON.stringify(a) === JSON.stringify(b));
    }),
    { numRuns: 2_000 },
  );
});
