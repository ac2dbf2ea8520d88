import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ServiceError } from '../../wire/errors.ts';
import { parseDeployRequest } from './parse-deploy-request.ts';

const WHOLE = {
  stackName: 'pets',
  template: { name: 'template.yaml', text: 'Resources: {}' },
  directory: '/app',
  files: { '/app/a.yaml': { name: 'a.yaml', text: 'a: 1' }, '/app/b.yaml': 'b.yaml does not exist.' },
  assets: { 'aa.zip': { path: '/app/asset.aa', packaging: 'directory' } },
  parameters: { A: '1' },
  defaults: {},
  tags: { team: 'a' },
  variables: { Fn: { B: '2' } },
  dryRun: true,
  strict: false,
  redeploy: false,
  terminationProtection: true,
  source: 'template.yaml',
  notes: ['a'],
};

describe('the body of a deploy', () => {
  test('every member is read', () => {
    assert.deepEqual(parseDeployRequest(JSON.stringify(WHOLE)), WHOLE);
  });

  test('a name of JavaScript is a name as others are', () => {
    const text = '{"stackName":"a","template":{"name":"b","text":"c"},"parameters":{"__proto__":"1"}}';
    assert.deepEqual(Object.entries(parseDeployRequest(text).parameters!), [['__proto__', '1']]);
  });

  const { stackName, template } = WHOLE;
  const refused: readonly (readonly [body: unknown, message: string])[] = [
    [[], 'The body is not a JSON object'],
    [{ template }, 'stackName is missing'],
    [{ stackName }, 'template is missing'],
    [{ ...WHOLE, stackName: 1 }, 'stackName is not text'],
    [{ ...WHOLE, dryrun: true }, 'dryrun is no member of a deploy'],
    [{ ...WHOLE, dryRun: 'true' }, 'dryRun is not true or false'],
    [{ ...WHOLE, template: 'Resources: {}' }, 'template is not {"name": …, "text": …}'],
    [{ ...WHOLE, directory: 'app' }, 'directory is not an absolute path'],
    [
      { ...WHOLE, files: { 'a.yaml': 'x' } },
      'files is not a map of absolute paths to {"name": …, "text": …} or text',
    ],
    [{ ...WHOLE, parameters: { A: 1 } }, 'parameters is not a map of text'],
    [{ ...WHOLE, parameters: [] }, 'parameters is not a map of text'],
    [{ ...WHOLE, variables: { A: '1' } }, 'variables is not a map of a map of text'],
    [
      { ...WHOLE, assets: { a: { path: '/a', packaging: 'tar' } } },
      'assets is not a map of {"path": …, "packaging": "directory", "zip" or "file"}',
    ],
    [{ ...WHOLE, notes: 'a' }, 'notes is not a list of texts'],
  ];
  for (const [body, message] of refused) {
    test(`refused: ${message}`, () => {
      assert.throws(
        () => parseDeployRequest(JSON.stringify(body)),
        (error) => error instanceof ServiceError && error.status === 400 && error.message === message,
      );
    });
  }
});
