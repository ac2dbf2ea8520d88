// What an import does before its transaction: the text becomes a definition, and its issuers are asked (spec/openapi.md §13, steps 1
// to 6).
import { partitionOf } from '../../grammar/management-arn.ts';
import type { Definition, GivenMembers } from '../../openapi/definition.ts';
import { definitionOf } from '../../openapi/definition-of.ts';
import type { ReadMeans } from '../../openapi/read-definition.ts';
import { TooManyTexts } from '../../openapi/reading-threads.ts';
import { badRequest, tooManyRequests } from '../../wire/errors.ts';
import { authorizers } from '../authorizer/authorizer.ts';
import { checkOneOf } from '../limits.ts';
import type { Preparation } from '../outside.ts';
import { requirePath } from '../resource-path.ts';

export interface GivenImport {
  readonly Body: string;
  readonly Basepath?: string;
  /** The API to replace. */
  readonly ApiId?: string;
}

/** Throws DefinitionError for a document that is an error, and ServiceErrors for everything else, which goes before (Choice O42). */
export async function readImport(given: GivenImport, preparation: Preparation): Promise<Definition> {
  await requireHttpApi(given.ApiId, preparation);
  const { Basepath = 'ignore' } = given;
  checkOneOf('basepath', Basepath, BASE_PATHS);
  const { account, region } = preparation;
  const definition = await readText(given.Body, {
    account,
    region,
    partition: partitionOf(region),
    basePath: Basepath as (typeof BASE_PATHS)[number],
  });
  await askIssuers(definition, preparation);
  return definition;
}

/** Throws DefinitionError, and a TooManyRequestsException where too many large texts come at once. */
export async function readText(text: string, means: ReadMeans): Promise<Definition> {
  try {
    return await definitionOf(text, means);
  } catch (error) {
    if (error instanceof TooManyTexts) throw tooManyRequests('Too Many Requests', { cause: error });
    throw error;
  }
}

export const BASE_PATHS = ['ignore', 'prepend', 'split'] as const;

async function requireHttpApi(ApiId: string | undefined, { store, ...place }: Preparation): Promise<void> {
  if (ApiId === undefined) return;
  const [api] = await store.read((tx) => requirePath('ReimportApi', { ApiId }, { ...place, tx }));
  if (api!.ProtocolType === 'WEBSOCKET') {
    throw badRequest('ReimportApi is not supported for protocolType WEBSOCKET');
  }
}

async function askIssuers({ authorizers: defined }: Definition, preparation: Preparation): Promise<void> {
  await Promise.all(
    defined.map(async ({ given }) => {
      if (typeof given.refusal === 'string') return;
      await authorizers.prepare('create', given as GivenMembers, preparation);
    }),
  );
}
