import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathOfObject, settingsOfStack } from '../../definitions/stack-settings.ts';
import { parseConfig } from '../parse-config.test.support.ts';
import { UsageError } from '../usage-error.ts';

const directory = mkdtempSync(join(tmpdir(), 'postern-stacks-'));
writeFileSync(join(directory, 'resize.mjs'), 'export const handler = () => 1');
after(() => rmSync(directory, { recursive: true }));

const read = (text: string) => parseConfig(text, 'postern.yaml', directory).sections.stacks;

const EXAMPLE = `stacks:
  pets:
    source: app/template.yaml
    parameters: { Stage: dev, Count: 0012 }
    resources:
      Pool: { ref: eu-west-1_AbCdEfGhI }
      Inner.Cluster: { attributes: { Endpoint.Address: db.internal } }
    functions:
      Resize: { file: resize.mjs, timeout: 9, environment: { A: b } }
    exports: { network-VpcId: vpc-0a1b2c }
    ssm: { /shop/stage: 1.10 }
    secrets: { shop/db: { username: a, ports: [1, 2] }, plain: text }
    s3: { "s3://artifacts/shop/": ./build/, "s3://artifacts/one.zip": one.zip }
  "*":
    parameters: { Stage: all, Other: x }
    s3: { "s3://artifacts": all }
`;

test('stacks: everything as it is written, texts as their text (spec/definitions.md §6.5.1)', () => {
  const pets = read(EXAMPLE).get('pets');
  assert.deepEqual(pets, {
    source: join(directory, 'app/template.yaml'),
    parameters: new Map([
      ['Stage', 'dev'],
      ['Count', '0012'],
    ]),
    resources: new Map([
      ['Pool', { ref: 'eu-west-1_AbCdEfGhI', attributes: new Map() }],
      ['Inner.Cluster', { ref: undefined, attributes: new Map([['Endpoint.Address', 'db.internal']]) }],
    ]),
    functions: new Map([
      [
        'Resize',
        {
          runtime: 'nodejs',
          file: join(directory, 'resize.mjs'),
          exported: 'handler',
          handler: 'resize.handler',
          taskRoot: directory,
          environment: { A: 'b' },
          timeout: 9,
          watch: [directory],
        },
      ],
    ]),
    exports: new Map([['network-VpcId', 'vpc-0a1b2c']]),
    ssm: new Map([['/shop/stage', '1.10']]),
    secrets: new Map([
      ['shop/db', '{"username":"a","ports":["1","2"]}'],
      ['plain', 'text'],
    ]),
    s3: new Map([
      ['s3://artifacts/shop/', join(directory, 'build')],
      ['s3://artifacts/one.zip', join(directory, 'one.zip')],
    ]),
  });
});

test('stacks: single members of a name win over those of all stacks (Choice D32)', () => {
  const stacks = read(EXAMPLE);
  assert.deepEqual(
    [...settingsOfStack(stacks, 'pets').parameters],
    [
      ['Stage', 'dev'],
      ['Other', 'x'],
      ['Count', '0012'],
    ],
  );
  assert.deepEqual([...settingsOfStack(stacks, 'another').parameters.values()], ['all', 'x']);
  assert.equal(settingsOfStack(read(''), 'pets').parameters.size, 0);
});

const OBJECTS: readonly (readonly [url: string, path: string | undefined])[] = [
  ['s3://artifacts/shop/api.yaml', 'build/api.yaml'],
  ['s3://artifacts/one.zip', 'one.zip'],
  ['s3://artifacts/other/api.yaml', 'all/other/api.yaml'],
  ['s3://artifacts-2/api.yaml', undefined],
  ['https://artifacts.s3.amazonaws.com/shop/t.yaml', 'build/t.yaml'],
  ['https://artifacts.s3.eu-west-1.amazonaws.com/shop/t.yaml', 'build/t.yaml'],
  ['https://s3.eu-west-1.amazonaws.com/artifacts/shop/t.yaml', 'build/t.yaml'],
  ['https://s3-eu-west-1.amazonaws.com/artifacts/shop/t.yaml', 'build/t.yaml'],
  ['https://example.com/artifacts/shop/t.yaml', undefined],
  [`https://${'s3.'.repeat(100_000)}amazonaws.com/a`, undefined],
];

test('stacks: an object is below the longest prefix, in every form of its URL (spec/definitions.md §6.5.3)', () => {
  const { s3 } = settingsOfStack(read(EXAMPLE), 'pets');
  for (const [url, path] of OBJECTS) {
    assert.equal(pathOfObject(s3, url), path && join(directory, path), url.slice(0, 80));
  }
});

const REFUSED: readonly (readonly [what: string, text: string, says: RegExp])[] = [
  [
    'a name no stack has',
    'stacks: { 1a: {} }',
    /^postern\.yaml:1:15: stacks\.1a is named as no stack can be/,
  ],
  [
    'another member',
    'stacks: { a: { parameter: {} } }',
    /no setting "parameter" here\. Did you mean parameters\?/,
  ],
  [
    'an empty stand-in',
    'stacks: { a: { resources: { P: {} } } }',
    /resources\.P needs ref, attributes, or both/,
  ],
  ['an id that is none', 'stacks: { a: { resources: { P-1: { ref: x } } } }', /is named by no logical id/],
  ['a function without code', 'stacks: { a: { functions: { F: {} } } }', /functions\.F needs its code/],
  [
    'a value that is a list',
    'stacks: { a: { ssm: { /a: [1] } } }',
    /ssm\.\/a is one value, not a collection/,
  ],
  [
    'a definition of all stacks',
    'stacks: { "*": { source: template.yaml } }',
    /"\*" has a source: it is deployed as one stack/,
  ],
  ['an object that is none', 'stacks: { a: { s3: { /b: c } } }', /is named by no s3:\/\/bucket\/prefix/],
];

test('stacks: what is wrong is one sentence with its place', () => {
  for (const [what, text, says] of REFUSED) {
    assert.throws(
      () => read(`${text}\n`),
      (error) => error instanceof UsageError && says.test(error.message),
      what,
    );
  }
});
