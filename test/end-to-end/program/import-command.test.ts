// `postern import` and `postern export`, as processes against a running server.
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import {
  CreateDeploymentCommand,
  CreateStageCommand,
  DeleteApiCommand,
  GetApiCommand,
  GetApisCommand,
  GetRoutesCommand,
} from '@aws-sdk/client-apigatewayv2';
import { type Outcome, type ProgramOptions, runProgram } from '../../support/program.ts';
import { type ProgramStand, startProgram } from '../../support/program-stand.ts';

const PETS = `openapi: 3.0.3
info:
  title: Pets
  version: "1.0"
paths:
  /pets:
    get:
      responses: { "200": { description: ok } }
      x-amazon-apigateway-integration:
        type: http_proxy
        httpMethod: GET
        uri: http://127.0.0.1:9/pets
        payloadFormatVersion: "1.0"
`;
const WRONG = PETS.replace('        payloadFormatVersion: "1.0"\n', '');

interface Stand extends ProgramStand {
  run(words: readonly string[], options?: Partial<ProgramOptions>): Promise<Outcome>;
  /** Names of APIs. */
  apis(): Promise<readonly (string | undefined)[]>;
}

/** One program for all tests that want no other; each finds it without APIs. */
let program: ProgramStand;
const ends: (() => unknown)[] = [];
before(async () => {
  program = await startProgram({ after: (end: () => unknown) => void ends.push(end) } as TestContext);
});
after(async () => {
  for (const end of ends.reverse()) await end();
});

