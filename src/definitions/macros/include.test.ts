import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sources } from '../sources.ts';
import { errorsOf, type Given, load, propertiesOf } from '../template.test.support.ts';

const include = (location: string): string =>
  `Fn::Transform: {Name: AWS::Include, Parameters: {Location: ${location}}}`;
const properties = (text: string): string => `Resources: {R: {Type: T, Properties: ${text}}, S: {Type: T}}`;

/** Properties of R (spec/definitions.md §2.3.3). */
const INCLUDED: readonly (readonly [
  what: string,
  template: string,
  files: Given['files'],
  value: unknown,
])[] = [
  [
    'a mapping instead of the call',
    properties(`{A: {${include('a.yaml')}}}`),
    { 'a.yaml': 'x: 1' },
    { A: { x: 1 } },
  ],
  [
    'over sibling keys',
    properties(`{A: {x: 0, y: 2, ${include('a.yaml')}}}`),
    { 'a.yaml': 'x: 1\nz: 3' },
    { A: { x: 1, y: 2, z: 3 } },
  ],
  [
    'JSON, with functions',
    properties(`{A: {${include('a.json')}}}`),
    { 'a.json': '{"x": {"Ref": "S"}}' },
    { A: { x: 'pets-S' } },
  ],
  [
    'short tags (Choice D14)',
    properties(`{A: {${include('a.yaml')}}}`),
    { 'a.yaml': 'x: !Sub "${S}"' },
    { A: { x: 'pets-S' } },
  ],
  [
    'files in files (Choice D14)',
    properties(`{A: {${include('a.yaml')}}}`),
    { 'a.yaml': `b: {${include('b.yaml')}}`, 'b.yaml': 'x: 1' },
    { A: { b: { x: 1 } } },
  ],
  [
    'the innermost first',
    properties(`{A: {${include('b.yaml')}, x: {${include('a.yaml')}}}}`),
    { 'a.yaml': 'y: 1', 'b.yaml': 'z: 2' },
    { A: { x: { y: 1 }, z: 2 } },
  ],
  [
    'several in a list',
    properties(
      '{A: {Fn::Transform: [{Name: AWS::Include, Parameters: {Location: a.yaml}}, {Name: AWS::Include, Parameters: {Location: b.yaml}}]}}',
    ),
    { 'a.yaml': 'x: 1', 'b.yaml': 'y: 2' },
    { A: { x: 1, y: 2 } },
  ],
  [
    'the short form',
    properties('{A: !Transform {Name: AWS::Include, Parameters: {Location: a.yaml}}}'),
    { 'a.yaml': 'x: 1' },
    { A: { x: 1 } },
  ],
  [
    'where a parameter says',
    `Parameters: {Where: {Type: String, Default: a.yaml}}\n${properties(`{${include('!Ref Where')}}`)}`,
    { 'a.yaml': 'x: 1' },
    { x: 1 },
  ],
  [
    'where pseudo parameters say',
    properties(`{${include('!Sub "${AWS::Region}.yaml"')}}`),
    { 'us-east-1.yaml': 'x: 1' },
    { x: 1 },
  ],
  [
    'sections',
    `${include('a.yaml')}\nOutputs: {}`,
    { 'a.yaml': 'Resources: {R: {Type: T, Properties: {x: 1}}}' },
    { x: 1 },
  ],
  [
    'sections by Transform',
    'Transform: {Name: AWS::Include, Parameters: {Location: a.yaml}}\nResources: {S: {Type: T}}',
    { 'a.yaml': 'Resources: {R: {Type: T, Properties: {x: 1}}}' },
    { x: 1 },
  ],
  [
    'sections by Transform, in a list',
    'Transform: [AWS::LanguageExtensions, {Name: AWS::Include, Parameters: {Location: a.yaml}}]\nResources: {S: {Type: T}}',
    { 'a.yaml': 'Resources: {R: {Type: T, Properties: {x: 1}}}' },
    { x: 1 },
  ],
  [
    'parameters',
    `Parameters: {${include('p.yaml')}}\n${properties('{x: !Ref P}')}`,
    { 'p.yaml': 'P: {Type: String, Default: y}' },
    { x: 'y' },
  ],
  [
    'a loop',
    `Transform: AWS::LanguageExtensions\n${properties(`{A: {${include('a.yaml')}}}`)}`,
    { 'a.yaml': 'Fn::ForEach::K: [P, [a], {"k${P}": 1}]' },
    { A: { ka: 1 } },
  ],
];

