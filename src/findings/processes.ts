// Which processes a server is and how it stands with them, as plain data: what probes, metrics and `postern doctor` go by.

/** The trouble of each where what data planes follow has never been filled. */
export const NOTHING_TO_SERVE =
  'PostgreSQL has not been reached yet, and the data directory has no copy of what is stored there.';

/** One of the processes that serve clients. */
export interface WorkerLook {
  readonly number: number;
  /** Undefined while there is none, because the one before has died. */
  readonly pid: number | undefined;
  /** Whether it has answered, within two seconds. */
  readonly isUp: boolean;
  /** Whether it has what was deployed, and takes connections. */
  readonly isServing: boolean;
  /** Why changes are not going live there. */
  readonly trouble?: string | undefined;
}

export interface LimitsLook {
  readonly areShared: boolean;
  /** Why not. */
  readonly reason?: string | undefined;
}

/** For `Processes`. */
export function limitsLook(
  limits: { readonly areShared: boolean | undefined; readonly whyApart?: string | undefined } | undefined,
): LimitsLook | undefined {
  if (limits?.areShared === undefined) return undefined;
  return { areShared: limits.areShared, reason: limits.whyApart };
}

export interface Processes {
  /** How workers get connections: one process has them all, the system spreads them (`SO_REUSEPORT`), or the primary does. */
  readonly accepts: 'alone' | 'reusePort' | 'roundRobin';
  readonly workers: readonly WorkerLook[];
  /** Of the Valkey that counts rate limits; absent where none is configured. */
  readonly limits?: LimitsLook | undefined;
}

export interface ProcessesReport extends Processes {
  /** Of the one that answers. */
  readonly pid: number;
  /** Of the one that runs functions; absent while there are none. */
  readonly functionsPid?: number | undefined;
}
