import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { maskText } from './mask-text.ts';

const NAMES = new Set(['token', 'x-key', 'p"w']);

describe('secrets in texts, by the names that they stand behind', () => {
  const cases: readonly (readonly [what: string, text: string, masked: string])[] = [
    ['a query', '/a?b=1&token=abc&c=2', '/a?b=1&token=••••&c=2'],
    ['a query in any case, encoded', '?TOKEN=abc&%74oken=d', '?TOKEN=••••&%74oken=••••'],
    ['a form', 'token=abc', 'token=••••'],
    ['a name that only ends so', '?mytoken=abc', '?mytoken=abc'],
    ['a member of JSON', '{"token": "abc","a":1}', '{"token": "••••","a":1}'],
    ['its case', '{"Token":"abc"}', '{"Token":"••••"}'],
    ['a number', '{"token":12.5e3,"a":1}', '{"token":"••••","a":1}'],
    ['an object', '{"token":{"a":["}",{"b":"\\""}]},"c":1}', '{"token":"••••","c":1}'],
    ['a list', '{"a":{"token":["x","y"]},"c":1}', '{"a":{"token":"••••"},"c":1}'],
    ['quotes in the value', '{"token":"a\\"b\\\\","c":"d"}', '{"token":"••••","c":"d"}'],
    [
      'JSON as text in JSON',
      '{"body":"{\\"token\\":\\"a\\\\\\"b\\",\\"c\\":1}"}',
      '{"body":"{\\"token\\":\\"••••\\",\\"c\\":1}"}',
    ],
    ['a query in JSON', '{"rawQueryString":"token=abc&d=1"}', '{"rawQueryString":"token=••••&d=1"}'],
    ['a name with escapes', '{"\\u0074oken":"abc"}', '{"\\u0074oken":"••••"}'],
    ['JSON that is cut off in a value', '{"token":"abc', '{"token":"••••"'],
    ['in an object', '{"token":{"a":"b', '{"token":"••••"'],
    ['a value that is named so', '{"a":"token","b":"abc"}', '{"a":"token","b":"abc"}'],
    ['a list in a query', '?token[]=abc&a%5Btoken%5D=d&b[]=e', '?token[]=••••&a%5Btoken%5D=••••&b[]=e'],
    ['JSON in a query', '?a=%7B%22token%22:%22abc%22%7D&b=%22c%22', '?a=••••&b=%22c%22'],
    ['a segment of a path', '/a/token=abc&b', '/a/token=••••&b'],
    ['a fragment', 'https://a.example/#token=abc&c=2', 'https://a.example/#token=••••&c=2'],
    [
      'a part of a form',
      '--b\r\nContent-Disposition: form-data; name="Token"\r\nContent-Type: text/plain\r\n\r\na\r\nb\r\n--b\r\nContent-Disposition: form-data; name="c"\r\n\r\nd\r\n--b--',
      '--b\r\nContent-Disposition: form-data; name="Token"\r\nContent-Type: text/plain\r\n\r\n••••\r\n--b\r\nContent-Disposition: form-data; name="c"\r\n\r\nd\r\n--b--',
    ],
    ['a part that is cut off', 'name="token"\r\n\r\nab', 'name="token"\r\n\r\n••••'],
    ['no JSON at all', 'a "token" b', 'a "token" b'],
    ['a name without value', '{"token"', '{"token"'],
  ];
  for (const [what, text, masked] of cases) {
    test(what, () => assert.equal(maskText(text, NAMES), masked));
  }

  test('what stood there is told', () => {
    const secrets: string[] = [];
    maskText('{"token":"abc","x-key":5}&token=d', NAMES, (secret) => secrets.push(secret));
    assert.deepEqual(secrets, ['abc', '5', 'd']);
  });

  const hostile: readonly (readonly [what: string, text: string])[] = [
    ['backslashes', '\\'.repeat(200_000)],
    ['backslashes before quotes', `${'\\'.repeat(50)}"`.repeat(4_000)],
    ['quotes', '"'.repeat(200_000)],
    ['open objects', '"token":{'.repeat(20_000)],
    ['open strings', '"token":"'.repeat(20_000)],
    ['names of pairs', '&a'.repeat(100_000)],
    ['parts of forms', 'name="a"\r\n\r\n'.repeat(20_000)],
    ['lines behind a name', `name="a"\r\n${'b\r\n'.repeat(60_000)}`],
    ['a long name', `&${'a'.repeat(200_000)}`],
    ['blanks', `"token"${' '.repeat(200_000)}`.repeat(2)],
  ];
  for (const [what, text] of hostile) {
    test(`is done in no time with many ${what}`, () => {
      const { user } = process.cpuUsage();
      maskText(text, NAMES);
      assert.ok(process.cpuUsage().user - user < 1_000_000);
    });
  }
});
