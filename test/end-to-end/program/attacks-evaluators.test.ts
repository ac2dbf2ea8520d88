// Every evaluator that a client can drive ends what is made to keep it busy, and the next request is served
// (docs/reference/limits.md).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ATTACKS, type AttackStand, makeAttackStand } from '../../support/attacks.ts';
import { type RunningPostern, startTestPostern } from '../../support/postern.ts';

describe('evaluators under attack', () => {
  let postern: RunningPostern;
  let stand: AttackStand;
  before(async () => {
    postern = await startTestPostern();
    stand = await makeAttackStand(postern.client, postern.port);
  });
  after(async () => {
    await stand.close();
    await postern.close();
  });

  for (const attack of ATTACKS) {
    test(`${attack.evaluator}: ${attack.name}: ${attack.ends}`, async () => {
      assert.equal(await stand.fire(attack), attack.ends);
      assert.deepEqual(postern.errors, []);
    });
  }
});
