// Two workers have one limit: their primary counts, by itself or with what a Valkey has granted it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sendRaw } from '../../support/raw-client.ts';
import { NO_VALKEY, oneOf, startValkey } from '../../support/valkey-server.ts';
import { FUNCTION_TARGET, startWorkers, type WorkersStand } from '../../support/workers-stand.ts';

/** Nothing comes while a test runs. */
const HARDLY = 1e-6;

const valkey = await startValkey();

interface Throttled {
  readonly apiId: string;
  /** As many as there are, each on a connection of its own, and so to either worker. */
  admitted(requests: number): Promise<number>;
  limit(burst: number): Promise<void>;
}

async function throttled(stand: WorkersStand, burst: number): Promise<Throttled> {
  const { ApiId } = await stand.client.createApi({ Name: 'say', ProtocolType: 'HTTP' });
  const { IntegrationId } = await stand.client.createIntegration({
    ApiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: FUNCTION_TARGET,
    PayloadFormatVersion: '2.0',
  });
  await stand.client.createRoute({ ApiId, RouteKey: '$default', Target: `integrations/${IntegrationId}` });
  await stand.client.createStage({ ApiId, StageName: '$default', AutoDeploy: true });
  const limit = async (to: number) => {
    const DefaultRouteSettings = { ThrottlingBurstLimit: to, ThrottlingRateLimit: HARDLY };
    await stand.client.updateStage({ ApiId, StageName: '$default', DefaultRouteSettings });
  };
  await limit(burst);
  return {
    apiId: ApiId!,
    limit,
    async admitted(requests) {
      const bytes = `GET /_aws/execute-api/${ApiId}/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
      const replies = await Promise.all(
        Array.from({ length: requests }, () => sendRaw({ host: stand.host, port: stand.port, bytes })),
      );
      const statuses = replies.map(({ status }) => status);
      assert.deepEqual(new Set([...statuses, 200, 429]), new Set([200, 429]));
      return statuses.filter((status) => status === 200).length;
    },
  };
}

function suite(name: string, words: () => readonly string[], skip: string | false): void {
  describe(name, { skip }, () => {
    test('what both admit together is what one would', async (t) => {
      const stand = await startWorkers(words());
      t.after(() => stand.close());
      // A busy machine may keep the Valkey from answering within 50 ms, and then there are shares: one of some tries has none.
      await oneOf(5, () => both(stand));
      const metrics = await (await fetch(`${stand.management}/_postern/metrics`)).text();
      const shared = /^postern_limits_shared (\d)$/m.exec(metrics);
      assert.equal(shared !== null, words().length > 0);
    });
    async function both(stand: WorkersStand): Promise<void> {
      const few = await throttled(stand, 3);
      assert.equal(await few.admitted(12), 3);
      assert.equal(await few.admitted(4), 0);
      await few.limit(0);
      assert.equal(await few.admitted(4), 0);
      const many = await throttled(stand, 60);
      let admitted = 0;
      // What one holds ahead and does not use goes back.
      for (let round = 0; round < 200 && admitted < 60; round++) admitted += await many.admitted(12);
      assert.equal(admitted, 60);
      assert.equal(await many.admitted(12), 0);
    }
  });
}

suite('workers of a primary', () => [], false);
suite(
  'workers of a primary with a Valkey',
  () => ['--cluster-valkey', valkey!.url],
  valkey === undefined && NO_VALKEY,
);
