// GET /_postern/stages: how it stands with every stage of the caller's account, as data: the deployment that it has and the one
// that requests meet, since when, and what cannot run (docs/guide/stages-and-deployments.md).
import type { StageStatus } from '../../snapshot/published-stage.ts';
import { jsonReply, type PosternRoute } from './postern-routes.ts';

export const STAGES = 'GET /_postern/stages';

/** `trouble`: why changes are not going live at present. */
export function stagesRoute(plane: {
  stages(): Promise<readonly StageStatus[]>;
  trouble(): Promise<string | undefined>;
}): PosternRoute {
  return async ({ caller }) => {
    const [stages, problem] = await Promise.all([plane.stages(), plane.trouble()]);
    const own = stages.filter(({ account }) => account === caller.account);
    return jsonReply(200, { problem, stages: own.map(printStatus) });
  };
}

function printStatus({ account, region, apiId, name, wanted, live, since, problem, routes }: StageStatus) {
  return {
    accountId: account,
    region,
    apiId,
    stageName: name,
    status: stateOf({ problem, wanted }),
    wantedDeploymentId: wanted,
    liveDeploymentId: live,
    liveSince: since === undefined ? undefined : new Date(since).toISOString(),
    problem,
    routeProblems: routes,
  };
}

/** `failed`: what is live is not what is wanted. `empty`: nothing was deployed to it. */
export type StageState = 'live' | 'empty' | 'failed';

export function stateOf({ problem, wanted }: Pick<StageStatus, 'problem' | 'wanted'>): StageState {
  return problem !== undefined ? 'failed' : wanted === undefined ? 'empty' : 'live';
}
