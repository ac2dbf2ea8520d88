// Routing: the mapped GET in an API of one route and in one of 1,000.
import type { Scenario } from '../bench.ts';
import { mappedRoutes, type RouteSpec } from '../gateways/postern-api.ts';
import { get } from '../requests.ts';
import { againstItself } from './against-itself.ts';

export const routes: Scenario = {
  name: 'routes',
  title: '1,000 routes instead of 1',
  run: (bench) => {
    const [pets] = mappedRoutes(bench.backend.port);
    const common = { loadOf: (host: string) => get(host), status: 201 };
    return againstItself(bench, {
      base: { ...common, name: '1 route', routes: [pets!] },
      variant: { ...common, name: '1000 routes', routes: [pets!, ...otherRoutes(bench.backend.port, 999)] },
      atLeast: 0.97,
    });
  },
};

/** Integrations the other routes share: API Gateway's quota leaves 300 an API, one of them the measured route's. */
const INTEGRATIONS = 299;

/** Routes of the shapes real APIs have: literal, one variable, two variables, greedy; some share `/pets` with the measured one. */
export function otherRoutes(backendPort: number, count: number): readonly RouteSpec[] {
  const shapes = [
    (n: number) => `GET /pets/{petId}/visits/v${n}`,
    (n: number) => `POST /service${n}/items`,
    (n: number) => `GET /service${n}/items/{itemId}`,
    (n: number) => `ANY /service${n}/items/{itemId}/parts/{partId}`,
    (n: number) => `GET /pets/special${n}`,
    (n: number) => `GET /files${n}/{path+}`,
  ];
  return Array.from({ length: count }, (_, i) => ({
    routeKey: shapes[i % shapes.length]!(Math.floor(i / shapes.length)),
    uri: `http://127.0.0.1:${backendPort}/others/${i % INTEGRATIONS}`,
    request: { 'append:header.x-request-id': '$context.requestId', 'overwrite:header.x-stage': 'prod' },
  }));
}
