// What outlives a process and is no configuration: the connections that it holds, and what was granted of quotas. A start that has
// none before it, and no client of a WebSocket API, opens and loads nothing of it. A node among others has it in PostgreSQL.
import { access } from 'node:fs/promises';
import type { ClusterNodes } from '../cluster/nodes/cluster-nodes.ts';
import { BatchedRegistry, type Held } from '../cluster/registry/batched-registry.ts';
import type { Claims } from '../cluster/registry/claims.ts';
import type { Postgres } from '../store/postgres/postgres-store.ts';
import type { Registry } from '../websocket-api/connections/registry.ts';
import type { QuotaSource } from '../websocket-api/quota-source.ts';
import { runtimeFileIn } from './data-directory.ts';
import type { DataPlane } from './data-plane.ts';
import { type RoleMeans, reasonOf } from './role.ts';

/** What is asked of those who hold connections: this process, or its workers. */
export interface Holders extends Pick<DataPlane, 'tellLost' | 'rowsOf' | 'cutOff'> {
  /** Ends may be told for so long; where it is absent, whoever tells asks the registry. */
  tellFor?(millis: number): void;
}

export interface Runtime {
  readonly registry: Registry;
  readonly quotas: QuotaSource;
  /** Tells, from now on, the ends of connections whose process is gone: at once of those that were open when a process before this one
   *  died. Does not wait for them. */
  begin(holders: Holders): void;
  /** Another process of this node is gone that had these connections. */
  tellEndsOf(connectionIds: readonly string[]): Promise<void>;
  /** What has not been begun to be told by then is told by the process that comes next. */
  stopTelling(): void;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

export interface RuntimeMeans extends RoleMeans {
  /** How many serve clients here; 1 when absent. */
  readonly processes?: number;
  /** Of a node among others. */
  readonly node?: { readonly nodes: ClusterNodes; readonly postgres: Postgres } | undefined;
}

/** What keeps it, opened when it is first wanted. */
interface Kept {
  held(): Promise<Held>;
  readonly quotas: QuotaSource;
  close(): Promise<void>;
}

/** How often those who hold connections are told that this node is sure of its lease, and for how long that holds. */
const SURE_EVERY_MILLIS = 250;
const SURE_MILLIS = 1_000;

export function openRuntime(means: RuntimeMeans): Runtime {
  const { settings, log, processes = 1, node } = means;
  const path = runtimeFileIn(settings.data);
  let holders: Holders | undefined;
  const onDamaged = (reason: string): void => log('runtime.damaged', { reason });
  const open = async (): Promise<Kept> => {
    if (node === undefined) {
      const { openLocalRuntime } = await import('../cluster/registry/local-runtime.ts');
      const { held, ...kept } = await openLocalRuntime(path, { processes, onDamaged });
      return { ...kept, held: async () => held };
    }
    const { openNodeRuntime } = await import('../cluster/registry/node-runtime.ts');
    return openNodeRuntime({
      ...{ ...node, path, processes, onDamaged },
      isThere: await isThere(path),
      isRequired: settings.sections.webSocket.isRegistryRequired,
      rowsOf: async (ids) => (await holders?.rowsOf(ids)) ?? [],
      onAway: (error) =>
        error === undefined ? log('registry.moved-back', {}) : log('registry.on-disk', reasonOf(error)),
    });
  };
  let opening: Promise<Kept> | undefined;
  const kept = async (): Promise<Kept> => {
    opening ??= open();
    try {
      return await opening;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  const held = async (): Promise<Held> => (await kept()).held();
  const onTrouble = (error: unknown): void => {
    if (error === undefined) log('registry.recovered', {});
    else log('registry.failed', reasonOf(error));
  };
  const batched = new BatchedRegistry({ held, onTrouble });
  const isSure = (): boolean => node === undefined || node.nodes.lease.isSure;
  const registry: Registry = {
    enter: (row) => (isSure() ? batched.enter(row) : Promise.resolve(false)),
    leave: (id) => batched.leave(id),
    mayTell: isSure,
  };
  let claims: Promise<Claims> | undefined;
  let isStopped = false;
  const claimsBy = async (told: Holders): Promise<Claims> => {
    const { Claims } = await import('../cluster/registry/claims.ts');
    const made = new Claims({
      held,
      tell: (row, code, reason) => told.tellLost(row, code, reason),
      onTrouble,
    });
    if (isStopped) made.stop();
    return made;
  };
  const claim = async (told: Holders): Promise<void> => {
    claims ??= claimsBy(told);
    await (await claims).tellAll();
  };
  let sure: NodeJS.Timeout | undefined;
  return {
    registry,
    quotas: {
      async take(key, period, limit) {
        try {
          return await (await kept()).quotas.take(key, period, limit);
        } catch (error) {
          log('quota.failed', reasonOf(error));
          return 0;
        }
      },
      async giveBack(key, period, count) {
        try {
          await (await kept()).quotas.giveBack(key, period, count);
        } catch (error) {
          log('quota.failed', reasonOf(error));
        }
      },
    },
    async begin(given) {
      holders = given;
      if (node !== undefined) {
        follow(node.nodes, given, () => void claim(given));
        const tellFor = given.tellFor?.bind(given);
        if (tellFor !== undefined)
          sure = setInterval(() => tellFor(isSure() ? SURE_MILLIS : 0), SURE_EVERY_MILLIS).unref();
      }
      if (await isThere(path)) await claim(given);
    },
    async tellEndsOf(connectionIds) {
      if (connectionIds.length === 0 || holders === undefined) return;
      claims ??= claimsBy(holders);
      // Some may be on their way to the disk.
      await batched.written();
      await (await claims).tellThese(connectionIds);
    },
    stopTelling() {
      isStopped = true;
      void claims?.then((each) => each.stop());
    },
    async close() {
      clearInterval(sure);
      await batched.close();
      await (await opening)?.close();
    },
  };
}

/** Connections go with the lease: whoever is cut off closes them, and whoever was declared gone tells nothing, for others do. */
function follow(nodes: ClusterNodes, holders: Holders, claim: () => void): void {
  let before = nodes.lease.incarnation;
  nodes.onStanding((standing) => {
    const { incarnation } = nodes.lease;
    if (before !== undefined && incarnation !== before) holders.cutOff(true);
    else if (standing === 'isolated') holders.cutOff(false);
    before = incarnation;
  });
  nodes.onEnded(claim);
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
