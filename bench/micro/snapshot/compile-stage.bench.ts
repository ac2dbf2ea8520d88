import type { OriginUpstream } from '../../../src/net/upstream/upstream.ts';
import { compileStage } from '../../../src/snapshot/http/compile-stage.ts';
import { bareStageMeans } from '../../../test/support/stage-means.ts';
import { PETS_MAPPING } from '../../load/gateways/postern-api.ts';
import { otherRoutes } from '../../load/scenarios/routes.ts';
import type { Suite } from '../micro.ts';

const UPSTREAM: OriginUpstream = {
  origin: { secure: false, host: 'backend.test', port: 80 },
  send() {
    throw new Error('no request is sent here');
  },
};

const IDENTITY = {
  accountId: '000000000000',
  region: 'us-east-1',
  apiId: 'a1b2c3d4e5',
  name: '$default',
  deploymentId: 'd1e2f3',
  variables: new Map<string, string>(),
};

function compiling(routeCount: number): (iterations: number) => number {
  const frozen = {
    Api: { ApiId: 'a1b2c3d4e5', ProtocolType: 'HTTP' },
    Routes: otherRoutes(1, routeCount).map(({ routeKey }, i) => ({
      RouteId: `r${i}`,
      RouteKey: routeKey,
      AuthorizationType: 'NONE',
      Target: `integrations/i${i % 300}`,
    })),
    Integrations: Array.from({ length: 300 }, (_, i) => ({
      IntegrationId: `i${i}`,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'ANY',
      IntegrationUri: `http://backend.test/items/${i}`,
      ConnectionType: 'INTERNET',
      PayloadFormatVersion: '1.0',
      TimeoutInMillis: 30_000,
      RequestParameters: PETS_MAPPING.request,
      ResponseParameters: PETS_MAPPING.response,
    })),
  };
  const pools = { acquire: () => UPSTREAM, release: () => {}, close: async () => {} };
  const means = bareStageMeans(pools);
  return (iterations) => {
    let sum = 0;
    for (let i = 0; i < iterations; i++) {
      const { stage, release } = compileStage(frozen, IDENTITY, means);
      sum += stage.router.match('GET', '/pets/special0') === undefined ? 0 : 1;
      release();
    }
    return sum;
  };
}

export const suite: Suite = {
  of: 'snapshot/compile-stage: frozen documents to an executable stage',
  iterations: 5,
  variants: [
    { name: '10 routes', run: compiling(10) },
    { name: '1000 routes', run: compiling(1000) },
  ],
};
