// GET /_postern/overview: the APIs that the caller may see, with their stages, routes, host names, traffic, and what is wrong with
// them (docs/reference/console-api.md). Pages of them: a page is read in short transactions with a pause between, so that whoever
// has a thousand APIs keeps no request waiting.
import { setImmediate } from 'node:timers/promises';
import { API_INDEX, type Place } from '../../config/keys.ts';
import { domainsWithoutEffect, readDomains } from '../../findings/domains-without-effect.ts';
import { stageProblems } from '../../findings/stage-problems.ts';
import { readApi, type StoredApi, withoutEffect } from '../../findings/without-effect.ts';
import { parseRouteTarget } from '../../grammar/route-target.ts';
import type { Sections } from '../../settings/sections.ts';
import type { StageStatus } from '../../snapshot/published-stage.ts';
import { type ApiTraffic, STEP_SECONDS, STEPS } from '../../snapshot/traffic.ts';
import type { Document, Entry, ReadTransaction, Store } from '../../store/store.ts';
import { badRequest } from '../../wire/errors.ts';
import { accountSeenBy, type Caller } from '../caller.ts';
import { jsonReply, type PosternRoute } from './postern-routes.ts';
import { type StageState, stateOf } from './stages-route.ts';

export const OVERVIEW = 'GET /_postern/overview';

export interface Overview {
  readonly accountId: string;
  readonly apis: readonly ApiOverview[];
  /** Of these APIs, and on the first page of custom domains. */
  readonly problems: readonly Problem[];
  /** For `after` of the next page; absent on the last. */
  readonly next?: string;
}

/** What `postern doctor` says as well. */
export interface Problem {
  /** `bad`: requests fail for it. `note`: something is configured and has no effect. */
  readonly level: 'bad' | 'note';
  readonly text: string;
  readonly where?: string;
  /** Absent where it is of a custom domain. */
  readonly apiId?: string;
}

export interface ApiOverview {
  readonly accountId: string;
  readonly region: string;
  readonly apiId: string;
  readonly name: string;
  readonly protocolType: 'HTTP' | 'WEBSOCKET';
  readonly description?: string;
  readonly apiEndpoint: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly stages: readonly StageOverview[];
  /** At most 300. */
  readonly routes: readonly RouteOverview[];
  /** How many routes there are besides; absent where all are here. */
  readonly moreRoutes?: number;
  /** Host names of custom domains that lead here. */
  readonly domains: readonly string[];
  readonly traffic: {
    readonly stepSeconds: number;
    /** The newest step is the last, and not over yet. */
    readonly calls: readonly number[];
    readonly errors: readonly number[];
  };
}

export interface StageOverview {
  readonly name: string;
  readonly deploymentId?: string;
  readonly autoDeploy: boolean;
  readonly status: StageState;
  readonly problem?: string;
  readonly routeProblems: StageStatus['routes'];
}

export interface RouteOverview {
  readonly routeKey: string;
  readonly routeId: string;
  /** The integration's URI, `SQS-SendMessage`, or `mock`. */
  readonly target?: string;
}

/** What is live, for the overview. */
export interface OverviewPlane {
  stages(): Promise<readonly StageStatus[]>;
  traffic(): Promise<readonly ApiTraffic[]>;
  /** Custom domains, each with the APIs that it leads to. */
  domains(): Promise<readonly LiveDomain[]>;
}

export interface LiveDomain {
  readonly name: string;
  readonly accountId: string;
  readonly apiIds: readonly string[];
}

export interface OverviewMeans {
  readonly store: Store;
  readonly plane: OverviewPlane;
  readonly endpoint: (apiId: string, protocolType: string) => string;
  /** What findings depend on, as it is now. */
  readonly findings: () => {
    readonly sections: Sections;
    readonly identities: readonly { readonly accountId: string }[];
    readonly hasOwnCertificate: boolean;
  };
}

const DEFAULT_LIMIT = 200;
const MAX_LIMIT = 1_000;
const MAX_ROUTES = 300;
/** APIs that are read in one transaction. */
const AT_ONCE = 20;

/** The route: `?limit=200&after=…`. */
export function overviewRoute(means: OverviewMeans): PosternRoute {
  return async ({ caller, query }) => {
    const given = new URLSearchParams(query);
    const limit = Number(given.get('limit') ?? DEFAULT_LIMIT);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      throw badRequest(
        `limit is ${JSON.stringify(given.get('limit'))}: it is a whole number from 1 to ${MAX_LIMIT}`,
      );
    }
    return jsonReply(
      200,
      await overviewFor(caller, means, { limit, after: given.get('after') ?? undefined }),
    );
  };
}

interface Wanted {
  readonly limit: number;
  readonly after: string | undefined;
}

async function overviewFor(
  caller: Caller,
  means: OverviewMeans,
  { limit, after }: Wanted,
): Promise<Overview> {
  const seen = accountSeenBy(caller);
  const isOwn = ({ account }: Pick<Place, 'account'>) => seen === undefined || account === seen;
  const { sections, identities, hasOwnCertificate } = means.findings();
  const { apis, next } = await readPage(means.store, isOwn, limit, after);
  const live = await liveParts(means.plane);
  const shown = apis.map((stored) => apiOverview(stored, live, means));
  const domains = after === undefined ? await means.store.read(readDomains) : [];
  const { certificates } = sections;
  const found = [
    ...apis.flatMap((stored) =>
      withoutEffect([stored], sections, identities).map((finding) => ({
        ...finding,
        apiId: String(stored.api.ApiId),
      })),
    ),
    ...domainsWithoutEffect(domains.filter(isOwn), { certificates, hasOwnCertificate }),
  ];
  return {
    accountId: caller.account,
    apis: shown,
    problems: [
      ...shown.flatMap(({ apiId, stages }) =>
        stages
          .flatMap(({ name: stageName, ...stage }) => stageProblems({ apiId, stageName, ...stage }))
          .map((text) => ({ level: 'bad' as const, text, apiId })),
      ),
      ...found.map(({ where, what, effect, ...of }) => ({
        level: 'note' as const,
        text: `${what}; ${effect}`,
        where,
        ...of,
      })),
    ],
    ...(next === undefined ? {} : { next }),
  };
}

