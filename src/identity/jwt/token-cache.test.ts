// What the cache of verified tokens holds at most.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenCache } from './token-cache.ts';
import { VerifiedToken } from './verified-token.ts';

const token = new VerifiedToken(new Map());

test('the oldest of more than 10,000 tokens go', () => {
  const cache = new TokenCache();
  for (let i = 0; i < 10_100; i++) cache.add(`token ${i}`, token);
  assert.equal(cache.size, 10_000);
  assert.equal(cache.get('token 99'), undefined);
  assert.equal(cache.get('token 100'), token);
});

test('long tokens go by their size', () => {
  const cache = new TokenCache();
  for (let i = 0; i < 1_000; i++) cache.add(`${i}`.padEnd(16_000, 'x'), token);
  assert.equal(cache.size, Math.floor(67_108_864 / (16_000 * 8 + 512)));
  assert.equal(cache.get('999'.padEnd(16_000, 'x')), token);
});

test('a token is there once, and gone once dropped', () => {
  const cache = new TokenCache();
  for (let i = 0; i < 20_000; i++) cache.add('the same'.padEnd(16_000), token);
  cache.add('another', token);
  assert.equal(cache.size, 2);
  cache.delete('another');
  cache.delete('another');
  assert.equal(cache.get('another'), undefined);
  cache.clear();
  assert.equal(cache.size, 0);
});
