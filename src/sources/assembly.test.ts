import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { UsageError } from '../settings/usage-error.ts';
import { readAssembly } from './assembly.ts';
import { type Selection, selectStacks } from './select-stacks.ts';
import { readPackage } from './serverless-package.ts';
import type { Source } from './source.ts';
import { SourceError } from './source-error.ts';

const root = await mkdtemp(join(tmpdir(), 'postern-assembly-'));
after(() => rm(root, { recursive: true, force: true }));

async function write(folder: string, files: Readonly<Record<string, unknown>>): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return join(root, folder);
}

const stack = (templateFile: string, more: object = {}, properties: object = {}) => ({
  type: 'aws:cloudformation:stack',
  environment: 'aws://unknown-account/unknown-region',
  properties: { templateFile, ...properties },
  ...more,
});
const manifestOf = (artifacts: object, more: object = {}) => ({ version: '55.0.0', artifacts, ...more });

describe('cloud assemblies (spec/definitions.md §9)', () => {
  let source: Source;
  before(async () => {
    const directory = await write('app', {
      'manifest.json': manifestOf({
        'Pets.assets': { type: 'cdk:asset-manifest', properties: { file: 'Pets.assets.json' } },
        Pets: stack(
          'Pets.template.json',
          { dependencies: ['Pets.assets', 'Base'] },
          {
            parameters: { Size: 2 },
            tags: { team: 'a' },
            terminationProtection: true,
          },
        ),
        Base: stack(
          'Base.template.json',
          { environment: 'aws://123456789012/eu-west-1' },
          { stackName: 'shop-base' },
        ),
        'assembly-Prod': { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Prod' } },
        Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
      }),
      'Pets.template.json': '{"Resources": {"Pets": 1}}',
      'Base.template.json': '{}',
      'asset.aa/index.js': '',
      'asset.bb.zip': '',
      'Pets.assets.json': {
        files: {
          aa: {
            source: { path: 'asset.aa', packaging: 'zip' },
            destinations: { here: { bucketName: 'cdk-${AWS::Region}', objectKey: 'aa.zip' } },
          },
          bb: {
            source: { path: 'asset.bb.zip', packaging: 'file' },
            destinations: { here: { bucketName: 'cdk', objectKey: 'pre/bb.zip' } },
          },
          cc: {
            source: { path: 'Nested.template.json', packaging: 'file' },
            destinations: { here: { bucketName: 'cdk', objectKey: 'cc.json' } },
          },
          dd: { source: { executable: ['make'] }, destinations: { here: { objectKey: 'dd.zip' } } },
        },
      },
      'assembly-Prod/manifest.json': manifestOf({
        ProdPets1234: stack('P.template.json', { displayName: 'Prod/Pets' }, { stackName: 'Prod-Pets' }),
      }),
      'assembly-Prod/P.template.json': '{}',
    });
    source = await readAssembly(directory, root);
  });

  test('stacks have their names, those of stages too', () => {
    assert.deepEqual(
      source.stacks.map(({ displayName, stackName }) => [displayName, stackName]),
      [
        ['Pets', 'Pets'],
        ['Base', 'shop-base'],
        ['Prod/Pets', 'Prod-Pets'],
      ],
    );
  });

  test('an environment is known or open (§9.2), and protection is told (§9.8)', () => {
    assert.deepEqual(
      source.stacks.map(({ account, region, terminationProtection }) => [
        account,
        region,
        terminationProtection,
      ]),
      [
        [undefined, undefined, true],
        ['123456789012', 'eu-west-1', false],
        [undefined, undefined, false],
      ],
    );
  });

  test('assets are found by the keys that templates have for them (§9.3)', async () => {
    const { template, assets, parameters, tags } = await source.stacks[0]!.read();
    assert.deepEqual(template, { name: 'app/Pets.template.json', text: '{"Resources": {"Pets": 1}}' });
    assert.deepEqual(assets, {
      'aa.zip': { path: join(root, 'app/asset.aa'), packaging: 'directory' },
      'bb.zip': { path: join(root, 'app/asset.bb.zip'), packaging: 'zip' },
      'cc.json': { path: join(root, 'app/Nested.template.json'), packaging: 'file' },
    });
    assert.deepEqual([parameters, tags], [{ Size: '2' }, { team: 'a' }]);
  });

  const NONE: Selection = { names: [], all: false, exclusively: false, stackName: undefined };
  const selections: readonly (readonly [name: string, Partial<Selection>, readonly string[]])[] = [
    ['a name, and what it depends on before it', { names: ['Pets'] }, ['Base', 'Pets']],
    ['exclusively without that', { names: ['Pets'], exclusively: true }, ['Pets']],
    ['a wildcard over display names', { names: ['Prod/*'] }, ['Prod/Pets']],
    ['the name of the stack', { names: ['shop-bas?'] }, ['Base']],
    ['--stack-name', { stackName: 'Prod-Pets' }, ['Prod/Pets']],
    ['all, by dependency', { all: true }, ['Base', 'Pets', 'Prod/Pets']],
    ['everything by a star', { names: ['*'] }, ['Base', 'Pets', 'Prod/Pets']],
  ];
  for (const [name, selection, chosen] of selections) {
    test(`chosen (§9.5): ${name}`, () => {
      const found = selectStacks(source, { ...NONE, ...selection });
      assert.deepEqual(
        found.map(({ displayName }) => displayName),
        chosen,
      );
    });
  }

  // Row 91 of spec/definitions.md §14.
  test('several stacks and no name are refused with the list', () => {
    assert.throws(
      () => selectStacks(source, NONE),
      new UsageError(
        'Since this app includes more than a single stack, specify which stacks to use (wildcards are supported) or specify `--all`\nStacks: Pets · Base · Prod/Pets',
      ),
    );
  });

  test('a name that no stack has is refused with the list', () => {
    assert.throws(
      () => selectStacks(source, { ...NONE, names: ['Pet', 'Base'] }),
      new UsageError('No stacks match the name(s) Pet. Stacks: Pets · Base · Prod/Pets'),
    );
  });

  const broken: readonly (readonly [name: string, manifest: unknown, message: RegExp])[] = [
    [
      'context is missing (§9.1)',
      manifestOf({ A: stack('A.json') }, { missing: [{ key: 'vpc' }] }),
      /^The assembly lacks context; synthesise it again with credentials or with cdk\.context\.json$/,
    ],
    ['no stack', manifestOf({}), /^broken has no stack: /],
    [
      'a stack without a template',
      manifestOf({ A: { type: 'aws:cloudformation:stack' } }),
      /A has no templateFile/,
    ],
    ['no JSON', '{"version": ', /^broken\/manifest\.json:1:\d+: it cannot be read: /],
    [
      'an assembly in itself',
      manifestOf({ A: { type: 'cdk:cloud-assembly', properties: { directoryName: '.' } } }),
      /more than 20 deep/,
    ],
  ];
  for (const [name, manifest, message] of broken) {
    test(`refused: ${name}`, async () => {
      const directory = await write('broken', { 'manifest.json': manifest });
      await assert.rejects(readAssembly(directory, root), (error) => {
        assert.ok(error instanceof SourceError, String(error));
        assert.match(error.message, message);
        return true;
      });
    });
  }
});

describe('Serverless packages (spec/definitions.md §10.2, §10.3)', () => {
  const template = 'cloudformation-template-update-stack.json';

  async function packageOf(service: object) {
    const directory = await write('service/.serverless', {
      [template]: '{"Resources": {}}',
      'serverless-state.json': { service },
      'shop.zip': '',
      'custom-resources.zip': '',
    });
    return readPackage(directory, join(directory, template), root);
  }

  test('artifacts are found by the names of their files, custom resources never', async () => {
    const { stacks } = await packageOf({
      service: 'shop',
      provider: { stage: 'dev' },
      functions: { list: { package: { artifact: 'dist/list.zip' } }, chat: { package: {} } },
    });
    const { assets, template: text } = await stacks[0]!.read();
    assert.deepEqual(assets, {
      'list.zip': { path: join(root, 'service/dist/list.zip'), packaging: 'zip' },
      'shop.zip': { path: join(root, 'service/.serverless/shop.zip'), packaging: 'zip' },
    });
    assert.equal(text.text, '{"Resources": {}}');
  });

  test('sources of a service are taken instead of its artifact, where all of its functions have one (§10.3.2)', async () => {
    const list = { handler: 'src/list.handler', runtime: 'nodejs20.x' };
    const bundled = {
      handler: 'gone.handler',
      runtime: 'nodejs20.x',
      package: { artifact: 'dist/list.zip' },
    };
    await write('service', { 'src/list.ts': '' });
    const assetsOf = async (functions: object, fromSources: boolean) => {
      const directory = await write('service/.serverless', {
        [template]: '{"Resources": {}}',
        'serverless-state.json': {
          service: { service: 'shop', provider: { stage: 'dev' }, functions },
          package: { artifact: 'shop.zip' },
        },
        'shop.zip': '',
      });
      const { stacks } = await readPackage(directory, join(directory, template), root, { fromSources });
      return (await stacks[0]!.read()).assets['shop.zip'];
    };
    const packed = { path: join(root, 'service/.serverless/shop.zip'), packaging: 'zip' };
    assert.deepEqual(await assetsOf({ list, bundled }, true), {
      path: join(root, 'service'),
      packaging: 'directory',
    });
    assert.deepEqual(await assetsOf({ list }, false), packed);
    assert.deepEqual(await assetsOf({ list, made: { ...list, handler: 'made.handler' } }, true), packed);
  });

  test('the stack is called as the framework calls it', async () => {
    const [byStage, own] = [
      await packageOf({ service: 'shop', provider: { stage: 'dev' } }),
      await packageOf({ service: 'shop', provider: { stage: 'dev', stackName: 'mine' } }),
    ];
    assert.deepEqual([byStage.stacks[0]!.stackName, own.stacks[0]!.stackName], ['shop-dev', 'mine']);
  });

  test('a state without a service is refused', async () => {
    await assert.rejects(packageOf({}), /^Error: service\/\.serverless: serverless-state\.json says neither/);
  });
});
