// What the compilers of all kinds of integration start from (spec/http-api.md §3, §4).
import type { IntegrationConfig, RouteConfig } from '../../config/http-api.ts';
import type { ResponseChange } from '../../grammar/mapping.ts';
import type { Cors } from '../../http-api/cors.ts';
import { Ending } from '../../http-api/integrations/ending.ts';
import { RefusingIntegration } from '../../http-api/integrations/refusing.ts';
import { ReplyPlan } from '../../http-api/mapping/reply-plan.ts';
import type { ValueScope } from '../../http-api/mapping/values.ts';
import type { RouteIntegration } from '../../http-api/stage.ts';
import { INTERNAL_SERVER_ERROR } from '../../net/refusals.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';
import type { Hold, StageMeans } from '../stage-means.ts';

/** Where an integration is compiled: for one route of one stage. */
export interface RouteScope {
  readonly route: RouteConfig;
  /** Names of the route's path variables in template order. */
  readonly variableNames: readonly string[];
  readonly identity: StageIdentity;
  readonly cors: Cors | undefined;
  /** The plan of statuses without mappings. */
  readonly plainReply: ReplyPlan;
  readonly means: StageMeans;
  readonly hold: Hold;
}

/** What runs in place of an integration that cannot: 500, with the reason in the log. */
export function refusing(message: string, means: StageMeans): RouteIntegration {
  return new RefusingIntegration(INTERNAL_SERVER_ERROR, message, means.onIntegrationError);
}

/** What mapping values of a route are compiled against. */
export function valueScope(side: ValueScope['side'], scope: RouteScope): ValueScope {
  return { side, stageVariables: scope.identity.variables, variableNames: scope.variableNames };
}

/** How the calls of an integration end, with the plans of the statuses that ResponseParameters names. */
export function compileEnding(
  responseChanges: IntegrationConfig['responseChanges'],
  scope: RouteScope,
): Ending {
  const { cors, plainReply, means } = scope;
  const values = valueScope('response', scope);
  const plan = (changes: readonly ResponseChange[]) => new ReplyPlan(changes, values, cors !== undefined);
  return new Ending({
    plans: new Map([...responseChanges].map(([status, changes]) => [status, plan(changes)])),
    plainPlan: plainReply,
    cors,
    onFailed: means.onIntegrationError,
    configured: { changes: responseChanges, scope: values },
  });
}
