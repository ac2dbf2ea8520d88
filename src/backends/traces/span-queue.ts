// Spans that wait for their collector: bounded, in batches, one at a time. What the collector cannot take now is sent again until it
// is taken; what does not fit, or is refused for good, is lost and counted. A collector that is away costs requests nothing.
import type { Log } from '../../telemetry/log.ts';
import { RefusedSpans, type SendSpans } from './otlp.ts';
import type { Span, SpanSink } from './span.ts';

/** How many wait at most: some 16 MB of them. */
const MAX_WAITING = 8_192;
/** How many are encoded in one turn of the event loop: that takes it some milliseconds. */
const BATCH = 256;
/** How long spans are gathered. */
const GATHER_MILLIS = 200;
const FIRST_RETRY_MILLIS = 500;
const LAST_RETRY_MILLIS = 30_000;
/** How often somebody is told that spans are lost. */
const WARNING_MILLIS = 30_000;
/** What the last spans may take when the program ends. */
const LAST_MILLIS = 1_000;

/** Since the start of the program, whatever the settings were. */
export interface SpanCounts {
  exported: number;
  dropped: number;
}

export class SpanQueue implements SpanSink {
  readonly #endpoint: string;
  readonly #send: SendSpans;
  readonly #log: Log;
  readonly #counts: SpanCounts;
  #waiting: Span[] = [];
  #timer: NodeJS.Timeout | undefined = undefined;
  #sending: Promise<void> | undefined = undefined;
  /** Since a batch was taken. */
  #failures = 0;
  #isClosed = false;
  #unsaid = 0;
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(endpoint: string, send: SendSpans, log: Log, counts: SpanCounts) {
    this.#endpoint = endpoint;
    this.#send = send;
    this.#log = log;
    this.#counts = counts;
  }

  add(span: Span): void {
    if (this.#isClosed) return this.#drop(1, 'the exporter is closed');
    if (this.#waiting.length >= MAX_WAITING) return this.#drop(1, 'too many spans wait');
    const count = this.#waiting.push(span);
    if (count === 1) this.#schedule(GATHER_MILLIS);
    else if (count === BATCH && this.#failures === 0) this.#schedule(0);
  }

  /** Sends what waits, within a second and `deadlineMillis`. */
  async close(deadlineMillis: number): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    let isInTime = true;
    let deadline: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      deadline = setTimeout(resolve, Math.min(deadlineMillis, LAST_MILLIS));
    });
    const rest = async (): Promise<void> => {
      await this.#sending;
      const before = this.#failures;
      while (isInTime && this.#failures <= before && this.#waiting.length > 0) await this.#sendBatch();
    };
    await Promise.race([rest(), late]);
    isInTime = false;
    clearTimeout(deadline);
    const lost = this.#waiting.splice(0).length;
    if (lost > 0) this.#drop(lost, 'the program ended before they were taken');
  }

  #schedule(millis: number): void {
    if (this.#sending !== undefined || this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#sending = this.#sendBatch().finally(() => {
        this.#sending = undefined;
        if (this.#waiting.length > 0) this.#schedule(this.#pause());
      });
    }, millis);
    this.#timer.unref();
  }

  #pause(): number {
    if (this.#failures > 0)
      return Math.min(LAST_RETRY_MILLIS, FIRST_RETRY_MILLIS * 2 ** (this.#failures - 1));
    return this.#waiting.length >= BATCH ? 0 : GATHER_MILLIS;
  }

  /** Never rejects. */
  async #sendBatch(): Promise<void> {
    const batch = this.#waiting.slice(0, BATCH);
    try {
      await this.#send(batch);
      this.#counts.exported += batch.length;
    } catch (error) {
      if (!(error instanceof RefusedSpans)) {
        if (this.#failures++ === 0) {
          this.#log('traces.not-exported', { endpoint: this.#endpoint, reason: reasonOf(error) });
        }
        return;
      }
      this.#drop(batch.length, error.message);
    }
    this.#failures = 0;
    this.#waiting.splice(0, batch.length);
  }

  /** Counts lost spans, and says so now and then. */
  #drop(count: number, reason: string): void {
    this.#counts.dropped += count;
    this.#unsaid += count;
    const now = performance.now();
    if (now - this.#saidAt < WARNING_MILLIS) return;
    this.#saidAt = now;
    this.#log('traces.spans-lost', { endpoint: this.#endpoint, spans: this.#unsaid, reason });
    this.#unsaid = 0;
  }
}

/** Errors of the system may have a code alone. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : error.name);
}
