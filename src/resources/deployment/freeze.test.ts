// What a deployment copies of an API, and what there must be to copy (spec/management-api.md §2.9.1).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextOf, openTestStore } from '../../../test/support/test-store.ts';
import type { FrozenApi } from '../../config/frozen.ts';
import { apiKeyOf, frozenKey } from '../../config/keys.ts';
import type { Document } from '../../store/store.ts';
import type { ApiDocument } from '../api/api-document.ts';
import { freezeApi, putFrozen } from './freeze.ts';

/** Documents by where they are below the API. */
type Stored = Readonly<Record<string, Document>>;

const NONE = { Routes: [], Integrations: [], Authorizers: [] };
const NONE_OF_SOCKETS = { ...NONE, IntegrationResponses: [], RouteResponses: [], Models: [] };
const R1 = { RouteId: 'r1', Target: 'integrations/i1' };
const OTHERS: Stored = {
  'routes/r1': R1,
  'stages/s1': { StageName: 's1' },
  'deployments/d1': { DeploymentId: 'd1' },
  'deployments/d1/frozen/content': { Routes: [] },
  '-targets/i1/routes/r1': {},
};
const RESPONSES: Stored = {
  'routes/r1': R1,
  'routes/r2': { RouteId: 'r2' },
  'integrations/i1': { IntegrationId: 'i1' },
  'integrations/i2': { IntegrationId: 'i2' },
  'integrations/i2/integrationresponses/b': { IntegrationResponseId: 'b' },
  'integrations/i1/integrationresponses/c': { IntegrationResponseId: 'c' },
  'integrations/i1/integrationresponses/a': { IntegrationResponseId: 'a' },
  'routes/r2/routeresponses/x': { RouteResponseId: 'x' },
  'routes/r1/routeresponses/y': { RouteResponseId: 'y' },
  'models/m1': { ModelId: 'm1', Name: 'N' },
};

const NO_VALID_ROUTE = 'Unable to deploy API because no valid routes exist in this API';
const NO_ROUTE = 'At least one route is required before deploying the Api';

const rows: readonly (readonly [
  name: string,
  protocol: ApiDocument['ProtocolType'],
  stored: Stored,
  /** Without the API's own document; a text refuses. */
  frozen: Omit<FrozenApi, 'Api'> | string,
])[] = [
  [
    'an HTTP API without routes is refused',
    'HTTP',
    { 'integrations/i1': { IntegrationId: 'i1' } },
    NO_VALID_ROUTE,
  ],
  ['a route without target is no valid one', 'HTTP', { 'routes/r1': { RouteId: 'r1' } }, NO_VALID_ROUTE],
  [
    'one valid route is enough, and the others come along',
    'HTTP',
    { 'routes/r2': { RouteId: 'r2' }, 'routes/r1': R1 },
    { ...NONE, Routes: [{ RouteId: 'r2' }, R1] },
  ],
  ['a WebSocket API without routes is refused', 'WEBSOCKET', { 'models/m1': { ModelId: 'm1' } }, NO_ROUTE],
  [
    'a WebSocket API needs any route',
    'WEBSOCKET',
    { 'routes/r1': { RouteId: 'r1' } },
    { ...NONE_OF_SOCKETS, Routes: [{ RouteId: 'r1' }] },
  ],
  [
    'collections keep the order of creation, whatever the ids',
    'HTTP',
    {
      'integrations/z': { IntegrationId: 'z' },
      'routes/r1': R1,
      'integrations/a': { IntegrationId: 'a' },
      'authorizers/z': { AuthorizerId: 'z' },
      'authorizers/a': { AuthorizerId: 'a' },
    },
    {
      Routes: [R1],
      Integrations: [{ IntegrationId: 'z' }, { IntegrationId: 'a' }],
      Authorizers: [{ AuthorizerId: 'z' }, { AuthorizerId: 'a' }],
    },
  ],
  ['stages, deployments and indexes are no part of it', 'HTTP', OTHERS, { ...NONE, Routes: [R1] }],
  [
    'an HTTP API has neither responses nor models',
    'HTTP',
    RESPONSES,
    {
      ...NONE,
      Routes: [R1, { RouteId: 'r2' }],
      Integrations: [{ IntegrationId: 'i1' }, { IntegrationId: 'i2' }],
    },
  ],
  [
    'responses say whose they are, in the order of their owners and then of creation',
    'WEBSOCKET',
    RESPONSES,
    {
      Routes: [R1, { RouteId: 'r2' }],
      Integrations: [{ IntegrationId: 'i1' }, { IntegrationId: 'i2' }],
      Authorizers: [],
      IntegrationResponses: [
        { IntegrationResponseId: 'c', IntegrationId: 'i1' },
        { IntegrationResponseId: 'a', IntegrationId: 'i1' },
        { IntegrationResponseId: 'b', IntegrationId: 'i2' },
      ],
      RouteResponses: [
        { RouteResponseId: 'y', RouteId: 'r1' },
        { RouteResponseId: 'x', RouteId: 'r2' },
      ],
      Models: [{ ModelId: 'm1', Name: 'N' }],
    },
  ],
];

for (const [name, ProtocolType, stored, frozen] of rows) {
  test(`§2.9.1: ${name}`, async (t) => {
    const store = await openTestStore(t);
    const api = { ApiId: 'a1', ProtocolType } as ApiDocument;
    const result = store.transact(async (tx) => {
      const apiKey = apiKeyOf(contextOf(tx), 'a1');
      // Of another API, with routes.
      await tx.put([...apiKeyOf(contextOf(tx), 'a2'), 'routes', 'r9'], R1);
      for (const [path, document] of Object.entries(stored)) {
        await tx.put([...apiKey, ...path.split('/')], document);
      }
      return freezeApi(contextOf(tx), apiKey, api);
    });
    if (typeof frozen !== 'string') assert.deepEqual(await result, { Api: api, ...frozen });
    else await assert.rejects(result, { code: 'BadRequestException', message: frozen });
  });
}

test('§2.9.1: what is frozen stays, whatever becomes of the API', async (t) => {
  const store = await openTestStore(t);
  const api = { ApiId: 'a1', ProtocolType: 'HTTP' } as ApiDocument;
  const content = await store.transact(async (tx) => {
    const context = contextOf(tx);
    const apiKey = apiKeyOf(context, 'a1');
    await tx.put([...apiKey, 'routes', 'r1'], R1);
    await putFrozen(context, apiKey, 'd1', await freezeApi(context, apiKey, api));
    await tx.put([...apiKey, 'routes', 'r1'], { ...R1, Target: 'integrations/i2' });
    return tx.get(frozenKey(apiKey, 'd1'));
  });
  assert.deepEqual(content, { ...NONE, Api: api, Routes: [R1] });
});
