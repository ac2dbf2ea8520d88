// API keys of $connect over the wire (spec/websocket-api.md §2.7; §1.10 rows l to n).
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import { CreateRouteCommand } from '@aws-sdk/client-apigatewayv2';
import type { ApiKeySettings } from '../../../src/websocket-api/api-keys.ts';
import { policy, statement } from '../../support/authorizer-stand.ts';
import { makeTestDirectory } from '../../support/postern.ts';
import {
  createWebSocketApi,
  startWebSocketStand,
  told,
  webSocketApi,
} from '../../support/websocket-stand.ts';

const VALUE = 'a-secret-of-twenty-characters';
const KEY: ApiKeySettings = {
  id: 'partner',
  value: VALUE,
  isEnabled: true,
  stages: ['*'],
  throttle: undefined,
  quota: undefined,
};
const REQUIRED = { apiKeyRequired: true } as const;

test('a key in the header lets in and is in the events (§2.7.1, §2.7.2)', async (t) => {
  const stand = await startWebSocketStand(t, { sections: { apiKeys: [KEY] } });
  const api = await createWebSocketApi(stand, REQUIRED);
  const { socket } = await api.connect('/prod', { 'X-Api-Key': VALUE });
  socket!.send('{"action":"x"}');
  while (stand.eventsOf('hello').length < 2) await new Promise((resolve) => setImmediate(resolve));
  for (const event of stand.eventsOf('hello')) {
    const { identity } = event.requestContext as { identity: Record<string, unknown> };
    assert.deepEqual([identity.apiKey, identity.apiKeyId], [VALUE, 'partner']);
  }
});

test('without a key, or with one that is not good for the stage: 403 (§2.7.3, §1.10 row l)', async (t) => {
  const keys = (apiId: string): readonly ApiKeySettings[] => [
    { ...KEY, id: 'other-stage', value: `${VALUE}-1`, stages: [`${apiId}:dev`] },
    { ...KEY, id: 'other-api', value: `${VALUE}-2`, stages: ['zzzzzzzzzz:prod'] },
    { ...KEY, id: 'off', value: `${VALUE}-3`, isEnabled: false },
    { ...KEY, id: 'none', value: `${VALUE}-4`, stages: [] },
    { ...KEY, id: 'right', value: `${VALUE}-5`, stages: ['zzzzzzzzzz:prod', `${apiId}:prod`] },
  ];
  const known = [...keys('')];
  // The API's id is not known before.
  const stages: string[][] = known.map(() => []);
  const stand = await startWebSocketStand(t, {
    sections: { apiKeys: known.map((key, i) => ({ ...key, stages: stages[i]! })) },
  });
  const api = await createWebSocketApi(stand, { ...REQUIRED, stages: ['prod', 'dev'] });
  for (const [i, key] of keys(api.apiId).entries()) stages[i]!.push(...key.stages);
  const rows: readonly (readonly [Record<string, string>, string])[] = [
    [{}, '403 Forbidden'],
    [{ 'x-api-key': '' }, '403 Forbidden'],
    [{ 'x-api-key': VALUE }, '403 Forbidden'],
    [{ 'x-api-key': `${VALUE}-1` }, '403 Forbidden'],
    [{ 'x-api-key': `${VALUE}-2` }, '403 Forbidden'],
    [{ 'x-api-key': `${VALUE}-3` }, '403 Forbidden'],
    [{ 'x-api-key': `${VALUE}-4` }, '403 Forbidden'],
    [{ 'x-api-key': `${VALUE}-5` }, '101'],
  ];
  for (const [headers, what] of rows) {
    const shake = await api.connect('/prod', headers);
    assert.equal(told(shake), what, JSON.stringify(headers));
    if (what !== '101') assert.equal(shake.headers['x-amzn-errortype'], 'ForbiddenException');
  }
  assert.equal(told(await api.connect('/dev', { 'x-api-key': `${VALUE}-1` })), '101');
  assert.equal(told(await api.connect(`/prod?x-api-key=${VALUE}-5`)), '403 Forbidden');
});

