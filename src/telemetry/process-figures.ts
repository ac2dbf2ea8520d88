// What a process tells of itself, as plain data.

export interface ProcessFigures {
  /** Processor time in seconds. */
  readonly cpu: number;
  /** Bytes. */
  readonly resident: number;
  readonly heapUsed: number;
  /** Seconds since 1970. */
  readonly startedAt: number;
  /** The busy part of the event loop since the start, 0 to 1. */
  readonly utilization: number;
}

export function processFigures(): ProcessFigures {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    cpu: (user + system) / 1e6,
    resident: rss,
    heapUsed,
    startedAt: Date.now() / 1_000 - process.uptime(),
    utilization: performance.eventLoopUtilization().utilization,
  };
}
