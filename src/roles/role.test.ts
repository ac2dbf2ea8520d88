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
  await opened.close(0);
  await opened.close(0);
  assert.deepEqual(told, ['third within 0', 'second within 0', 'first within 0']);
});

test('what was opened later takes of the time of what was opened before', async () => {
  const told: number[] = [];
  const opened = await openAll(async (all) => {
    all.push((deadlineMillis) => told.push(deadlineMillis));
    all.push(() => new Promise((resolve) => setTimeout(resolve, 20)));
    return all;
  });
  await opened.close(1_000);
  assert.ok(told[0]! > 0 && told[0]! <= 990, `${told}`);
});

test('a shorter time reaches what is being closed, and bounds what is closed after it', async () => {
  const told: string[] = [];
  let finish = (): void => undefined;
  const opened = await openAll(async (all) => {
    all.push(
      (deadlineMillis) => told.push(`first within ${deadlineMillis}`),
      () => told.push('first hastened'),
    );
    all.push(
      (deadlineMillis) => {
        told.push(`second within ${deadlineMillis}`);
        return new Promise<void>((resolve) => {
          finish = resolve;
        });
      },
      (deadlineMillis) => {
        told.push(`second hastened to ${deadlineMillis}`);
        finish();
      },
    );
    return all;
  });
  const closed = opened.close(60_000);
  opened.hasten(0);
  // It says less already.
  opened.hasten(5_000);
  await closed;
  opened.hasten(0);
  assert.deepEqual(told, [
    'second within 60000',
    'second hastened to 0',
    'second hastened to 0',
    'first within 0',
  ]);
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
