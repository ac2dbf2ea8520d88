import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openPostgresStand, type PostgresStand } from './postgres-stand.ts';

describe('the PostgreSQL of tests', () => {
  let stand: PostgresStand;
  before(async () => {
    stand = await openPostgresStand();
  });
  after(() => stand.close());

  test('has databases of their own, and what was committed survives its end', async () => {
    const [first, second] = [await stand.createDatabase(), await stand.createDatabase()];
    const nameOf = (url: string) => new URL(url).pathname.slice(1);
    await stand.sql('create table kept as select 1 as n', nameOf(first));
    await stand.stop('SIGQUIT');
    await stand.start();
    assert.deepEqual(await stand.sql('select n from kept', nameOf(first)), [{ n: 1 }]);
    await assert.rejects(stand.sql('select n from kept', nameOf(second)), /does not exist/);
  });
});
