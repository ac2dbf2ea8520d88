// GET /_postern/overview, page after page, again every ten seconds for each page that there is.
import { useCallback, useEffect, useState } from 'react';
import type { ApiOverview, Overview, Problem } from '../../../src/management/postern/overview-route.ts';
import { sentenceOf } from '../shell/call-error.ts';
import { call } from '../shell/client.ts';

export interface WholeOverview {
  readonly accountId: string;
  readonly apis: readonly ApiOverview[];
  readonly problems: readonly Problem[];
  readonly pages: number;
}

const EVERY_MILLIS = 10_000;

export async function readOverview(signal?: AbortSignal): Promise<WholeOverview> {
  const apis: ApiOverview[] = [];
  const problems: Problem[] = [];
  let pages = 0;
  let after: string | undefined;
  for (;;) {
    const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`;
    const page = await call<Overview>('GET', `/_postern/overview${query}`, undefined, { signal });
    apis.push(...page.apis);
    problems.push(...page.problems);
    pages++;
    after = page.next;
    if (after === undefined) return { accountId: page.accountId, apis, problems, pages };
  }
}

export function useOverview(): {
  readonly value: WholeOverview | undefined;
  readonly error: string | undefined;
  readonly reload: () => void;
} {
  const [value, setValue] = useState<WholeOverview>();
  const [error, setError] = useState<string>();
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a turn is a reason to ask again.
  useEffect(() => {
    const asking = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      let pages = 1;
      try {
        if (document.visibilityState === 'visible') {
          const read = await readOverview(asking.signal);
          pages = read.pages;
          setValue(read);
          setError(undefined);
        }
      } catch (failure) {
        if (asking.signal.aborted) return;
        setError(sentenceOf(failure));
      }
      if (!asking.signal.aborted) timer = setTimeout(() => void ask(), EVERY_MILLIS * pages);
    };
    void ask();
    return () => {
      asking.abort();
      clearTimeout(timer);
    };
  }, [turn]);
  return { value, error, reload: useCallback(() => setTurn((each) => each + 1), []) };
}
