import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { UsageError } from '../settings/usage-error.ts';
import { findSource } from './find-source.ts';
import { SourceError } from './source-error.ts';

const TEMPLATE = 'Resources:\n  Api:\n    Type: AWS::ApiGatewayV2::Api\n';
const OPENAPI = 'openapi: 3.0.1\ninfo: {title: pets, version: "1"}\npaths: {}\n';
const MANIFEST = JSON.stringify({
  version: '55.0.0',
  artifacts: {
    Pets: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Pets.template.json' } },
  },
});
const PACKAGE = {
  'cloudformation-template-update-stack.json': '{"Resources": {}}',
  'serverless-state.json': JSON.stringify({ service: { service: 'shop', provider: { stage: 'dev' } } }),
};
const below = (folder: string, files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));

const root = await mkdtemp(join(tmpdir(), 'postern-sources-'));
after(() => rm(root, { recursive: true, force: true }));

let count = 0;
async function directoryWith(files: Readonly<Record<string, string>>): Promise<string> {
  const cwd = join(root, `pets ${count++}`);
  await mkdir(cwd, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, name)), { recursive: true });
    await writeFile(join(cwd, name), text);
  }
  return cwd;
}

type Row = readonly [
  name: string,
  files: Readonly<Record<string, string>>,
  named: string | undefined,
  found: readonly [kind: string, name: string, stackName: RegExp],
];

describe('what a SOURCE is (spec/definitions.md §1.1)', () => {
  const rows: readonly Row[] = [
    ['a template', { 'a.yaml': TEMPLATE }, 'a.yaml', ['template', 'a.yaml', /^pets-\d+$/]],
    ['any file with Resources', { 'a.txt': TEMPLATE }, 'a.txt', ['template', 'a.txt', /^pets-/]],
    ['JSON', { 'a.json': '{"Resources": {}}' }, 'a.json', ['template', 'a.json', /^pets-/]],
    [
      'a template that includes an API, with short tags',
      { 'a.yaml': `${TEMPLATE}    Properties: {Body: !Include openapi.yaml}\n` },
      'a.yaml',
      ['template', 'a.yaml', /^pets-/],
    ],
    ['an OpenAPI document', { 'api.yaml': OPENAPI }, 'api.yaml', ['openapi', 'api.yaml', /^pets-/]],
    ['one of another ending', { 'api.txt': OPENAPI }, 'api.txt', ['openapi', 'api.txt', /^pets-/]],
    [
      'a template in a directory names the stack by it',
      below('2 my app!', { 'template.yml': TEMPLATE }),
      '2 my app!',
      ['template', '2 my app!/template.yml', /^my-app-$/],
    ],
    ['an assembly', below('out', { 'manifest.json': MANIFEST }), 'out', ['assembly', 'out', /^Pets$/]],
    [
      'another manifest.json beside a template',
      below('out', { 'manifest.json': '{"version": 1}', 'template.json': '{}' }),
      'out',
      ['template', 'out/template.json', /^out$/],
    ],
    ['a package', below('.serverless', PACKAGE), '.serverless', ['package', '.serverless', /^shop-dev$/]],
    [
      'nothing: what sam has built, named by its project',
      { '.aws-sam/build/template.yaml': TEMPLATE, 'template.yaml': TEMPLATE },
      undefined,
      ['template', '.aws-sam/build/template.yaml', /^pets-/],
    ],
    [
      'nothing: the template before an assembly',
      { 'template.yml': TEMPLATE, ...below('cdk.out', { 'manifest.json': MANIFEST }) },
      undefined,
      ['template', 'template.yml', /^pets-/],
    ],
    [
      'nothing: an assembly before a package',
      { ...below('cdk.out', { 'manifest.json': MANIFEST }), ...below('.serverless', PACKAGE) },
      undefined,
      ['assembly', 'cdk.out', /^Pets$/],
    ],
    [
      'nothing: a package',
      below('.serverless', PACKAGE),
      undefined,
      ['package', '.serverless', /^shop-dev$/],
    ],
  ];
  for (const [name, files, named, [kind, sourceName, stackName]] of rows) {
    test(name, async () => {
      const source = await findSource(named, await directoryWith(files));
      assert.deepEqual([source.kind, source.name], [kind, sourceName]);
      assert.match(source.stacks[0]!.stackName, stackName);
    });
  }

  const SERVERLESS =
    /^serverless\.yml is read by the Serverless Framework: run "npx serverless package" and then "postern deploy \.serverless", or keep both going with postern dev \.serverless --build "npx serverless package"$/;
  const refused: readonly (readonly [
    name: string,
    files: Readonly<Record<string, string>>,
    named: string | undefined,
    message: RegExp,
  ])[] = [
    ['serverless.yml', { 'serverless.yml': 'service: a' }, 'serverless.yml', SERVERLESS],
    ['serverless.yml where nothing is named', { 'serverless.yml': 'service: a' }, undefined, SERVERLESS],
    [
      'serverless.ts',
      { 'serverless.ts': '' },
      './serverless.ts',
      /^serverless\.ts is read by the Serverless/,
    ],
    ['what is not there', {}, 'a.yaml', /^a\.yaml does not exist\.$/],
    ['nothing, where nothing is', {}, undefined, /^There is nothing to deploy in .*: none of \.aws-sam/],
    ['a directory of something else', below('out', { a: '' }), 'out', /^There is nothing to deploy in out: /],
    ['a file of something else', { 'a.txt': 'a: 1' }, 'a.txt', /^a\.txt is nothing that can be deployed: /],
    ['Swagger', { 'a.yaml': 'swagger: "2.0"' }, 'a.yaml', /^a\.yaml is a Swagger 2\.0 document: /],
  ];
  for (const [name, files, named, message] of refused) {
    test(`refused: ${name}`, async () => {
      await assert.rejects(findSource(named, await directoryWith(files)), (error) => {
        assert.ok(error instanceof UsageError, String(error));
        assert.match(error.message, message);
        return true;
      });
    });
  }

  test('a text that is no UTF-8 is refused with its name', async () => {
    const cwd = await directoryWith({});
    await writeFile(join(cwd, 'a.yaml'), Buffer.from([0x61, 0xff]));
    await assert.rejects(
      findSource('a.yaml', cwd),
      new SourceError('a.yaml is not UTF-8 text: save it as UTF-8.'),
    );
  });

  test('an OpenAPI document is one API with a stage that follows', async () => {
    const cwd = await directoryWith({ 'api.yaml': OPENAPI });
    const { template, files } = await (await findSource('api.yaml', cwd)).stacks[0]!.read();
    const path = join(cwd, 'api.yaml');
    assert.deepEqual(JSON.parse(template.text).Resources, {
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { BodyS3Location: path } },
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: { ApiId: { Ref: 'Api' }, StageName: '$default', AutoDeploy: true },
      },
    });
    assert.deepEqual(files, { [path]: { name: 'api.yaml', text: OPENAPI } });
  });
});
