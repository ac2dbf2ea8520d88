// Which API mappings of custom domains point at an API or a stage, and what they forbid: to delete what one points at
// (spec/management-api.md §2.16).
import { apiMappingsOf, domainNamesOf } from '../../config/keys.ts';
import { badRequest } from '../../wire/errors.ts';
import type { ReadContext } from '../context.ts';
import { listAll } from '../document-list.ts';

interface Mapping {
  readonly ApiId: string;
  readonly Stage: string;
  readonly ApiMappingKey: string;
}

/** The key of a mapping and its domain. */
export interface MappedAt {
  readonly domainName: string;
  readonly mappingKey: string;
}

/** The mappings of all domains of the account that point at the stage. */
export function mappingsOfStage(
  context: ReadContext,
  apiId: string,
  stage: string,
): Promise<readonly MappedAt[]> {
  return mappingsWhere(context, (mapping) => mapping.ApiId === apiId && mapping.Stage === stage);
}

/** Throws when a mapping of any domain of the account points at the API. */
export async function refuseMappedApi(context: ReadContext, apiId: string): Promise<void> {
  const mappings = await mappingsWhere(context, (mapping) => mapping.ApiId === apiId);
  if (mappings.length === 0) return;
  throw badRequest(
    `Deleting API ${apiId} failed. Please remove all API mappings for the API from your custom domain names.`,
  );
}

/** Throws when a mapping of any domain of the account points at the stage. */
export async function refuseMappedStage(context: ReadContext, apiId: string, stage: string): Promise<void> {
  const mappings = await mappingsOfStage(context, apiId, stage);
  if (mappings.length === 0) return;
  const domains = new Set(mappings.map(({ domainName }) => domainName));
  throw badRequest(
    `Deleting stage ${stage} failed. Please remove all base path mappings related to the stage in your domains: ` +
      [...domains].join(', '),
  );
}

async function mappingsWhere(
  context: ReadContext,
  matches: (mapping: Mapping) => boolean,
): Promise<readonly MappedAt[]> {
  const { entries } = await context.tx.list(domainNamesOf(context));
  const found: MappedAt[] = [];
  for (const { key } of entries) {
    for (const mapping of await listAll<Mapping>(context.tx, apiMappingsOf(key))) {
      if (matches(mapping)) found.push({ domainName: key.at(-1)!, mappingKey: mapping.ApiMappingKey });
    }
  }
  return found;
}