async function readPage(
  store: Store,
  isOwn: (owner: Place) => boolean,
  limit: number,
  after: string | undefined,
): Promise<{ readonly apis: readonly StoredApi[]; readonly next: string | undefined }> {
  const apis: StoredApi[] = [];
  let next = after;
  do {
    const at = next;
    next = await store.read(async (tx) => {
      const page = {
        limit: Math.min(AT_ONCE, limit - apis.length),
        ...(at === undefined ? {} : { after: at }),
      };
      const listing = await tx.list(API_INDEX, page);
      for (const entry of listing.entries) {
        const stored = await readOwn(tx, entry, isOwn);
        if (stored !== undefined) apis.push(stored);
      }
      return listing.next;
    });
    // Reading is done on this thread.
    await setImmediate();
  } while (next !== undefined && apis.length < limit);
  return { apis, next };
}

async function readOwn(
  tx: ReadTransaction,
  { key, document }: Entry,
  isOwn: (owner: Place) => boolean,
): Promise<StoredApi | undefined> {
  const owner = { account: String(document.Account), region: String(document.Region) };
  return isOwn(owner) ? readApi(tx, owner, key.at(-1)!) : undefined;
}

interface LiveParts {
  readonly stages: ReadonlyMap<string, StageStatus>;
  readonly traffic: ReadonlyMap<string, ApiTraffic>;
  readonly domains: ReadonlyMap<string, readonly LiveDomain[]>;
}

async function liveParts(plane: OverviewPlane): Promise<LiveParts> {
  const [stages, traffic, domains] = await Promise.all([plane.stages(), plane.traffic(), plane.domains()]);
  const byApi = new Map<string, LiveDomain[]>();
  for (const domain of domains) {
    for (const apiId of new Set(domain.apiIds)) byApi.set(apiId, [...(byApi.get(apiId) ?? []), domain]);
  }
  return {
    stages: new Map(stages.map((status) => [`${status.apiId}/${status.name}`, status])),
    traffic: new Map(traffic.map((each) => [each.apiId, each])),
    domains: byApi,
  };
}

const NO_TRAFFIC: readonly number[] = Object.freeze(new Array<number>(STEPS).fill(0));

function apiOverview(stored: StoredApi, live: LiveParts, { endpoint }: OverviewMeans): ApiOverview {
  const { account, region, api, routes, integrations, stages } = stored;
  const apiId = String(api.ApiId);
  const protocolType = api.ProtocolType === 'WEBSOCKET' ? 'WEBSOCKET' : 'HTTP';
  const targets = new Map(integrations.map((each) => [String(each.IntegrationId), targetOf(each)]));
  const { calls, errors } = live.traffic.get(apiId) ?? { calls: NO_TRAFFIC, errors: NO_TRAFFIC };
  const leading = (live.domains.get(apiId) ?? []).filter(({ accountId }) => accountId === account);
  return {
    accountId: account,
    region,
    apiId,
    name: String(api.Name),
    protocolType,
    ...(api.Description === undefined ? {} : { description: String(api.Description) }),
    apiEndpoint: endpoint(apiId, protocolType),
    createdAt: String(api.CreatedDate),
    stages: stages.map((stage) =>
      stageOverview(stage, live.stages.get(`${apiId}/${String(stage.StageName)}`)),
    ),
    routes: routes.slice(0, MAX_ROUTES).map((route) => routeOverview(route, targets)),
    ...(routes.length > MAX_ROUTES ? { moreRoutes: routes.length - MAX_ROUTES } : {}),
    domains: leading.map(({ name }) => name),
    traffic: { stepSeconds: STEP_SECONDS, calls, errors },
  };
}

function stageOverview(stage: Document, status: StageStatus | undefined): StageOverview {
  const problem = status?.problem;
  return {
    name: String(stage.StageName),
    ...(stage.DeploymentId === undefined ? {} : { deploymentId: String(stage.DeploymentId) }),
    autoDeploy: stage.AutoDeploy === true,
    status: stateOf({ problem, wanted: status?.wanted }),
    ...(problem === undefined ? {} : { problem }),
    routeProblems: status?.routes ?? [],
  };
}

function routeOverview(route: Document, targets: ReadonlyMap<string, string>): RouteOverview {
  const { RouteKey, RouteId, Target } = route;
  const target = Target === undefined ? undefined : targets.get(parseRouteTarget(String(Target)) ?? '');
  return {
    routeKey: String(RouteKey),
    routeId: String(RouteId),
    ...(target === undefined ? {} : { target }),
  };
}

function targetOf({ IntegrationUri, IntegrationSubtype, IntegrationType }: Document): string {
  return String(IntegrationSubtype ?? IntegrationUri ?? String(IntegrationType).toLowerCase());
}
