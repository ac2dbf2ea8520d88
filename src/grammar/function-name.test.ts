import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseFunctionName, printFunctionArn } from './function-name.ts';
import { GrammarError } from './grammar-error.ts';

const PLACE = { partition: 'aws', region: 'eu-west-1', account: '000000000000' };
const HERE = 'arn:aws:lambda:eu-west-1:000000000000:function:';
const THERE = 'arn:aws:lambda:eu-west-1:123456789012:function:';

// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
const rows: readonly (readonly [text: string, arn: string | undefined])[] = [
  ['hello', `${HERE}hello`],
  ['hello:prod', `${HERE}hello:prod`],
  ['hello:$LATEST', `${HERE}hello:$LATEST`],
  ['hello:7', `${HERE}hello:7`],
  ['function:hello', `${HERE}hello`],
  ['123456789012:function:hello', `${THERE}hello`],
  ['123456789012:function:hello:prod', `${THERE}hello:prod`],
  ['123456789012:hello', `${THERE}hello`],
  [`${THERE}hello`, `${THERE}hello`],
  [`${THERE}hello:prod`, `${THERE}hello:prod`],
  [
    'arn:aws-cn:lambda:cn-north-1:123456789012:function:a_B-1',
    'arn:aws-cn:lambda:cn-north-1:123456789012:function:a_B-1',
  ],
  ['', undefined],
  ['hello world', undefined],
  ['hello:', undefined],
  ['hello:a:b', undefined],
  ['hello/x', undefined],
  ['12345:function:hello', undefined],
  ['arn:aws:sqs:eu-west-1:123456789012:function:hello', undefined],
  [`arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${HERE}hello/invocations`, undefined],
];
for (const [text, arn] of rows) {
  test(`${text || 'nothing'}: ${arn ?? 'refused'}`, () => {
    if (arn === undefined) assert.throws(() => parseFunctionName(text, PLACE), GrammarError);
    else assert.equal(printFunctionArn(parseFunctionName(text, PLACE)), arn);
  });
}

test('whatever is parsed prints as an ARN that leads to the same function', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^([0-9]{12}:)?(function:)?[A-Za-z0-9_-]{1,9}(:[A-Za-z0-9_-]{1,4})?$/),
      (text) => {
        const arn = parseFunctionName(text, PLACE);
        assert.deepEqual(parseFunctionName(printFunctionArn(arn), PLACE), arn);
      },
    ),
  );
});
