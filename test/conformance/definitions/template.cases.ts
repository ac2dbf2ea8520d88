// spec/definitions.md §14.3: errors of templates, and what functions give.
import type { TemplateCase } from './case.ts';

const unresolved = (id: string, block = 'Resources'): string =>
  `Template format error: Unresolved resource dependencies [${id}] in the ${block} block of the template`;
const output = (value: string): string => `Outputs: {O: {Value: ${value}}}\n`;
const MAPPING = 'Mappings: {M: {us-east-1: {y: found}}}\n';
const STAGE = 'Parameters: {Stage: {Type: String, AllowedValues: [dev, prod]}}\n';
const NEVER = 'Conditions: {C: !Equals [a, b]}\n';

export const templateCases: readonly TemplateCase[] = [
  {
    row: 55,
    name: 'a Sub of a name that nothing has',
    resources: ["R: Route {ApiId: !Ref Api, RouteKey: 'GET /p', Target: !Sub 'integrations/${Nope}'}"],
    refused: unresolved('Nope'),
    refusedAt: 'R',
  },
  {
    row: 56,
    name: 'an attribute of a resource that is not there',
    sections: output('!GetAtt Nope.Arn'),
    refused: 'Template error: instance of Fn::GetAtt references undefined resource Nope',
  },
  {
    row: 57,
    name: 'an attribute that the type does not have',
    sections: output('!GetAtt Api.RootResourceId'),
    refused: 'Requested attribute RootResourceId does not exist in schema for AWS::ApiGatewayV2::Api',
  },
  {
    row: 58,
    name: 'a function that there is not',
    resources: ['Api: Api {Name: {Fn::Foo: 1}, ProtocolType: HTTP}'],
    refused:
      'Template Error: Encountered unsupported function: Fn::Foo Supported functions are: [Fn::Base64, Fn::GetAtt, Fn::GetAZs, Fn::ImportValue, Fn::Join, Fn::Split, Fn::FindInMap, Fn::Select, Ref, Fn::Equals, Fn::If, Fn::Not, Condition, Fn::And, Fn::Or, Fn::Contains, Fn::EachMemberEquals, Fn::EachMemberIn, Fn::ValueOf, Fn::ValueOfAll, Fn::RefAll, Fn::Sub, Fn::Cidr]',
    refusedAt: 'Api',
  },
  {
    row: 59,
    name: 'two resources that refer to each other',
    resources: ['A: AWS::S3::Bucket {BucketName: !Ref B}', 'B: AWS::S3::Bucket {BucketName: !Ref A}'],
    refused: 'Circular dependency between resources: [A, B]',
    refusedAt: 'A',
  },
  {
    row: 60,
    name: 'a value that is not allowed',
    sections: STAGE,
    parameters: { Stage: 'qa' },
    refused: "Parameter 'Stage' must be one of AllowedValues",
  },
  {
    row: 61,
    name: 'a parameter without a value',
    sections: STAGE,
    refused: 'Parameters: [Stage] must have values',
  },
  {
    row: 62,
    name: 'a key that a mapping does not have',
    sections: MAPPING + output('!FindInMap [M, us-east-1, x]'),
    refused: 'Template error: Unable to get mapping for M::us-east-1::x',
  },
  {
    row: 62,
    name: 'the same with a default',
    sections: MAPPING + output('!FindInMap [M, us-east-1, x, DefaultValue: y]'),
    value: 'y',
  },
  {
    row: 63,
    name: 'an index that a list does not have',
    sections: output('!Select [3, [a, b]]'),
    refused: 'Template error: Fn::Select cannot select nonexistent value at index 3',
  },
  {
    row: 64,
    name: 'all that Sub replaces',
    resources: [
      "Api: Api {Name: pets, ProtocolType: HTTP, Description: !Sub ['${!x} ${AWS::Region} ${v}', {v: 1}]}",
    ],
    sections: output("!Sub '${Api.ApiId}'"),
    made: { Api: { Description: '${x} us-east-1 1', ApiId: 'Api' } },
  },
  {
    row: 65,
    name: 'routes of a loop',
    isAlone: true,
    resources: [
      'Api: Api {Name: pets, ProtocolType: HTTP}',
      "Fn::ForEach::R: [P, [a-1, b], {'Route&{P}': {Type: 'AWS::ApiGatewayV2::Route', Properties: {ApiId: !Ref Api, RouteKey: !Sub 'GET /${P}'}}}]",
    ],
    sections: 'Transform: AWS::LanguageExtensions\n',
    made: { Routea1: { RouteKey: 'GET /a-1' }, Routeb: { RouteKey: 'GET /b' } },
  },
  {
    name: 'a property that NoValue removes',
    resources: ['Api: Api {Name: pets, ProtocolType: HTTP, Description: !If [C, x, !Ref AWS::NoValue]}'],
    sections: NEVER,
    made: { Api: { Description: undefined } },
  },
  { name: 'Split, with empty pieces', sections: output("!Join ['|', !Split [',', 'a,,b']]"), value: 'a||b' },
  {
    name: 'Join leaves NoValue out',
    sections: output("!Join ['-', [a, !Ref AWS::NoValue, b]]"),
    value: 'a-b',
  },
  {
    name: 'Cidr',
    sections: output("!Join [' ', !Cidr [10.0.0.0/16, 2, 8]]"),
    value: '10.0.0.0/24 10.0.1.0/24',
  },
  { name: 'Base64', sections: output('!Base64 ü'), value: 'w7w=' },
  { name: 'Length', sections: output("!Sub ['${n}', {n: !Length [a, b]}]"), value: '2' },
  { name: 'ToJsonString', sections: output('!ToJsonString {b: 1, a: [x]}'), value: '{"b":1,"a":["x"]}' },
  {
    name: 'two dynamic references in one text',
    resources: ["Api: Api {Name: '{{resolve:ssm:/a}}-{{resolve:ssm:/b:3}}', ProtocolType: HTTP}"],
    stackName: 'stand-ins',
    made: { Api: { Name: '1-2' } },
  },
  {
    name: 'an export that nobody has',
    sections: output('!ImportValue n'),
    refused: 'No export named n found.',
  },
  {
    name: 'a Ref to what a condition leaves out',
    resources: ['A: {Type: AWS::S3::Bucket, Condition: C}', 'B: AWS::S3::Bucket {BucketName: !Ref A}'],
    sections: NEVER,
    refused: unresolved('A'),
    refusedAt: 'B',
  },
  {
    name: 'a macro of an account',
    sections: 'Transform: My::Macro\n',
    refused: 'No transform named 000000000000::My::Macro found.',
  },
];
