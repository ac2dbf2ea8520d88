// Which documents are read (spec/openapi.md §2, §3.5, §14.1).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DefinitionError } from '../definition.ts';
import { flow, HEAD, invocationUri, L, read, textsOf, withIntegration } from './documents.test.support.ts';

const UNDETERMINED = 'Unable to build importer with provided input. Unable to determine OAS version';
const UNSUPPORTED = 'Unsupported x-amazon-apigateway-importexport-version:';

const READ: readonly (readonly [citation: string, text: string])[] = [
  ['row 1', '{"openapi": "3.0.1", "info": {"title": "T", "version": "1"}, "paths": {}}'],
  ['row 2', `---\n${HEAD}paths: {}`],
  ['row 2', 'openapi: "3.0"'],
  ['Choice O7', 'openapi: 3.0'],
  ['Choice O7', 'openapi: 3.0.14'],
  ['Choice O7, read and written again', '{"openapi": 3}'],
  ['row 7', `${HEAD}x-amazon-apigateway-importexport-version: "1.0"`],
  ['Choice O17', `${HEAD}x-amazon-apigateway-importexport-version: 1.0`],
  ['Choice O17', `${HEAD}x-amazon-apigateway-importexport-version: 1`],
  ['null is nothing', `${HEAD}x-amazon-apigateway-importexport-version:`],
  ['row 9', `${HEAD}x-foo: {a: 1}`],
];

test('documents of OpenAPI 3.0 are read', async () => {
  for (const [citation, text] of READ) await assert.doesNotReject(read(text), citation);
});

const REFUSED: readonly (readonly [citation: string, text: string, message: string, at: string])[] = [
  ['row 3', 'openapi: 3.1.0', `${UNDETERMINED} from '3.1.0'`, '3.1.0'],
  ['row 3', 'openapi: "2.9"', `${UNDETERMINED} from '2.9'`, '"2.9"'],
  ['Choice O7', 'openapi: 3.1', `${UNDETERMINED} from '3.1'`, '3.1'],
  ['Choice O7', 'openapi: 3.0.x', `${UNDETERMINED} from '3.0.x'`, '3.0.x'],
  ['Choice O7', 'openapi: true', `${UNDETERMINED} from 'true'`, 'true'],
  [
    'a long version is quoted in part',
    `openapi: ${'9'.repeat(101)}`,
    `${UNDETERMINED} from '${'9'.repeat(100)}…'`,
    '9'.repeat(101),
  ],
  ['row 4', 'swagger: "2.0"', UNDETERMINED, '"2.0"'],
  ['row 4', '{"info": {}, "paths": {}}', UNDETERMINED, '{"info"'],
  ['Choice O7', '{"openapi": {}}', UNDETERMINED, '{"openapi"'],
  ['row 7', `${HEAD}x-amazon-apigateway-importexport-version: "2.0"`, `${UNSUPPORTED} 2.0`, '"2.0"'],
  ['Choice O17', `${HEAD}x-amazon-apigateway-importexport-version: 2.0`, `${UNSUPPORTED} 2.0`, '2.0'],
  ['Choice O17', `${HEAD}x-amazon-apigateway-importexport-version: "1"`, `${UNSUPPORTED} 1`, '"1"'],
  [
    'the version first',
    'openapi: 3.1.0\nx-amazon-apigateway-importexport-version: 9',
    `${UNDETERMINED} from '3.1.0'`,
    '3.1.0',
  ],
];

test('others are errors with a place and a way out', async () => {
  for (const [citation, text, message, at] of REFUSED) {
    await assert.rejects(read(text), (error) => {
      assert.ok(error instanceof DefinitionError, citation);
      assert.equal(error.message, message, citation);
      assert.equal(error.offset, text.lastIndexOf(at), citation);
      assert.ok(error.detail, citation);
      return true;
    });
  }
});

// Row 8, §2(7), Choice O9.
const VARIABLES: readonly (readonly [written: string, stored: string])[] = [
  [
    'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:f',
    'arn:aws:lambda:us-east-1:123456789012:function:f',
  ],
  ['https://${stageVariables.h}/x', 'https://${stageVariables.h}/x'],
  ['${AWS::StackName}${aws::region}', '${AWS::StackName}${aws::region}'],
  [invocationUri('${stageVariables.fn}'), invocationUri('${stageVariables.fn}')],
];

test('AWS variables are those of the caller, and others stay', async () => {
  for (const [written, stored] of VARIABLES) {
    const { operations } = await read(withIntegration(flow({ ...L, uri: JSON.stringify(written) })));
    const { given } = operations[0]!.integration!;
    assert.equal((given as { IntegrationUri?: string }).IntegrationUri, stored, written);
  }
});

test('AWS variables are replaced in everything that is read, but in no key', async () => {
  const path = '/${AWS::Region}';
  const definition = await read(
    `openapi: "3.0.1"\ninfo: {title: "${'${AWS::Region}'}", version: "1"}\ntags: [{name: "${'${AWS::AccountId}'}"}]\npaths: {"${path}": {get: {responses: {}, summary: "${'${AWS::Partition}'}"}}}`,
  );
  assert.deepEqual(definition.api, { Name: 'us-east-1', Version: '1' });
  assert.equal(definition.tags[0]!.key, '123456789012');
  assert.equal(definition.operations[0]!.routeKey, `GET ${path}`);
  assert.deepEqual(definition.operations[0]!.documentation, { summary: 'aws', responses: {} });
  assert.deepEqual(textsOf(definition.warnings), []);
});
