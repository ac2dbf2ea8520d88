import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { DeployAnswer } from '../definitions/deploy-answer.ts';
import type { DeployRequest } from '../definitions/deploy-request.ts';
import { deployWithFiles } from './needed-files.ts';
import { type DefinitionOptions, readStackRequests } from './stack-requests.ts';

const cwd = await mkdtemp(join(tmpdir(), 'postern-requests-'));
after(() => rm(cwd, { recursive: true, force: true }));
const put = (name: string, text: string) => writeFile(join(cwd, name), text);
await put('template.yaml', 'Resources: {}\n');
await put('list.json', '[{"ParameterKey": "A", "ParameterValue": "1"}, "B=2.10"]');
await put('map.json', '{"Parameters": {"A": 1.10, "B": true}}');
await put('none.json', '{"A": {"B": 1}}');
await put('vars.json', '{"Parameters": {"A": "x"}, "Fn": {"PORT": 8080, "ON": true}}');

async function requestOf(options: Partial<DefinitionOptions>): Promise<DeployRequest> {
  const [stack] = await readStackRequests({ cwd, ...options });
  return stack!.request;
}

describe('values beside a SOURCE (spec/definitions.md §1.2)', () => {
  const forms: readonly (readonly [name: string, words: readonly string[], values: object])[] = [
    ['K=V', ['A=1'], { A: '1' }],
    ['several words', ['A=1', 'B=2'], { A: '1', B: '2' }],
    ['several in one word', ['A=1 B=2'], { A: '1', B: '2' }],
    ['blanks in a value', ['A=two words', 'B=2'], { A: 'two words', B: '2' }],
    ['quotes around blanks and equals signs', ['A="x y=z" B="a \\"b\\""'], { A: 'x y=z', B: 'a "b"' }],
    ['an equals sign in a value', ['A=b=c=='], { A: 'b=c==' }],
    ['an empty value', ['A= B=2'], { A: '', B: '2' }],
    ['ParameterKey', ['ParameterKey=A,ParameterValue=a\\,b'], { A: 'a,b' }],
    [
      'ParameterKey, several',
      ['ParameterKey=A,ParameterValue=1 ParameterKey=B,ParameterValue=2'],
      { A: '1', B: '2' },
    ],
    ['a list in a file', ['file://list.json'], { A: '1', B: '2.10' }],
    ['a map in a file, spelled as there', ['file://map.json'], { A: '1.10', B: 'true' }],
    ['a name of JavaScript', ['__proto__=1'], JSON.parse('{"__proto__": "1"}')],
    ['the last counts', ['A=1', 'A=2'], { A: '2' }],
  ];
  for (const [name, parameterOverrides, values] of forms) {
    test(`--parameter-overrides: ${name}`, async () => {
      assert.deepEqual((await requestOf({ parameterOverrides })).parameters, values);
    });
  }

  const refused: readonly (readonly [name: string, Partial<DefinitionOptions>, RegExp])[] = [
    ['no equals sign', { parameterOverrides: ['A'] }, /^--parameter-overrides has "A": it is KEY=VALUE, or /],
    ['a tag without one', { tags: ['A'] }, /^--tags has "A": it is KEY=VALUE, or Key=KEY,Value=VALUE, or /],
    [
      'a file of something else',
      { parameterOverrides: ['file://none.json'] },
      /none\.json is none of these: a list/,
    ],
    ['a file that is not there', { parameterOverrides: ['file://no.json'] }, /no\.json does not exist/],
    [
      'a name of no stack',
      { stackName: '2pets' },
      /^1 validation error detected: Value '2pets' at 'stackName' failed/,
    ],
    ['too long a name', { stackName: 'a'.repeat(129) }, /^1 validation error detected: /],
    [
      'names of stacks behind a template',
      { names: ['Pets'] },
      /^template\.yaml is one stack: Pets is too much\.$/,
    ],
    ['a samconfig that is not there', { samConfigFile: 'no.toml' }, /^no\.toml does not exist\.$/],
    ['variables that are none', { variablesFile: 'list.json' }, /^list\.json:1:1: it cannot be read: /],
  ];
  for (const [name, options, message] of refused) {
    test(`refused: ${name}`, async () => {
      await assert.rejects(requestOf(options), (error) => {
        assert.match(String(error).replace(/^Error: /, ''), message);
        return true;
      });
    });
  }

  test('--parameters are for one stack or for all', async () => {
    const { parameters } = await requestOf({
      stackName: 'pets',
      parameters: ['A=1', 'other:B=2', 'C=arn:aws:sns'],
    });
    assert.deepEqual(parameters, { A: '1', C: 'arn:aws:sns' });
  });

  test('variables are in the format of sam local (§12.5)', async () => {
    const { variables } = await requestOf({ variablesFile: 'vars.json' });
    assert.deepEqual(variables, { Parameters: { A: 'x' }, Fn: { PORT: '8080', ON: 'true' } });
  });
});

