// Templates that are made to take time, memory or the stack, or to reach what they should not: each is refused in a sentence, at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorsOf, type Given, load, propertiesOf } from './template.test.support.ts';

const properties = (text: string): string => `{"Resources": {"R": {"Type": "T", "Properties": ${text}}}}`;
const repeated = (text: string, count: number): string => `[${Array<string>(count).fill(text).join(',')}]`;
const list = (count: number): string => `[${Array.from({ length: count }, (_, at) => at).join(',')}]`;
const HUGE = 'x'.repeat(60_000);

const loops = (items: string, body: string): string =>
  Array.from({ length: 5 }).reduce<string>(
    (inner, _, at) => `{"Fn::ForEach::L${at}": ["P${at}", ${items}, ${inner}]}`,
    body,
  );
const KEY = '"a${P0}b${P1}c${P2}d${P3}e${P4}"';
const laughs = Array.from(
  { length: 8 },
  (_, at) =>
    `x${at}: &x${at} [${Array<string>(10)
      .fill(at === 0 ? 'lol' : `*x${at - 1}`)
      .join(', ')}]\n`,
).join('');
const chain = (length: number): string =>
  `{${Array.from({ length }, (_, at) => `"C${at}": {"Condition": "C${at + 1}"}`).join(',')}, "C${length}": {"Fn::Equals": ["a", "a"]}}`;

