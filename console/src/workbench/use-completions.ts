// What can be completed for the work on the bench: the server's words, and what the request has.
import { useMemo } from 'react';
import { useCall } from '../parts/use-call.ts';
import type { BenchFacts } from './bench-context.tsx';
import {
  completeKeys,
  completePlainSources,
  completeSources,
  completeTemplates,
  ownKeys,
  ownSources,
  type Word,
  type Words,
} from './editor/words.ts';
import type { Place } from './question.ts';
import type { Work } from './work-drafts.ts';

const NO_WORDS: Words = { keys: [], sources: [], templates: [] };

export function useCompletions({ subject, route, stage }: Place, { request }: Work): BenchFacts['complete'] {
  const protocol = subject.api.protocolType;
  const { value: words = NO_WORDS } = useCall<Words>(`/_postern/workbench/words?protocol=${protocol}`);
  const { method, url, headers, body } = request;
  const routeKey = route?.routeKey ?? '';
  const variables = stage?.stageVariables;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a method is no source.
  return useMemo(() => {
    const isOf =
      (wanted: 'request' | 'response') =>
      ({ side = wanted }: Word): boolean =>
        side === wanted;
    const [requestKeys, responseKeys] = [
      words.keys.filter(isOf('request')),
      words.keys.filter(isOf('response')),
    ];
    const [ofRequest, ofResponse] = [
      words.sources.filter(isOf('request')),
      words.sources.filter(isOf('response')),
    ];
    const templates = completeTemplates(words.templates ?? []);
    if (protocol === 'WEBSOCKET') {
      return {
        requestKeys: completeKeys(requestKeys),
        responseKeys: completeKeys(responseKeys),
        requestValues: completePlainSources(ofRequest),
        responseValues: completePlainSources(ofResponse),
        templates,
      };
    }
    const own = { routeKey, url, headers, body, variables: variables ?? {} };
    const ownStage = ownSources({ ...own, routeKey: '', url: '', headers: [], body: '' });
    return {
      requestKeys: completeKeys([...ownKeys(own), ...requestKeys]),
      responseKeys: completeKeys(responseKeys),
      requestValues: completeSources([...ownSources(own), ...ofRequest]),
      responseValues: completeSources([...ownStage, ...ofResponse]),
      templates,
    };
  }, [words, protocol, routeKey, variables, url, headers, body, method]);
}
