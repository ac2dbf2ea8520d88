// All backend connection pools of a process, shared by the snapshots that use them (decision 0010).
import { Counted } from '../../counted.ts';
import { Ticker } from '../clock.ts';
import { CallTable } from './call.ts';
import { Connector, type ExtraCa } from './connect.ts';
import { OriginPool, type PoolLimits, type PoolMeans } from './origin-pool.ts';
import type { Origin, OriginUpstream, UpstreamPools } from './upstream.ts';

export interface UpstreamOptions extends Partial<PoolLimits> {
  /** Certificates trusted besides Node's own, in PEM. */
  readonly ca?: ExtraCa;
}

const DEFAULT_LIMITS: PoolLimits = {
  idleMillis: 15_000,
  maxIdle: 512,
  maxConnections: 512,
  maxWaiting: 4_096,
};

const LEAST_SHARE = 64;

/** Time-outs come at most this much late. */
const TICK_MILLIS = 25;
/** Idle connections are looked at every so many ticks. */
const TICKS_PER_AGING = 20;

/** Connections that one of several processes may have to a backend: together they have what one would. Where they are many each has so
 *  many still that it is of use. */
export function poolShare(processes = 1): Pick<PoolLimits, 'maxConnections' | 'maxIdle'> {
  const share = Math.max(LEAST_SHARE, Math.floor(DEFAULT_LIMITS.maxConnections / processes));
  return { maxConnections: share, maxIdle: share };
}

export function createUpstreamPools(options: UpstreamOptions = {}): UpstreamPools {
  const { ca, ...limits } = options;
  return new Pools({ ...DEFAULT_LIMITS, ...limits }, ca);
}

class Pools implements UpstreamPools, PoolMeans {
  readonly limits: PoolLimits;
  readonly connector: Connector;
  readonly calls = new CallTable();
  readonly #origins = new Counted<OriginPool>((pool) => pool.end());
  readonly #ticker = new Ticker(TICK_MILLIS, (now) => this.#onTick(now));
  #ticks = 0;
  #sockets = 0;
  isClosed = false;
  #closed: Promise<void> | undefined;
  #onAllClosed: (() => void) | undefined;

  constructor(limits: PoolLimits, ca: ExtraCa | undefined) {
    this.limits = limits;
    this.connector = new Connector(ca);
  }

  acquire(origin: Origin): OriginUpstream {
    return this.#origins.acquire(keyOf(origin), () => new OriginPool(origin, this));
  }

  release(upstream: OriginUpstream): void {
    this.#origins.release(upstream);
  }

  /** Ends all calls with cause `aborted` and closes all connections. May be called twice. */
  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      this.#onAllClosed = resolve;
      this.isClosed = true;
      this.calls.stopAll();
      for (const pool of this.#origins.all) pool.closeIdle();
      this.#ticker.stop();
      if (this.#sockets === 0) resolve();
    });
    return this.#closed;
  }

  now(): number {
    return this.#ticker.now;
  }

  wake(): void {
    if (!this.isClosed) this.#ticker.start();
  }

  countSocket(change: 1 | -1): void {
    this.#sockets += change;
    if (this.#sockets === 0) this.#onAllClosed?.();
  }

  #onTick(now: number): void {
    this.calls.stopOverdue(now);
    if (++this.#ticks < TICKS_PER_AGING) return;
    this.#ticks = 0;
    let hasIdle = false;
    for (const pool of this.#origins.all) {
      pool.closeAged(now);
      hasIdle ||= pool.hasIdle;
    }
    if (!hasIdle && this.calls.isEmpty) this.#ticker.stop();
  }
}

function keyOf({ secure, host, port, serverName }: Origin): string {
  return JSON.stringify([secure, host.toLowerCase(), port, serverName?.toLowerCase()]);
}
