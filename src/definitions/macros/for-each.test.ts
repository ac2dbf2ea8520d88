import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainOf } from '../../tree/node.ts';
import { errorsOf, load, propertiesOf } from '../template.test.support.ts';

const HEAD =
  'Transform: AWS::LanguageExtensions\nParameters: {L: {Type: CommaDelimitedList, Default: "x,y"}}\n';
const resources = (text: string): string => `${HEAD}Mappings: {M: {a: {l: [p, q]}}}\nResources: ${text}`;

/** Logical ids, and the property V of each (spec/definitions.md §4.4.1). */
const COPIES: readonly (readonly [template: string, copies: { readonly [id: string]: unknown }])[] = [
  // Row 65
  [
    "{Fn::ForEach::R: [P, [a-1, b], {'Route&{P}': {Type: T, Properties: {V: !Sub 'GET /${P}'}}}]}",
    { Routea1: 'GET /a-1', Routeb: 'GET /b' },
  ],
  ['{Fn::ForEach::R: [P, !Ref L, {"R${P}": {Type: T, Properties: {V: !Ref P}}}]}', { Rx: 'x', Ry: 'y' }],
  [
    '{Fn::ForEach::R: [P, !Split ["|", "c|d"], {"R${P}": {Type: T, Properties: {V: [!Ref P, "&{P}"]}}}]}',
    { Rc: ['c', 'c'], Rd: ['d', 'd'] },
  ],
  ['{Fn::ForEach::R: [P, !FindInMap [M, a, l], {"R${P}": {Type: T}}]}', { Rp: undefined, Rq: undefined }],
  [
    '{A: {Type: T}, Fn::ForEach::R: [P, [1], {"R${P}": {Type: T}, "S${P}": {Type: T}}], Z: {Type: T}}',
    { A: undefined, R1: undefined, S1: undefined, Z: undefined },
  ],
  [
    '{Fn::ForEach::R: [P, [a, b], {Fn::ForEach::S: [Q, [c, !Ref P], {"R${P}${Q}": {Type: T, Properties: {V: "${P}-${Q}"}}}]}]}',
    { Rac: 'a-c', Raa: 'a-a', Rbc: 'b-c', Rbb: 'b-b' },
  ],
  // In properties
  [
    '{R: {Type: T, Properties: {V: {Fn::ForEach::K: [P, [a, b], {"k-${P}": !Sub "v-${P}"}]}}}}',
    { R: { 'k-a': 'v-a', 'k-b': 'v-b' } },
  ],
  // References to copies
  [
    '{Fn::ForEach::R: [P, [a], {"R${P}": {Type: T, DependsOn: ["S${P}"], Properties: {V: {Ref: {Fn::Sub: "S${P}"}}}}, "S${P}": {Type: T}}]}',
    { Ra: 'pets-Sa', Sa: undefined },
  ],
  ['{Fn::ForEach::R: [P, [], {"R${P}": {Type: T}}], A: {Type: T}}', { A: undefined }],
];

for (const [template, copies] of COPIES) {
  test(`${template.slice(0, 100)} makes ${Object.keys(copies)}`, () => {
    const loaded = load(resources(template));
    const made = Array.from(loaded.template.resources.keys(), (id) => [
      id,
      (propertiesOf(loaded, id) as { V?: unknown }).V,
    ]);
    assert.deepEqual(Object.fromEntries(made), copies);
    assert.deepEqual(loaded.findings, []);
  });
}

test('a copy has a condition of its own', () => {
  const { resources } = load(`${HEAD}Conditions: {Isx: !Equals [a, a], Isy: !Equals [a, b]}
Resources: {Fn::ForEach::R: [P, !Ref L, {"R\${P}": {Type: T, Condition: !Sub "Is\${P}", DeletionPolicy: !If [Isx, Retain, Delete]}}]}`);
  assert.deepEqual(
    Array.from(resources.values(), ({ logicalId, deletionPolicy }) => [logicalId, deletionPolicy]),
    [['Rx', 'Retain']],
  );
});

test('conditions and outputs have loops too', () => {
  const { template } = load(`${HEAD}Resources: {A: {Type: T, Condition: Isx}}
Conditions: {Fn::ForEach::C: [P, !Ref L, {"Is\${P}": !Equals [!Ref P, x]}]}
Outputs: {Fn::ForEach::O: [P, !Ref L, {"Out\${P}": {Value: !Sub "v-\${P}"}}]}`);
  assert.deepEqual([...template.conditions.keys()], ['Isx', 'Isy']);
  assert.deepEqual(
    Array.from(template.outputs.values(), ({ value }) => plainOf(value)),
    [{ 'Fn::Sub': 'v-x' }, { 'Fn::Sub': 'v-y' }],
  );
});

