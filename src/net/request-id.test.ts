import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextRequestId } from './request-id.ts';

test('request ids are 16 characters of URL-safe base64 that end in = (spec/http-api.md §3.6.2)', () => {
  for (let i = 0; i < 2_000; i++) {
    const id = nextRequestId();
    assert.match(id, /^[A-Za-z0-9_-]{15}=$/);
    assert.equal(Buffer.from(id, 'base64url').toString('base64url'), id.slice(0, 15), 'canonical base64');
  }
});

test('request ids do not repeat', () => {
  const seen = new Set<string>();
  for (let i = 0; i < 300_000; i++) seen.add(nextRequestId());
  assert.equal(seen.size, 300_000);
});
