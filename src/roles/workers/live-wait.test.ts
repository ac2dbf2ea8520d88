// A write waits for workers, a second at most for one that does not come along, and not twice for the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveWait } from './live-wait.ts';

/** A worker that is live when a test says so. */
class Worker {
  readonly #waiting: ((live: boolean) => void)[] = [];

  readonly isLive = (): Promise<boolean> => new Promise((resolve) => this.#waiting.push(resolve));

  /** How many writes ask it at present. */
  get asked(): number {
    return this.#waiting.length;
  }

  settle(live: boolean): void {
    for (const resolve of this.#waiting.splice(0)) resolve(live);
  }
}

const settled = (): Promise<void> => new Promise(setImmediate);

test('all are waited for', async () => {
  const wait = new LiveWait<Worker>();
  const workers = [new Worker(), new Worker()];
  let done: boolean | undefined;
  void wait.waitFor(workers, (each) => each.isLive()).then((live) => (done = live));
  workers[0]!.settle(true);
  await settled();
  assert.equal(done, undefined);
  workers[1]!.settle(true);
  await settled();
  assert.equal(done, true);
});

test('one that is late is missed once, and waited for again when it has caught up', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const wait = new LiveWait<Worker>();
  const [quick, late] = [new Worker(), new Worker()];
  const write = () => wait.waitFor([quick, late], (each) => each.isLive());
  const first = write();
  quick.settle(true);
  await settled();
  t.mock.timers.tick(999);
  t.mock.timers.tick(1);
  assert.equal(await first, true);
  const second = write();
  assert.deepEqual([quick.asked, late.asked], [1, 1], 'the late one has the first question only');
  quick.settle(true);
  assert.equal(await second, true);
  late.settle(true);
  await settled();
  const third = write();
  assert.deepEqual([quick.asked, late.asked], [1, 1], 'both are asked');
  quick.settle(true);
  late.settle(true);
  assert.equal(await third, true);
});

test('nothing is live that is live nowhere, and who is gone is not waited for', async () => {
  const wait = new LiveWait<Worker>();
  const workers = [new Worker(), new Worker()];
  const none = wait.waitFor(workers, (each) => each.isLive());
  for (const each of workers) each.settle(false);
  assert.equal(await none, false);
  assert.equal(await wait.waitFor([], async () => true), false);
  const gone = wait.waitFor(workers, (each) =>
    each === workers[0] ? Promise.resolve(true) : Promise.reject(new Error('gone')),
  );
  assert.equal(await gone, true);
});