const ATTACKS: readonly (readonly [what: string, template: string, said: RegExp, given?: Given])[] = [
  ['maps in maps', properties(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`), /nested more than 100 deep/],
  ['aliases of aliases', `${laughs}Resources: {R: {Type: T}}`, /aliases stand for more than 100000 values/],
  ['a text of more than 8 MB', properties(JSON.stringify('x'.repeat(8 * 1024 * 1024))), /8388608 may be/],
  [
    'loops in loops',
    `{"Resources": ${loops(list(1000), `{${KEY}: {"Type": "T"}}`)}}`,
    /copies have more than 100000 values/,
  ],
  [
    'loops that make nothing',
    `{"Parameters": {"L": {"Type": "CommaDelimitedList"}}, "Resources": ${loops('{"Ref": "L"}', '{}')}}`,
    /copies have more than 100000 values|produce more than 8 MB/,
    { given: { L: Array.from({ length: 10_000 }, (_, at) => at).join(',') } },
  ],
  [
    'loops over long texts',
    `{"Resources": {"Fn::ForEach::R": ["P", ["${HUGE}"], {"R": {"Type": "T", "Properties": {"x": "${'${P}'.repeat(1000)}"}}}]}}`,
    /copies have more than 8 MB of text/,
  ],
  [
    'many resources',
    `{"Resources": {"Fn::ForEach::R": ["P", ${list(5001)}, {"R\${P}": {"Type": "T"}}]}}`,
    /Number of resources, 5001, is greater than maximum allowed, 5000/,
  ],
  [
    'a Sub of long texts',
    `{"Parameters": {"P": {"Type": "String"}}, ${properties(`{"x": {"Fn::Sub": "${'${P}'.repeat(1000)}"}}`).slice(1)}`,
    /produce more than 8 MB of text/,
    { given: { P: HUGE } },
  ],
  [
    'a Join of joins',
    `{"Parameters": {"P": {"Type": "String"}}, ${properties(`{"x": {"Fn::Join": ["", ${repeated(`{"Fn::Join": ["", ${repeated('{"Ref": "P"}', 100)}]}`, 100)}]}}`).slice(1)}`,
    /produce more than 8 MB of text/,
    { given: { P: HUGE } },
  ],
  [
    'a Split into characters',
    properties(`{"x": {"Fn::Split": [",", "${','.repeat(4_000_000)}"]}}`),
    /produce more than 8 MB of text/,
  ],
  [
    'a list that is handed on many times',
    `{"Mappings": {"M": {"a": {"b": ${repeated('"y"', 50_000)}}}}, ${properties(`{"x": ${repeated('{"Fn::FindInMap": ["M", "a", "b"]}', 1000)}}`).slice(1)}`,
    /produce more than 8 MB of text/,
  ],
  [
    'JSON of it',
    `{"Mappings": {"M": {"a": {"b": ${repeated('"y"', 50_000)}}}}, ${properties(`{"x": {"Fn::ToJsonString": ${repeated('{"Fn::FindInMap": ["M", "a", "b"]}', 1000)}}}`).slice(1)}`,
    /produce more than 8 MB of text/,
  ],
  [
    'a value of a parameter',
    `{"Parameters": {"P": {"Type": "CommaDelimitedList"}}, ${properties('{}').slice(1)}`,
    /at most 65536 characters/,
    { given: { P: ','.repeat(70_000) } },
  ],
  [
    'conditions that ask one another',
    `{"Conditions": ${chain(5000)}, ${properties('{}').slice(1)}`,
    /conditions ask each other more than 200 deep/,
  ],
  [
    'a pattern that backtracks',
    `{"Parameters": {"P": {"Type": "String", "AllowedPattern": "(a+)+$"}}, ${properties('{}').slice(1)}`,
    /must match pattern/,
    { given: { P: `${'a'.repeat(40_000)}!` } },
  ],
  [
    'a number that backtracks',
    `{"Parameters": {"P": {"Type": "Number"}}, ${properties('{}').slice(1)}`,
    /must be a number/,
    { given: { P: `${'1'.repeat(60_000)}!` } },
  ],
  [
    'a pattern of groups in groups',
    `{"Parameters": {"P": {"Type": "String", "AllowedPattern": "${'('.repeat(2000)}a${'){1,9}'.repeat(2000)}"}}, ${properties('{}').slice(1)}`,
    /AllowedPattern/,
    { given: { P: 'a' } },
  ],
  [
    'a file that includes itself twice',
    properties('{"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "a"}}}'),
    /include each other more than 10 deep/,
    {
      files: {
        a: '{"x": {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "a"}}}, "y": {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "a"}}}}',
      },
    },
  ],
  [
    'a large file that is included often',
    properties(
      `${repeated('{"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "a"}}}', 100)}`,
    ),
    /larger than 8 MB/,
    { files: { a: `{"x": "${'y'.repeat(100_000)}"}` } },
  ],
];

for (const [what, template, said, given] of ATTACKS) {
  test(`${what}: refused in a sentence`, { timeout: 20_000 }, () => {
    const errors = errorsOf(() => propertiesOf(load(template, given)));
    assert.match(errors[0]?.text ?? 'nothing', said);
  });
}

test('names of the language are names like others', () => {
  const proto = '{"__proto__": {"polluted": "yes"}, "constructor": {"Ref": "__proto__"}, "toString": 1}';
  assert.match(errorsOf(() => load(properties(proto)))[0]!.text, /dependencies \[__proto__\]/);
  assert.match(
    errorsOf(() => load(properties('{"x": {"Fn::toString": 1}}')))[0]!.text,
    /function: Fn::toString/,
  );
  assert.match(
    errorsOf(() => load(properties('{"x": {"Fn::Sub": "${constructor}"}}')))[0]!.text,
    /\[constructor\]/,
  );
  const inMap = '{"x": {"Fn::FindInMap": ["__proto__", "a", "b"]}}';
  assert.match(
    errorsOf(() => propertiesOf(load(properties(inMap))))[0]!.text,
    /Mapping named '__proto__' is not present/,
  );
  assert.match(
    errorsOf(() => load(properties('{}'), { given: JSON.parse('{"__proto__": "x"}') }))[0]!.text,
    /\[__proto__\] do not exist/,
  );
  const loaded = load(properties('{"__proto__": {"polluted": "yes"}}'));
  assert.deepEqual(JSON.stringify(propertiesOf(loaded)), '{"__proto__":{"polluted":"yes"}}');
  assert.equal(({} as { polluted?: string }).polluted, undefined);
});

test('each event of a REST API takes as long as any other, however many there are', () => {
  const millisOf = (count: number): number => {
    const events = Array.from(
      { length: count },
      (_, at) => `"E${at}": {"Type": "Api", "Properties": {"Path": "/p${at}", "Method": "get"}}`,
    );
    const fn = `{"Handler": "a.b", "Runtime": "nodejs20.x", "CodeUri": "src", "Events": {${events.join(',')}}}`;
    const before = process.cpuUsage();
    load(
      `{"Transform": "AWS::Serverless-2016-10-31", "Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": ${fn}}}}`,
    );
    return process.cpuUsage(before).user / 1000;
  };
  millisOf(200);
  const few = Math.min(millisOf(600), millisOf(600), millisOf(600));
  // The quickest of three counts: one that is quick enough is measured no further.
  const many: number[] = [];
  do many.push(millisOf(4800));
  while (many.at(-1)! >= 24 * few && many.length < 3);
  assert.ok(many.at(-1)! < 24 * few, `600 events take ${few} ms, 4,800 take ${many.join(', ')} ms`);
});
