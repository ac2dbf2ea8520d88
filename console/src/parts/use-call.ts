// What a view shows of the server: loaded, failed, or on its way.
import { useCallback, useEffect, useState } from 'react';
import { sentenceOf } from '../shell/call-error.ts';
import { type CallOptions, call } from '../shell/client.ts';

export interface Loaded<T> {
  /** The last answer; it stays while it is loaded anew. */
  readonly value: T | undefined;
  /** Why the last attempt failed. */
  readonly error: string | undefined;
  readonly reload: () => void;
}

/** GETs a path, again whenever it changes, and every `everyMillis`. Nothing is asked while the path is undefined. */
export function useCall<T>(
  path: string | undefined,
  options: Pick<CallOptions, 'region'> & { readonly everyMillis?: number } = {},
): Loaded<T> {
  const { region, everyMillis } = options;
  const [state, setState] = useState<{ path?: string; value?: T | undefined; error?: string | undefined }>(
    {},
  );
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((each) => each + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a turn is a reason to ask again.
  useEffect(() => {
    if (path === undefined) return undefined;
    const asking = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      try {
        const value = await call<T>('GET', path, undefined, { region, signal: asking.signal });
        if (!asking.signal.aborted) setState({ path, value });
      } catch (error) {
        if (asking.signal.aborted) return;
        setState((last) => ({
          path,
          value: last.path === path ? last.value : undefined,
          error: sentenceOf(error),
        }));
      }
      if (everyMillis !== undefined && !asking.signal.aborted)
        timer = setTimeout(() => void ask(), everyMillis);
    };
    void ask();
    return () => {
      asking.abort();
      clearTimeout(timer);
    };
  }, [path, region, everyMillis, turn]);
  const isOfPath = state.path === path;
  return { value: isOfPath ? state.value : undefined, error: isOfPath ? state.error : undefined, reload };
}
