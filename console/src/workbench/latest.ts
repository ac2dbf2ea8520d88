// Work that is asked for at every key: done when the keys pause, and shown only while nothing newer was asked for.

export interface Latest<In> {
  /** Takes the place of whatever was asked for before. */
  ask(input: In): void;
  /** Nothing is shown any more. */
  stop(): void;
}

export interface LatestOptions<In, Out> {
  readonly pauseMillis: number;
  run(input: In): Promise<Out>;
  show(output: Out, input: In): void;
  fail(error: unknown): void;
}

/** At most one run at a time is under way; what is asked for meanwhile begins when it has ended, the newest alone. */
export function latest<In, Out>({ pauseMillis, run, show, fail }: LatestOptions<In, Out>): Latest<In> {
  /** Counts what was asked for. */
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isRunning = false;
  let waiting: { readonly input: In } | undefined;

  async function start(input: In): Promise<void> {
    const own = asked;
    isRunning = true;
    try {
      const output = await run(input);
      if (own === asked) show(output, input);
    } catch (error) {
      if (own === asked) fail(error);
    }
    isRunning = false;
    const next = waiting;
    waiting = undefined;
    if (next !== undefined) void start(next.input);
  }

  return {
    ask(input) {
      asked++;
      waiting = undefined;
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (isRunning) waiting = { input };
        else void start(input);
      }, pauseMillis);
    },
    stop() {
      asked++;
      waiting = undefined;
      clearTimeout(timer);
    },
  };
}