async function standOf(files: Readonly<Record<string, string>> = {}): Promise<Stand> {
  const { cwd, client, management } = program;
  for (const { ApiId } of (await client.send(new GetApisCommand({}))).Items!)
    await client.send(new DeleteApiCommand({ ApiId }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
  return {
    ...program,
    run: (words, options) => runProgram([...words, '--endpoint', management], { cwd, ...options }),
    apis: async () => (await client.send(new GetApisCommand({}))).Items!.map(({ Name }) => Name),
  };
}

const idIn = ({ stdout }: Outcome): string => / as the API (\w+)\./.exec(stdout)![1]!;

describe('postern import', () => {
  test('makes an API, says what it made, where the document is ignored, and what is still to be done', async () => {
    const stand = await standOf({ 'pets.yaml': PETS });
    const imported = await stand.run(['import', 'pets.yaml']);
    assert.deepEqual([imported.code, imported.stderr], [0, '']);
    assert.match(imported.stdout, /^Imported Pets as the API \w{10}\.$/m);
    assert.match(imported.stdout, /^ {2}made +integration +HTTP_PROXY GET http:\/\/127\.0\.0\.1:9\/pets$/m);
    assert.match(imported.stdout, /^ {2}made +route +GET \/pets$/m);
    assert.match(
      imported.stdout,
      /^pets\.yaml:8:7: info: paths\.\/pets\.get: key \[responses\] will be ignored by API Gateway$/m,
    );
    assert.match(imported.stdout, /^ {2}aws apigatewayv2 create-stage --api-id \w{10} /m);
    const { RouteSelectionExpression } = await stand.client.send(
      new GetApiCommand({ ApiId: idIn(imported) }),
    );
    assert.equal(RouteSelectionExpression, '$request.method $request.path');
  });

  test('a dry run says the same and changes nothing, of a new API and of one that is there', async () => {
    const stand = await standOf({ 'pets.yaml': PETS, 'more.yaml': PETS.replaceAll('/pets', '/cats') });
    const planned = await stand.run(['import', 'pets.yaml', '--dry-run']);
    assert.match(planned.stdout, /^A dry run: .* would make a new API; nothing was changed\.$/m);
    assert.match(planned.stdout, /^ {2}made +route +GET \/pets$/m);
    assert.deepEqual(await stand.apis(), []);
    const ApiId = idIn(await stand.run(['import', 'pets.yaml']));
    const { stdout } = await stand.run(['import', 'more.yaml', '--api', ApiId, '--dry-run']);
    assert.match(stdout, /^ {2}made +route +GET \/cats$/m);
    assert.match(stdout, /^ {2}removed +route +GET \/pets$/m);
    const { Items } = await stand.client.send(new GetRoutesCommand({ ApiId }));
    assert.deepEqual(
      Items!.map(({ RouteKey }) => RouteKey),
      ['GET /pets'],
    );
  });

  test('replaces an API, and tells the addresses of its stages', async () => {
    const stand = await standOf({ 'pets.yaml': PETS, 'more.yaml': PETS.replaceAll('/pets', '/cats') });
    const { client } = stand;
    const ApiId = idIn(await stand.run(['import', 'pets.yaml']));
    await client.send(new CreateStageCommand({ ApiId, StageName: 'prod', AutoDeploy: true }));
    const { DeploymentId } = await client.send(new CreateDeploymentCommand({ ApiId }));
    await client.send(new CreateStageCommand({ ApiId, StageName: 'old', DeploymentId }));
    const { stdout, code } = await stand.run(['import', 'more.yaml', '--api', ApiId]);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^Imported Pets into the API ${ApiId}\\.$`, 'm'));
    assert.match(stdout, /^http\S+\/prod: Successfully deployed stage /m);
    assert.match(stdout, /^http\S+\/old serves what was deployed to it before\. /m);
    assert.match(stdout, /^ {2}aws apigatewayv2 create-deployment --api-id \w+ --stage-name 'old'$/m);
    const again = await stand.run(['import', 'more.yaml', '--api', ApiId]);
    assert.match(again.stdout, /^ {2}nothing is different$/m);
  });

  test('standard input, JSON out, and a base path', async () => {
    const stand = await standOf();
    const input = JSON.stringify({
      openapi: '3.0.1',
      info: { title: 'Shop', version: '1' },
      servers: [{ url: 'https://example.com/v1' }],
      paths: { '/a': { get: { responses: {} } } },
    });
    const outcome = await stand.run(['import', '-', '--json', '--base-path', 'prepend'], { input });
    const { outcome: done, created, info } = JSON.parse(outcome.stdout);
    assert.deepEqual([outcome.code, outcome.stderr, done], [0, '', 'imported']);
    assert.ok(
      created.some(
        ({ kind, name }: { kind: string; name: string }) => `${kind} ${name}` === 'route GET /v1/a',
      ),
    );
    assert.deepEqual([info[0].line, info[0].column], [1, input.indexOf('"responses"') + 1]);
  });

  test('warnings have their lines; with --fail-on-warnings nothing is made and the exit code is 1', async () => {
    const stand = await standOf({ 'wrong.yaml': WRONG });
    const text =
      /^wrong\.yaml:10:9: warning: Unable to create integration for resource at path 'GET \/pets': PayloadFormatVersion is a required parameter for integration\. Ignoring\.$/m;
    const strict = await stand.run(['import', 'wrong.yaml', '--fail-on-warnings']);
    assert.deepEqual([strict.code, strict.stdout], [1, '']);
    assert.match(strict.stderr, text);
    assert.match(strict.stderr, /^postern: Nothing was made or changed\. Warnings are refused /m);
    assert.deepEqual(await stand.apis(), []);
    const lenient = await stand.run(['import', 'wrong.yaml']);
    assert.equal(lenient.code, 0);
    assert.match(lenient.stdout, text);
  });

  test('what cannot be imported is a sentence with its place', async () => {
    const twice = PETS.replace('paths:\n', 'paths:\n  /pets: {}\n');
    const json = '{\n  "openapi": "3.0.1",\n  "info": {"title": "a"},\n  "paths": {"/a": {}, "/a": {}}\n}';
    const stand = await standOf({
      'twice.yaml': twice,
      'twice.json': json,
      'new.yaml': PETS.replace('3.0.3', '3.1.0'),
      'old.yaml': PETS.replace('openapi: 3.0.3', 'swagger: "2.0"'),
      'cut.json': '{"openapi": "3.0.1",',
      'large.yaml': ' '.repeat(6 * 1024 * 1024 + 1),
      'pets.yaml': PETS,
      'odd.yaml': PETS.replace('title: Pets', 'title: "\\e[2JPets\\nx"'),
      'two.yaml': PETS.replace('      responses', '      security: [{ a: [] }, { b: [] }]\n      responses'),
    });
    await mkdir(join(stand.cwd, 'folder'));
    await writeFile(join(stand.cwd, 'latin1.yaml'), Buffer.from(PETS.replace('Pets', 'P\xe9ts'), 'latin1'));
    const rows: readonly [words: readonly string[], code: number, says: RegExp][] = [
      [['twice.yaml'], 1, /^twice\.yaml:7:3: error: Invalid OpenAPI input: .*\/pets.* twice/m],
      [['twice.json'], 1, /^twice\.json:4:23: error: Invalid OpenAPI input: .*\/a.* twice/m],
      [['new.yaml'], 1, /^new\.yaml:1:10: error: Unable to build importer .* from '3\.1\.0'.*3\.0/m],
      [['old.yaml'], 1, /^old\.yaml:1:10: error: Unable to build importer with provided input\./m],
      [['cut.json'], 1, /^cut\.json:1:\d+: error: Invalid OpenAPI input: /m],
      [['two.yaml'], 1, /^two\.yaml:8:\d+: error: .* multiple security requirements at path 'GET \/pets'/m],
      [['none.yaml'], 2, /^postern: The file none\.yaml does not exist\.$/m],
      [['folder'], 2, /^postern: folder is a directory: name a file in it\.$/m],
      [['latin1.yaml'], 1, /^postern: latin1\.yaml is not UTF-8 text, /m],
      [['large.yaml'], 1, /^postern: large\.yaml has 6291457 bytes: a definition may have 6291456\.$/m],
      [['pets.yaml', '--api', 'nothing'], 1, /Invalid API identifier specified \d+:nothing\.$/m],
      [['pets.yaml', '--base-path', 'other'], 2, /^postern: --base-path is "other": it is one of /m],
      [[], 2, /^postern: postern import takes one file, /m],
    ];
    for (const [words, code, says] of rows) {
      const outcome = await stand.run(['import', ...words]);
      assert.match(outcome.stderr, says);
      assert.deepEqual([outcome.code, outcome.stdout], [code, ''], outcome.stderr);
    }
    assert.deepEqual(await stand.apis(), []);
    const odd = await stand.run(['import', 'odd.yaml']);
    assert.match(odd.stdout, /^Imported \\x1b\[2JPets\\nx as the API /m);
    const alone = { cwd: stand.cwd };
    const nobody = await runProgram(['import', 'pets.yaml', '--endpoint', 'http://127.0.0.1:2'], alone);
    assert.match(
      nobody.stderr,
      /^postern: No Postern answers at http:\/\/127\.0\.0\.1:2 \(ECONNREFUSED\)\. /,
    );
    assert.equal(nobody.code, 1);
  });

  test('signs as the environment says, where requests must be signed', async (t) => {
    const credentials = 'credentials:\n- { accessKeyId: AKIDEXAMPLE, secretAccessKey: secret }\n';
    const stand = await startProgram(t, ['--config', 'postern.yaml'], {
      prepare: async (cwd) => {
        await writeFile(join(cwd, 'postern.yaml'), credentials);
        await writeFile(join(cwd, 'pets.yaml'), PETS);
      },
    });
    const { cwd, management } = stand;
    const words = (...given: readonly string[]): string[] => [...given, '--endpoint', management];
    const refused = await runProgram(words('import', 'pets.yaml'), { cwd });
    assert.match(refused.stderr, /refused: .* It wants signed requests: /);
    const environment = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
    const imported = await runProgram(words('import', 'pets.yaml'), { cwd, environment });
    assert.equal(imported.code, 0, imported.stderr);
    const exported = await runProgram(words('export', idIn(imported), '--yaml'), { cwd, environment });
    assert.match(exported.stdout, /^openapi: "3\.0\.1"$/m);
  });
});

describe('postern export', () => {
  test('prints a document that makes an equal API, as JSON and as YAML, to a file too', async () => {
    const stand = await standOf({ 'pets.yaml': PETS });
    const ApiId = idIn(await stand.run(['import', 'pets.yaml']));
    const json = await stand.run(['export', ApiId]);
    assert.deepEqual([json.code, json.stderr], [0, '']);
    assert.equal(JSON.parse(json.stdout).info.title, 'Pets');
    const yaml = await stand.run(['export', ApiId, '--yaml', '--output', 'out.yaml']);
    assert.deepEqual([yaml.code, yaml.stdout, yaml.stderr], [0, '', '']);
    const written = await readFile(join(stand.cwd, 'out.yaml'), 'utf8');
    assert.match(written, /^openapi: "3\.0\.1"\ninfo:\n {2}title: "Pets"\n/);
    const back = await stand.run(['import', 'out.yaml', '--fail-on-warnings']);
    assert.equal(back.code, 0, back.stderr);
    assert.equal((await stand.run(['export', idIn(back)])).stdout, json.stdout);
  });

  test('of a stage, without extensions', async () => {
    const stand = await standOf({ 'pets.yaml': PETS, 'more.yaml': PETS.replaceAll('/pets', '/cats') });
    const ApiId = idIn(await stand.run(['import', 'pets.yaml']));
    const { DeploymentId } = await stand.client.send(new CreateDeploymentCommand({ ApiId }));
    await stand.client.send(new CreateStageCommand({ ApiId, StageName: 'prod', DeploymentId }));
    await stand.run(['import', 'more.yaml', '--api', ApiId]);
    const paths = async (...words: readonly string[]): Promise<readonly string[]> =>
      Object.keys(JSON.parse((await stand.run(['export', ApiId, ...words])).stdout).paths);
    assert.deepEqual(await paths('--stage', 'prod'), ['/pets']);
    assert.deepEqual(await paths(), ['/cats']);
    const plain = await stand.run(['export', ApiId, '--no-extensions']);
    assert.doesNotMatch(plain.stdout, /x-amazon/);
  });

  test('what cannot be exported is a sentence', async () => {
    const stand = await standOf({ 'pets.yaml': PETS });
    const ApiId = idIn(await stand.run(['import', 'pets.yaml']));
    const rows: readonly [words: readonly string[], code: number, says: RegExp][] = [
      [['nothing'], 1, /exports nothing: Invalid API identifier specified \d+:nothing\.$/m],
      [[ApiId, '--stage', 'none'], 1, /exports nothing: Invalid stage identifier specified\.$/m],
      [[ApiId, '--output', '.'], 1, /^postern: The file \. is a directory\.$/m],
      [[], 2, /^postern: postern export takes the id of an API, /m],
    ];
    for (const [words, code, says] of rows) {
      const outcome = await stand.run(['export', ...words]);
      assert.match(outcome.stderr, says);
      assert.deepEqual([outcome.code, outcome.stdout], [code, '']);
    }
  });
});
