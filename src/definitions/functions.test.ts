import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorsOf, load, propertiesOf } from './template.test.support.ts';

const TEMPLATE = `
Parameters:
  Stage: {Type: String, Default: dev}
  Names: {Type: CommaDelimitedList, Default: 'a, b'}
  Secret: {Type: String, Default: hidden, NoEcho: true}
Mappings:
  M: {us-east-1: {y: found, list: [p, q]}}
Conditions:
  Yes: !Equals [!Ref Stage, dev]
  No: !Not [!Condition Yes]
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api}
  Cluster: {Type: AWS::RDS::DBCluster}
  R:
    Type: T
    Properties:
      V: `;

/** spec/definitions.md §4.2 unless said otherwise. */
const VALUES: readonly (readonly [expression: string, value: unknown])[] = [
  ['!Ref Stage', 'dev'],
  ['!Ref Names', ['a', 'b']],
  ['!Ref Api', 'a1b2c3d4e5'],
  ['!Ref AWS::Region', 'us-east-1'],
  ['!Ref AWS::NoValue', undefined],
  ['!GetAtt Api.ApiId', 'a1b2c3d4e5'],
  ['{Fn::GetAtt: Api.ApiId}', 'a1b2c3d4e5'],
  ['{Fn::GetAtt: [Api, ApiId]}', 'a1b2c3d4e5'],
  // Row 64
  ["!Sub ['${!x} ${AWS::Region} ${Api.ApiId} ${v}', {v: 1}]", '${x} us-east-1 a1b2c3d4e5 1'],
  ["!Sub '${Stage} $ {} ${'", 'dev $ {} ${'],
  ["!Sub ['${Stage}', {Stage: !Ref Api}]", 'a1b2c3d4e5'],
  ['!Join ["-", [a, !Ref AWS::NoValue, 1.10, true, b]]', 'a-1.10-true-b'],
  ["!Join ['', !Split [',', 'a,,b']]", 'ab'],
  ["!Split [',', 'a,,b']", ['a', '', 'b']],
  ['!Select [1, [a, b]]', 'b'],
  ["!Select ['0', !Ref Names]", 'a'],
  ['!If [Yes, a, b]', 'a'],
  // The branch that is not taken is not evaluated (§3.3.3).
  ['!If [No, !Select [3, [a]], b]', 'b'],
  ['!If [No, a, !Ref AWS::NoValue]', undefined],
  ['[a, !If [No, x, !Ref AWS::NoValue], b]', ['a', 'b']],
  ['!FindInMap [M, !Ref AWS::Region, y]', 'found'],
  ['!FindInMap [M, us-east-1, list]', ['p', 'q']],
  // Row 62
  ['!FindInMap [M, us-east-1, x, DefaultValue: y]', 'y'],
  ['!FindInMap [Nope, a, b, DefaultValue: !Ref Stage]', 'dev'],
  ['!ImportValue net', 'vpc-1'],
  ['!ImportValue {"Fn::Sub": "net"}', 'vpc-1'],
  ['!Base64 ü', 'w7w='],
  ['!Cidr [10.0.0.0/16, 2, 8]', ['10.0.0.0/24', '10.0.1.0/24']],
  ['!Cidr [10.0.0.0/24, 1]', ['10.0.0.0/24']],
  ["!Cidr ['2001:db8::/56', 2, 64]", ['2001:db8::/64', '2001:db8:0:1::/64']],
  ['!GetAZs ""', ['us-east-1a', 'us-east-1b', 'us-east-1c']],
  ['!GetAZs eu-west-1', ['eu-west-1a', 'eu-west-1b', 'eu-west-1c']],
  // §4.1.3: with other keys it is data.
  ['{Ref: Stage, Other: 1}', { Ref: 'Stage', Other: 1 }],
  ['{Condition: {StringEquals: {a: b}}}', { Condition: { StringEquals: { a: 'b' } } }],
  // §4.3
  ["'{{resolve:ssm:/a}}-{{resolve:ssm:/b:3}}'", '1-2'],
  ["!Sub '{{resolve:ssm:/${Names2}}}'".replace('${Names2}', 'a'), '1'],
  ["'{{resolve:secretsmanager:db:SecretString:password}}'", 'password of db'],
  [
    "'{{resolve:secretsmanager:arn:aws:secretsmanager:us-east-1:1:secret:db-Ab:SecretString:user}}'",
    'user of arn:aws:secretsmanager:us-east-1:1:secret:db-Ab',
  ],
  ["'{{resolve:other:a}} {{resolve:ssm:/a'", '{{resolve:other:a}} {{resolve:ssm:/a'],
  // §4.4.2
  ['!Length [a, b]', 2],
  ['!Length {Ref: Names}', 2],
  ['!ToJsonString {b: 1, a: [x]}', '{"b":1,"a":["x"]}'],
  ['!ToJsonString {a: 1.10, b: true, c: null, d: !Ref Names}', '{"a":1.10,"b":true,"c":null,"d":["a","b"]}'],
];

for (const [expression, value] of VALUES) {
  test(`${expression} is ${JSON.stringify(value)}`, () => {
    const expected = value === undefined ? {} : { V: value };
    assert.deepEqual(propertiesOf(load(TEMPLATE + expression)), expected);
  });
}

const WRONG: readonly (readonly [expression: string, text: string])[] = [
  // Rows 55 to 58
  [
    '!Sub integrations/${Nope}',
    'Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template',
  ],
  ['!GetAtt Nope.Arn', 'Template error: instance of Fn::GetAtt references undefined resource Nope'],
  [
    '!GetAtt Api.RootResourceId',
    'Requested attribute RootResourceId does not exist in schema for AWS::ApiGatewayV2::Api',
  ],
  [
    '{Fn::Foo: 1}',
    'Template Error: Encountered unsupported function: Fn::Foo Supported functions are: [Fn::Base64, Fn::GetAtt, Fn::GetAZs, Fn::ImportValue, Fn::Join, Fn::Split, Fn::FindInMap, Fn::Select, Ref, Fn::Equals, Fn::If, Fn::Not, Condition, Fn::And, Fn::Or, Fn::Contains, Fn::EachMemberEquals, Fn::EachMemberIn, Fn::ValueOf, Fn::ValueOfAll, Fn::RefAll, Fn::Sub, Fn::Cidr]',
  ],
  // Rows 62 and 63
  ['!FindInMap [M, us-east-1, x]', 'Template error: Unable to get mapping for M::us-east-1::x'],
  [
    '!FindInMap [N, a, b]',
    "Template error: Mapping named 'N' is not present in the 'Mappings' section of template.",
  ],
  ['!Select [3, [a, b]]', 'Template error: Fn::Select cannot select nonexistent value at index 3'],
  ['!ImportValue n', 'No export named n found.'],
  [
    "!Sub '${ a }'",
    'Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons',
  ],
  ["!Sub '${Names}'", 'Template error: variable Names in Fn::Sub expression does not resolve to a string'],
  ['!Length a', 'Fn::Length layout is incorrect'],
  [
    '!If [Nope, a, b]',
    'Template format error: Unresolved condition dependency Nope in the Resources block of the template',
  ],
];

for (const [expression, text] of WRONG) {
  test(`${expression}: ${text.slice(0, 90)}`, () => {
    const [finding, ...others] = errorsOf(() => propertiesOf(load(TEMPLATE + expression)));
    assert.equal(finding?.text, text);
    assert.equal(finding?.path, 'Resources.R.Properties.V');
    assert.equal(finding?.logicalId, 'R');
    assert.deepEqual(others, []);
  });
}
