// Messages that a model refuses: the frame byte for byte, what the logs say, and what it takes to check a message made to be
// slow (spec/websocket-api.md §2.5.3, §2.5.5).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateModelCommand, CreateRouteCommand } from '@aws-sdk/client-apigatewayv2';
import { ACCESS_ARN, deployed, type LoggedStand, startLogged } from '../../support/logged-sockets.ts';
import { nextMessage, type WebSocketApi } from '../../support/websocket-stand.ts';

const FORMAT = ['connectionId', 'messageId', 'status', 'error.responseType', 'error.validationErrorString'];

/** Adds one-way routes to the function, each with the model of its key. */
async function addRoutes(
  { postern: { client } }: LoggedStand,
  { apiId: ApiId, target: Target }: WebSocketApi,
  models: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [Name, Schema] of Object.entries(models)) {
    await client.send(new CreateModelCommand({ ApiId, Name, Schema }));
    await client.send(
      new CreateRouteCommand({
        ...{ ApiId, RouteKey: Name, Target },
        ModelSelectionExpression: 'm',
        RequestModels: { m: Name },
      }),
    );
  }
}

const MODELS = {
  named: '{"type": "object", "required": ["name"]}',
  strings: '{"properties": {"list": {"items": {"type": "string"}}}}',
  sets: '{"properties": {"list": {"uniqueItems": true}}}',
  twice:
    '{"anyOf": [{"properties": {"a": {"$ref": "#"}}, "required": ["b"]}, {"properties": {"a": {"$ref": "#"}}, "required": ["a"]}]}',
  costly: JSON.stringify({
    properties: {
      list: { items: { anyOf: [...Array<object>(300).fill({ type: 'string', maxLength: 2 }), {}] } },
    },
  }),
  deep: '{"properties": {"list": {"$ref": "#/definitions/list"}}, "definitions": {"list": {"items": {"$ref": "#/definitions/list"}}}}',
};
const listed = (action: string, list: string): string => `{"action":"${action}","list":${list}}`;
const MANY = 20_000;

/** Message, and what is wrong with it. All but the first are made to be slow. */
const REFUSED: readonly (readonly [name: string, message: string, why: string])[] = [
  ['a member is missing', '{"action":"named"}', "body must have required property 'name'"],
  [
    'every item is wrong, the first is told',
    listed('strings', JSON.stringify(Array(MANY).fill(1))),
    'body/list/0 must be string',
  ],
  [
    'the last of many items is the first again',
    listed('sets', JSON.stringify([...Array.from({ length: 12_000 }, (_, i) => [i]), [0]])),
    'body/list must NOT have duplicate items',
  ],
  [
    'each of 60 objects in one another can fit in two ways, the innermost in none',
    `{"action":"twice","a":${'{"a":'.repeat(60)}{}${'}'.repeat(60)}}`,
    'body must match a schema in anyOf',
  ],
  [
    'many items, and many ways that each of them does not fit',
    listed('costly', JSON.stringify(Array(MANY).fill('abc'))),
    'body takes more than 2000000 steps to check',
  ],
  ['lists in lists', listed('deep', '['.repeat(MANY) + ']'.repeat(MANY)), 'body is nested too deeply'],
];

test('a message that fits no model: its frame, the logs, and the connection goes on', async (t) => {
  const stand = await startLogged(t);
  const api = await deployed(stand, {
    AccessLogSettings: {
      DestinationArn: ACCESS_ARN,
      Format: ['requestId', ...FORMAT].map((name) => `$context.${name}`).join('|'),
    },
    DefaultRouteSettings: { LoggingLevel: 'ERROR' },
  });
  await addRoutes(stand, api, MODELS);
  const { socket } = await api.connect('/prod');
  const frames: string[] = [];
  for (const [, message] of REFUSED) {
    const answered = nextMessage(socket!);
    // A frame has 32 KB at most.
    for (let at = 0; at < message.length; at += 30_000) {
      socket!.send(message.slice(at, at + 30_000), { fin: at + 30_000 >= message.length });
    }
    frames.push(String(await answered));
  }
  // Nobody but $connect has been asked.
  assert.equal(stand.lambda.invocations.length, 1);
  const said = await stand.executionLog(api);
  const [, ...lines] = await stand.accessLog();
  assert.deepEqual(
    said,
    REFUSED.flatMap(([, , why]) => [
      `Request body does not match model schema: ${why}`,
      `Execution failed with status: 400, BAD_REQUEST_BODY: ${why}`,
    ]),
  );
  for (const [i, [name, , why]] of REFUSED.entries()) {
    const [requestId, connectionId, messageId, ...rest] = lines[i]!.split('|');
    assert.equal(
      frames[i],
      `{"message": "Bad request body", "connectionId":"${connectionId}", "messageId":"${messageId}"}`,
      name,
    );
    assert.notEqual(requestId, messageId);
    assert.deepEqual(rest, ['400', 'BAD_REQUEST_BODY', why], name);
  }
});
