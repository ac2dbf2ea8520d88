// /_postern/stacks: deploys definitions, and tells and deletes what was deployed (spec/definitions.md §1.1.3, §1.1.4).
import type { DeployAnswer } from '../../definitions/deploy-answer.ts';
import type { DeployRequest } from '../../definitions/deploy-request.ts';
import { isRegion } from '../../identity/sigv4.ts';
import type { Context } from '../../resources/context.ts';
import type { StackMeans } from '../../resources/stacks/stack-means.ts';
import type { Store } from '../../store/store.ts';
import { accessDenied, badRequest } from '../../wire/errors.ts';
import type { Caller } from '../caller.ts';
import { allowedCalls, requireStackPermission, STACKS } from '../permissions.ts';
import { jsonTextOf } from '../request-body.ts';
import { parseDeployRequest } from './parse-deploy-request.ts';
import { type AfterWrite, jsonReply, type PosternRequest, type PosternRoutes } from './postern-routes.ts';

export interface StacksMeans {
  readonly store: Store;
  readonly contextOf: (caller: Caller) => Omit<Context, 'tx'>;
  readonly afterWrite?: AfterWrite | undefined;
  readonly aroundStacks: () => AroundStacks;
}

/** What the operator says of the world around stacks. */
export type AroundStacks = Pick<StackMeans, 'stacks' | 'surroundings'>;

/** The routes. What they run is loaded when it is first asked for. */
export function stacksRoutes(means: StacksMeans): PosternRoutes {
  const meansFor = (request: PosternRequest): StackMeans => {
    const caller = placed(request);
    const { store, aroundStacks, contextOf } = means;
    const allow = allowedCalls(caller, request.exchange);
    return { ...contextOf(caller), store, ...aroundStacks(), allow };
  };
  return {
    [`POST ${STACKS}`]: async (request) => {
      const asked = parseDeployRequest(jsonTextOf(request.body));
      const { answer, change } = await deployed(asked, meansFor(request), means.afterWrite);
      return jsonReply(answer.outcome === 'refused' ? 400 : 200, answer, change);
    },
    [`GET ${STACKS}`]: async (request) => {
      const own = meansFor(request);
      requireStackPermission(placed(request), request.exchange, 'ListStacks');
      const { listStacks } = await import('../../resources/stacks/tell-stacks.ts');
      return jsonReply(200, { stacks: await listStacks(own) });
    },
    [`GET ${STACKS}/`]: async (request) => {
      const own = meansFor(request);
      requireStackPermission(placed(request), request.exchange, 'DescribeStacks', request.name);
      const { describeStack } = await import('../../resources/stacks/tell-stacks.ts');
      return jsonReply(200, await describeStack(request.name, own));
    },
    [`DELETE ${STACKS}/`]: async (request) => {
      const { deleteStack } = await import('../../resources/stacks/delete-stack.ts');
      const force = new URLSearchParams(request.query).get('force') === 'true';
      const report = await deleteStack(request.name, meansFor(request), { force });
      return jsonReply(200, report, await means.afterWrite?.());
    },
  };
}

/** A deploy, answered when clients meet it, with its change where it made one. */
export async function deployed(
  request: DeployRequest,
  means: StackMeans,
  afterWrite: AfterWrite | undefined,
): Promise<{ readonly answer: DeployAnswer; readonly change: number | undefined }> {
  const { deploy } = await import('../../resources/stacks/deploy.ts');
  const answer = await deploy(request, means);
  return { answer, change: answer.outcome === 'deployed' ? await afterWrite?.() : undefined };
}

/** The caller, in the place that the query names: `?accountId=123456789012&region=eu-west-1`. */
function placed({ caller, query }: PosternRequest): Caller {
  const given = new URLSearchParams(query);
  const account = given.get('accountId') ?? caller.account;
  const region = given.get('region') ?? caller.region;
  if (!isRegion(region)) throw badRequest(`region is ${JSON.stringify(region)}: it is no name of a region`);
  if (!/^\d{12}$/.test(account))
    throw badRequest(`accountId is ${JSON.stringify(account)}: it has 12 digits`);
  if (account !== caller.account && caller.identity !== undefined) {
    throw accessDenied(
      `The stack belongs to the account ${account}, and the request is signed for ${caller.account}`,
    );
  }
  return { ...caller, account, region };
}
