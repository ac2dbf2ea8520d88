import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorsOf, load } from './template.test.support.ts';

const template = (rule: string, names = 'a,b'): string =>
  `Parameters: {L: {Type: CommaDelimitedList, Default: "${names}"}, S: {Type: String, Default: a}}
Rules: {R: ${rule}}
Resources: {T: {Type: T}}`;
const asserted = (assertion: string): string =>
  `{Assertions: [{Assert: ${assertion}, AssertDescription: said}]}`;

/** What holds (spec/definitions.md §3.4.1). */
const HOLDS: readonly (readonly [assertion: string, holds: boolean])[] = [
  ['!Contains [[a, b], !Ref S]', true],
  ['!Contains [[c], !Ref S]', false],
  ['!Contains [!Ref L, b]', true],
  ['!EachMemberEquals [!Ref L, a]', false],
  ['!EachMemberEquals [[a, a], !Ref S]', true],
  ['!EachMemberIn [!Ref L, [a, b, c]]', true],
  ['!EachMemberIn [!Ref L, [a]]', false],
  ['!Not [!Equals [!Ref S, a]]', false],
  ['!And [!Equals [!Ref S, a], !Contains [[a], a]]', true],
  ['!Or [!Equals [!Ref S, b], !Contains [[a], b]]', false],
];

for (const [assertion, holds] of HOLDS) {
  test(`${assertion} ${holds ? 'holds' : 'does not hold'}`, () => {
    const errors = errorsOf(() => load(template(asserted(assertion))));
    assert.deepEqual(
      errors.map(({ text, path }) => [text, path]),
      holds ? [] : [['said', 'Rules.R.Assertions.0']],
    );
  });
}

test('assertions are looked at only when the condition of the rule holds', () => {
  const rule = (value: string): string =>
    `{RuleCondition: !Equals [!Ref S, ${value}], Assertions: [{Assert: !Equals [a, b], AssertDescription: said}]}`;
  assert.equal(errorsOf(() => load(template(rule('a')))).length, 1);
  load(template(rule('b')));
});

test('every assertion that does not hold is told', () => {
  const rule = '{Assertions: [{Assert: !Equals [a, b], AssertDescription: one}, {Assert: !Equals [a, b]}]}';
  const errors = errorsOf(() => load(template(rule)));
  assert.deepEqual(
    errors.map(({ text }) => text),
    ['one', 'An assertion of the rule does not hold'],
  );
});

test('a rule that asks AWS about an account is a note', () => {
  const asks =
    '{Assertions: [{Assert: {Fn::EachMemberIn: [{Fn::ValueOfAll: [AWS::EC2::VPC::Id, Tags.A]}, {Fn::RefAll: X}]}}]}';
  const { findings } = load(template(asks));
  assert.deepEqual(
    findings.map(({ severity, text }) => [severity, text]),
    [['note', 'The rule R asks AWS about an account: it is not checked here']],
  );
});

test('the rule of the CDK about its bootstrap version passes: §3.1.7', () => {
  load(`Parameters:
  BootstrapVersion: {Type: AWS::SSM::Parameter::Value<String>, Default: /cdk-bootstrap/hnb659fds/version}
Rules:
  CheckBootstrapVersion:
    Assertions:
      - Assert: {Fn::Not: [{Fn::Contains: [["1", "2", "3", "4", "5"], {Ref: BootstrapVersion}]}]}
        AssertDescription: CDK bootstrap stack version 6 required.
Resources: {T: {Type: T}}`);
});
