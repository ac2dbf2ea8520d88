// The trace of a request: spec/http-api.md §3.6.2, Choice C18.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceIdOf } from './trace-id.ts';

const ROWS: readonly (readonly [given: string | undefined, expected: RegExp])[] = [
  [undefined, /^Root=1-65e8a1a0-[0-9a-f]{24}$/],
  ['', /^Root=1-65e8a1a0-[0-9a-f]{24}$/],
  ['Root=1-a-b', /^Root=1-a-b$/],
  ['Sampled=1; root=1-a-b', /^Sampled=1; root=1-a-b$/],
  ['Self=1-2-3', /^Root=1-65e8a1a0-[0-9a-f]{24};Self=1-2-3$/],
  ['NoRoot=1', /^Root=1-65e8a1a0-[0-9a-f]{24};NoRoot=1$/],
];

test('a client’s trace is kept, and gets a root where it has none', () => {
  for (const [given, expected] of ROWS) assert.match(traceIdOf(given, 0x65e8a1a0 * 1000), expected);
});

test('no two requests get the same', () => {
  assert.notEqual(traceIdOf(undefined, 0), traceIdOf(undefined, 0));
});
