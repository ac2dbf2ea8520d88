// Traces of a data plane: who records them now, and the way to their collector. The exporter is loaded when traces are configured.

import type { TracesSettings } from '../backends/traces/settings.ts';
import type { SpanCounts } from '../backends/traces/span-queue.ts';
import { version } from '../cli/version.ts';
import type { Settings } from '../settings/settings.ts';
import { Tracer } from '../stage/tracer.ts';
import type { Log } from '../telemetry/log.ts';
import type { LivePart } from './live-settings.ts';
import type { RoleMeans } from './role.ts';

export interface Traces {
  /** What stages are compiled with; undefined while no traces are configured. */
  readonly current: Tracer | undefined;
  /** Undefined where none were ever configured. */
  readonly counts: Readonly<SpanCounts> | undefined;
  readonly live: LivePart;
  close(deadlineMillis: number): Promise<void>;
}

/** What the spans that were recorded under other settings may take. */
const SUPERSEDED_MILLIS = 1_000;

type Exporter = typeof import('../backends/traces/exporter.ts');

export async function openTraces({ settings, log }: Pick<RoleMeans, 'settings' | 'log'>): Promise<Traces> {
  const traces = new LiveTraces(log);
  await traces.live.prepare(settings);
  traces.live.apply(settings);
  return traces;
}

class LiveTraces implements Traces {
  current: Tracer | undefined = undefined;
  counts: SpanCounts | undefined = undefined;
  readonly #log: Log;
  #exporter: Exporter | undefined = undefined;
  #close: ((deadlineMillis: number) => Promise<void>) | undefined = undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  readonly live = {
    prepare: async ({ sections: { traces } }: Settings): Promise<void> => {
      if (traces.endpoint === undefined) return;
      this.#exporter ??= await import('../backends/traces/exporter.ts');
    },
    apply: ({ sections: { traces } }: Settings): void => {
      void this.#close?.(SUPERSEDED_MILLIS);
      this.#close = undefined;
      this.current = traces.endpoint === undefined ? undefined : this.#tracerFor(traces);
    },
  };

  async close(deadlineMillis: number): Promise<void> {
    await this.#close?.(deadlineMillis);
  }

  #tracerFor(traces: TracesSettings): Tracer {
    this.counts ??= { exported: 0, dropped: 0 };
    const queue = this.#exporter!.openExporter(traces, version(), this.#log, this.counts);
    this.#close = (deadlineMillis) => queue.close(deadlineMillis);
    const ratio = traces.ratio ?? 1;
    this.#log('traces.exported', { endpoint: traces.endpoint!, ratio });
    return new Tracer(ratio, queue);
  }
}
