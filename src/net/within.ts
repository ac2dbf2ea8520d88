// What another one answers is waited for, but not for ever.

/** Nothing has come in time. */
export class TooLate extends Error {}

/** What `answer` brings, and TooLate where that takes longer. What has come by then counts, even if this process had no time to look. */
export function within<T>(millis: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const refuse = (): void => reject(new TooLate(`There was no answer within ${millis} ms.`));
    const timer = setTimeout(() => setImmediate(refuse), millis);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
