// How the publisher follows the feed of changes: what happens when it breaks, whom it tells, how long who waits waits.
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { type TestContext, test } from 'node:test';
import timers from 'node:timers/promises';
import { API, liveRoute, openStand, route, STAGE, silent } from '../../test/support/publisher-stand.ts';
import { stagesOf } from '../config/keys.ts';
import { ChangesPrunedError, type Store } from '../store/store.ts';

/** What has happened meanwhile has its turn. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Pauses between attempts last a turn; their lengths are told. */
function pausesOf(t: TestContext, meanwhile = () => {}): number[] {
  const pauses: number[] = [];
  t.mock.method(timers, 'setTimeout', (millis: number) => {
    pauses.push(millis);
    meanwhile();
    return turn();
  });
  syncBuiltinESMExports();
  t.after(() => {
    // Timers too: what is exported now stays, for the files behind this one.
    t.mock.reset();
    syncBuiltinESMExports();
  });
  return pauses;
}

interface Attempt {
  readonly after: number;
  /** Ends the feed with an error. */
  readonly end: (error: Error) => void;
}

/** A feed whose first attempts fail, and which tells of those that began well, in their order. */
function brittle(failures: number, error: () => Error) {
  let left = failures;
  const attempts: Attempt[] = [];
  const begun: (() => void)[] = [];
  const feed = (real: Store['changes']): Store['changes'] =>
    async function* (after, signal) {
      if (left-- > 0) throw error();
      const broken = new AbortController();
      attempts.push({ after, end: (reason) => broken.abort(reason) });
      for (const tell of begun.splice(0)) tell();
      yield* real(after, AbortSignal.any([signal, broken.signal]));
      broken.signal.throwIfAborted();
    };
  const attempt = async (nth: number): Promise<Attempt> => {
    while (attempts.length < nth) await new Promise<void>((resolve) => begun.push(resolve));
    return attempts[nth - 1]!;
  };
  return { feed, attempt };
}

const AWAY = () => new Error('the disk is away');
const FAILURES: readonly (readonly [what: string, error: () => Error])[] = [
  ['an error', AWAY],
  ['changes that are kept no more', () => new ChangesPrunedError(1, 5)],
];
for (const [what, error] of FAILURES) {
  test(`the feed of changes ends with ${what}: it is followed anew, and no change is lost`, async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    pausesOf(t);
    const { feed, attempt } = brittle(3, error);
    const { publisher, deploy, stage, errors, recovered } = await openStand(t, { feed });
    await deploy('d1', [route('r1', 'GET /a')]);
    await stage(STAGE);
    assert.equal(liveRoute(publisher, '/a')?.key, 'GET /a');
    assert.deepEqual(errors, ['following the store']);
    await attempt(1);
    t.mock.timers.tick(1_000);
    assert.deepEqual(recovered, ['recovered']);
    assert.equal(publisher.trouble, undefined);
  });
}

test('the feed fails again and again: told once, pauses grow to 2 s, and begin anew once a change has come', async (t) => {
  const pauses = pausesOf(t);
  const { feed, attempt } = brittle(8, AWAY);
  const { publisher, store, errors, recovered, deploy, stage } = await openStand(t, { feed });
  const first = await attempt(1);
  assert.deepEqual(pauses.splice(0), [50, 100, 200, 400, 800, 1600, 2000, 2000]);
  assert.deepEqual(errors, ['following the store']);
  await deploy('d1', [route('r1', 'GET /a')]);
  await stage(STAGE);
  assert.deepEqual(recovered, ['recovered']);
  const latest = await store.latestChange();
  first.end(AWAY());
  const second = await attempt(2);
  assert.deepEqual([pauses, second.after], [[50], latest]);
  assert.deepEqual(errors, ['following the store', 'following the store']);
  assert.equal(publisher.trouble, undefined);
});

test('what was lost on the way is read by the next attempt, which follows from there', async (t) => {
  pausesOf(t);
  const { feed, attempt } = brittle(0, AWAY);
  let isLost = false;
  const { publisher, store, deploy } = await openStand(t, {
    feed: (real) =>
      feed(async function* (after, signal) {
        for await (const batch of real(after, signal)) if (!isLost) yield batch;
      }),
  });
  await publisher.caughtUp();
  isLost = true;
  await deploy('d1', [route('r1', 'GET /a')]);
  await store.transact((tx) => tx.put([...stagesOf(API), 'prod'], STAGE));
  const live = publisher.caughtUp();
  (await attempt(1)).end(AWAY());
  const { after } = await attempt(2);
  assert.deepEqual([after, await live], [await store.latestChange(), true]);
  assert.equal(liveRoute(publisher, '/a')?.key, 'GET /a');
});

