// The connections that reads share: opened when wanted, given back after each use, and opened anew when the server may be another one.
import { StoreError } from '../store-error.ts';
import type { PostgresConnection } from './connection.ts';

export interface PoolMeans {
  readonly size: number;
  /** Throws StoreError; at once where nothing can be reached at present. */
  readonly open: () => Promise<PostgresConnection>;
}

/** How long somebody waits for a connection that others use. */
const PATIENCE_MILLIS = 5_000;

export class PostgresPool {
  readonly #means: PoolMeans;
  /** Those that belong to it now. */
  readonly #open = new Set<PostgresConnection>();
  readonly #idle: PostgresConnection[] = [];
  #users = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(means: PoolMeans) {
    this.#means = means;
  }

  /** Throws StoreError, and what `work` throws. */
  async use<T>(work: (connection: PostgresConnection) => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      const connection = await this.#take();
      try {
        return await work(connection);
      } finally {
        this.#giveBack(connection);
      }
    } finally {
      this.#users--;
      this.#waiting.shift()?.();
    }
  }

  /** Ends whatever is open: what runs there fails. */
  renew(): void {
    for (const connection of this.#open) connection.destroy();
    this.#open.clear();
    this.#idle.length = 0;
  }

  async #enter(): Promise<void> {
    if (this.#users >= this.#means.size) {
      await new Promise<void>((resolve, reject) => {
        const enter = (): void => {
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(() => {
          this.#waiting.splice(this.#waiting.indexOf(enter), 1);
          reject(new StoreError('locked', 'All connections to PostgreSQL are in use. Try again.'));
        }, PATIENCE_MILLIS);
        this.#waiting.push(enter);
      });
    }
    this.#users++;
  }

  async #take(): Promise<PostgresConnection> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (!idle.isLost) return idle;
      this.#open.delete(idle);
    }
    const connection = await this.#means.open();
    this.#open.add(connection);
    return connection;
  }

  #giveBack(connection: PostgresConnection): void {
    if (this.#open.has(connection) && !connection.isLost) this.#idle.push(connection);
    else {
      this.#open.delete(connection);
      connection.destroy();
    }
  }
}
