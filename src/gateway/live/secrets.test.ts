// As many secrets as a client likes to send cost no more than a few, and none of them is shown for that.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Kept } from './kept.ts';
import { Masks } from './masks.ts';

const many = (count: number, text: (i: number) => string) => Array.from({ length: count }, (_, i) => text(i));
const numbered = (i: number) => `secret${i.toString().padStart(6, '0')}`;

/** A request that is told of with nothing else but these. */
function keptOf(headers: Kept['headers'], path: string, body: string): Kept {
  const summary = { id: 'id', path, host: 'api.example' };
  return {
    headers,
    identityNames: [],
    summary: () => summary,
    recorded: () => ({ ...summary, trace: { input: { copy: body } }, requestBody: { text: body } }),
  } as unknown as Kept;
}

describe('requests with many secrets', () => {
  const keys = many(600, numbered).map((key) => ['X-Api-Key', key] as const);
  const cookies = many(600, (i) => `c${i}=${numbered(i)}`).join('; ');
  const tokens = many(2_500, (i) => `{"token":"${numbered(i)}"}`).join();
  const renamed = many(2_500, (i) => `{"other":"${numbered(i)}"}`).join();
  const rows: readonly (readonly [what: string, kept: Kept])[] = [
    ['in a query', keptOf([], `/pets?${many(400, (i) => `token=${numbered(i)}`).join('&')}`, '')],
    ['in a header, and again elsewhere', keptOf([['Cookie', cookies]], `/pets?${cookies}`, cookies)],
    ['in headers', keptOf(keys, '/pets', renamed)],
    ['in a body, and again elsewhere', keptOf([], '/pets', `[${tokens},${renamed}]`)],
    [
      'with one beginning',
      keptOf([['Cookie', `a=${'a'.repeat(500)}b; ${cookies}`]], '/', 'a'.repeat(65_000)),
    ],
  ];
  for (const [what, kept] of rows) {
    test(`are masked in no time: ${what}`, () => {
      const masks = new Masks([]);
      const { user } = process.cpuUsage();
      for (let i = 0; i < 100; i++) masks.summary({ ...kept });
      const told = JSON.stringify([masks.summary(kept), masks.recorded(kept)]);
      const millis = (process.cpuUsage().user - user) / 1_000;
      assert.ok(millis < 700, `${millis} ms`);
      assert.doesNotMatch(told, /secret\d/);
    });
  }

  test('a summary is made once', () => {
    const masks = new Masks([]);
    const kept = keptOf([], '/pets', '');
    assert.equal(masks.summary(kept), masks.summary(kept));
  });
});
