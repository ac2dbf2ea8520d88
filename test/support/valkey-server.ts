// A Valkey or Redis of this machine for one test file, which ends with it.
import { after } from 'node:test';
import { ValkeyStand, valkeyProgram } from '../cluster/stand/valkey.ts';
import { freePort } from './free-port.ts';

export const NO_VALKEY = 'no Valkey: neither valkey-server nor redis-server is on this machine';

/** Undefined where the machine has none: tests are skipped then, with that sentence. */
export async function startValkey(): Promise<ValkeyStand | undefined> {
  const program = valkeyProgram();
  if (program === undefined) return undefined;
  const stand = new ValkeyStand(program, '127.0.0.1', await freePort());
  after(() => stand.close());
  await stand.start();
  return stand;
}

/** Passes when one of so many tries does. */
export async function oneOf(tries: number, attempt: () => Promise<void>): Promise<void> {
  for (let left = tries - 1; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}
