// The signals that end a program that serves.

const SECOND_SIGNAL_EXIT_CODE = 130;
/** One Ctrl-C can arrive twice: from the terminal and from npm, which passes it on. */
const SAME_SIGNAL_MILLIS = 1000;

/** Resolves with the first signal to end; a later one ends the process at once. */
export function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const take = (signal: NodeJS.Signals): void => {
      firstAt ??= performance.now();
      if (performance.now() - firstAt > SAME_SIGNAL_MILLIS) process.exit(SECOND_SIGNAL_EXIT_CODE);
      resolve(signal);
    };
    process.on('SIGTERM', take);
    process.on('SIGINT', take);
  });
}
