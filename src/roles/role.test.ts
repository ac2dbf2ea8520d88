import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Opened, openAll } from './role.ts';

/** Opens some things that tell of their closing. */
function openSome(opened: Opened, told: string[]): void {
  for (const name of ['first', 'second', 'third']) {
    opened.push((deadlineMillis) =>
      Promise.resolve().then(() => told.push(`${name} within ${deadlineMillis}`)),
    );
  }
}

test('what was opened is closed in reverse order, one after another, and once', async () => {
  const told: string[] = [];
  const opened = await openAll(async (all) => {
    openSome(all, told);
    return all;
  });
  assert.deepEqual(told, []);
  await opened.close(7);
  await opened.close(7);
  assert.deepEqual(told, ['third within 7', 'second within 7', 'first within 7']);
});

test('where opening fails, what is open by then is closed at once, and the failure is told', async () => {
  const told: string[] = [];
  const opening = openAll(async (opened) => {
    openSome(opened, told);
    throw new Error('the fourth cannot be opened');
  });
  await assert.rejects(opening, { message: 'the fourth cannot be opened' });
  assert.deepEqual(told, ['third within 0', 'second within 0', 'first within 0']);
});
