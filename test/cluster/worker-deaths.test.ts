// What becomes of clients when processes of a machine end or stand still: two workers on SQLite, real kills. Load goes on all the time;
// at the end the invariants are asked.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { processOf } from '../../src/websocket-api/connections/connection-id.ts';
import { invariantsHold, loadedCluster } from './cluster-test.ts';
import { endsTold, entriesOf } from './ledger.ts';
import { hostOf } from './load/apis.ts';
import { ask } from './load/http.ts';
import { until } from './load/until.ts';
import { isRunning, openFilesOf, signal } from './stand/processes.ts';

describe('two workers of a machine', () => {
  const cluster = loadedCluster({ nodes: 1, workers: 2, hasPostgres: false, sockets: 16 });
  const { ledger } = cluster;
  const node = () => cluster.node(0);
  const hit = { on: ['node-0'], isDeath: true };
  const hello = (millis: number) =>
    ask({ url: node().url, host: hostOf(cluster.loaded.apis.http.apiId), path: `/hello?millis=${millis}` });
  const isReplaced = (victim: number): boolean => {
    const workers = node().workers();
    return workers.length === 2 && !workers.includes(victim);
  };

  test('a worker that is killed is replaced, and the ends of its connections are told by the other', async () => {
    // The one that has more connections than the other.
    const [other, victim] = [...node().workers()].sort((a, b) => openFilesOf(a) - openFilesOf(b)) as [
      number,
      number,
    ];
    const before = [...cluster.loaded.crowd.open.keys()];
    const { length } = cluster.loaded.crowd.ended;
    const over = ledger.fault('a worker is killed', hit);
    signal(victim, 'SIGKILL');
    await until('there are two workers again', () => isReplaced(victim));
    await until('clients have lost connections', () => cluster.loaded.crowd.ended.length > length);
    assert.ok(node().workers().includes(other), 'the other one goes on');
    over();
    await cluster.loaded.allAreConnected();
    await cluster.loaded.allAreTold();
    const kept = before.filter((id) => cluster.loaded.crowd.open.has(id));
    const lost = before.filter((id) => !kept.includes(id));
    assert.ok(lost.length > 0);
    // An id begins with the number of the process that has its connection.
    const holdersOf = (ids: readonly string[]) => new Set(ids.map(processOf));
    assert.equal(holdersOf(lost).size, 1, 'all that ended were those of one worker');
    assert.ok(!holdersOf(kept).has(processOf(lost[0]!)), 'and all of those that it had');
  });

  test('calls that the functions host had when it was killed fail, and later ones do not', async () => {
    const victim = node().functionsHost()!;
    const over = ledger.fault('the functions host is killed', hit);
    const slow = hello(60_000);
    await hello(0);
    signal(victim, 'SIGKILL');
    // As of a function that crashed.
    assert.equal((await slow).status, 500);
    await until('functions are called again', async () => (await hello(0)).status === 200);
    assert.notEqual(node().functionsHost(), victim);
    over();
  });

  test('a worker that stands still is killed by the primary; writes go on meanwhile', async () => {
    const [victim] = node().workers() as [number];
    const over = ledger.fault('a worker is stopped', hit);
    signal(victim, 'SIGSTOP');
    const { outcome } = await cluster.loaded.nextWrite(node());
    assert.equal(outcome, 'acknowledged');
    assert.ok(node().workers().includes(victim), 'it was not waited for');
    await until('it is killed and replaced', () => isReplaced(victim));
    over();
    await cluster.loaded.allAreConnected();
    await cluster.loaded.allAreTold();
  });

  test('when the primary is killed its workers end, and a new one tells all ends', async () => {
    const family = node().family();
    const ids = [...cluster.loaded.crowd.open.keys()];
    const over = ledger.fault('the primary is killed', { ...hit, bursts: 1 });
    node().killPrimary();
    await node().ended();
    await until('all its processes have ended', () => !family.some(isRunning));
    await node().start();
    over();
    await cluster.loaded.allAreTold();
    const told = endsTold(ledger.entries);
    assert.deepEqual(
      ids.filter((id) => !told.has(id)),
      [],
    );
    assert.equal(entriesOf(ledger.entries, 'disconnect-told').length, told.size, 'each once');
    await cluster.loaded.allAreConnected();
  });

  invariantsHold(cluster);
});
