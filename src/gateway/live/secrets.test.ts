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

describe('a secret of a header is hidden in a body as', () => {
  const secret = `pa'ss/wo"rd (1)~*`;
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const rows: readonly (readonly [what: string, header: [string, string], body: string])[] = [
    ['itself', ['X-Api-Key', secret], secret],
    ['a part of a URL', ['X-Api-Key', secret], encodeURIComponent(secret)],
    ['a part of a form', ['X-Api-Key', secret], 'pa%27ss%2Fwo%22rd+%281%29%7E*'],
    ['a part of a strict URL', ['X-Api-Key', secret], 'pa%27ss%2Fwo%22rd%20%281%29~%2A'],
    ['a part of a URL in lower case', ['X-Api-Key', secret], "pa'ss%2fwo%22rd%20(1)~*"],
    ['JSON within JSON', ['X-Api-Key', secret], JSON.stringify(JSON.stringify(secret))],
    ['a string of JavaScript', ['X-Api-Key', secret], `pa\\'ss\\/wo\\"rd (1)~*`],
    ['base64, with what is before it', ['X-Api-Key', secret], base64(`user:${secret}`)],
    [
      'base64 of a body with its name',
      ['X-A', 'b'],
      base64(`{"name":"a","token":${JSON.stringify(secret)}}`),
    ],
    ['the password of Basic', ['Authorization', `Basic ${base64(`user:${secret}`)}`], `user: ${secret}`],
  ];
  for (const [what, header, body] of rows) {
    test(what, () => {
      const { requestBody, trace } = new Masks([]).recorded(keptOf([header], '/', `<${body}>`));
      const told = JSON.stringify([requestBody, trace]);
      assert.doesNotMatch(told, /ss.{1,8}wo/);
      assert.ok(told.includes('••••') && !told.includes(body), told);
    });
  }
});

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
