// All loads of a cluster together.
import type { ClusterNode } from '../stand/node.ts';
import type { Stand } from '../stand/stand.ts';
import { type LoadedApis, makeApis } from './apis.ts';
import { callLimited, callWriters } from './callers.ts';
import { Crowd } from './crowd.ts';
import { type Load, together } from './loop.ts';
import { post } from './posts.ts';
import { connectWithKey, type QuotaKey } from './quota.ts';
import { write } from './writers.ts';

export const QUOTA_KEY: QuotaKey = { key: 'partner', value: 'a-key-of-at-least-20-characters', limit: 400 };

/** What a stand's configuration file needs for this load. */
export const LOADED_CONFIG = {
  apiKeys: [
    {
      ...{ id: QUOTA_KEY.key, value: QUOTA_KEY.value },
      quota: { limit: QUOTA_KEY.limit, period: 'MONTH' },
    },
  ],
};

export interface WholeLoad {
  readonly apis: LoadedApis;
  readonly writing: Load;
  readonly calling: Load;
  /** Sockets, posts to them, and connects with a key. */
  readonly connecting: Load;
}

export interface LoadOptions {
  readonly writers: readonly string[];
  /** Connections of the crowd. */
  readonly sockets: number;
  readonly bucket: { readonly rate: number; readonly burst: number; readonly offered: number };
  /** Share of the rate that must get through; 0 where nodes share it by halves. */
  readonly floor: number;
}

export async function loadAll(
  stand: Stand,
  backend: string,
  { writers, sockets, bucket, floor }: LoadOptions,
): Promise<WholeLoad> {
  const { ledger, nodes } = stand;
  const client = (node: ClusterNode) => stand.client(node);
  const apis = await makeApis(client(nodes[0]!), backend, writers, bucket);
  const crowd = new Crowd(ledger, nodes, apis.sockets, { count: sockets, everyMillis: 400 });
  return {
    apis,
    writing: write(ledger, nodes, client, apis, 400),
    calling: together([
      callWriters(ledger, nodes, apis, 150),
      callLimited(ledger, nodes, apis, { ...bucket, floor }),
    ]),
    connecting: together([
      post(ledger, nodes, crowd, apis.sockets, 100),
      connectWithKey(ledger, nodes, apis.keyed, QUOTA_KEY, 300),
      crowd,
    ]),
  };
}