test('the key that a Lambda authorizer names (§2.7.2, §8.4.1)', async (t) => {
  const stand = await startWebSocketStand(t, { sections: { apiKeys: [KEY] } });
  const api = await createWebSocketApi(stand, {
    ...REQUIRED,
    type: 'CUSTOM',
    api: { ApiKeySelectionExpression: '$context.authorizer.usageIdentifierKey' },
  });
  const answer = (usageIdentifierKey: unknown): void =>
    stand.answer(policy(statement('Allow', '*'), { principalId: 'me', usageIdentifierKey }));
  for (const [given, what] of [
    [VALUE, '101'],
    ['another', '403 Forbidden'],
    [undefined, '403 Forbidden'],
    [{ toString: VALUE }, '403 Forbidden'],
  ] as const) {
    answer(given);
    assert.equal(told(await api.connect('/prod', { 'x-api-key': VALUE })), what);
  }
  // A key does not make up for the authorizer.
  stand.answer(policy(statement('Deny', '*'), { principalId: 'me', usageIdentifierKey: VALUE }));
  assert.match(told(await api.connect('/prod')), /^403 User is not authorized/);
});

test('a plan’s quota and throttle: 429 (§2.7.3, §1.10 rows m and n)', async (t) => {
  const stand = await startWebSocketStand(t, {
    sections: {
      apiKeys: [
        { ...KEY, quota: { limit: 2, period: 'MONTH' } },
        { ...KEY, id: 'slow', value: `${VALUE}-slow`, throttle: { rateLimit: 0.001, burstLimit: 1 } },
      ],
    },
  });
  const api = await createWebSocketApi(stand, REQUIRED);
  const connect = (value: string) => api.connect('/prod', { 'x-api-key': value });
  assert.equal(told(await connect(VALUE)), '101');
  assert.equal(told(await connect(VALUE)), '101');
  const over = await connect(VALUE);
  assert.equal(told(over), '429 Limit Exceeded');
  assert.equal(over.headers['x-amzn-errortype'], 'LimitExceededException');
  assert.equal(told(await connect(`${VALUE}-slow`)), '101');
  const slow = await connect(`${VALUE}-slow`);
  assert.equal(told(slow), '429 Too Many Requests');
  assert.equal(slow.headers['x-amzn-errortype'], 'TooManyRequestsException');
});

test('what a key has used of its quota counts on after a restart; what was in hand is not lost by it', async (t) => {
  const data = await makeTestDirectory();
  const sections = { apiKeys: [{ ...KEY, quota: { limit: 12, period: 'MONTH' as const } }] };
  const connectsOf = async (count: number, apiId?: string): Promise<[apiId: string, statuses: string[]]> => {
    const closes: (() => Promise<void>)[] = [];
    const stand = await startWebSocketStand(
      { after: (close) => void closes.push(close as never) },
      { data, sections },
    );
    const api = apiId === undefined ? await createWebSocketApi(stand, REQUIRED) : webSocketApi(stand, apiId);
    const statuses: string[] = [];
    for (let i = 0; i < count; i++) statuses.push(told(await api.connect('/prod', { 'x-api-key': VALUE })));
    for (const close of closes) await close();
    return [api.apiId, statuses];
  };
  t.after(() => rm(data, { recursive: true }));
  const [apiId, first] = await connectsOf(4);
  const [, second] = await connectsOf(9, apiId);
  const granted = Array<string>(12).fill('101');
  assert.deepEqual([...first, ...second], [...granted, '429 Limit Exceeded']);
});

test('on other routes no key is asked for, and none has authorization (§2.7.1, §2.8.1)', async (t) => {
  const stand = await startWebSocketStand(t, { sections: { apiKeys: [KEY] } });
  const api = await createWebSocketApi(stand);
  const { client } = stand.postern;
  const route = { ApiId: api.apiId, RouteKey: 'guarded', ApiKeyRequired: true, Target: api.target };
  for (const AuthorizationType of ['AWS_IAM', 'CUSTOM', 'JWT'] as const) {
    await assert.rejects(client.send(new CreateRouteCommand({ ...route, AuthorizationType })), {
      name: 'BadRequestException',
    });
  }
  await client.send(new CreateRouteCommand(route));
  const { socket } = await api.connect('/prod');
  socket!.send('{"action":"guarded"}');
  while (stand.eventsOf('hello').length < 2) await new Promise((resolve) => setImmediate(resolve));
  const { routeKey } = stand.eventsOf('hello')[1]!.requestContext as { routeKey: string };
  assert.equal(routeKey, 'guarded');
});
