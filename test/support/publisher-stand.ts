// A publisher that follows a real store, and what an API of that store has: routes to a backend that a stage variable names.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  API_INDEX,
  apiKeyOf,
  deploymentsOf,
  domainIndexKey,
  domainKeyOf,
  frozenKey,
  stagesOf,
} from '../../src/config/keys.ts';
import { createUpstreamPools } from '../../src/net/upstream/pool.ts';
import type { UpstreamPools } from '../../src/net/upstream/upstream.ts';
import {
  type InTurn,
  openPublisher,
  type Publisher,
  type PublisherMeans,
} from '../../src/snapshot/publisher.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Document, Store, Transaction } from '../../src/store/store.ts';
import { bareStageMeans } from './stage-means.ts';

export const PLACE = { account: '123456789012', region: 'us-east-1' };
export const API_ID = 'a1b2c3d4e5';
export const API = apiKeyOf(PLACE, API_ID);

export const STAGE = {
  StageName: 'prod',
  DeploymentId: 'd1',
  StageVariables: { backend: '127.0.0.1:9' },
};

export const INTEGRATION = {
  IntegrationId: 'i1',
  IntegrationType: 'HTTP_PROXY',
  IntegrationMethod: 'ANY',
  IntegrationUri: 'http://${stageVariables.backend}/',
  PayloadFormatVersion: '1.0',
};

export function route(id: string, key: string): Document {
  return { RouteId: id, RouteKey: key, AuthorizationType: 'NONE', Target: 'integrations/i1' };
}

export interface Opened {
  readonly store: Store;
  readonly publisher: Publisher;
  readonly means: PublisherMeans;
  readonly pools: UpstreamPools;
  readonly errors: string[];
  readonly recovered: string[];
  deploy(
    id: string,
    routes: readonly Document[],
    integrations?: readonly Document[],
    authorizers?: readonly Document[],
  ): Promise<void>;
  stage(document: Document): Promise<void>;
  /** Commits, and waits until that is live. */
  change(work: (tx: Transaction) => Promise<void>): Promise<void>;
}

export interface Given {
  readonly feed?: (real: Store['changes']) => Store['changes'];
  /** In place of reading, once the publisher is open. */
  readonly read?: (real: Store['read']) => Store['read'];
  readonly patienceInMillis?: number;
  readonly inTurn?: InTurn;
}

export async function openStand(
  t: TestContext,
  { feed = (real) => real, read = (real) => real, ...given }: Given = {},
): Promise<Opened> {
  const directory = await mkdtemp(join(tmpdir(), 'postern-publisher-'));
  const store = await openSqliteStore({ directory });
  const pools = createUpstreamPools();
  const errors: string[] = [];
  const recovered: string[] = [];
  let isOpen = false;
  const real: Store['read'] = (work) => store.read(work);
  const means: PublisherMeans = {
    ...bareStageMeans(pools),
    ...given,
    documents: {
      latestChange: () => store.latestChange(),
      changes: feed((after, signal) => store.changes(after, signal)),
      read: (work) => (isOpen ? read(real)(work) : real(work)),
    },
    onError: (_error, what) => errors.push(what),
    onRecovered: () => recovered.push('recovered'),
  };
  const publisher = await openPublisher(means);
  isOpen = true;
  t.after(async () => {
    await publisher.close();
    await pools.close();
    await store.close();
    await rm(directory, { recursive: true });
  });
  await store.transact((tx) => putApi(tx));
  const change: Opened['change'] = async (work) => {
    await store.transact(work);
    await publisher.caughtUp();
  };
  return {
    ...{ store, publisher, means, pools, errors, recovered, change },
    async deploy(id, routes, integrations = [INTEGRATION], authorizers = []) {
      const content = {
        Api: { ApiId: API_ID },
        Routes: routes,
        Integrations: integrations,
        Authorizers: authorizers,
      };
      await store.transact(async (tx) => {
        await tx.put([...deploymentsOf(API), id], { DeploymentId: id });
        await tx.put(frozenKey(API, id), content);
      });
    },
    stage: (document) => change((tx) => tx.put([...stagesOf(API), String(document.StageName)], document)),
  };
}

/** A feed that tells of no change: they are live once everything is read anew. */
export const silent: Store['changes'] = async function* (_after, signal) {
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  yield [];
};

export async function putApi(tx: Transaction, apiId = API_ID): Promise<void> {
  await tx.put([...API_INDEX, apiId], { Account: PLACE.account, Region: PLACE.region });
  await tx.put(apiKeyOf(PLACE, apiId), { ApiId: apiId, ProtocolType: 'HTTP' });
}

export async function putDomain(tx: Transaction, name: string, more: Document = {}): Promise<void> {
  const { account: Account, region: Region } = PLACE;
  await tx.put(domainIndexKey(Region, name), { Account, Region, DomainName: name });
  await tx.put(domainKeyOf(PLACE, name), {
    DomainName: name,
    RoutingMode: 'API_MAPPING_ONLY',
    DomainNameConfigurations: [{ CertificateArn: 'arn', SecurityPolicy: 'TLS_1_2' }],
    ...more,
  });
}

export function liveStage(publisher: Publisher, name = 'prod') {
  const api = publisher.current.apis.get(API_ID);
  assert.notEqual(api?.kind, 'websocket');
  return api?.kind === 'http' ? api.stages.get(name) : undefined;
}

export function liveRoute(publisher: Publisher, path: string) {
  return liveStage(publisher)?.router.match('GET', path)?.route;
}
