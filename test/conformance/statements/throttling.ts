// What spec/http-api.md §7 states, one entry a statement. Ids: see ../statements.ts.
import type { Statements } from '../statements.ts';

export const throttlingStatements: Statements = {
  '§7.1-1': 'burst is the size of the bucket, rate what flows in',
  '§7.1-2': 'account, stage default, route; one overrides the other, none exceeds the account',
  '§7.1-3': 'each route of a stage has its own bucket',
  '§7.1-4': 'both unset: the account’s limit',
  '§7.1-5': 'an explicit 0 throttles everything',
  '§7.1-6': 'an unknown route key in settings',
  '§7.1-7': 'a bucket keeps its level, and is full when it is raised from 0',
  '§7.2-1': '429 with the envelope',
  '§7.2-2': 'no Retry-After',
  '§7.2-3': 'before authorization',
  '§7.2-4': 'preflights count',
  '§7.3-1': 'names and period of the metrics',
  '§7.3-2': 'Latency includes IntegrationLatency',
  '§7.3-3': 'dimensions: API, stage, route',
  '§7.4-1': 'DataTraceEnabled and LoggingLevel are for WebSocket APIs',
  '§7.4-2': 'no X-Ray tracing, no execution logs',
  '§7.5-1': 'Count: what reached a stage',
  '§7.5-2': '4xx and 5xx follow the status sent',
};
