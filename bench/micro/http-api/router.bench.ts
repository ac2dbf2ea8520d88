import { parseHttpRouteKey } from '../../../src/grammar/route-key.ts';
import { compileRouter } from '../../../src/http-api/router.ts';
import { otherRoutes } from '../../load/scenarios/routes.ts';
import type { Suite } from '../micro.ts';

const MEASURED = [
  'GET /pets',
  'GET /pets/{petId}',
  'GET /pets/{petId}/visits/{visitId}',
  'ANY /files/{path+}',
];

function matching(routeCount: number, path: string): (iterations: number) => number {
  const others = otherRoutes(1, routeCount - MEASURED.length).map(({ routeKey }) => routeKey);
  const routes = [...MEASURED, ...others].map((text) => ({ key: parseHttpRouteKey(text), route: text }));
  const router = compileRouter(routes);
  if (!MEASURED.includes(router.match('GET', path)?.route ?? ''))
    throw new Error(`${path} has another route`);
  return (iterations) => {
    let sum = 0;
    for (let i = 0; i < iterations; i++) {
      const match = router.match('GET', path)!;
      sum += match.route.length + match.values.length;
    }
    return sum;
  };
}

export const suite: Suite = {
  of: 'http-api/router: method and path to route',
  variants: [
    { name: '4 routes, literal', run: matching(4, '/pets') },
    { name: '4 routes, one variable', run: matching(4, '/pets/42') },
    { name: '1000 routes, literal', run: matching(1000, '/pets') },
    { name: '1000 routes, one variable', run: matching(1000, '/pets/42') },
    { name: '1000 routes, two variables', run: matching(1000, '/pets/42/visits/7') },
    { name: '1000 routes, greedy', run: matching(1000, '/files/a/b/c.txt') },
  ],
};