test('a pause between attempts, however long, is no recovery', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const pauses = pausesOf(t, () => t.mock.timers.tick(1_000));
  const { feed, attempt } = brittle(3, AWAY);
  const { errors, recovered } = await openStand(t, { feed: () => feed(silent) });
  await attempt(1);
  assert.deepEqual([pauses, errors, recovered], [[50, 100, 200], ['following the store'], []]);
});

test('a feed that tells nothing for a second has recovered; the time before counts for nothing', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  pausesOf(t, () => t.mock.timers.tick(50));
  const { feed, attempt } = brittle(1, AWAY);
  const { recovered } = await openStand(t, { feed: () => feed(silent) });
  await attempt(1);
  t.mock.timers.tick(999);
  assert.deepEqual(recovered, []);
  t.mock.timers.tick(1);
  assert.deepEqual(recovered, ['recovered']);
});

for (const [what, patienceInMillis, millis] of [
  ['ten seconds', undefined, 10_000],
  ['as long as is said', 100, 100],
] as const) {
  test(`while the feed is broken writers are told after a while, ${what}, and health can tell; then everything is live`, async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    pausesOf(t);
    let isBroken = true;
    const { publisher, store, deploy } = await openStand(t, {
      ...(patienceInMillis === undefined ? {} : { patienceInMillis }),
      feed: (real) =>
        async function* (after, signal) {
          if (isBroken) throw AWAY();
          yield* real(after, signal);
        },
      read: (real) => (isBroken ? () => Promise.reject(AWAY()) : real),
    });
    await deploy('d1', [route('r1', 'GET /a')]);
    await store.transact((tx) => tx.put([...stagesOf(API), 'prod'], STAGE));
    const answers: boolean[] = [];
    const told = publisher.caughtUp().then((isLive) => answers.push(isLive));
    await store.latestChange();
    await turn();
    t.mock.timers.tick(millis - 1);
    await turn();
    assert.deepEqual(answers, []);
    t.mock.timers.tick(1);
    await told;
    assert.deepEqual(answers, [false]);
    assert.match(publisher.trouble ?? '', /^Changes are stored, but not live: the disk is away/);
    isBroken = false;
    assert.equal(await publisher.caughtUp(), true);
    assert.equal(publisher.trouble, undefined);
    assert.equal(liveRoute(publisher, '/a')?.key, 'GET /a');
  });
}

test('who waits for a change waits until that one is live', async (t) => {
  const gates: (() => void)[] = [];
  const arrivals = new EventEmitter();
  const { publisher, store } = await openStand(t, {
    feed: (real) =>
      async function* (after, signal) {
        for await (const batch of real(after, signal)) {
          for (const change of batch) {
            await new Promise<void>((resolve) => {
              gates.push(resolve);
              arrivals.emit('change');
            });
            yield [change];
          }
        }
      },
  });
  const arrived = async () => {
    if (gates.length === 0) await once(arrivals, 'change');
    return gates.shift()!;
  };
  await store.transact((tx) => tx.put([...stagesOf(API), 'dev'], { StageName: 'dev' }));
  const answers: boolean[] = [];
  const live = publisher.caughtUp().then((isLive) => answers.push(isLive));
  await store.latestChange();
  await turn();
  // The API's two documents come before.
  (await arrived())();
  (await arrived())();
  const last = await arrived();
  await turn();
  assert.deepEqual(answers, []);
  last();
  await live;
  assert.deepEqual([answers, (await publisher.stages()).map(({ name }) => name)], [[true], ['dev']]);
});

test('whoever waits when the publisher closes waits no more', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { publisher, store } = await openStand(t, {
    feed: () => silent,
  });
  const waiting = publisher.caughtUp();
  await store.latestChange();
  await turn();
  await publisher.close();
  assert.deepEqual([await waiting, await publisher.caughtUp()], [true, true]);
});