describe('samconfig.toml (spec/definitions.md §1.4)', () => {
  const CONFIG = `version = 0.1
[default.global.parameters]
stack_name = "shared"
tags = ["team=a"]
[default.deploy.parameters]
stack_name = "shop"
region = "eu-west-1"
parameter_overrides = 'A="1 2" B=3'
capabilities = "CAPABILITY_IAM"
[prod.deploy.parameters]
stack_name = "shop-prod"
parameter_overrides = ["A=1"]
`;
  const rows: readonly (readonly [name: string, Partial<DefinitionOptions>, object])[] = [
    ['the default environment', {}, ['shop', 'eu-west-1', { A: '1 2', B: '3' }, {}, { team: 'a' }]],
    ['another', { samConfigEnvironment: 'prod' }, ['shop-prod', undefined, { A: '1' }, {}, {}]],
    [
      'the command line wins',
      { stackName: 'mine', region: 'us-west-2', parameterOverrides: ['A=9'], tags: ['team=b'] },
      ['mine', 'us-west-2', { A: '1 2', B: '3' }, { A: '9' }, { team: 'b' }],
    ],
  ];
  for (const [name, options, expected] of rows) {
    test(name, async () => {
      await put('samconfig.toml', CONFIG);
      const [{ request, region } = assert.fail()] = await readStackRequests({ cwd, ...options });
      const { stackName, defaults, parameters, tags } = request;
      assert.deepEqual([stackName, region, defaults, parameters, tags], expected);
    });
  }

  const broken: readonly (readonly [text: string, options: Partial<DefinitionOptions>, message: RegExp])[] = [
    ['a = \n', {}, /^samconfig\.toml:1:\d+: Invalid TOML/],
    [CONFIG, { samConfigEnvironment: 'no' }, /^samconfig\.toml has no environment "no" \(--config-env\)\.$/],
    [
      '[default.deploy.parameters]\nstack_name = 1\n',
      {},
      /^samconfig\.toml: default\.deploy\.parameters\.stack_name is text\.$/,
    ],
    [
      '[default.deploy.parameters]\ntags = 1\n',
      {},
      /^samconfig\.toml: default\.deploy\.parameters\.tags is text with KEY=VALUE, or a list of such\.$/,
    ],
  ];
  for (const [text, options, message] of broken) {
    test(`refused: ${message.source}`, async () => {
      await put('samconfig.toml', text);
      await assert.rejects(requestOf(options), (error) => {
        assert.match(String(error).replace(/^Error: /, ''), message);
        return true;
      });
    });
  }
});

describe('files that a server still wants', () => {
  const template = { name: 'template.yaml', text: 'Location: ../shared/api.yaml' };
  const request: DeployRequest = { stackName: 'pets', template, directory: join(cwd, 'app') };
  const done = { outcome: 'unchanged' } as DeployAnswer;

  /** Answers with what is wanted, one list after the other, and keeps what it was asked with. */
  async function deployed(...wanted: readonly (readonly string[])[]) {
    const asked: DeployRequest[] = [];
    await deployWithFiles(
      request,
      async (each) => {
        asked.push(each);
        const files = wanted[asked.length - 1];
        return files === undefined ? done : { outcome: 'needs', files };
      },
      cwd,
    );
    return asked;
  }

  test('they are read and sent, beside those before', async () => {
    await put('api.yaml', 'a: 1');
    const [, , third] = await deployed([join(cwd, 'api.yaml')], [join(cwd, 'app/missing.yaml')]);
    assert.deepEqual(third?.files, {
      [join(cwd, 'api.yaml')]: { name: 'api.yaml', text: 'a: 1' },
      [join(cwd, 'app/missing.yaml')]: 'app/missing.yaml does not exist.',
    });
  });

  test('a file that the definition does not name is not sent', async () => {
    await put('secret.txt', 'x');
    await assert.rejects(
      deployed([join(cwd, 'secret.txt')]),
      /The server asks for .*secret\.txt, which template\.yaml does not name/,
    );
    await assert.rejects(deployed([join(cwd, 'app/../secret.txt')]), /does not name/);
  });

  test('a server that asks for the same again is not asked for ever', async () => {
    const path = join(cwd, 'app/missing.yaml');
    await assert.rejects(deployed([path], [path]), /The server asks again for/);
  });

  test('nor one that always asks for more', async () => {
    const wanted = Array.from({ length: 30 }, (_, i) => [join(cwd, `app/${i}.yaml`)]);
    await assert.rejects(deployed(...wanted), /include one another more than 20 deep/);
  });
});
