// The APIs of the server, as lists of requests and of connections name and choose them.
import { useMemo } from 'react';
import { useOverview } from '../overview/use-overview.ts';

export interface ApiChoice {
  readonly apiId: string;
  readonly name: string;
  readonly protocolType: string;
  readonly apiEndpoint: string;
  readonly stages: readonly string[];
  readonly routes: readonly string[];
}

/** Empty until they are known, and for who may not see them. */
export function useApiChoices(): {
  readonly apis: readonly ApiChoice[];
  readonly names: ReadonlyMap<string, string>;
} {
  const { value } = useOverview();
  return useMemo(() => {
    const apis = (value?.apis ?? []).map((api) => ({
      ...api,
      stages: api.stages.map(({ name }) => name),
      routes: api.routes.map(({ routeKey }) => routeKey),
    }));
    return { apis, names: new Map(apis.map(({ apiId, name }) => [apiId, name])) };
  }, [value]);
}
