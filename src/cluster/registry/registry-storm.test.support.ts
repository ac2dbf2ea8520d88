// Test-only: a process that enters rows in batches, has every fifth leave, and says what was acknowledged until it is killed.
import { writeSync } from 'node:fs';
import { argv } from 'node:process';
import { openPostgresAt } from '../../store/postgres/at.test.support.ts';
import type { Held } from './batched-registry.ts';
import { openLocalRuntime } from './local-runtime.ts';
import { joinNodes } from './nodes.test.support.ts';
import { PostgresRegistry } from './postgres-registry.ts';

const [, , engine, location] = argv;

async function open(): Promise<Held> {
  if (engine === 'SQLite')
    return (await openLocalRuntime(location!, { processes: 1, onDamaged: () => process.exit(1) })).held;
  const postgres = await openPostgresAt(location!);
  const [holder] = await joinNodes(postgres, 1);
  return { engine: new PostgresRegistry(postgres.sql), holder: holder! };
}

const held = await open();
const say = (line: string): void => void writeSync(1, `${line}\n`);
say(`holder ${held.holder}`);
for (let next = 0, leaving: string[] = []; ; ) {
  const rows = Array.from({ length: 1 + (next % 7) }, () => ({
    id: `${held.holder}-${next++}`,
    info: 'x'.repeat(600),
  }));
  await held.engine.write(held.holder, rows, leaving);
  for (const { id } of rows) say(`entered ${id}`);
  for (const id of leaving) say(`left ${id}`);
  leaving = rows.map(({ id }) => id).filter((id) => Number(id.split('-')[1]) % 5 === 0);
}
