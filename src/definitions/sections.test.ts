import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sources } from './sources.ts';
import { errorsOf, load } from './template.test.support.ts';

const BUCKET = 'Resources: {B: {Type: AWS::S3::Bucket}}\n';
const resource = (attributes: string): string => `Resources: {B: {Type: AWS::S3::Bucket, ${attributes}}}`;
const unresolved = (ids: string, block = 'Resources'): string =>
  `Template format error: Unresolved resource dependencies [${ids}] in the ${block} block of the template`;

const WRONG: readonly (readonly [section: string, template: string, text: string, path?: string])[] = [
  // The text: spec/definitions.md §2.1
  ['2.1.5', 'a: [', 'Template format error: YAML not well-formed. (line 1, column 5)'],
  ['2.1.5', '{"Resources": {"a": 1,, }', 'Template format error: JSON not well-formed. (line 1, column 23)'],
  ['2.1.5', 'a:\n  - b\n c: d', 'Template format error: YAML not well-formed. (line 3, column 1)'],
  ['2.1.2', 'a: 1\na: 2', 'Template format error: the key "a" is there twice, first in line 1'],
  ['2.1.4', 'a: !Reff b', "Template format error: the tag !Reff: tags of one's own mean nothing here"],
  // Sections: §2.2
  ['2.2.1', `${BUCKET}Foo: 1\nBar: 2`, 'Invalid template property or properties [Foo, Bar]', 'Foo'],
  ['2.2.1', `${BUCKET}Globals: {}`, 'Invalid template property or properties [Globals]', 'Globals'],
  [
    '2.2.1',
    'Description: x',
    'Template format error: At least one Resources member must be defined.',
    'Resources',
  ],
  [
    '2.2.1',
    'Resources: {}',
    'Template format error: At least one Resources member must be defined.',
    'Resources',
  ],
  ['2.2.1', 'Resources: []', 'Template format error: [/Resources] must be a mapping.', 'Resources'],
  [
    '2.2.1',
    `${BUCKET}AWSTemplateFormatVersion: 2020-01-01`,
    'Template format error: 2020-01-01 is not a supported value for AWSTemplateFormatVersion.',
    'AWSTemplateFormatVersion',
  ],
  [
    '2.2.1',
    `${BUCKET}Description: [a]`,
    'Template format error: Description must be a string.',
    'Description',
  ],
  [
    '2.2.2',
    resource('Propertys: {}'),
    "Invalid template resource property 'Propertys'",
    'Resources.B.Propertys',
  ],
  [
    '2.2.2',
    'Resources: {a-b: {Type: T}}',
    'Template format error: Resource name a-b is non alphanumeric.',
    'Resources.a-b',
  ],
  [
    '2.2.2',
    'Resources: {B: x}',
    'Template format error: [/Resources/B] resource definition is malformed',
    'Resources.B',
  ],
  [
    '2.2.2',
    'Resources: {B: {Properties: {}}}',
    'Template format error: [/Resources/B] Every Resources object must contain a Type member.',
    'Resources.B',
  ],
  [
    '2.2.2',
    resource('Properties: [a]'),
    'Template format error: [/Resources/B] Properties must be a mapping.',
    'Resources.B.Properties',
  ],
  [
    '2.2.2',
    resource('DependsOn: !Ref B'),
    'Template format error: DependsOn must be a string or list of strings, and no Ref.',
    'Resources.B.DependsOn',
  ],
  [
    '2.2.2',
    resource('Condition: [a]'),
    'Template format error: Every Condition member must be a string.',
    'Resources.B.Condition',
  ],
  [
    '11.5.1',
    resource('DeletionPolicy: Keep'),
    'Template format error: Unrecognized DeletionPolicy Keep for resource B',
    'Resources.B.DeletionPolicy',
  ],
  // References: §2.2.3
  [
    '2.2.3',
    resource('Properties: {A: !Ref X, C: !Sub "${Y} ${X}"}'),
    unresolved('X, Y'),
    'Resources.B.Properties.A',
  ],
  ['2.2.3', resource('Metadata: {A: !Ref X}'), unresolved('X'), 'Resources.B.Metadata.A'],
  ['2.2.3', resource('DependsOn: [X]'), unresolved('X'), 'Resources.B.DependsOn'],
  [
    '2.2.3',
    resource('Properties: {A: {Fn::Join: ["", [{Ref: X}]]}}'),
    unresolved('X'),
    'Resources.B.Properties.A',
  ],
  ['2.2.3', resource('Properties: {A: [1, [b, !Ref X]]}'), unresolved('X'), 'Resources.B.Properties.A.1.1'],
  ['2.2.3', `${BUCKET}Outputs: {O: {Value: !Ref X}}`, unresolved('X', 'Outputs'), 'Outputs.O.Value'],
  [
    '2.2.3',
    `${BUCKET}Outputs: {O: {Value: a, Export: {Name: !Sub "\${X}"}}}`,
    unresolved('X', 'Outputs'),
    'Outputs.O.Export.Name',
  ],
  [
    '2.2.3',
    `${BUCKET}Outputs: {O: {Value: !GetAtt X.Arn}}`,
    'Template error: instance of Fn::GetAtt references undefined resource X',
    'Outputs.O.Value',
  ],
  [
    '2.2.3',
    `${BUCKET}Outputs: {O: {Value: !Sub "\${X.Arn.B}"}}`,
    'Template error: instance of Fn::GetAtt references undefined resource X',
    'Outputs.O.Value',
  ],
  // Circles: §2.2.4, row 59
  [
    '2.2.4',
    'Resources: {A: {Type: T, Properties: {x: !Ref B}}, B: {Type: T, Properties: {x: !Sub "${A}"}}, C: {Type: T, DependsOn: A}}',
    'Circular dependency between resources: [A, B]',
    'Resources.A',
  ],
  [
    '2.2.4',
    resource('Properties: {x: !GetAtt B.Arn}'),
    'Circular dependency between resources: [B]',
    'Resources.B',
  ],
  ['2.2.4', resource('DependsOn: B'), 'Circular dependency between resources: [B]', 'Resources.B'],
  [
    '2.2.5',
    'Resources: {F: {Type: AWS::Serverless::Function}, G: {Type: AWS::Serverless::Function}}',
    'Template format error: Unrecognized resource types: [AWS::Serverless::Function]',
    'Resources.F',
  ],
  // Conditions: §3.3
  [
    '3.3.1',
    `${BUCKET}Conditions: {C: !Equals [!Ref B, x]}`,
    'Template format error: Unresolved dependencies [B]. Cannot reference resources in the Conditions block of the template',
    'Conditions.C',
  ],
  [
    '3.3.1',
    `${BUCKET}Conditions: {C: !Not [a]}`,
    'Template error: every Fn::Not object requires a list of one boolean parameter.',
    'Conditions.C',
  ],
  [
    '3.3.1',
    `${BUCKET}Conditions: {C: !And [!Equals [a, a]]}`,
    'Template error: every Fn::And object requires a list of at least 2 and at most 10 boolean parameters.',
    'Conditions.C',
  ],
  [
    '3.3.1',
    `${BUCKET}Conditions: {C: !Equals [a]}`,
    'Template error: every Fn::Equals object requires a list of 2 string parameters.',
    'Conditions.C',
  ],
  [
    '3.3.2',
    `${BUCKET}Conditions: {C: !Condition D}`,
    'Template format error: Unresolved condition dependency D in the Conditions block of the template',
    'Conditions.C',
  ],
  [
    '3.3.2',
    `${BUCKET}Conditions: {C: !Condition C}`,
    'Template format error: Circular dependency in the condition C',
    'Conditions.C',
  ],
  [
    '3.3.2',
    resource('Condition: D'),
    'Template format error: Unresolved condition dependency D in the Resources block of the template',
    'Resources.B',
  ],
  [
    '3.3.2',
    `${BUCKET}Outputs: {O: {Value: a, Condition: D}}`,
    'Template format error: Unresolved condition dependency D in the Outputs block of the template',
    'Outputs.O',
  ],
  [
    '3.3.3',
    'Conditions: {C: !Equals [a, b]}\nResources: {A: {Type: T, Condition: C}, B: {Type: T, Properties: {x: !Ref A}}}',
    unresolved('A'),
    'Resources.B.Properties.x',
  ],
  // Mappings: §3.2
  [
    '3.2.1',
    `${BUCKET}Mappings: {M: {a: {b: {c: d}}}}`,
    'Template format error: Every Mappings attribute must be a String or a List.',
    'Mappings.M.a.b',
  ],
  [
    '3.2.1',
    `${BUCKET}Mappings: {M: {a: b}}`,
    'Template format error: Every Mappings member must be a mapping of mappings.',
    'Mappings.M.a',
  ],
  // Outputs: §3.5
  [
    '3.5.1',
    `${BUCKET}Outputs: {O: {Description: x}}`,
    'Template format error: [/Outputs/O] Every Outputs member must contain a Value object',
    'Outputs.O',
  ],
  [
    '3.5.1',
    `${BUCKET}Outputs: {O: {Value: x, Name: y}}`,
    "Invalid template output property 'Name'",
    'Outputs.O',
  ],
  [
    '3.5.1',
    `${BUCKET}Outputs: {O-1: {Value: x}}`,
    'Template format error: Output name O-1 is non alphanumeric.',
    'Outputs.O-1',
  ],
  [
    '3.5.1',
    `${BUCKET}Outputs: {O: {Value: x, Export: {}}}`,
    'Template format error: [/Outputs/O/Export] must have a Name',
    'Outputs.O',
  ],
  [
    '3.5.1',
    `${BUCKET}Outputs: {O: {Value: x, Condition: [a]}}`,
    'Template format error: Every Condition member must be a string.',
    'Outputs.O.Condition',
  ],
  // Macros: §2.3.2
  [
    '2.3.2',
    `${BUCKET}Transform: My::Macro`,
    'No transform named 000000000000::My::Macro found.',
    'Transform',
  ],
  [
    '2.3.2',
    `${BUCKET}Transform: [AWS::Serverless-2016-10-31, AWS::LanguageExtensions]`,
    'AWS::LanguageExtensions has to stand before AWS::Serverless-2016-10-31 in Transform',
    'Transform',
  ],
];

