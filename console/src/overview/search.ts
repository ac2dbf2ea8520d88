// Finding APIs by what they have.
import type { ApiOverview } from '../../../src/management/postern/overview-route.ts';

export interface FoundApi {
  readonly api: ApiOverview;
  /** What was found of it besides its name and id: routes, their targets, host names. At most MOST_HITS. */
  readonly hits: readonly string[];
}

const MOST_HITS = 4;

/** The APIs of which every word of a text is found, in any letter case, somewhere. */
export function findApis(apis: readonly ApiOverview[], text: string): readonly FoundApi[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return apis.flatMap((api) => {
    if (words.length === 0) return [{ api, hits: [] }];
    const { name, apiId, description = '', region, accountId, protocolType, stages } = api;
    const own = [
      name,
      apiId,
      description,
      region,
      accountId,
      protocolType,
      ...stages.map((stage) => stage.name),
    ];
    const parts = [
      ...api.routes.map(({ routeKey, target }) =>
        target === undefined ? routeKey : `${routeKey} → ${target}`,
      ),
      ...api.domains,
    ];
    const all = [...own, ...parts].join('\n').toLowerCase();
    if (!words.every((word) => all.includes(word))) return [];
    const hits = parts.filter((part) => words.some((word) => part.toLowerCase().includes(word)));
    return [{ api, hits: hits.slice(0, MOST_HITS) }];
  });
}
