import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pseudoParameters } from './pseudo-parameters.ts';
import { errorsOf, type Given, load, PLACE } from './template.test.support.ts';

const template = (declaration: string): string =>
  `Parameters: {P: ${declaration}}\nResources: {R: {Type: T}}`;

/** Values by spec/definitions.md §3.1.1 to §3.1.3, §3.1.7. */
const VALUES: readonly (readonly [declaration: string, given: Given, value: string | readonly string[]])[] = [
  ['{Type: String, Default: a}', {}, 'a'],
  ['{Type: String, Default: 1.10}', {}, '1.10'],
  ['{Type: String, Default: True}', {}, 'true'],
  ['{Type: String, Default: ""}', {}, ''],
  ['{Type: Number, Default: 007}', {}, '007'],
  ['{Type: Number}', { given: { P: '-1.5e3' } }, '-1.5e3'],
  ['{Type: CommaDelimitedList, Default: "a, b,c "}', {}, ['a', 'b', 'c']],
  ['{Type: CommaDelimitedList, Default: ""}', {}, []],
  ['{Type: List<Number>, Default: "1, 2"}', {}, ['1', '2']],
  ['{Type: AWS::EC2::VPC::Id, Default: vpc-1}', {}, 'vpc-1'],
  ['{Type: "List<AWS::EC2::Subnet::Id>", Default: "a,b"}', {}, ['a', 'b']],
  ['{Type: AWS::SSM::Parameter::Name, Default: /a}', {}, '/a'],
  ['{Type: AWS::SSM::Parameter::Value<String>, Default: /a}', {}, '1'],
  ['{Type: AWS::SSM::Parameter::Value<List<String>>, Default: /list}', {}, ['x', 'y']],
  ['{Type: AWS::SSM::Parameter::Value<CommaDelimitedList>, Default: /list}', {}, ['x', 'y']],
  // Choice D18
  ['{Type: AWS::SSM::Parameter::Value<String>, Default: /cdk-bootstrap/hnb659fds/version}', {}, '9999'],
  // The name is what constraints are of (§3.1.4).
  ['{Type: AWS::SSM::Parameter::Value<String>, Default: /a, AllowedPattern: "/.*"}', {}, '1'],
  // §3.1.2
  [
    '{Type: String, Default: e}',
    { given: { P: 'a' }, defaults: { P: 'b' }, settings: { P: 'c' }, earlier: { P: 'd' } },
    'a',
  ],
  ['{Type: String, Default: e}', { defaults: { P: 'b' }, settings: { P: 'c' }, earlier: { P: 'd' } }, 'b'],
  ['{Type: String, Default: e}', { settings: { P: 'c' }, earlier: { P: 'd' } }, 'c'],
  ['{Type: String, Default: e}', { earlier: { P: 'd' } }, 'd'],
  ['{Type: String, AllowedPattern: "[a-z]+", MinLength: 2, MaxLength: 3}', { given: { P: 'abc' } }, 'abc'],
  ['{Type: Number, MinValue: 1, MaxValue: 2, AllowedValues: [1, 2]}', { given: { P: '2' } }, '2'],
];

for (const [declaration, given, value] of VALUES) {
  test(`${declaration} ${JSON.stringify(given)} is ${JSON.stringify(value)}`, () => {
    assert.deepEqual(load(template(declaration), given).parameters.get('P'), value);
  });
}