for (const [section, template, text, path] of WRONG) {
  test(`§${section}: ${template.slice(0, 70)}: ${text.slice(0, 80)}`, () => {
    const sources = new Sources();
    const [finding, ...others] = errorsOf(() => load(template, {}, sources));
    assert.equal(finding?.text, text);
    assert.equal(finding?.path, path);
    assert.deepEqual(others, []);
    assert.equal(sources.placeOf(finding!.offset!)?.file, 'template.yaml');
  });
}

const RIGHT: readonly (readonly [why: string, template: string])[] = [
  [
    'what leads to a circle and is in none is not named: §2.2.4',
    'Resources: {A: {Type: T, DependsOn: [B]}, B: {Type: T}}',
  ],
  [
    'all attributes of §2.2.2',
    resource(
      'DependsOn: [], UpdatePolicy: {}, CreationPolicy: {}, Metadata: {}, Version: 1, UpdateReplacePolicy: Retain, Description: x',
    ),
  ],
  [
    'DependsOn what a condition leaves out: §3.3.3',
    `Conditions: {C: !Equals [a, b]}\nResources: {A: {Type: T, Condition: C}, B: {Type: T, DependsOn: A}}`,
  ],
  [
    'what is left out may refer to what is: §3.3.3',
    `Conditions: {C: !Equals [a, b]}\nResources: {A: {Type: T}, B: {Type: T, Condition: C, Properties: {x: !Ref D}}, D: {Type: T, Condition: C}}`,
  ],
  [
    'the branch that is not taken: §3.3.3',
    `Conditions: {C: !Equals [a, b]}\nResources: {A: {Type: T, Properties: {x: !If [C, !Ref Nope, y]}}}`,
  ],
  [
    'true is "true": §3.3.1',
    'Conditions: {C: !Equals [true, "true"]}\nResources: {A: {Type: T, Condition: C}}',
  ],
  ['a date is text: §2.1.2', `AWSTemplateFormatVersion: 2010-09-09\n${BUCKET}`],
  ['aliases and merge keys: §2.1.2', 'Resources:\n  A: &a {Type: T}\n  B: {<<: *a, Properties: {x: !Ref A}}'],
  [
    'a policy that is a function: §4.4.3',
    `Transform: AWS::LanguageExtensions\n${resource('DeletionPolicy: !If [C, Retain, Delete]')}\nConditions: {C: !Equals [a, a]}`,
  ],
  ['a Ref to a name that a function makes: §4.4.1', `${BUCKET}Outputs: {O: {Value: {Ref: {Fn::Sub: B}}}}`],
];

