// Test-only: whatever `kill -9` meets, a row that was acknowledged is there, and one whose leaving was acknowledged is not.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Held } from './batched-registry.ts';

export interface OpenRegistry {
  readonly held: Held;
  close(): Promise<void>;
}

export interface KilledEngine {
  readonly name: 'SQLite' | 'PostgreSQL';
  createLocation(): Promise<string>;
  /** As one more process. */
  open(location: string): Promise<OpenRegistry>;
}

const ROUNDS = 3;

export function registryKillContract(engine: KilledEngine): void {
  test(`the registry on ${engine.name} under kill -9`, async (t) => {
    const location = await engine.createLocation();
    let acknowledged = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const { entered, left, holder } = await storm(
        engine.name,
        location,
        50 + Math.floor(Math.random() * 300),
      );
      acknowledged += entered.size;
      const next = await engine.open(location);
      const there = new Set(await next.held.engine.idsOf(holder));
      for (const id of entered)
        assert.ok(there.has(id) || left.has(id) || mayHaveLeft(id), `${id} was acknowledged and is lost`);
      for (const id of left) assert.ok(!there.has(id), `${id} has left and is there`);
      await next.close();
    }
    t.diagnostic(`${acknowledged} acknowledged rows over ${ROUNDS} kills`);
  });
}

/** The storm has every fifth one leave; the line that says so may not have got out. */
function mayHaveLeft(id: string): boolean {
  return Number(id.split('-')[1]) % 5 === 0;
}

interface Storm {
  readonly entered: Set<string>;
  readonly left: Set<string>;
  readonly holder: number;
}

/** Runs a process that enters and leaves until it has said `enough` lines, then kills it without warning. */
async function storm(name: string, location: string, enough: number): Promise<Storm> {
  const program = fileURLToPath(new URL('./registry-storm.test.support.js', import.meta.url));
  const child = spawn(process.execPath, [program, name, location], { stdio: ['ignore', 'pipe', 'inherit'] });
  const entered = new Set<string>();
  const left = new Set<string>();
  let holder = 0;
  let lines = 0;
  let isKilled = false;
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => {
    const [word, id = ''] = line.split(' ');
    if (word === 'holder') holder = Number(id);
    else (word === 'entered' ? entered : left).add(id);
    if (++lines <= enough || isKilled) return;
    isKilled = true;
    setTimeout(() => child.kill('SIGKILL'), Math.random() * 10);
  });
  await Promise.all([once(child, 'exit'), once(reader, 'close')]);
  assert.ok(isKilled, 'the storm ended by itself');
  return { entered, left, holder };
}
