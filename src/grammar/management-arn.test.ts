import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import { GrammarError } from './grammar-error.ts';
import {
  type ManagementResource,
  parseExecutionArn,
  parseManagementArn,
  printExecutionArn,
  printManagementArn,
} from './management-arn.ts';

const resources: readonly [path: string, resource: ManagementResource, ...ids: string[]][] = [
  ['/apis/a1', 'api', 'a1'],
  ['/apis/a1/cors', 'cors', 'a1'],
  ['/apis/a1/stages/$default', 'stage', 'a1', '$default'],
  ['/apis/a1/stages/prod/accesslogsettings', 'accessLogSettings', 'a1', 'prod'],
  ['/apis/a1/stages/prod/routesettings/GET /pets/{id}', 'routeSettings', 'a1', 'prod', 'GET /pets/{id}'],
  ['/apis/a1/stages/prod/cache/authorizers', 'authorizersCache', 'a1', 'prod'],
  ['/apis/a1/routes/r1', 'route', 'a1', 'r1'],
  [
    '/apis/a1/routes/r1/requestparameters/route.request.header.x',
    'requestParameter',
    'a1',
    'r1',
    'route.request.header.x',
  ],
  ['/apis/a1/routes/r1/routeresponses/x', 'routeResponse', 'a1', 'r1', 'x'],
  ['/apis/a1/integrations/i1', 'integration', 'a1', 'i1'],
  ['/apis/a1/integrations/i1/integrationresponses/x', 'integrationResponse', 'a1', 'i1', 'x'],
  ['/apis/a1/authorizers/x', 'authorizer', 'a1', 'x'],
  ['/apis/a1/deployments/x', 'deployment', 'a1', 'x'],
  ['/apis/a1/models/x', 'model', 'a1', 'x'],
  ['/apis/a1/models/x/template', 'modelTemplate', 'a1', 'x'],
  ['/apis/a1/exports/OAS30', 'export', 'a1', 'OAS30'],
  ['/domainnames/ex.com', 'domainName', 'ex.com'],
  ['/domainnames/ex.com/apimappings/x', 'apiMapping', 'ex.com', 'x'],
  ['/vpclinks/x', 'vpcLink', 'x'],
  ['/tags/arn%3Aaws', 'tags', 'arn%3Aaws'],
];
const withAccount: readonly [path: string, resource: ManagementResource, ...ids: string[]][] = [
  ['/domainnames/ex.com/routingrules/x', 'routingRule', 'ex.com', 'x'],
  ['/portals/x', 'portal', 'x'],
  ['/portalproducts/x', 'portalProduct', 'x'],
  ['/portalproducts/x/productpages/y', 'productPage', 'x', 'y'],
  ['/portalproducts/x/productrestendpointpages/y', 'productRestEndpointPage', 'x', 'y'],
];
for (const account of ['', '123456789012']) {
  for (const [path, resource, ...ids] of account === '' ? resources : withAccount) {
    const arn = `arn:aws:apigateway:us-east-1:${account}:${path}`;
    test(`management-api §1.8: ${arn} is a ${resource}`, () => {
      const tree = { partition: 'aws', region: 'us-east-1', account, resource, ids };
      assert.deepEqual(parseManagementArn(arn), tree);
      assert.equal(printManagementArn(tree), arn);
    });
  }
}

const refused = [
  '',
  'arn:aws:apigateway:us-east-1::',
  'arn:aws:apigateway:us-east-1::/',
  'arn:aws:apigateway:us-east-1::/apis',
  'arn:aws:apigateway:us-east-1::/apis/',
  'arn:aws:apigateway:us-east-1::/apis/a/',
  'arn:aws:apigateway:us-east-1::/apis/a/b',
  'arn:aws:apigateway:us-east-1::/apis/a/stages/b/c',
  'arn:aws:apigateway:us-east-1::/restapis/a',
  'arn:aws:apigateway:us-east-1::apis/a',
  'arn:aws:apigateway:::/apis/a',
  'arn:aws:lambda:us-east-1::/apis/a',
  'arn:aws:apigateway:us-east-1:123456789012:/apis/a',
  'arn:aws:apigateway:us-east-1::/portals/a',
  'arn:aws:apigateway:us-east-1:123:/portals/a',
];
for (const text of refused) {
  test(`management-api §1.8: ${JSON.stringify(text)} is none`, () => {
    assert.throws(() => parseManagementArn(text), {
      constructor: GrammarError,
      message: 'Invalid ARN specified in the request',
    });
  });
}

const executions: readonly [text: string, apiId: string, path: string][] = [
  ['arn:aws:execute-api:us-east-1:123456789012:a1', 'a1', ''],
  ['arn:aws:execute-api:us-east-1:123456789012:a1/prod/GET/pets/1', 'a1', '/prod/GET/pets/1'],
  ['arn:aws:execute-api:us-east-1:123456789012:a1/prod/$connect', 'a1', '/prod/$connect'],
  ['arn:aws:execute-api:us-east-1:123456789012:a1/authorizers/x', 'a1', '/authorizers/x'],
  ['arn:aws:execute-api:us-east-1:123456789012:*/*/*/*', '*', '/*/*/*'],
];
for (const [text, apiId, path] of executions) {
  test(`management-api §1.8: ${text} is an execution ARN`, () => {
    const tree = { partition: 'aws', region: 'us-east-1', account: '123456789012', apiId, path };
    assert.deepEqual(parseExecutionArn(text), tree);
    assert.equal(printExecutionArn(tree), text);
  });
}

test('any text is an ARN that prints as it is, or refused', () => {
  const samples = [...resources, ...withAccount].map(([path]) => path);
  const names = [...new Set(samples.flatMap((path) => path.split('/')))];
  const path = fc.oneof(
    fc.constantFrom(...samples),
    fc.array(fc.constantFrom(...names, 'x', '')).map((all) => `/${all.join('/')}`),
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .tuple(fc.constantFrom('apigateway', 'execute-api'), fc.constantFrom('', '123456789012', '12'), path)
      .map(([service, account, rest]) => `arn:aws:${service}:eu-west-1:${account}:${rest}`),
    path.map((rest) => `arn:aws:execute-api:eu-west-1:123456789012:a1${rest}`),
  );
  fc.assert(
    fc.property(text, (given) => {
      for (const roundTrip of [
        () => printManagementArn(parseManagementArn(given)),
        () => printExecutionArn(parseExecutionArn(given)),
      ]) {
        try {
          assert.equal(roundTrip(), given);
        } catch (error) {
          if (!(error instanceof GrammarError)) throw error;
        }
      }
    }),
    { numRuns: NUM_RUNS },
  );
});
