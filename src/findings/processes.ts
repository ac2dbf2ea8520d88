// Which processes a server is and how it stands with them, as plain data: what probes, metrics and `postern doctor` go by.

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

export interface Processes {
  /** How workers get connections: one process has them all, the system spreads them (`SO_REUSEPORT`), or the primary does. */
  readonly accepts: 'alone' | 'reusePort' | 'roundRobin';
  readonly workers: readonly WorkerLook[];
}

export interface ProcessesReport extends Processes {
  /** Of the one that answers. */
  readonly pid: number;
  /** Of the one that runs functions; absent while there are none. */
  readonly functionsPid?: number | undefined;
}
