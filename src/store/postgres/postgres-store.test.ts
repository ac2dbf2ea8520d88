import { after, before, describe } from 'node:test';
import { openPostgresStand, type PostgresStand } from '../../../test/cluster/postgres-stand.ts';
import { NUM_RUNS } from '../../../test/support/num-runs.ts';
import { storeContract } from '../contract/store-contract.ts';
import { openStoreAt } from './at.test.support.ts';

describe('the PostgreSQL store', () => {
  let stand: PostgresStand;
  before(async () => {
    stand = await openPostgresStand();
  });
  after(() => stand.close());

  storeContract({
    name: 'PostgreSQL',
    // A statement is a journey to another process.
    histories: NUM_RUNS / 25,
    module: new URL('./at.test.support.js', import.meta.url).href,
    createLocation: async () => `${await stand.createDatabase()}?schema=user`,
    removeLocation: async () => undefined,
    open: openStoreAt,
  });
});
