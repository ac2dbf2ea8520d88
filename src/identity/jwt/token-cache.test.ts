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
  for (let i = 0; i < 1_000; i++) cache.add(`${i}`.padStart(16_000, 'x'), token);
  assert.equal(cache.size, Math.floor(67_108_864 / (16_000 * 8 + 512)));
  assert.equal(cache.get('999'.padStart(16_000, 'x')), token);
});

test('a text that only ends like a known one is not known', () => {
  const cache = new TokenCache();
  const end = 'e'.repeat(100);
  cache.add(`one ${end}`, token);
  assert.equal(cache.get(`two ${end}`), undefined);
  assert.equal(cache.get(end), undefined);
  cache.delete(`two ${end}`);
  assert.equal(cache.get(`one ${end}`), token);
  cache.add(`two ${end}`, token);
  assert.equal(cache.size, 1);
  assert.equal(cache.get(`one ${end}`), undefined);
});

test('a token is there once, and gone once dropped', () => {
  const cache = new TokenCache();
  for (let i = 0; i < 20_000; i++) cache.add('the same'.padStart(16_000), token);
  cache.add('another', token);
  assert.equal(cache.size, 2);
  cache.delete('another');
  cache.delete('another');
  assert.equal(cache.get('another'), undefined);
  cache.clear();
  assert.equal(cache.size, 0);
});
