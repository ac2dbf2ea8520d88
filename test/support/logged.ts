// A log for tests that look at its lines.
import type { Log } from '../../src/telemetry/log.ts';
import { LOG_EVENTS, type LogEvent } from '../../src/telemetry/log-events.ts';

export interface LoggedLine {
  readonly event: LogEvent;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export function logTo(take: (line: LoggedLine) => void): Log {
  return (event, fields) => take({ event, message: LOG_EVENTS[event].message, fields: { ...fields } });
}
