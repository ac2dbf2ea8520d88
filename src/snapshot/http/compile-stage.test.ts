import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { bareStageMeans } from '../../../test/support/stage-means.ts';
import type { FrozenApi } from '../../config/frozen.ts';
import { createUpstreamPools } from '../../net/upstream/pool.ts';
import { type CompiledStage, compileStage } from './compile-stage.ts';

const ROUTES = [0, 1, 2, 3];
const IDENTITY = {
  accountId: '000000000000',
  region: 'us-east-1',
  apiId: 'a1b2c3d4e5',
  name: 'p',
  deploymentId: 'd',
  variables: new Map<string, string>(),
};

/** Routes whose integrations are of these versions. */
function frozen(versions: readonly number[]): FrozenApi {
  return {
    Api: { ApiId: IDENTITY.apiId, ProtocolType: 'HTTP' },
    Routes: versions.map((_, i) => ({
      RouteId: `r${i}`,
      RouteKey: `GET /${i}`,
      AuthorizationType: 'NONE',
      Target: `integrations/i${i}`,
    })),
    Integrations: versions.map((version, i) => ({
      IntegrationId: `i${i}`,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'GET',
      IntegrationUri: `http://127.0.0.1:9/${version}`,
      PayloadFormatVersion: '1.0',
    })),
  };
}

test('a stage that was compiled from another keeps nothing of it but the routes that are the same', async (t) => {
  const pools = createUpstreamPools();
  t.after(() => pools.close());
  const means = bareStageMeans(pools);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;

  let stage: CompiledStage | undefined;
  const routes: (readonly WeakRef<object>[])[] = [];
  // The first route stays, the others change each time.
  for (let version = 0; version < 6; version++) {
    const previous = stage;
    stage = compileStage(frozen(ROUTES.map((i) => (i === 0 ? 0 : version))), IDENTITY, means, {
      previous: previous?.parts,
    });
    previous?.release();
    assert.deepEqual(stage.problems, []);
    routes.push([...stage.parts.routes.values()].map(({ route }) => new WeakRef(route)));
  }
  for (let i = 0; i < 5; i++) {
    await nextTurn();
    collect();
  }
  // The machine may still have the last one at hand.
  const alive = routes.slice(0, 4).map((each) => each.map((route) => route.deref() !== undefined));
  const onlyFirst = ROUTES.map((i) => i === 0);
  assert.deepEqual(alive, [onlyFirst, onlyFirst, onlyFirst, onlyFirst]);
  stage!.release();
});
