// The law of the round trip (spec/openapi.md §10.10) on its pure parts: what is exported of any API reads back as the API, without a
// warning, and is exported as the same text again. That the rules take what is read is held in
// resources/openapi/round-trip.property.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { meaningOf } from '../../test/support/generated-apis/meaning.ts';
import { wholeHttpApi } from '../../test/support/generated-apis/whole-http-api.ts';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import { readText } from '../tree/read-text.ts';
import type { DefinedAuthorization, DefinedOperation, Definition } from './definition.ts';
import { exportedDefinition } from './export/export-definition.ts';
import type {
  ExportedApi,
  ExportedAuthorizer,
  ExportedIntegration,
  ExportedRoute,
} from './export/exported-api.ts';
import { printDefinitionJson } from './export/print-json.ts';
import { printDefinitionYaml } from './export/print-yaml.ts';
import { readDefinition } from './read-definition.ts';

const STAMP = '2026-01-11 06:08:40UTC';
const MEANS = { account: '123456789012', region: 'us-east-1', partition: 'aws', basePath: 'ignore' } as const;

function textOf(print: typeof printDefinitionJson, api: ExportedApi): string {
  const definition = exportedDefinition(api, {
    includeExtensions: true,
    stamp: new Date('2026-01-11T06:08:40Z'),
    server: { url: 'https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com', basePath: 'prod' },
  });
  return [...print(definition)].join('');
}

/** The API that a definition makes, as the rules complete it. Ids are its names. */
function madeOf({ api, cors, tags, authorizers, operations }: Definition): ExportedApi {
  const types = new Map(
    authorizers.map(({ name, given }) => [name, (given as unknown as ExportedAuthorizer).AuthorizerType]),
  );
  return {
    api: {
      DisableExecuteApiEndpoint: false,
      IpAddressType: 'ipv4',
      ...(api as ExportedApi['api']),
      ...(cors && { CorsConfiguration: cors.given as Required<ExportedApi['api']>['CorsConfiguration'] }),
      Tags: Object.fromEntries(tags.map(({ key, value }) => [key, String(value)])),
    },
    authorizers: authorizers.map(({ name, given }) => {
      const { IdentitySource = [], ...rest } = given as unknown as ExportedAuthorizer;
      return {
        ...rest,
        ...(IdentitySource.length === 0 ? {} : { IdentitySource }),
        AuthorizerId: name,
        Name: name,
      };
    }),
    integrations: operations.flatMap(({ routeKey, integration }) =>
      integration === undefined
        ? []
        : [
            {
              TimeoutInMillis: 30_000,
              ...(integration.given as unknown as ExportedIntegration),
              IntegrationId: routeKey,
            },
          ],
    ),
    routes: operations.map((operation) => routeOf(operation, types)),
  };
}

function routeOf(operation: DefinedOperation, types: ReadonlyMap<string, string>): ExportedRoute {
  const { routeKey, operationName, authorization, integration } = operation;
  return {
    RouteKey: routeKey,
    ApiKeyRequired: false,
    ...(operationName === undefined ? {} : { OperationName: operationName }),
    ...(integration === undefined ? {} : { Target: `integrations/${routeKey}` }),
    ...accessOf(authorization, types),
  };
}

function accessOf(
  authorization: DefinedAuthorization,
  types: ReadonlyMap<string, string>,
): Partial<ExportedRoute> {
  switch (authorization.kind) {
    case 'none':
      return { AuthorizationType: 'NONE' };
    case 'iam':
      return { AuthorizationType: 'AWS_IAM' };
    case 'authorizer': {
      const { name, scopes } = authorization;
      return {
        AuthorizationType: types.get(name) === 'JWT' ? 'JWT' : 'CUSTOM',
        AuthorizerId: name,
        ...(scopes.length === 0 ? {} : { AuthorizationScopes: scopes }),
      };
    }
    default:
      return assert.fail(authorization.refusal);
  }
}

for (const [form, print, numRuns] of [
  ['JSON', printDefinitionJson, NUM_RUNS],
  ['YAML', printDefinitionYaml, NUM_RUNS / 10],
] as const) {
  test(`what is exported as ${form} is the API when it is read, and exported again the same text`, () => {
    fc.assert(
      fc.property(wholeHttpApi, (api) => {
        const text = textOf(print, api);
        const definition = readDefinition(readText(text), MEANS);
        assert.deepEqual(definition.warnings, []);
        const made = madeOf(definition);
        assert.deepEqual(meaningOf(made, STAMP), meaningOf(api, STAMP));
        assert.equal(textOf(print, made), text);
      }),
      { numRuns },
    );
  });
}

test('an operation name of two routes is told twice, of which an import warns', () => {
  const route = (RouteKey: string): ExportedRoute => ({
    RouteKey,
    AuthorizationType: 'NONE',
    OperationName: 'same',
  });
  const api: ExportedApi = {
    api: { Name: 'T' },
    routes: ['GET /a', 'POST /a', 'ANY /a'].map(route),
    integrations: [],
    authorizers: [],
  };
  const { operations, warnings } = readDefinition(readText(textOf(printDefinitionJson, api)), MEANS);
  assert.deepEqual(
    operations.map(({ operationName }) => operationName),
    ['same', 'same', 'same'],
  );
  assert.deepEqual(
    warnings.map(({ text }) => text),
    ["Parse issue: attribute paths.'/a'(post).operationId is repeated"],
  );
});

test('a variable of AWS in a text is replaced when its export is read', () => {
  const api = { Name: '${AWS::Region}', Version: '${stageVariables.v}' };
  const text = textOf(printDefinitionJson, { api, routes: [], integrations: [], authorizers: [] });
  assert.deepEqual(readDefinition(readText(text), MEANS).api, {
    Name: 'us-east-1',
    Version: '${stageVariables.v}',
  });
});
