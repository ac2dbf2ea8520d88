import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import { GrammarError } from './grammar-error.ts';
import {
  isStageVariableName,
  isStageVariableValue,
  parseStageVariableText,
  printStageVariableText,
  type StageVariablePart,
  type StageVariableText,
} from './stage-variable-text.ts';

const literal = (text: string): StageVariablePart => ({ kind: 'literal', text });
const stage = (name: string): StageVariablePart => ({ kind: 'stageVariable', name });

const texts: readonly [text: string, parts: StageVariableText][] = [
  ['', []],
  ['plain {a} $b', [literal('plain {a} $b')]],
  ['${stageVariables.url}', [stage('url')]],
  [
    'function:${stageVariables.fn}:${stageVariables.alias_1}',
    [literal('function:'), stage('fn'), literal(':'), stage('alias_1')],
  ],
];
for (const [text, parts] of texts) {
  test(`management-api §2.3.2: ${JSON.stringify(text)} holds its stage variables`, () => {
    assert.deepEqual(parseStageVariableText(text), parts);
    assert.equal(printStageVariableText(parts), text);
  });
}

for (const text of [
  '${',
  '${}',
  '${x}',
  '${stageVariables.}',
  '${stageVariables.a-b}',
  '${stageVariables.a',
  '${context.stage}',
  '${${stageVariables.a}}',
]) {
  test(`management-api §2.3.2: ${text} is refused`, () => {
    assert.throws(() => parseStageVariableText(text), GrammarError);
  });
}

const names: readonly [name: string, isName: boolean][] = [
  ['url', true],
  ['A_1', true],
  ['', false],
  ['a-b', false],
  ['a.b', false],
  ['ä', false],
  ['a\n', false],
];
for (const [name, isName] of names) {
  test(`management-api §2.8.1: ${JSON.stringify(name)} is ${isName ? 'a' : 'no'} name`, () => {
    assert.equal(isStageVariableName(name), isName);
  });
}

const values: readonly [value: string, isValue: boolean][] = [
  ['https://ex.com/a_b~c?d=1&e=2,3#f.g', true],
  ['', false],
  ['a b', false],
  ['a\r\nb', false],
  ['$a', false],
  ['ä', false],
];
for (const [value, isValue] of values) {
  test(`management-api §2.8.1: ${JSON.stringify(value)} is ${isValue ? 'a' : 'no'} value`, () => {
    assert.equal(isStageVariableValue(value), isValue);
  });
}

test('any text prints as it is, or is refused', () => {
  const pieces = ['${', '}', '{', '$', 'stageVariables.', 'a', '${stageVariables.a}', '-'];
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...pieces)).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(text, (given) => {
      let parts: StageVariableText;
      try {
        parts = parseStageVariableText(given);
      } catch (error) {
        assert.ok(error instanceof GrammarError);
        return;
      }
      assert.equal(printStageVariableText(parts), given);
    }),
    { numRuns: NUM_RUNS },
  );
});
