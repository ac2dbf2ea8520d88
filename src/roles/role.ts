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
  /** What is draining has less time than was said. */
  hasten(deadlineMillis: number): void;
}

type Close = (deadlineMillis: number) => unknown;

/** What is open, to be closed in reverse order. */
export class Opened {
  readonly #closes: { readonly close: Close; readonly hasten: Close | undefined }[] = [];
  /** When the time is over, in monotonic milliseconds. */
  #until = Infinity;
  #hasten: Close | undefined = undefined;

  /** `close` comes before the closing of all that was opened earlier, and has what they have left of the time. `hasten` is told of
   *  a shorter time while it is under way. */
  push(close: Close, hasten?: Close): void {
    this.#closes.push({ close, hasten });
  }

  async close(deadlineMillis: number): Promise<void> {
    this.#until = Math.min(this.#until, performance.now() + deadlineMillis);
    for (let next = this.#closes.pop(); next !== undefined; next = this.#closes.pop()) {
      this.#hasten = next.hasten;
      await next.close(this.#left);
    }
    this.#hasten = undefined;
  }

  /** What is being closed has less time than was said. */
  hasten(deadlineMillis: number): void {
    this.#until = Math.min(this.#until, performance.now() + deadlineMillis);
    this.#hasten?.(this.#left);
  }

  get #left(): number {
    return Math.max(0, Math.round(this.#until - performance.now()));
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
