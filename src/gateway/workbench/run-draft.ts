// A draft of an HTTP API's integration on one request: a stage of one route, compiled as every stage is, and served in memory. It is
// nobody else's: what is live does not know of it.
import type { DraftRun } from '../../http-api/explain/draft-run.ts';
import type { Trace } from '../../http-api/explain/trace.ts';
import type { HttpStage, RouteIntegration } from '../../http-api/stage.ts';
import { createCounters } from '../../snapshot/counters.ts';
import { compileStage } from '../../snapshot/http/compile-stage.ts';
import type { LiveSnapshot } from '../../snapshot/snapshot.ts';
import type { StageMeans } from '../../snapshot/stage-means.ts';
import type { Authorization } from '../../stage/authorization.ts';
import type { DraftBackend } from '../../stage/draft-backend.ts';
import { AccountThrottles } from '../../stage/throttle.ts';
import { PATH_FORM_PREFIX } from '../addressing.ts';
import { explain } from '../explain.ts';
import { createGateway, type GatewayMeans } from '../gateway.ts';
import { givenFunctions, givenPools, givenServices, givenTargets } from './given-backend.ts';

export interface DraftMeans {
  readonly stageMeans: StageMeans;
  readonly snapshots: LiveSnapshot;
  readonly gateway: Pick<GatewayMeans, 'sockets' | 'apiEndpoint' | 'onDefect'>;
  /** The gateway's URL. */
  readonly listening: string;
}

export async function runDraft(run: DraftRun, means: DraftMeans): Promise<Trace> {
  const { stageMeans, snapshots, gateway, listening } = means;
  const { api, route, integration, authorizer, backend, stage: identity } = run;
  const frozen = {
    Api: api,
    Routes: [route],
    Integrations: [integration],
    Authorizers: authorizer === undefined ? [] : [authorizer],
  };
  const compiled = compileStage(frozen, identity, meansOf(backend, stageMeans));
  try {
    const stage = backend.kind === 'call' ? compiled.stage : decided(compiled.stage, backend.authorization);
    const { apiId, accountId, region, name } = identity;
    const deployed = { kind: 'http' as const, apiId, accountId, region, stages: new Map([[name, stage]]) };
    const { domains } = snapshots.current;
    const own = createGateway({
      ...gateway,
      admits: () => true,
      snapshots: { current: { apis: new Map([[apiId, deployed]]), domains }, onSwap: () => () => {} },
    });
    const { url } = run.request;
    const absolute = url.startsWith('/') ? `${listening}${PATH_FORM_PREFIX}${apiId}/${name}${url}` : url;
    const trace = await explain(own, listening, { ...run.request, url: absolute });
    const { authorization } = trace;
    if (backend.kind === 'call' || authorization === undefined || authorization.type === 'NONE') return trace;
    return { ...trace, authorization: { type: authorization.type, result: 'not asked' } };
  } finally {
    compiled.release();
  }
}

/** Nothing of a trial is counted, limited, logged or traced. */
export function meansOf(backend: DraftBackend, means: StageMeans): StageMeans {
  const quiet = {
    ...means,
    accountThrottles: new AccountThrottles(undefined),
    counters: createCounters(),
    requestLog: undefined,
    tracing: undefined,
    onlookers: { calls: { current: undefined }, events: { current: undefined } },
    onIntegrationError: () => {},
    onAuthorizerError: () => {},
  };
  if (backend.kind === 'call') return quiet;
  const { reply, answer } = backend;
  return {
    ...quiet,
    interposed: undefined,
    pools: givenPools(reply),
    privateTargets: { ...givenTargets(), replace() {}, close() {} },
    services: givenServices(reply),
    functions: givenFunctions(reply, answer),
  };
}

/** The stage as it is for who got in. */
function decided(stage: HttpStage, authorization: Authorization | undefined): HttpStage {
  return {
    ...stage,
    router: {
      match(method, path) {
        const found = stage.router.match(method, path);
        if (found === undefined) return undefined;
        const { integration } = found.route;
        const known: RouteIntegration = {
          invoke(call) {
            call.authorization = authorization;
            integration.invoke(call);
          },
          calls: (call) => integration.calls(call),
          explain: (call, sent) => integration.explain(call, sent),
          ...(integration.problem === undefined ? {} : { problem: integration.problem }),
        };
        return { ...found, route: { ...found.route, authorizer: undefined, integration: known } };
      },
    },
  };
}
