// What the roles of the program have in common: each could run in a process of its own (docs/architecture.md, "Roles").
import type { Clock } from '../clock.ts';
import type { Settings } from '../settings/settings.ts';
import { StoreError } from '../store/store-error.ts';
import type { Log } from '../telemetry/log.ts';
import type { RequestLog } from '../telemetry/request-log.ts';
import type { LiveParts } from './live-settings.ts';

/** What every role has from the start. */
export interface RoleMeans {
  readonly settings: Settings;
  readonly log: Log;
  readonly clock: Clock;
  /** Where each request has its line; undefined where none has. */
  readonly requestLog: RequestLog | undefined;
}

export interface Role {
  /** How it takes what is its own of other settings. */
  readonly live: LiveParts;
  /** Closes what it has opened; what is at work may finish for at most `deadlineMillis`. */
  close(deadlineMillis: number): Promise<void>;
}

/** A role that clients reach. */
export interface ListeningRole extends Role {
  /** Before anything is closed: stops accepting, and lets what is in flight finish for at most `deadlineMillis`. */
  drain(deadlineMillis: number): Promise<void>;
}

type Close = (deadlineMillis: number) => unknown;

/** What is open, to be closed in reverse order. */
export class Opened {
  readonly #closes: Close[] = [];

  /** `close` comes before the closing of all that was opened earlier. */
  push(close: Close): void {
    this.#closes.push(close);
  }

  async close(deadlineMillis: number): Promise<void> {
    for (let close = this.#closes.pop(); close !== undefined; close = this.#closes.pop()) {
      await close(deadlineMillis);
    }
  }
}

/** What `open` returns. Where it throws, nothing that it has opened is left open. */
export async function openAll<T>(open: (opened: Opened) => Promise<T>): Promise<T> {
  const opened = new Opened();
  try {
    return await open(opened);
  } catch (error) {
    await opened.close(0);
    throw error;
  }
}

/** What the log says of an error: what is wrong with the store is a sentence, everything else has a stack. */
export function reasonOf(error: unknown): { readonly reason: string } | { readonly err: unknown } {
  return error instanceof StoreError ? { reason: error.message } : { err: error };
}
