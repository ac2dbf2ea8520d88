// What outlives a process and is no configuration: the connections that it holds, and what was granted of quotas. A start that has
// none before it, and no client of a WebSocket API, opens and loads nothing of it.
import { access } from 'node:fs/promises';
import { BatchedRegistry, type Held } from '../cluster/registry/batched-registry.ts';
import type { Claims } from '../cluster/registry/claims.ts';
import type { LocalRuntime } from '../cluster/registry/local-runtime.ts';
import type { Registry } from '../websocket-api/connections/registry.ts';
import type { QuotaSource } from '../websocket-api/quota-source.ts';
import { runtimeFileIn } from './data-directory.ts';
import type { DataPlane } from './data-plane.ts';
import { type RoleMeans, reasonOf } from './role.ts';

export interface Runtime {
  readonly registry: Registry;
  readonly quotas: QuotaSource;
  /** Tells the ends of connections that were open when a process before this one died. Does not wait for them. */
  tellEnds(tell: DataPlane['tellLost']): void;
  /** What has not been begun to be told by then is told by the process that comes next. */
  stopTelling(): void;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

export function openRuntime({ settings: { data }, log }: RoleMeans): Runtime {
  let opening: Promise<LocalRuntime> | undefined;
  const open = async (): Promise<LocalRuntime> => {
    const { openLocalRuntime } = await import('../cluster/registry/local-runtime.ts');
    return openLocalRuntime(runtimeFileIn(data), (reason) => log('runtime.damaged', { reason }));
  };
  const opened = async (): Promise<LocalRuntime> => {
    opening ??= open();
    try {
      return await opening;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  const held = async (): Promise<Held> => (await opened()).held;
  const onTrouble = (error: unknown): void => {
    if (error === undefined) log('registry.recovered', {});
    else log('registry.failed', reasonOf(error));
  };
  const registry = new BatchedRegistry({ held, onTrouble });
  let claims: Claims | undefined;
  let isStopped = false;
  return {
    registry,
    quotas: {
      async take(key, period, limit) {
        try {
          return await (await opened()).quotas.take(key, period, limit);
        } catch (error) {
          log('quota.failed', reasonOf(error));
          return 0;
        }
      },
      async giveBack(key, period, count) {
        try {
          await (await opened()).quotas.giveBack(key, period, count);
        } catch (error) {
          log('quota.failed', reasonOf(error));
        }
      },
    },
    async tellEnds(tell) {
      const isThere = await access(runtimeFileIn(data)).then(
        () => true,
        () => false,
      );
      if (!isThere) return;
      const { Claims } = await import('../cluster/registry/claims.ts');
      if (isStopped) return;
      claims = new Claims({ held, tell, onTrouble });
      await claims.tellAll();
    },
    stopTelling() {
      isStopped = true;
      claims?.stop();
    },
    async close() {
      await registry.close();
      await (await opening)?.close();
    },
  };
}
