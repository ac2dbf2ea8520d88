// What a limit costs a request that it lets through: the mapped GET on a route with throttling and on an open one, in one process, which
// counts by itself, and in a worker, which takes what its primary has granted.
import { UpdateStageCommand } from '@aws-sdk/client-apigatewayv2';
import type { Goal, Outcome, Scenario } from '../bench.ts';
import { call } from '../call.ts';
import { hostOf, type RunningPostern, startPostern } from '../gateways/postern.ts';
import { createApi, mappedRoutes } from '../gateways/postern-api.ts';
import { get } from '../requests.ts';
import { measure, ratio, rowsOf, type Subject } from '../rounds.ts';

const PROGRAMS: readonly { readonly where: string; readonly words: readonly string[] }[] = [
  { where: 'one process', words: [] },
  { where: 'a worker', words: ['--workers', '2'] },
];
/** More than a core serves. */
const LIMIT = { ThrottlingRateLimit: 100_000, ThrottlingBurstLimit: 100_000 };

export const throttle: Scenario = {
  name: 'throttle',
  title: 'A route with throttling that lets all through, instead of an open one',
  async run(bench): Promise<Outcome> {
    const all: RunningPostern[] = [];
    const subjects: Subject[] = [];
    try {
      for (const { where, words } of PROGRAMS) {
        const running = await startPostern(bench, { words });
        all.push(running);
        for (const kind of ['open', 'throttled'] as const)
          subjects.push(await subjectOf(running, bench.backend.port, kind, `${kind}, ${where}`));
      }
      const series = await measure(bench, subjects, { rounds: 9, seconds: 2 });
      const goals = PROGRAMS.map(
        ({ where }): Goal => ({
          what: `CPU of a request, open / throttled, in ${where}`,
          value: ratio(series, `open, ${where}`, `throttled, ${where}`, 'cpu'),
          unit: '×',
          atLeast: 0.97,
        }),
      );
      return { table: rowsOf(series, `open, ${PROGRAMS[0]!.where}`), goals };
    } finally {
      for (const { client } of all) client.destroy();
      await Promise.all(all.map(({ program }) => program.stop()));
    }
  },
};

async function subjectOf(
  { client, port, program }: RunningPostern,
  backendPort: number,
  kind: 'open' | 'throttled',
  name: string,
): Promise<Subject> {
  const routes = mappedRoutes(backendPort);
  const ApiId = await createApi(client, { name: kind, routes });
  if (kind === 'throttled') {
    const RouteSettings = Object.fromEntries(routes.map(({ routeKey }) => [routeKey, LIMIT]));
    await client.send(new UpdateStageCommand({ ApiId, StageName: '$default', RouteSettings }));
  }
  const load = get(hostOf(ApiId));
  const { method, target: path, headers } = load;
  const reply = await call({ port, path, method, headers });
  if (reply.status !== 201) throw new Error(`${name}: status ${reply.status}: ${reply.body.slice(0, 200)}`);
  return { name, port, program, load };
}