for (const [what, template, files, value] of INCLUDED) {
  test(`includes ${what}`, () => assert.deepEqual(propertiesOf(load(template, { files: files! })), value));
}

const WRONG: readonly (readonly [template: string, text: string, files?: Given['files']])[] = [
  [
    properties(`{A: {${include('a.yaml')}}}`),
    'Parameter Location of resource AWS::Include refers to a file or folder that does not exist a.yaml',
  ],
  [properties('{A: {Fn::Transform: {Name: AWS::Include}}}'), 'AWS::Include needs the parameter Location'],
  [properties('{A: {Fn::Transform: {Name: Mine}}}'), 'No transform named 000000000000::Mine found.'],
  [
    properties('{A: {Fn::Transform: {Name: AWS::LanguageExtensions}}}'),
    'AWS::LanguageExtensions stands in the Transform of the template and nowhere else',
  ],
  [
    properties(`{A: {${include('a.yaml')}}}`),
    'AWS::Include: files include each other more than 10 deep',
    { 'a.yaml': `x: {${include('a.yaml')}}` },
  ],
];

for (const [template, text, files = {}] of WRONG) {
  test(`${template.slice(0, 90)}: ${text}`, () => {
    const [finding, ...others] = errorsOf(() => load(template, { files }));
    assert.equal(finding?.text, text);
    assert.match(finding?.path ?? '', /^Resources\.R\.Properties\.A/);
    assert.deepEqual(others, []);
  });
}

test('what is wrong in a file that is included is said of that file', () => {
  const sources = new Sources();
  const files = { 'a.yaml': 'x: 1\ny: !Ref Nope\n' };
  const [finding] = errorsOf(() => load(properties(`{A: {${include('a.yaml')}}}`), { files }, sources));
  assert.deepEqual(sources.placeOf(finding!.offset!), { file: 'a.yaml', line: 2, column: 9 });
  const [text] = errorsOf(() =>
    load(properties(`{A: {${include('a.yaml')}}}`), { files: { 'a.yaml': 'x: [' } }),
  );
  assert.equal(text!.text, 'Template format error: YAML not well-formed. (line 1, column 5)');
});

test('macros of AWS that change nothing here are notes: §2.3.2', () => {
  const { findings } = load(`Transform: [AWS::CodeDeployBlueGreen]\n${properties('{}')}\nHooks: {H: {}}`);
  assert.deepEqual(
    findings.map(({ severity, text }) => [severity, text]),
    [
      ['note', 'The transform AWS::CodeDeployBlueGreen has no effect here'],
      ['note', 'Hooks have no effect here'],
    ],
  );
});

const SAM = 'Transform: AWS::Serverless-2016-10-31';

test('what is included is there before AWS SAM looks at it: §2.3.4', () => {
  const api = `${SAM}
Resources:
  Api: {Type: AWS::Serverless::HttpApi, Properties: {DisableExecuteApiEndpoint: true, DefinitionBody: {${include('api.yaml')}}}}`;
  const files = { 'api.yaml': 'openapi: 3.0.1\ninfo: {title: !Ref AWS::StackName}\npaths: {/x: {get: {}}}' };
  const body = (propertiesOf(load(api, { files }), 'Api') as { Body: { readonly [name: string]: unknown } })
    .Body;
  assert.deepEqual([body.info, body.paths], [{ title: 'pets' }, { '/x': { get: {} } }]);
  assert.ok(JSON.stringify(body.servers).includes('"disableExecuteApiEndpoint":true'));
});

test('loops are copies before AWS SAM looks at them, with and without their transform: §2.3.2', () => {
  for (const transform of [SAM, 'Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]']) {
    const functions = `${transform}
Resources:
  Fn::ForEach::F: [N, [A, B], {"Fn\${N}": {Type: AWS::Serverless::Function, Properties: {Handler: a.b, Runtime: nodejs20.x, InlineCode: "1"}}}]`;
    const { template } = load(functions);
    const types = Array.from(template.resources.values(), ({ logicalId, type }) => `${logicalId} ${type}`);
    assert.ok(types.includes('FnA AWS::Lambda::Function') && types.includes('FnB AWS::Lambda::Function'));
  }
});
