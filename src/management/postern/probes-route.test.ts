import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { WorkerLook } from '../../findings/processes.ts';
import type { PosternReply, PosternRequest } from './postern-routes.ts';
import { healthRoute, readyRoute } from './probes-route.ts';

const STORED = 'Changes are stored, but not live: the disk is full';
const serving: WorkerLook = { number: 0, pid: 1, isUp: true, isServing: true };
const starting: WorkerLook = { ...serving, isServing: false };
const silent: WorkerLook = { ...serving, isUp: false };
const dead: WorkerLook = { number: 0, pid: undefined, isUp: false, isServing: false };
const troubled: WorkerLook = { ...serving, trouble: STORED };

async function asked(reply: PosternReply | Promise<PosternReply>): Promise<[number, unknown]> {
  const { status, body } = await reply;
  return [status, JSON.parse(body)];
}

const request = {} as PosternRequest;
const looking = (workers: readonly WorkerLook[]) => async () => ({ accepts: 'reusePort' as const, workers });

describe('readiness', () => {
  const ready = [200, { status: 'ready' }];
  const not = (problem: string) => [503, { status: 'not ready', problems: [problem] }];
  const rows: readonly [name: string, workers: WorkerLook[], answer: unknown][] = [
    ['one that serves', [serving], ready],
    ['half of them', [serving, dead], ready],
    ['what does not go live takes nothing from what is', [troubled], ready],
    ['less than half', [serving, starting, dead], not('1 of 3 workers serve what is deployed.')],
    ['one that has not answered', [silent], not('0 of 1 workers serve what is deployed.')],
  ];
  for (const [name, workers, answer] of rows) {
    test(name, async () => {
      assert.deepEqual(await asked(readyRoute(looking(workers), () => false)(request)), answer);
      const draining = await asked(readyRoute(looking(workers), () => true)(request));
      assert.deepEqual(draining, not('The server is stopping.'));
    });
  }
});

describe('health', () => {
  const rows: readonly [name: string, workers: WorkerLook[], answer: unknown][] = [
    ['one that serves', [serving], [200, { status: 'ok' }]],
    ['one that has nothing to serve yet', [starting], [200, { status: 'ok' }]],
    ['one of two', [serving, silent], [200, { status: 'ok' }]],
    [
      'what does not go live, said once',
      [troubled, troubled],
      [200, { status: 'degraded', problems: [STORED] }],
    ],
    [
      'nobody answers',
      [silent, dead],
      [503, { status: 'unhealthy', problems: ['No worker has answered within 2 seconds.'] }],
    ],
  ];
  for (const [name, workers, answer] of rows) {
    test(name, async () => assert.deepEqual(await asked(healthRoute(looking(workers))(request)), answer));
  }
});
