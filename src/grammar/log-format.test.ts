// Formats of access logs (spec/http-api.md §9.1, §9.2).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import { parseLogFormat, printLogFormat } from './log-format.ts';

/** Variables in braces. */
const shown = (format: string): string =>
  parseLogFormat(format)
    .map((part) => (part.kind === 'text' ? part.text : `{${part.name}}`))
    .join('');

describe('what is a variable and what is text', () => {
  const rows: [format: string, expected: string][] = [
    ['', ''],
    ['plain', 'plain'],
    ['$context.requestId', '{requestId}'],
    ['a $context.requestId b', 'a {requestId} b'],
    ['$context.requestId$context.status', '{requestId}{status}'],
    ['$context.identity.sourceIp - - [$context.requestTime]', '{identity.sourceIp} - - [{requestTime}]'],
    ['$context.status.', '{status}.'],
    ['$context.status,$context.path', '{status},{path}'],
    ['<a>$context.status</a>', '<a>{status}</a>'],
    ['"$context.status"', '"{status}"'],
    ['$context.status-$context.path', '{status}-{path}'],
    ['$context.status-x', '{status}-x'],
    ['$context.status:x', '{status}:x'],
    ['$context.authorizer.claims.cognito:groups ', '{authorizer.claims.cognito:groups} '],
    ['$context.authorizer.my-key!', '{authorizer.my-key}!'],
    ['$context.authorizer.claims.sub:$context.path', '{authorizer.claims.sub}:{path}'],
    ['$context.authorizer', '{authorizer}'],
    ['$context.', '$context.'],
    ['$context', '$context'],
    ['$$context.path', '${path}'],
    [
      '$request.header.a $stageVariables.b ${context.path} $input',
      '$request.header.a $stageVariables.b ${context.path} $input',
    ],
    ['%s \\n $util.escape', '%s \\n $util.escape'],
    ['$context.path\n', '{path}'],
    ['$context.path\r\n', '{path}'],
  ];
  for (const [format, expected] of rows) {
    test(JSON.stringify(format), () => assert.equal(shown(format), expected));
  }
});

const text = fc.string();
const format = fc
  .array(
    fc.oneof(
      text,
      fc.constantFrom(
        '$context.',
        '$context.path',
        '$context.authorizer.claims.a:b',
        '$',
        'context.',
        '.',
        '-',
        ':',
        '{',
      ),
    ),
  )
  .map((parts) => parts.join('').replace(/\r?\n$/, ''));

test('every format is printed as it was written, and read as the same parts again', () => {
  fc.assert(
    fc.property(format, (written) => {
      const parts = parseLogFormat(written);
      assert.equal(printLogFormat(parts), written);
      assert.deepEqual(parseLogFormat(printLogFormat(parts)), parts);
    }),
    { numRuns: NUM_RUNS },
  );
});
