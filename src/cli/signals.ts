// The signals that end a program that serves.

export interface EndSignals {
  /** Resolves with the first signal to end. */
  readonly first: Promise<NodeJS.Signals>;
  /** Resolves when another one says that it is to be quick. */
  readonly second: Promise<void>;
}

const THIRD_SIGNAL_EXIT_CODE = 130;
/** One Ctrl-C can arrive twice: from the terminal and from npm, which passes it on. */
const SAME_SIGNAL_MILLIS = 1000;

/** A third signal ends the process at once. */
export function endSignals(): EndSignals {
  let onFirst = (_signal: NodeJS.Signals): void => undefined;
  let onSecond = (): void => undefined;
  const first = new Promise<NodeJS.Signals>((resolve) => {
    onFirst = resolve;
  });
  const second = new Promise<void>((resolve) => {
    onSecond = resolve;
  });
  let count = 0;
  let lastAt = -Infinity;
  const take = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    if (now - lastAt <= SAME_SIGNAL_MILLIS) return;
    lastAt = now;
    count++;
    if (count === 1) onFirst(signal);
    else if (count === 2) onSecond();
    else process.exit(THIRD_SIGNAL_EXIT_CODE);
  };
  process.on('SIGTERM', take);
  process.on('SIGINT', take);
  return { first, second };
}
