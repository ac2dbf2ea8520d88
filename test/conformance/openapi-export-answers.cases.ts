// What ExportApi refuses, and the texts that it answers (spec/openapi.md §14.8).
import assert from 'node:assert/strict';
import type { StoryCase } from './openapi-case.ts';
import { FI } from './openapi-language.ts';
import { pets } from './openapi-pets.ts';
import { expectRefused } from './openapi-stand.ts';

const refusals: readonly StoryCase[] = [
  {
    row: 133,
    name: 'no routes',
    choices: ['O2'],
    run: async (stand) =>
      expectRefused(stand.exportText(await pets(stand, { routes: [] })), {
        message: 'Unable to deploy API because no routes exist in this API',
      }),
  },
  {
    row: 134,
    name: 'a stage that is not there',
    run: async (stand) =>
      expectRefused(stand.exportText(await pets(stand), { StageName: 'none' }), {
        name: 'NotFoundException',
        status: 404,
        message: 'Invalid stage identifier specified',
      }),
  },
  {
    row: 134,
    name: 'a stage without deployment',
    choices: ['O50'],
    run: async (stand) => {
      const apiId = await pets(stand);
      await stand.client.createStage({ ApiId: apiId, StageName: 'idle' });
      await expectRefused(stand.exportText(apiId, { StageName: 'idle' }), {
        message: 'Stage idle has no deployment to export',
      });
    },
  },
  ...(
    [
      ['outputType', { OutputType: undefined }, 'OutputType is a required parameter'],
      ['outputType', { OutputType: 'XML' }, 'Invalid outputType specified. Must be one of [JSON, YAML]'],
      ['outputType', { OutputType: 'json' }, 'Invalid outputType specified. Must be one of [JSON, YAML]'],
      [
        'specification',
        { Specification: 'OAS31' },
        'Invalid specification specified. Must be one of [OAS30]',
      ],
      ['exportVersion', { ExportVersion: '2.0' }, 'Invalid exportVersion specified. Must be one of [1.0]'],
    ] as const
  ).map(
    ([member, input, message]): StoryCase => ({
      row: 135,
      name: `${member} ${Object.values(input)[0]}`,
      choices: ['O3'],
      run: async (stand) =>
        expectRefused(stand.exportText(await pets(stand), input as { OutputType?: string }), { message }),
    }),
  ),
  {
    row: 135,
    name: 'an API that is not there',
    run: (stand) =>
      expectRefused(stand.exportText('nope'), {
        name: 'NotFoundException',
        status: 404,
        message: 'Invalid API identifier specified 123456789012:nope',
      }),
  },
];

const YAML = `openapi: "3.0.1"
info:
  title: "Pets"
  version: "1.2"
paths:
  /pets:
    get:
      responses:
        default:
          description: "Default response for GET /pets"
      x-amazon-apigateway-integration:
        payloadFormatVersion: "2.0"
        type: "aws_proxy"
        httpMethod: "POST"
        uri: "${FI}"
        connectionType: "INTERNET"
x-amazon-apigateway-importexport-version: "1.0"
`;

const texts: readonly StoryCase[] = [
  {
    row: 136,
    name: 'YAML',
    choices: ['O1'],
    run: async (stand) => {
      const apiId = await pets(stand, { api: { Version: '1.2' } });
      assert.deepEqual(await stand.exportText(apiId, { OutputType: 'YAML' }), {
        text: YAML,
        contentType: 'application/yaml',
      });
      assert.equal((await stand.exportText(apiId)).contentType, 'application/json');
    },
  },
  ...(['JSON', 'YAML'] as const).map(
    (OutputType): StoryCase => ({
      row: 137,
      name: `an export as ${OutputType} is imported`,
      run: async (stand) => {
        const apiId = await pets(stand, {
          api: { Version: '1.2', Description: 'a "word": #1', Tags: { a: '=' } },
          routes: [
            { RouteKey: 'GET /pets/{id}', to: 0 },
            { RouteKey: '$default', to: 0 },
            { RouteKey: 'ANY /x' },
          ],
        });
        const { text } = await stand.exportText(apiId, { OutputType });
        const answer = await stand.import({ document: text, failOnWarnings: true });
        assert.equal(answer.Warnings, undefined);
        const [first, second] = [await stand.read(apiId), await stand.read(answer.ApiId!)];
        assert.deepEqual(second.routes, first.routes);
        assert.deepEqual([second.api.Description, second.api.Tags], [first.api.Description, first.api.Tags]);
        assert.equal((await stand.exportText(answer.ApiId!, { OutputType })).text, text);
      },
    }),
  ),
];

export const openApiExportAnswerCases: readonly StoryCase[] = [...refusals, ...texts];
