// The law between the two halves of the program: what the rules of the management API accept, the compiler compiles, whatever
// the stage's variables are. APIs of both kinds are generated, written through the real rules, deployed and compiled; a part
// that the compiler could not read would show as a problem that says so.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import type { FrozenApi } from '../../../src/config/frozen.ts';
import { apiKeyOf, frozenKey, stagesOf } from '../../../src/config/keys.ts';
import { createUpstreamPools } from '../../../src/net/upstream/pool.ts';
import { handlers } from '../../../src/resources/handlers.ts';
import { compileStage } from '../../../src/snapshot/http/compile-stage.ts';
import type { RouteProblem } from '../../../src/snapshot/route-problems.ts';
import { compileSocketStage } from '../../../src/snapshot/websocket/compile-stage.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { Store, Transaction } from '../../../src/store/store.ts';
import { ServiceError } from '../../../src/wire/errors.ts';
import { type GeneratedApi, generatedApi } from '../../support/generated-apis/apis.ts';
import type { Input } from '../../support/generated-apis/texts.ts';
import { bareStageMeans } from '../../support/stage-means.ts';

const IDENTITY = { account: '000000000000', region: 'us-east-1' };
const RUNS = 150;

interface FoundProblem extends RouteProblem {
  /** The document that has it, as text. */
  readonly source: string;
}

/** What AWS accepts when it is written, and fails when it is run (spec/websocket-api.md §3.8.6); and what the program's own
 *  settings decide. */
const ACCEPTED = /^The header \S+ cannot be mapped$|, since nobody asked for it: /;

function sourceOf({ routeId, part }: RouteProblem, frozen: FrozenApi): string {
  const route = frozen.Routes.find((each) => each.RouteId === routeId);
  const documents = part === 'integration' ? frozen.Integrations : (frozen.Authorizers ?? []);
  const found = documents.find(({ IntegrationId, AuthorizerId }) =>
    part === 'integration'
      ? `integrations/${IntegrationId}` === route?.Target
      : AuthorizerId === route?.AuthorizerId,
  );
  return JSON.stringify(found ?? route);
}

/** Undoes what a run has written. */
class Undo extends Error {}