const LOOP = 'Fn::ForEach::R: [P, [a], {"R${P}": {Type: T}}]';
const nested = (depth: number): string =>
  Array.from({ length: depth }).reduce<string>(
    (body, _, at) => `{Fn::ForEach::L${at}: [P${at}, [a], ${body}]}`,
    '{"R": {Type: T}}',
  );

const WRONG: readonly (readonly [template: string, text: string])[] = [
  ['{Fn::ForEach::R: [P, [a]]}', 'Fn::ForEach layout is incorrect'],
  ['{Fn::ForEach::R: {P: [a]}}', 'Fn::ForEach layout is incorrect'],
  ['{Fn::ForEach::R: [P, [a], b]}', 'Fn::ForEach layout is incorrect'],
  ['{"Fn::ForEach::": [P, [a], {"R${P}": {Type: T}}]}', 'Fn::ForEach layout is incorrect'],
  [
    '{Fn::ForEach::R: [P, a, {"R${P}": {Type: T}}]}',
    'Fn::ForEach::R: what it goes through is no list of texts',
  ],
  [
    '{Fn::ForEach::R: [P, [[a]], {"R${P}": {Type: T}}]}',
    'Fn::ForEach::R: what it goes through is no list of texts',
  ],
  [
    '{Fn::ForEach::R: [P, !Ref A, {"R${P}": {Type: T}}], A: {Type: T}}',
    'Template format error: Unresolved resource dependencies [A] in the Resources block of the template',
  ],
  [
    `{${LOOP}, A: {Type: T, Properties: {${LOOP}}}}`,
    'Fn::ForEach::R: another loop has the name already, which has to be unique in the template',
  ],
  [
    '{Fn::ForEach::R: [L, [a], {"R${L}": {Type: T}}]}',
    'Fn::ForEach::R: the identifier L is the name of a parameter',
  ],
  [
    '{Fn::ForEach::R: [P, [a], {Fn::ForEach::S: [P, [a], {"R${P}": {Type: T}}]}]}',
    'Fn::ForEach::S: the identifier P is that of a loop around it',
  ],
  [
    '{Fn::ForEach::R: [a-b, [a], {"R": {Type: T}}]}',
    'Fn::ForEach::R: the identifier a-b is non alphanumeric',
  ],
  [
    '{Fn::ForEach::R: [P, [a, a], {"R${P}": {Type: T}}]}',
    'Fn::ForEach::R: a copy has the name Ra, which is there already',
  ],
  [`{${LOOP}, Ra: {Type: T}}`, 'Fn::ForEach::R: a copy has the name Ra, which is there already'],
  [
    '{Fn::ForEach::R: [P, [a], {"R${P}": {Type: T}, "R&{P}": {Type: T}}]}',
    'Fn::ForEach::R: a copy has the key Ra twice',
  ],
  [nested(6), 'Fn::ForEach::L0: loops nest more than 5 deep'],
];

for (const [template, text] of WRONG) {
  test(`${template.slice(0, 100)}: ${text}`, () => {
    const [finding, ...others] = errorsOf(() => load(resources(template)));
    assert.equal(finding?.text, text);
    assert.match(finding?.path ?? '', /^Resources\..*ForEach::/);
    assert.notEqual(finding?.offset, undefined);
    assert.deepEqual(others, []);
  });
}

test('five loops may stand in one another', () => void load(resources(nested(5))));

test('without the transform loops run, and a note says that AWS would refuse them: Choice D13', () => {
  for (const [template, path] of [
    [`Resources: {${LOOP}}`, 'Resources.Fn::ForEach::R'],
    ['Resources: {A: {Type: T, Properties: {a: !Length [b]}}}', 'Resources.A.Properties.a.Fn::Length'],
    [
      'Resources: {A: {Type: T, Properties: {a: !ToJsonString [b]}}}',
      'Resources.A.Properties.a.Fn::ToJsonString',
    ],
    [
      'Resources: {A: {Type: T, Properties: {a: !FindInMap [a, b, c, DefaultValue: d]}}}',
      'Resources.A.Properties.a.Fn::FindInMap',
    ],
    ['Resources: {A: {Type: T, DeletionPolicy: !Sub Retain}}', 'Resources.A.DeletionPolicy'],
  ] as const) {
    const { findings } = load(template);
    assert.deepEqual(
      findings.map((finding) => [finding.severity, finding.text, finding.path]),
      [
        [
          'note',
          'AWS would refuse this function: the template has no Transform AWS::LanguageExtensions',
          path,
        ],
      ],
    );
  }
});
