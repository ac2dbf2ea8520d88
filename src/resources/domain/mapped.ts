// What API mappings of custom domains forbid: an API or a stage that one points at cannot be deleted
// (spec/management-api.md §2.16).
import { apiMappingsOf, domainNamesOf } from '../../config/keys.ts';
import { badRequest } from '../../wire/errors.ts';
import type { Context } from '../context.ts';
import { listAll } from '../document-list.ts';

interface Mapping {
  readonly ApiId: string;
  readonly Stage: string;
}

/** Throws when a mapping of any domain of the account points at the API. */
export async function refuseMappedApi(context: Context, apiId: string): Promise<void> {
  const domains = await domainsMapping(context, (mapping) => mapping.ApiId === apiId);
  if (domains.length === 0) return;
  throw badRequest(
    `Deleting API ${apiId} failed. Please remove all API mappings for the API from your custom domain names.`,
  );
}

/** Throws when a mapping of any domain of the account points at the stage. */
export async function refuseMappedStage(context: Context, apiId: string, stage: string): Promise<void> {
  const domains = await domainsMapping(
    context,
    (mapping) => mapping.ApiId === apiId && mapping.Stage === stage,
  );
  if (domains.length === 0) return;
  throw badRequest(
    `Deleting stage ${stage} failed. Please remove all base path mappings related to the stage in your domains: ` +
      domains.join(', '),
  );
}

async function domainsMapping(
  context: Context,
  matches: (mapping: Mapping) => boolean,
): Promise<readonly string[]> {
  const { entries } = await context.tx.list(domainNamesOf(context));
  const domains: string[] = [];
  for (const { key } of entries) {
    const mappings = await listAll<Mapping>(context.tx, apiMappingsOf(key));
    if (mappings.some(matches)) domains.push(key.at(-1)!);
  }
  return domains;
}
