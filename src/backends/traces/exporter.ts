// Spans on their way to a collector. Loaded by who has traces alone.
import type { Log } from '../../telemetry/log.ts';
import { createSender } from './otlp.ts';
import type { TracesSettings } from './settings.ts';
import { type SpanCounts, SpanQueue } from './span-queue.ts';

/** `settings` have an endpoint. */
export function openExporter(
  settings: TracesSettings,
  version: string,
  log: Log,
  counts: SpanCounts,
): SpanQueue {
  const endpoint = settings.endpoint!;
  return new SpanQueue(endpoint, createSender(endpoint, settings, version), log, counts);
}
