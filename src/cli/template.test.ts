import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { UsageError } from '../settings/usage-error.ts';
import { parseCommandLine } from './command-line.ts';
import { runTemplate } from './template.ts';

describe('postern template', () => {
  let directory = '';
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'postern-template-'));
  });
  after(() => rm(directory, { recursive: true }));

  async function run(template: string, ...words: readonly string[]): Promise<string> {
    const file = join(directory, 'a.vtl');
    await writeFile(file, template);
    const command = parseCommandLine(['template', file, ...words]);
    assert.ok(command.name === 'template');
    let printed = '';
    const code = await runTemplate({ command, output: { write: (text: string) => (printed += text) } });
    assert.equal(code, 0);
    return printed;
  }

  test('payload, context and stage variables', async () => {
    const template = "$input.path('$.a') $context.stage $stageVariables.url";
    const words = ['--body', '{"a": [1]}', '--context', '{"stage": "prod"}', '--stage-variable', 'url=a=b'];
    assert.equal(await run(template, ...words), '[1] prod a=b');
  });

  test('the payload of a file', async () => {
    await writeFile(join(directory, 'body.json'), '{"a": "x"}');
    assert.equal(await run("$input.json('$.a')", '--body-file', join(directory, 'body.json')), '"x"');
  });

  test('overrides', async () => {
    const template =
      '#set($context.responseOverride.status = 404)#set($context.requestOverride.header.X = "y")z';
    assert.deepEqual(JSON.parse(await run(template, '--json')), {
      output: 'z',
      requestOverride: { header: { X: 'y' }, querystring: {}, path: {} },
      responseOverride: { header: {}, status: 404 },
    });
  });

  const refused: readonly [what: string, template: string, words: readonly string[], says: RegExp][] = [
    [
      'a template that fails',
      '#if(',
      [],
      /cannot be rendered: Line 1, column 5: an expression is malformed\.$/,
    ],
    ['a context that is none', 'x', ['--context', '[]'], /--context is a JSON object, not "\[\]"/],
    [
      'a stage variable without value',
      'x',
      ['--stage-variable', 'a'],
      /--stage-variable is NAME=VALUE, not "a"/,
    ],
    ['two payloads', 'x', ['--body', 'a', '--body-file', 'b'], /exclude each other/],
    ['a file that is not there', 'x', ['--body-file', '/nowhere'], /The file \/nowhere does not exist/],
  ];
  for (const [what, template, words, says] of refused) {
    test(`${what} is refused with a sentence`, async () => {
      await assert.rejects(
        () => run(template, ...words),
        (error) => error instanceof UsageError && says.test(error.message),
      );
    });
  }
});
