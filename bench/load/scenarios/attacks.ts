// What a health check waits while the gateway is given requests and messages that are made to keep it busy: no evaluator that
// a client can drive may stop the others (docs/reference/limits.md).
import { setTimeout as sleep } from 'node:timers/promises';
import { ATTACKS, type Attack, makeAttackStand } from '../../../test/support/attacks.ts';
import type { Outcome, Row, Scenario } from '../bench.ts';
import { call } from '../call.ts';
import { startPostern } from '../gateways/postern.ts';

const TIMES = 3;
const POLL_MILLIS = 5;
const AT_MOST = 1_000;

export const attacks: Scenario = {
  name: 'attacks',
  title: 'A health check while one request or message is made to keep the gateway busy',
  async run(bench): Promise<Outcome> {
    const running = await startPostern(bench);
    try {
      const stand = await makeAttackStand(running.client, running.port);
      const table: Row[] = [];
      let worst = 0;
      for (const attack of ATTACKS) {
        const waited = await worstHealth(running.port, async () => {
          for (let i = 0; i < TIMES; i++) await fireAsExpected(attack, stand.fire);
        });
        worst = Math.max(worst, waited);
        const { evaluator, name, ends } = attack;
        table.push({ evaluator, attack: name, ends, 'worst health check ms': waited.toFixed(1) });
      }
      await stand.close();
      return {
        table,
        goals: [{ what: 'the worst health check', value: worst, unit: ' ms', atMost: AT_MOST }],
      };
    } finally {
      running.client.destroy();
      await running.program.stop();
    }
  },
};

async function fireAsExpected(attack: Attack, fire: (attack: Attack) => Promise<string>): Promise<void> {
  const end = await fire(attack);
  if (end !== attack.ends) throw new Error(`${attack.name} ended with ${end} instead of ${attack.ends}`);
}

/** The longest that a health check takes while `act` is under way, and one more after it. */
async function worstHealth(port: number, act: () => Promise<void>): Promise<number> {
  let isOver = false;
  const acting = act().finally(() => {
    isOver = true;
  });
  let worst = 0;
  for (let isLast = false; !isLast; ) {
    isLast = isOver;
    const before = performance.now();
    const { status } = await call({ port, path: '/_postern/health' });
    if (status !== 200) throw new Error(`the health check says ${status}`);
    worst = Math.max(worst, performance.now() - before);
    await sleep(POLL_MILLIS);
  }
  await acting;
  return worst;
}
