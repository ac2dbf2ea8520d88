// The quotas of WebSocket APIs that hold here, each at its limit and just past it (spec/websocket-api.md §10.7).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';
import { REGION } from '../../support/postern.ts';
import { CONTINUATION, frame, TEXT } from '../../support/socket-client.ts';
import { startSocketStand } from '../../support/socket-stand.ts';
import { createWebSocketApi, startWebSocketStand } from '../../support/websocket-stand.ts';

const text = (length: number): string => 'x'.repeat(length);
const texts = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`v${i}`, 'x']));

test('quotas of what is configured (§10.7)', async (t) => {
  const stand = await startWebSocketStand(t);
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const { management } = stand.postern;
  const sdk = new ApiGatewayV2({ endpoint: management, region: REGION, credentials, maxAttempts: 1 });
  t.after(() => sdk.destroy());
  const { apiId: ApiId } = await createWebSocketApi(stand);
  const stage = { ApiId, StageName: 'prod' };
  const log = (length: number) => ({
    DestinationArn: 'arn:aws:logs:us-east-1:000000000000:log-group:a',
    Format: `$context.requestId ${text(length - 19)}`,
  });
  const mock = (more: object) => sdk.createIntegration({ ApiId, IntegrationType: 'MOCK', ...more });
  const rows: readonly (readonly [
    quota: string,
    within: () => Promise<unknown>,
    past: () => Promise<unknown>,
    message: string,
  ])[] = [
    [
      'integration timeout, at least',
      () => mock({ TimeoutInMillis: 50 }),
      () => mock({ TimeoutInMillis: 49 }),
      'Timeout should be between 50 ms and 29000 ms',
    ],
    [
      'integration timeout, at most',
      () => mock({ TimeoutInMillis: 29_000 }),
      () => mock({ TimeoutInMillis: 29_001 }),
      'Timeout should be between 50 ms and 29000 ms',
    ],
    [
      'mapping template',
      () => mock({ RequestTemplates: { a: text(307_200) } }),
      () => mock({ RequestTemplates: { a: text(307_201) } }),
      'The template a in requestTemplates is larger than 307200 bytes',
    ],
    [
      'access log format',
      () => sdk.updateStage({ ...stage, AccessLogSettings: log(3_072) }),
      () => sdk.updateStage({ ...stage, AccessLogSettings: log(3_073) }),
      'format must have length between 1 and 3072',
    ],
    [
      'stage variables',
      () => sdk.updateStage({ ...stage, StageVariables: texts(100) }),
      () => sdk.updateStage({ ...stage, StageVariables: { more: 'x' } }),
      'stageVariables must have at most 100 entries',
    ],
    [
      'name of a stage variable',
      () => sdk.updateStage({ ...stage, StageVariables: { v0: '', [text(64)]: 'x' } }),
      () => sdk.updateStage({ ...stage, StageVariables: { v1: '', [text(65)]: 'x' } }),
      'stageVariables key must have length between 1 and 64',
    ],
    [
      'value of a stage variable',
      () => sdk.updateStage({ ...stage, StageVariables: { v2: text(512) } }),
      () => sdk.updateStage({ ...stage, StageVariables: { v2: text(513) } }),
      'stageVariables value must have length between 1 and 512',
    ],
    [
      'model schema',
      () => sdk.createModel({ ApiId, Name: 'A', Schema: `{"a":"${text(32_760)}"}` }),
      () => sdk.createModel({ ApiId, Name: 'B', Schema: `{"a":"${text(32_761)}"}` }),
      'schema must have length between 0 and 32768',
    ],
  ];
  for (const [quota, within, past, message] of rows) {
    await t.test(quota, async () => {
      await within();
      await assert.rejects(past, { name: 'BadRequestException', message });
    });
  }
});

const FRAME = 32_768;

/** Five frames at most: a message of so many bytes. */
const message = (length: number): Buffer[] => {
  const starts = Array.from({ length: Math.ceil(length / FRAME) }, (_, i) => i * FRAME);
  return starts.map((start, i) =>
    frame(i === 0 ? TEXT : CONTINUATION, text(Math.min(FRAME, length - start)), {
      fin: start + FRAME >= length,
    }),
  );
};

test('quotas of what clients send, and of their time (§10.7)', async (t) => {
  const stand = await startSocketStand();
  t.after(() => stand.close());
  const sent: readonly (readonly [quota: string, within: readonly Buffer[], past: readonly Buffer[]])[] = [
    ['frame size', [frame(TEXT, text(FRAME))], [frame(TEXT, text(FRAME + 1))]],
    ['message size', message(4 * FRAME), message(4 * FRAME + 1)],
  ];
  for (const [quota, within, past] of sent) {
    await t.test(quota, async () => {
      const client = await stand.open();
      client.send(...within);
      const echoed = await client.message();
      assert.equal(echoed.length, quota === 'frame size' ? FRAME : 4 * FRAME);
      client.send(...past);
      assert.deepEqual(await client.rest(), ['close 1009', 'end']);
    });
  }
  const MINUTE = 60_000;
  const times: readonly (readonly [quota: string, steps: readonly number[]])[] = [
    ['idle timeout', [10 * MINUTE]],
    ['connection duration', Array.from({ length: 24 }, () => 5 * MINUTE)],
  ];
  for (const [quota, steps] of times) {
    await t.test(quota, async () => {
      const client = await stand.open();
      for (const [i, step] of steps.entries()) {
        stand.clock.now += step - (i === steps.length - 1 ? 1 : 0);
        stand.hub.tick();
        if (i === steps.length - 1) break;
        client.send(frame(TEXT, 'x'));
        assert.equal(await client.text(), 'x');
      }
      assert.equal(stand.hub.size, 1);
      stand.clock.now += 1;
      stand.hub.tick();
      assert.deepEqual(await client.rest(), ['close 1001 Going away', 'end']);
    });
  }
});

test('the quota of URLs (§10.7)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  const path = (length: number): string => `/prod?a=${text(length - 8)}`;
  assert.equal((await api.connect(path(4_096))).status, 101);
  assert.equal((await api.connect(path(4_097))).status, 414);
});
