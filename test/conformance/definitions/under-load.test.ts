// What clients meet while a stack is deployed: the old one or the new one, and never a part (spec/definitions.md §11.2.1).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeployReport } from '../../../src/definitions/deploy-answer.ts';
import { DefinitionStand } from './stand.ts';

const STAGE = 'S: Stage {ApiId: !Ref Api, StageName: $default, AutoDeploy: true}';
const route = (id: string, key: string): string =>
  `${id}: Route {ApiId: !Ref Api, RouteKey: '${key}', Target: !Sub 'integrations/\${Int}'}`;
const many = (prefix: string): readonly string[] =>
  Array.from({ length: 60 }, (_, i) => route(`R${i}`, `GET /${prefix}/${i}`));

test('a deploy that fails under load is not met, and one that succeeds is met at once', async () => {
  const stand = await DefinitionStand.start();
  const first = await stand.deploy({ resources: [...many('old'), STAGE] });
  const whileDoing = async (work: Promise<DeployReport>): Promise<ReadonlySet<string>> => {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    const met = new Set<string>();
    while (!isDone) {
      const statuses = await Promise.all(['/old/0', '/old/59'].map((path) => stand.statusOf(first, path)));
      met.add(statuses.join(' '));
    }
    await done;
    return met;
  };
  const failing = [...many('new'), route('Bad', 'nonsense'), STAGE];
  assert.deepEqual([...(await whileDoing(stand.report({ resources: failing })))], ['200 200']);
  assert.equal(await stand.statusOf(first, '/new/0'), 404);
  await whileDoing(stand.deploy({ resources: [...many('new'), STAGE] }));
  const after = ['/old/0', '/old/59', '/new/0', '/new/59'].map((path) => stand.statusOf(first, path));
  assert.deepEqual(await Promise.all(after), [404, 404, 200, 200]);
  await stand.delete();
  await stand.close();
});
