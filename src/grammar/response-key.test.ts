import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GrammarError } from './grammar-error.ts';
import { parseResponseKey } from './response-key.ts';

const keys: readonly (readonly [text: string, pattern: string | undefined])[] = [
  ['$default', undefined],
  ['/2\\d\\d/', '2\\d\\d'],
  ['/a/b/', 'a/b'],
  ['///', '/'],
  ['/a\nb/', 'a\nb'],
];
for (const [text, pattern] of keys) {
  test(`${JSON.stringify(text)} (spec/websocket-api.md §4.3.1)`, () => {
    assert.equal(parseResponseKey(text), pattern);
  });
}

for (const text of ['', '/', '//', '200', '/200', '200/', '/200/\n', '$Default', 'default']) {
  test(`${JSON.stringify(text)} is none (spec/websocket-api.md §4.3.1)`, () => {
    assert.throws(
      () => parseResponseKey(text),
      new GrammarError(
        `Invalid integration response key specified: ${text}. It is $default, or a regular expression between slashes such as /2\\d\\d/.`,
      ),
    );
  });
}
