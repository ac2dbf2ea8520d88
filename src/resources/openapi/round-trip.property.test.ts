// The law of the round trip (spec/openapi.md §10.10) on whole APIs in a store: what an API exports is imported without a warning, is
// equal to the API, and exports the same text again. Ten thousand APIs are held to it on the pure parts, in
// openapi/round-trip.property.test.ts.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { meaningOf } from '../../../test/support/generated-apis/meaning.ts';
import { readApi } from '../../../test/support/generated-apis/read-api.ts';
import { VPC_LINK, wholeHttpApi } from '../../../test/support/generated-apis/whole-http-api.ts';
import type { ExportedApi } from '../../openapi/export/exported-api.ts';
import { openSqliteStore } from '../../store/sqlite/sqlite-store.ts';
import type { Store, Transaction } from '../../store/store.ts';
import type { Context } from '../context.ts';
import { handlers } from '../handlers.ts';

const RUNS = 200;
const PLACE = { account: '000000000000', region: 'us-east-1' };
const STAMP = '2026-01-11 06:08:40UTC';

const contextOf = (tx: Transaction): Context => ({
  tx,
  ...PLACE,
  now: new Date('2026-01-11T06:08:40Z'),
  endpoint: (apiId) => `http://${apiId}.example`,
});

/** Makes an API as a client does. Returns its id. */
async function make(
  context: Context,
  { api, authorizers, integrations, routes }: ExportedApi,
): Promise<string> {
  const { VpcLinkId } = await handlers.CreateVpcLink({ Name: 'link', SubnetIds: ['subnet-1'] }, context);
  const created = await handlers.CreateApi({ ...api, ProtocolType: 'HTTP' } as never, context);
  const ApiId = created.ApiId!;
  const authorizerIds = new Map<string | undefined, string>();
  for (const { AuthorizerId, IdentitySource = [], ...members } of authorizers) {
    const made = await handlers.CreateAuthorizer({ ApiId, IdentitySource, ...members }, context);
    authorizerIds.set(AuthorizerId, made.AuthorizerId!);
  }
  const targets = new Map<string | undefined, string>();
  for (const { IntegrationId, ...members } of integrations) {
    const ConnectionId = members.ConnectionId === VPC_LINK ? { ConnectionId: VpcLinkId! } : {};
    const made = await handlers.CreateIntegration({ ApiId, ...members, ...ConnectionId }, context);
    targets.set(`integrations/${IntegrationId}`, `integrations/${made.IntegrationId}`);
  }
  for (const { AuthorizerId, Target, ...members } of routes) {
    const named = { AuthorizerId: authorizerIds.get(AuthorizerId), Target: targets.get(Target) };
    await handlers.CreateRoute({ ApiId, ...members, ...named } as never, context);
  }
  return ApiId;
}

function withGivenLink(api: ExportedApi): ExportedApi {
  const integrations = api.integrations.map((each) =>
    each.ConnectionId === undefined ? each : { ...each, ConnectionId: VPC_LINK },
  );
  return { ...api, integrations };
}

async function exported(context: Context, ApiId: string, OutputType: string): Promise<string> {
  return String((await handlers.ExportApi({ ApiId, Specification: 'OAS30', OutputType }, context)).body);
}

async function holds(store: Store, given: ExportedApi, outputType: string): Promise<void> {
  const [made, text] = await store.transact(async (tx) => {
    const context = contextOf(tx);
    const apiId = await make(context, given);
    return [await readApi(context, apiId), await exported(context, apiId, outputType)] as const;
  });
  assert.deepEqual(
    meaningOf(withGivenLink(made), STAMP),
    meaningOf(given, STAMP),
    'the rules leave it as it is given',
  );
  const input = { Body: text, FailOnWarnings: true };
  const definition = await handlers.ImportApi.prepare!(input, { ...PLACE, store, outside: {} });
  await store.transact(async (tx) => {
    const context = contextOf(tx);
    const { ApiId, Warnings } = await handlers.ImportApi(input, context, definition);
    assert.equal(Warnings, undefined);
    assert.deepEqual(meaningOf(await readApi(context, ApiId!), STAMP), meaningOf(made, STAMP));
    assert.equal(await exported(context, ApiId!, outputType), text);
  });
}

test('any HTTP API comes back whole from its export', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'postern-round-trip-'));
  const store = await openSqliteStore({ directory });
  t.after(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });
  await fc.assert(
    fc.asyncProperty(wholeHttpApi, fc.constantFrom('JSON', 'YAML'), (given, outputType) =>
      holds(store, given, outputType),
    ),
    { numRuns: RUNS },
  );
});
