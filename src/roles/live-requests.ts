// Live requests of a data plane: whether they are recorded at present, and what those get who look. What records is loaded when it
// is first wanted (decision 0025).
import type { Gateway } from '../gateway/gateway.ts';
import type { RecordedRequest } from '../gateway/live/recorded-request.ts';
import type { Recorder } from '../gateway/live/recorder.ts';
import type { RequestListener, RequestsSource } from '../management/postern/requests-route.ts';
import type { Exchange } from '../net/exchange.ts';
import type { Settings } from '../settings/settings.ts';
import type { Onlookers } from '../snapshot/stage-means.ts';
import type { LiveRequests as Mode, RequestFilter, RequestSummary } from '../stage/request-summary.ts';

export interface LiveRequestsMeans {
  readonly mode: Mode;
  readonly mask: Settings['sections']['liveRequestsMask'];
  readonly onlookers: Onlookers;
  readonly gateway: Gateway;
}

/** How long who asked for the list counts as looking. */
const LISTED_MILLIS = 60_000;

export class LiveRequests implements RequestsSource {
  /** What records; undefined while nobody looks. */
  current: Recorder | undefined = undefined;
  /** The gateway, whose requests are recorded while somebody looks. */
  readonly recorded: Pick<Gateway, 'serve' | 'whyUnlocated'>;
  readonly #means: LiveRequestsMeans;
  readonly #listeners = new Set<RequestListener>();
  #mode: Mode;
  #mask: LiveRequestsMeans['mask'];
  #recorder: Promise<Recorder> | undefined = undefined;
  /** While it runs, somebody has just asked for the list. */
  #listed: NodeJS.Timeout | undefined = undefined;

  constructor(means: LiveRequestsMeans) {
    this.#means = means;
    const { gateway } = means;
    this.recorded = {
      serve: this.recording((exchange) => gateway.serve(exchange)),
      whyUnlocated: (exchange, refusal) => gateway.whyUnlocated(exchange, refusal),
    };
    this.#mode = means.mode;
    this.#mask = means.mask;
  }

  async mode(): Promise<Mode> {
    return this.#mode;
  }

  /** `serve`, whose requests are recorded while somebody looks. */
  recording(serve: Gateway['serve']): Gateway['serve'] {
    return (exchange) => {
      const recorder = this.current;
      return recorder === undefined ? serve(exchange) : recorder.serve(exchange, serve);
    };
  }

  /** The exchange as it came, of a request that turns out to be for others than the gateway. */
  unrecorded(exchange: Exchange): Exchange {
    return this.current?.unrecorded(exchange) ?? exchange;
  }

  /** Records from the beginning, where that is wanted. */
  async start(): Promise<void> {
    if (this.#mode === 'always') await this.#open();
  }

  async list(filter: RequestFilter, limit: number): Promise<readonly RequestSummary[]> {
    if (this.#mode === 'off') return [];
    clearTimeout(this.#listed);
    this.#listed = setTimeout(() => {
      this.#listed = undefined;
      void this.#steer();
    }, LISTED_MILLIS).unref();
    return (await this.#open()).list(filter, limit);
  }

  /** Undefined when it is not kept, or is not one of the filter. */
  async one(id: string, filter: RequestFilter): Promise<RecordedRequest | undefined> {
    return (await this.#recorder)?.one(id, filter);
  }

  /** Undefined where live requests are off. Returns what ends it. */
  async subscribe(filter: RequestFilter, listener: RequestListener): Promise<(() => void) | undefined> {
    if (this.#mode === 'off') return undefined;
    this.#listeners.add(listener);
    const recorder = await this.#open();
    const stop = recorder.subscribe(filter, (batch) => listener.onBatch(batch));
    return () => {
      stop();
      this.#listeners.delete(listener);
      void this.#steer();
    };
  }

  /** Takes what the settings say now. */
  async change(mode: Mode, mask: LiveRequestsMeans['mask']): Promise<void> {
    this.#mode = mode;
    this.#mask = mask;
    const recorder = await this.#recorder;
    if (recorder !== undefined) {
      const { Masks } = await import('../gateway/live/masks.ts');
      recorder.masks = new Masks(mask);
    }
    if (mode === 'off') {
      this.#end();
      recorder?.clear();
    }
    if (mode === 'always') await this.#open();
    else await this.#steer();
  }

  close(): void {
    this.#mode = 'off';
    this.#end();
    void this.#recorder?.then((recorder) => recorder.close());
    this.current = undefined;
  }

  #end(): void {
    clearTimeout(this.#listed);
    this.#listed = undefined;
    for (const listener of this.#listeners) listener.onEnd();
  }

  async #open(): Promise<Recorder> {
    this.#recorder ??= this.#load();
    await this.#steer();
    return this.#recorder;
  }

  async #load(): Promise<Recorder> {
    const [{ Recorder }, { Masks }] = await Promise.all([
      import('../gateway/live/recorder.ts'),
      import('../gateway/live/masks.ts'),
    ]);
    const { gateway, onlookers } = this.#means;
    return new Recorder({ gateway, onlookers, masks: new Masks(this.#mask) });
  }

  /** Records, or does not. */
  async #steer(): Promise<void> {
    const recorder = await this.#recorder;
    if (recorder === undefined) return;
    const isWatched = this.#listeners.size > 0 || this.#listed !== undefined;
    const isOn = this.#mode === 'always' || (this.#mode === 'watched' && isWatched);
    if (recorder.isOn !== isOn) recorder.isOn = isOn;
    this.current = isOn ? recorder : undefined;
  }
}
