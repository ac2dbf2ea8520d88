// The ends of connections whose node has died, and of those that were open while PostgreSQL was away (decision 0012).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CreateApiCommand, CreateRouteCommand, CreateStageCommand } from '@aws-sdk/client-apigatewayv2';
import { startEndsStand } from '../support/ends-stand.ts';
import { webSocketApi } from '../support/websocket-stand.ts';
import { openPostgresStand, type PostgresStand } from './postgres-stand.ts';

describe('connections of nodes', () => {
  let postgres: PostgresStand;
  before(async () => {
    postgres = await openPostgresStand();
  });
  after(() => postgres.close());

  test('survivors tell the ends of a node that died; an outage of PostgreSQL loses none and tells none twice', async (t) => {
    const stand = await startEndsStand(
      t,
      `store: ${await postgres.createDatabase()}
cluster: { secret: a-secret-of-at-least-thirty-two-characters, listen: "127.0.0.1:0", leaseSeconds: 2 }
`,
    );
    const { toldOf, told, until } = stand;
    const lost = [await stand.connect(), await stand.connect()];
    const first = stand.program;
    await stand.start('other');
    const kept = await stand.connect();
    await first.stop('SIGKILL');
    const killedAt = performance.now();
    await until('the survivor tells', () => lost.every(({ id }) => toldOf(id).length === 1));
    t.diagnostic(`told ${Math.round(performance.now() - killedAt)} ms after a node died, with leases of 2 s`);
    assert.deepEqual([...new Set(told().map(({ how }) => how))], ['1006 ']);
    assert.equal(toldOf(kept.id).length, 0);

    // Alone, it knows that nobody can claim anything while PostgreSQL is away.
    await postgres.signal('SIGSTOP');
    const meanwhile = await stand.connect();
    const ended = await stand.connect();
    ended.socket.close(1000, 'bye');
    kept.socket.close(1000, 'bye');
    await until('both are told', () => toldOf(ended.id).length + toldOf(kept.id).length === 2);
    // What has left is on the disk by the time that the next row is.
    const last = await stand.connect();
    await stand.kill();
    await postgres.signal('SIGCONT');
    await stand.start('other');
    await until('the rest is told', () => [meanwhile, last].every(({ id }) => toldOf(id).length === 1));
    const next = await stand.connect();
    assert.equal((await stand.program.stop()).code, 0);
    assert.equal(toldOf(next.id)[0]!.how, '1001 Going away');
    for (const id of stand.connected()) assert.equal(toldOf(id).length, 1, id);
  });

  test('where rows are required in PostgreSQL, clients are refused while it is away, and the API does not hear of them; but for those whose end nobody is told', async (t) => {
    const stand = await startEndsStand(
      t,
      `store: ${await postgres.createDatabase()}
webSocket: { registry: required }
`,
    );
    const { id } = await stand.connect();
    const { client } = stand.postern;
    const RouteSelectionExpression = '$request.body.action';
    const untold = await client.send(
      new CreateApiCommand({ Name: 'untold', ProtocolType: 'WEBSOCKET', RouteSelectionExpression }),
    );
    const { ApiId } = untold;
    await client.send(new CreateRouteCommand({ ApiId, RouteKey: '$disconnect' }));
    await client.send(new CreateStageCommand({ ApiId, StageName: 'prod', AutoDeploy: true }));
    const status = async (apiId = stand.apiId): Promise<number> => {
      const { socket, status } = await webSocketApi(stand, apiId).connect('/prod');
      socket?.on('error', () => {});
      return status;
    };
    await postgres.signal('SIGSTOP');
    try {
      assert.deepEqual([await status(), await status(), await status(ApiId)], [503, 503, 101]);
      assert.deepEqual(stand.connected(), [id]);
      assert.equal(stand.toldOf(id).length, 0, 'who is connected stays');
    } finally {
      await postgres.signal('SIGCONT');
    }
    for (const end = performance.now() + 20_000; (await status()) !== 101; )
      assert.ok(performance.now() < end, 'clients are let in again');
  });

  test('a node that is told to end is not ready from then on, closes connections one by one, and hands over what it has not told', async (t) => {
    const stand = await startEndsStand(
      t,
      `store: ${await postgres.createDatabase()}
cluster: { secret: a-secret-of-at-least-thirty-two-characters, listen: "127.0.0.1:0", leaseSeconds: 2 }
webSocket: { drainSeconds: 3 }
`,
    );
    const closed: { readonly id: string; readonly code: number }[] = [];
    const ids: string[] = [];
    for (let at = 0; at < 8; at++) {
      const { id, socket } = await stand.connect();
      ids.push(id);
      socket.on('close', (code) => closed.push({ id, code }));
    }
    const { program, postern } = stand;
    await stand.start('other');
    const readiness = async (): Promise<number> =>
      (await fetch(`http://${postern.host}:${postern.port}/_postern/ready`)).status;
    assert.equal(await readiness(), 200);
    program.child.kill('SIGTERM');
    await program.logged('draining');
    assert.equal(await readiness(), 503);
    assert.equal(closed.length, 0, 'load balancers notice before clients do');
    await stand.until('the first are closed', () => stand.told().length > 1);
    assert.ok(closed.length < ids.length, 'not all at once');
    // Of the others nobody answers, so they are not told in time.
    stand.unanswered = 'DISCONNECT';
    await stand.until('all are closed', () => closed.length === ids.length);
    await stand.until('all are being told', () => ids.every((id) => stand.toldOf(id).length === 1));
    stand.unanswered = '';
    const { code } = await program.stop();
    assert.equal(code, 0);
    await stand.until('the other tells the last', () => stand.toldOf(ids.at(-1)!).length === 2);
    assert.deepEqual([...new Set(closed.map(({ code }) => code))], [1001]);
    // Those of one moment are heard of in any order.
    const order = closed.map((each) => ids.indexOf(each.id));
    assert.ok(order[0]! < order.at(-1)!, `the oldest first: ${order}`);
    assert.deepEqual([...new Set(stand.told().map(({ how }) => how))], ['1001 Going away']);
    assert.equal(stand.toldOf(ids[0]!).length, 1, 'what was told is not handed over');
    for (const id of ids) assert.equal(new Set(stand.toldOf(id).map(({ requestId }) => requestId)).size, 1);
  });
});
