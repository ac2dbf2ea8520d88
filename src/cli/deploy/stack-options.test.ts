import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UsageError } from '../../settings/usage-error.ts';
import { readOptions } from '../read-options.ts';
import { definitionOf } from './definition-options.ts';
import { STACK_OPTIONS } from './stack-options.ts';

const given = (words: readonly string[]) => readOptions('postern deploy', STACK_OPTIONS.deploy, words);

describe('options of deploy (spec/definitions.md §1.2, §1.3)', () => {
  const definitions: readonly (readonly [words: string, expected: object])[] = [
    ['a.yaml', { source: 'a.yaml', names: [] }],
    ['cdk.out A B*', { source: 'cdk.out', names: ['A', 'B*'] }],
    ['--app . A', { source: '.', names: ['A'] }],
    ['-t a.yaml --stack-name pets', { source: 'a.yaml', stackName: 'pets' }],
    ['--template a.yaml', { source: 'a.yaml' }],
    [
      'a.yaml --parameter-overrides A=1 B=2 --strict',
      { source: 'a.yaml', parameterOverrides: ['A=1', 'B=2'] },
    ],
    [
      '--parameter-overrides A=1 --parameter-overrides=B=2 a.yaml',
      { source: 'a.yaml', parameterOverrides: ['A=1', 'B=2'] },
    ],
    [
      '--parameter-overrides file://a.json a.yaml',
      { source: 'a.yaml', parameterOverrides: ['file://a.json'] },
    ],
    ['--tags a=b c=d a.yaml', { source: 'a.yaml', tags: ['a=b', 'c=d'] }],
    ['--parameters S:A=1 --parameters B=2', { parameters: ['S:A=1', 'B=2'] }],
    ['--all -e', { all: true, exclusively: true }],
    [
      '--config-file a.toml --config-env prod -n v.json',
      { samConfigFile: 'a.toml', samConfigEnvironment: 'prod', variablesFile: 'v.json' },
    ],
    ['--region eu-west-1 --account-id 123456789012', { region: 'eu-west-1', account: '123456789012' }],
    ['--capabilities CAPABILITY_IAM CAPABILITY_NAMED_IAM a.yaml', { source: 'a.yaml' }],
    ['--notification-arns arn:a arn:b a.yaml', { source: 'a.yaml' }],
  ];
  for (const [words, expected] of definitions) {
    test(words, () => {
      const found = new Map<string, unknown>(
        Object.entries(definitionOf(given(words.split(' ')), process.cwd())),
      );
      const compared = Object.keys(expected).map((key) => [key, found.get(key)]);
      assert.deepEqual(Object.fromEntries(compared), expected);
    });
  }

  const synonyms: readonly (readonly [written: string, flag: string])[] = [
    ['--no-execute-changeset', 'dry-run'],
    ['--no-execute', 'dry-run'],
    ['--confirm-changeset', 'confirm'],
    ['--fail-on-empty-changeset', 'fail-on-empty-changeset'],
  ];
  for (const [written, flag] of synonyms) {
    test(`${written} is --${flag}`, () => assert.deepEqual([...given([written]).switches], [flag]));
  }

  test('what has no effect is taken and told', () => {
    const words = '--capabilities CAPABILITY_IAM --resolve-s3 --s3-bucket b --require-approval never';
    assert.deepEqual(given(words.split(' ')).withoutEffect, [
      ...['--capabilities', '--resolve-s3', '--s3-bucket', '--require-approval'],
    ]);
  });

  const refused: readonly (readonly [words: string, message: RegExp])[] = [
    ['--guided', /^--guided: there is nothing to ask for here\. /],
    ['--hotswap', /^--hotswap: every deploy here takes effect at once/],
    ['--import-existing-resources', /^--import-existing-resources: a stack takes over nothing/],
    [
      '--app node=bin/app.js',
      /^--app is "node=bin\/app\.js": it is the directory of a cloud assembly\. Synthesise first/,
    ],
    ['--app . -t a.yaml', /^--app and --template-file both say/],
    ['--disable-authorizer', /^postern deploy has no option --disable-authorizer\./],
    ['--stack-nam a', /Did you mean --stack-name\?/],
    ['--capabilities', /^--capabilities needs a value: /],
    ['--outputs-file --dry-run', /^--outputs-file needs a value: --outputs-file FILE\.$/],
    ['--role-arn --endpoint=http://a', /^--role-arn needs a value: /],
  ];
  for (const [words, message] of refused) {
    test(`refused: ${words}`, () => {
      assert.throws(
        () => definitionOf(given(words.split(' ')), process.cwd()),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }
});