/** spec/definitions.md §3.1.4 unless said otherwise. */
const WRONG: readonly (readonly [declaration: string, value: string | undefined, text: string])[] = [
  // Row 61
  ['{Type: String}', undefined, 'Parameters: [P] must have values'],
  // Row 60
  ['{Type: String, AllowedValues: [dev, prod]}', 'qa', "Parameter 'P' must be one of AllowedValues"],
  ['{Type: CommaDelimitedList, AllowedValues: [a, b]}', 'a,c', "Parameter 'P' must be one of AllowedValues"],
  ['{Type: String, AllowedPattern: "[a-z]+"}', 'abc1', "Parameter 'P' must match pattern [a-z]+"],
  [
    '{Type: String, AllowedPattern: "[a-z]+", ConstraintDescription: letters please}',
    '1',
    'Parameter P failed to satisfy constraint: letters please',
  ],
  ['{Type: String, MinLength: 3}', 'ab', "Parameter 'P' must contain at least 3 characters"],
  ['{Type: String, MaxLength: "3"}', 'abcd', "Parameter 'P' must contain at most 3 characters"],
  ['{Type: Number, MinValue: 3}', '2.9', "Parameter 'P' must be a number not less than 3"],
  ['{Type: Number, MaxValue: 3}', '3.1', "Parameter 'P' must be a number not greater than 3"],
  ['{Type: Number}', 'abc', "Parameter 'P' must be a number"],
  ['{Type: Number}', '', "Parameter 'P' must be a number"],
  ['{Type: Number}', '0x10', "Parameter 'P' must be a number"],
  ['{Type: List<Number>}', '1,b', "Parameter 'P' must be a number"],
  ['{Type: String, Default: [a]}', 'x', 'Template format error: Every Default member must be a string.'],
  ['{Type: String, Default: null}', 'x', 'Template format error: Every Default member must be a string.'],
  ['{Type: Strin}', 'x', 'Template format error: Unrecognized parameter type: Strin'],
  ['{Type: List<Foo>}', 'x', 'Template format error: Unrecognized parameter type: List<Foo>'],
  [
    '{Type: AWS::SSM::Parameter::Value<AWS::SSM::Parameter::Value<String>>}',
    'x',
    'Template format error: Unrecognized parameter type: AWS::SSM::Parameter::Value<AWS::SSM::Parameter::Value<String>>',
  ],
  ['{Default: x}', 'x', 'Template format error: Every Parameters object must contain a Type member.'],
  ['{Type: String, Defualt: x}', 'x', "Invalid template parameter property 'Defualt'"],
  // §3.1.5: what cannot be matched in linear time
  [
    '{Type: String, AllowedPattern: "("}',
    'x',
    "Parameter 'P': AllowedPattern: The regular expression ( is malformed: a ( has no )",
  ],
  // §3.1.7
  [
    '{Type: AWS::SSM::Parameter::Value<String>}',
    '/none',
    'Parameter P: there is no SSM parameter /none here; say its value under stacks.pets.ssm of postern.yaml',
  ],
];

for (const [declaration, value, text] of WRONG) {
  test(`${declaration} given ${value}: ${text}`, () => {
    const [finding, ...others] = errorsOf(() =>
      load(template(declaration), value === undefined ? {} : { given: { P: value } }),
    );
    assert.equal(finding?.text, text);
    assert.equal(finding?.path, 'Parameters.P');
    assert.deepEqual(others, []);
  });
}

test('AWS names all parameters without a value in one sentence, and all that there are not: §3.1.4', () => {
  const two =
    'Parameters: {A: {Type: String}, B: {Type: String}, C: {Type: Number, Default: x}}\nResources: {R: {Type: T}}';
  const errors = errorsOf(() => load(two, { given: { X: '1', Y: '2' } }));
  assert.deepEqual(
    errors.map(({ text }) => text),
    [
      "Parameter 'C' must be a number",
      'Parameters: [A, B] must have values',
      'Parameters: [X, Y] do not exist in the template',
    ],
  );
});

test('values that nobody asked for are notes where the template has no such parameter: Choice D17', () => {
  const { findings } = load('Resources: {R: {Type: T}}', {
    defaults: { X: '1' },
    settings: { Y: '2' },
    earlier: { Z: '3' },
  });
  assert.deepEqual(
    findings.map(({ severity, text }) => [severity, text.includes(' X,') || text.includes(' Y,')]),
    [
      ['note', true],
      ['note', true],
    ],
  );
});

test('NoEcho makes a value a secret: §3.1.6', () => {
  const { secrets } = load(
    'Parameters: {A: {Type: String, Default: a, NoEcho: true}, B: {Type: String, Default: b, NoEcho: "TRUE"}, C: {Type: String, Default: c, NoEcho: false}}\nResources: {R: {Type: T}}',
  );
  assert.deepEqual([...secrets], ['A', 'B']);
});

/** spec/definitions.md §3.1.8 */
const REGIONS: readonly (readonly [region: string, partition: string, suffix: string])[] = [
  ['us-east-1', 'aws', 'amazonaws.com'],
  ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
  ['us-iso-east-1', 'aws-iso', 'c2s.ic.gov'],
  ['us-isob-east-1', 'aws-iso-b', 'sc2s.sgov.gov'],
  ['eu-isoe-west-1', 'aws-iso-e', 'cloud.adc-e.uk'],
  ['us-isof-south-1', 'aws-iso-f', 'csp.hci.ic.gov'],
  ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu'],
];

for (const [region, partition, suffix] of REGIONS) {
  test(`${region} is in the partition ${partition}`, () => {
    const values = pseudoParameters({ ...PLACE, region });
    assert.deepEqual([values.get('AWS::Partition'), values.get('AWS::URLSuffix')], [partition, suffix]);
  });
}