for (const [why, template] of RIGHT) test(`${why}: ${template.slice(0, 70)}`, () => void load(template));

test('everything that is wrong is said at once, each at its place', () => {
  const sources = new Sources();
  const template = `Resources:
  A:
    Type: T
    Properties:
      P: !Ref Nope
      Q: [!GetAtt Gone.Arn]
      R: {Fn::Foo: 1}
Outputs:
  O: {Value: !Ref Missing}
`;
  const findings = errorsOf(() => load(template, {}, sources));
  const said = findings.map(({ text, offset }) => `${sources.placeOf(offset!)!.line} ${text.slice(0, 60)}`);
  assert.deepEqual(said.sort(), [
    '5 Template format error: Unresolved resource dependencies [Nop',
    '6 Template error: instance of Fn::GetAtt references undefined ',
    '7 Template Error: Encountered unsupported function: Fn::Foo Su',
    '9 Template format error: Unresolved resource dependencies [Mis',
  ]);
});

test('sections are read in the order of the template', () => {
  const { template } = load(`Description: of it
Metadata: {a: b}
Resources:
  B: {Type: T2, DependsOn: A, Condition: C, DeletionPolicy: Retain, CreationPolicy: {}}
  A: {Type: T1, Properties: {x: 1}, Metadata: {m: n}}
Conditions: {C: !Equals [a, a]}
Outputs: {O: {Value: x, Description: y, Export: {Name: z}, Condition: C}}`);
  assert.equal(template.description, 'of it');
  assert.deepEqual([...template.resources.keys()], ['B', 'A']);
  const { type, dependsOn, condition, deletionPolicy, otherAttributes } = template.resources.get('B')!;
  assert.deepEqual(
    { type, dependsOn, condition, deletionPolicy, otherAttributes },
    {
      type: 'T2',
      dependsOn: ['A'],
      condition: 'C',
      deletionPolicy: 'Retain',
      otherAttributes: ['CreationPolicy'],
    },
  );
  assert.equal(template.outputs.get('O')!.condition, 'C');
});
