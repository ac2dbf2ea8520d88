// What integration responses make of answers, without the wire (spec/websocket-api.md §4.3, §4.4.4). Rows over the wire are in
// test/conformance/ws-replies.cases.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IntegrationResponseConfig, SocketIntegrationConfig } from '../../config/websocket-api.ts';
import type { SocketEvent } from '../event.ts';
import { NO_HEADERS } from './failed.ts';
import { compileResponses } from './response-plan.ts';

const EVENT = { kind: 'CONNECT', hasContext: false } as SocketEvent;

function planOf(responses: readonly Partial<IntegrationResponseConfig>[], matchesErrors = false) {
  const config = {
    responses: responses.map((response) => ({
      key: '$default',
      templates: new Map(),
      templateSelectionExpression: undefined,
      parameters: new Map(),
      contentHandling: undefined,
      ...response,
    })),
  } as unknown as SocketIntegrationConfig;
  const plan = compileResponses(config, matchesErrors);
  return (body: string, errorMessage?: string) =>
    plan(EVENT, { kind: 'answered', status: 200, headers: NO_HEADERS, body, errorMessage });
}

const FROM_BODY: readonly (readonly [path: string, body: string, subprotocol: string | undefined])[] = [
  ['', 'text', 'text'],
  ['.a', '{"a":"x"}', 'x'],
  ['.a[1]', '{"a":[1,"y"]}', 'y'],
  ['.a', '{"a":null}', undefined],
  ['.a', '{"a":{"b":1}}', '{"b":1}'],
  ['.a', 'text', undefined],
  ['.a', '{"a":', undefined],
  // A path that is none leads nowhere.
  ['[?(', '{"a":"x"}', undefined],
];

test('the subprotocol from a body', () => {
  for (const [path, body, subprotocol] of FROM_BODY) {
    const reply = planOf([
      {
        parameters: new Map([
          ['route.response.header.Sec-WebSocket-Protocol', `integration.response.body${path}`],
        ]),
      },
    ])(body);
    assert.deepEqual(reply, { kind: 'reply', status: 200, data: body, subprotocol }, `${path} of ${body}`);
  }
});

test('how long an error message may be depends on the patterns it is matched against', () => {
  const matched = planOf([{ key: `/${'a'.repeat(1_000)}x|b+/` }, {}], true);
  const long = 'b'.repeat(10_000);
  assert.equal(matched('{}', long.slice(0, 8_000)).kind, 'reply');
  const failed = matched('{}', long);
  assert.equal(failed.kind, 'failed');
  assert.match(failed.kind === 'failed' ? failed.error : '', /more than \d+ characters to be matched/);
  assert.equal(planOf([{}], true)('{}', 'b'.repeat(1_000_000)).kind, 'reply');
});
