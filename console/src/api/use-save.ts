// What a form does when it is saved: a call, and the sentence of the server when it refuses.
import { useState } from 'react';
import { sentenceOf } from '../shell/call-error.ts';

export interface Saving {
  readonly isBusy: boolean;
  /** Of the last attempt. */
  readonly error: string | undefined;
  /** Runs what saves. Whether it did. */
  readonly run: (save: () => Promise<unknown>) => Promise<boolean>;
  /** What is typed makes the sentence old. */
  readonly forget: () => void;
}

export function useSave(): Saving {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  return {
    isBusy,
    error,
    forget: () => setError(undefined),
    async run(save) {
      setBusy(true);
      setError(undefined);
      try {
        await save();
        return true;
      } catch (failure) {
        setError(sentenceOf(failure));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}

/** The field that a sentence is about: the first whose words occur in it, else the last. */
export function fieldOf<F extends string>(
  error: string | undefined,
  words: readonly (readonly [field: F, words: RegExp])[],
): F | undefined {
  if (error === undefined) return undefined;
  return (words.find(([, pattern]) => pattern.test(error)) ?? words.at(-1))?.[0];
}