describe('what management accepts, the compiler compiles', () => {
  let directory = '';
  let store: Store;
  const pools = createUpstreamPools();
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'postern-law-'));
    store = await openSqliteStore({ directory });
  });
  after(async () => {
    await pools.close();
    await store.close();
    await rm(directory, { recursive: true });
  });

  /** Writes an API through the rules and compiles its stage. Returns the problems of its routes and what was accepted. */
  async function deploy(
    given: GeneratedApi,
  ): Promise<{ problems: readonly FoundProblem[]; accepted: readonly string[] }> {
    const accepted: string[] = [];
    let problems: readonly FoundProblem[] = [];
    await store
      .transact(async (tx) => {
        problems = await written(tx, given, accepted);
        throw new Undo();
      })
      .catch((error: unknown) => {
        if (!(error instanceof Undo)) throw error;
      });
    return { problems, accepted };
  }

  async function written(
    tx: Transaction,
    given: GeneratedApi,
    accepted: string[],
  ): Promise<readonly FoundProblem[]> {
    const context = { tx, ...IDENTITY, now: new Date(0), endpoint: () => 'http://api.example' };
    const call = async (
      name: keyof typeof handlers,
      input: Input,
    ): Promise<Record<string, unknown> | undefined> => {
      const present = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
      try {
        const output = await (handlers[name] as (input: unknown, context: unknown) => Promise<unknown>)(
          present,
          context,
        );
        accepted.push(`${given.protocol} ${name}`);
        return output as Record<string, unknown>;
      } catch (error) {
        if (error instanceof ServiceError) return undefined;
        throw error;
      }
    };
    const made = await call('CreateApi', { Name: 'law', ProtocolType: given.protocol, ...given.api });
    if (made === undefined) return [];
    const ApiId = String(made.ApiId);
    for (const each of given.models) await call('CreateModel', { ApiId, ...each });
    const authorizers: Input[] = [];
    for (const each of given.authorizers) {
      const authorizer = await call('CreateAuthorizer', { ApiId, ...each });
      if (authorizer === undefined) continue;
      const type = each.AuthorizerType === 'JWT' ? 'JWT' : 'CUSTOM';
      authorizers.push({ AuthorizerId: authorizer.AuthorizerId, AuthorizationType: type });
    }
    const integrations: unknown[] = [];
    for (const each of given.integrations) {
      const integration = await call('CreateIntegration', { ApiId, ...each });
      if (integration === undefined) continue;
      integrations.push(integration.IntegrationId);
      if (given.protocol === 'HTTP') continue;
      for (const response of given.responses) {
        await call('CreateIntegrationResponse', {
          ApiId,
          IntegrationId: integration.IntegrationId,
          ...response,
        });
      }
    }
    for (const { target, authorizer: index, ...each } of given.routes) {
      const IntegrationId = integrations[Number(target) % integrations.length];
      const isConnect = each.RouteKey === '$connect';
      const authorized = given.protocol === 'HTTP' || isConnect;
      const route = await call('CreateRoute', {
        ApiId,
        ...each,
        AuthorizationType: authorized ? each.AuthorizationType : undefined,
        RequestParameters: isConnect ? each.RequestParameters : undefined,
        ...(IntegrationId === undefined ? {} : { Target: `integrations/${IntegrationId}` }),
        ...(authorized ? authorizers[Number(index)] : {}),
      });
      if (route !== undefined && each.RouteResponseSelectionExpression !== undefined) {
        await call('CreateRouteResponse', { ApiId, RouteId: route.RouteId, RouteResponseKey: '$default' });
      }
    }
    const deployment = await call('CreateDeployment', { ApiId });
    if (deployment === undefined) return [];
    const DeploymentId = String(deployment.DeploymentId);
    const created = await call('CreateStage', { ApiId, StageName: 'law', DeploymentId, ...given.stage });
    if (created === undefined) return [];
    const key = apiKeyOf(IDENTITY, ApiId);
    const frozen = (await tx.get(frozenKey(key, DeploymentId))) as unknown as FrozenApi;
    const document = (await tx.get([...stagesOf(key), 'law']))!;
    const identity = {
      accountId: IDENTITY.account,
      region: IDENTITY.region,
      apiId: ApiId,
      name: 'law',
      deploymentId: DeploymentId,
      variables: new Map(Object.entries((document.StageVariables ?? {}) as Record<string, string>)),
    };
    const compile = given.protocol === 'HTTP' ? compileStage : compileSocketStage;
    const compiled = compile(frozen, identity, bareStageMeans(pools), { document });
    compiled.release();
    accepted.push(`${given.protocol} compiled`);
    return compiled.problems.map((problem) => ({ ...problem, source: sourceOf(problem, frozen) }));
  }

  for (const protocol of ['HTTP', 'WEBSOCKET'] as const) {
    test(`${protocol} APIs`, async () => {
      const counts = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(generatedApi(protocol), async (given) => {
          const { problems, accepted } = await deploy(given);
          for (const what of accepted) counts.set(what, (counts.get(what) ?? 0) + 1);
          assert.deepEqual(
            problems.filter(({ reason }) => reason.startsWith('It cannot be compiled')),
            [],
          );
          // What no stage variable has a part in was known when it was written.
          assert.deepEqual(
            problems.filter(
              ({ source, reason }) => !source.includes('stageVariables') && !ACCEPTED.test(reason),
            ),
            [],
          );
        }),
        { numRuns: RUNS },
      );
      // Else the law would hold of nothing.
      for (const what of ['CreateApi', 'CreateIntegration', 'CreateRoute', 'CreateAuthorizer', 'compiled']) {
        assert.ok(
          (counts.get(`${protocol} ${what}`) ?? 0) >= RUNS / 10,
          `${what}: ${JSON.stringify([...counts])}`,
        );
      }
    });
  }
});
