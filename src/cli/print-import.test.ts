import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ImportDone, ImportRefused } from '../resources/openapi/import-answer.ts';
import { type Addresses, printAddresses, printImport, printRefusal } from './print-import.ts';
import { createPaint } from './terminal.ts';

const paint = createPaint(false);
const nothing: ImportDone = {
  outcome: 'imported',
  api: { apiId: 'a1b2c3d4e5', name: 'Pets', endpoint: 'http://127.0.0.1:4700/_aws/execute-api/a1b2c3d4e5' },
  created: [],
  changed: [],
  removed: [],
  kept: [],
  stages: [],
  warnings: [],
  info: [],
};
const refused: ImportRefused = {
  outcome: 'refused',
  message: 'Invalid OpenAPI input.',
  errors: [],
  warnings: [],
  info: [],
};
const printed = (done: Partial<ImportDone>, isNew = true): string =>
  printImport({ ...nothing, ...done }, { file: 'pets.yaml', isNew, paint });

describe('an import as it is printed', () => {
  test('what was made, changed, removed and kept, then what is said of the document', () => {
    const done: Partial<ImportDone> = {
      created: [
        { kind: 'integration', name: 'HTTP_PROXY GET http://127.0.0.1:4800/' },
        { kind: 'route', name: 'GET /pets' },
      ],
      changed: [{ kind: 'api', name: 'Pets' }],
      removed: [{ kind: 'authorizer', name: 'login' }],
      kept: [
        { kind: 'route', name: 'GET /a' },
        { kind: 'route', name: 'GET /b' },
        { kind: 'integration', name: 'HTTP_PROXY GET http://127.0.0.1:4800/a' },
      ],
      warnings: [{ line: 12, column: 5, text: 'Parse issue: attribute info.version is missing' }],
      info: [{ line: 14, column: 7, text: 'components: key [schemas] will be ignored by API Gateway' }],
    };
    assert.equal(
      printed(done, false),
      `Imported Pets into the API a1b2c3d4e5.

  made     integration  HTTP_PROXY GET http://127.0.0.1:4800/
  made     route        GET /pets
  changed  api          Pets
  removed  authorizer   login
  kept     2 routes, 1 integration

pets.yaml:12:5: warning: Parse issue: attribute info.version is missing
pets.yaml:14:7: info: components: key [schemas] will be ignored by API Gateway
`,
    );
  });

  test('an import that makes no difference says so', () => {
    assert.equal(
      printed({ kept: [{ kind: 'api', name: 'Pets' }] }, false),
      'Imported Pets into the API a1b2c3d4e5.\n\n  nothing is different\n  kept     the API\n',
    );
  });

  test('a dry run says that it is one', () => {
    const planned = { outcome: 'planned', api: { ...nothing.api, apiId: undefined } } as const;
    assert.match(printed(planned), /^A dry run: the definition of Pets would make a new API; nothing was/);
    assert.match(printed({ outcome: 'planned' }, false), /^A dry run: .* to the API a1b2c3d4e5; nothing was/);
  });

  test('a dry run tells which stages would not be deployed', () => {
    const stages = [
      { name: 'prod', problem: 'there are no routes' },
      { name: 'dev', problem: undefined },
    ];
    assert.match(
      printed({ outcome: 'planned', stages }, false),
      /\n\nThe stage prod would go on with what is deployed to it: there are no routes\.\n$/,
    );
    assert.doesNotMatch(printed({ stages }, false), /The stage/);
  });

  test('text of a document has no power over the terminal, and stays on its line', () => {
    const name = 'GET /\x1b[2J\u202e\npets.yaml:1:1: error: forged';
    const line = { line: 1, column: 1, text: name };
    const texts = [
      printed({ api: { ...nothing.api, name }, created: [{ kind: 'route', name }], warnings: [line] }),
      printRefusal({ ...refused, errors: [{ ...line, detail: name }] }, 'a\x1bb.yaml', paint),
    ];
    for (const text of texts) {
      assert.doesNotMatch(text, /\x1b|\u202e|^pets\.yaml:1:1: error/m);
      assert.match(text, /GET \/\\x1b\[2J\\x202e\\npets\.yaml/);
    }
  });

  test('an error has its place, what is wrong, and what would be right', () => {
    const error = { line: 3, column: 1, text: 'Invalid OpenAPI input.', detail: 'the key /a is there twice' };
    assert.equal(
      printRefusal({ ...refused, errors: [error] }, 'pets.yaml', paint),
      'pets.yaml:3:1: error: Invalid OpenAPI input: the key /a is there twice\npostern: Nothing was made or changed.\n',
    );
  });

  test('refused warnings say why nothing was made', () => {
    const warnings = [{ line: 2, column: 3, text: 'w' }];
    assert.equal(
      printRefusal({ ...refused, warnings }, '<stdin>', paint),
      '<stdin>:2:3: warning: w\npostern: Nothing was made or changed. Warnings are refused with --fail-on-warnings.\n',
    );
  });

  const endpoint = 'http://a1b2c3d4e5.execute-api.localhost:4700';
  const rows: readonly [what: string, addresses: Partial<Addresses>, says: RegExp][] = [
    ['no stage', {}, /create-stage --api-id a1b2c3d4e5 .* is then http:\/\/\S+:4700\/$/ms],
    [
      'a stage with auto-deploy',
      { stages: [{ stageName: '$default', autoDeploy: true, lastDeploymentStatusMessage: 'Deployed' }] },
      /^http:\/\/a1b2c3d4e5\.execute-api\.localhost:4700\/: Deployed$/m,
    ],
    [
      'a stage without',
      { stages: [{ stageName: 'prod' }] },
      /:4700\/prod serves what .*^ {2}aws apigatewayv2 create-deployment --api-id a1b2c3d4e5 --stage-name 'prod'$/ms,
    ],
    ['a disabled endpoint', { disabled: true }, /default endpoint is disabled/],
  ];
  for (const [what, addresses, says] of rows) {
    test(`addresses: ${what}`, () => {
      const given = { apiId: 'a1b2c3d4e5', endpoint, disabled: false, stages: [], ...addresses };
      assert.match(printAddresses(given, paint), says);
    });
  }
});
