// What a node keeps in PostgreSQL beside the store, and in its own `runtime.db` while that is away: its connections, and quotas.
import type { Postgres } from '../../store/postgres/postgres-store.ts';
import type { QuotaSource } from '../../websocket-api/quota-source.ts';
import type { ClusterNodes } from '../nodes/cluster-nodes.ts';
import { PostgresQuotas } from '../quotas/postgres-quotas.ts';
import type { Held } from './batched-registry.ts';
import { NodeRegistry, type NodeRegistryMeans } from './node-registry.ts';
import { Outage } from './outage.ts';
import { PostgresRegistry } from './postgres-registry.ts';
import { RuntimeFile } from './runtime-file.ts';

export interface NodeRuntimeMeans extends Pick<NodeRegistryMeans, 'isRequired' | 'rowsOf' | 'onAway'> {
  readonly nodes: ClusterNodes;
  readonly postgres: Postgres;
  /** Of `runtime.db`, and whether it is there. */
  readonly path: string;
  readonly isThere: boolean;
  /** How many serve clients on this node. */
  readonly processes: number;
  readonly onDamaged: (reason: string) => void;
}

export interface NodeRuntime {
  /** Rejects while this node has no lease. */
  held(): Promise<Held>;
  readonly quotas: QuotaSource;
  close(): Promise<void>;
}

export function openNodeRuntime(means: NodeRuntimeMeans): NodeRuntime {
  const { nodes, postgres, path, processes, onDamaged } = means;
  let opening: Promise<RuntimeFile> | undefined;
  const openOutage = async (): Promise<Outage> => {
    opening ??= RuntimeFile.open(path, onDamaged);
    return Outage.open(await opening);
  };
  let outage: Promise<Outage> | undefined;
  const engine = new NodeRegistry({
    ...means,
    shared: new PostgresRegistry(postgres.sql),
    outage() {
      outage ??= openOutage().catch((error: unknown) => {
        opening = undefined;
        outage = undefined;
        throw error;
      });
      return outage;
    },
  });
  postgres.onReconnect(() => engine.mend());
  if (means.isThere) engine.recover();
  return {
    async held() {
      const holder = nodes.lease.incarnation;
      if (holder === undefined) throw new Error('This node has no lease.');
      return { engine, holder };
    },
    quotas: new PostgresQuotas(postgres.sql, () => processes * nodes.living),
    async close() {
      await engine.close();
      await (await opening)?.close();
    },
  };
}
