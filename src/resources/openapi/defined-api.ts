// The Api of a definition, with CORS and tags (spec/openapi.md §3).
import type { BoundedLines } from '../../openapi/bounded-lines.ts';
import type { Definition } from '../../openapi/definition.ts';
import { DefinitionError } from '../../openapi/definition.ts';
import { checkInput } from '../../wire/check.ts';
import { operationNamed } from '../../wire/operation.ts';
import { apis } from '../api/api.ts';
import type { ApiDocument } from '../api/api-document.ts';
import { type Cors, checkCors, statedCors } from '../api/cors.ts';
import type { Context } from '../context.ts';
import { requirePath } from '../resource-path.ts';
import { checkTags, type Tags } from '../tags/tag-rules.ts';
import type { Breath } from './breath.ts';
import { ignored, refusalIn } from './refusals.ts';

/** What the document is the definition of: gone when it is not in it (Choice O12; O43 for quick create). The endpoint's members
 *  are not among them. */
const REPLACED = { Description: undefined, Version: undefined, QuickCreate: undefined };

/** Creates the API, or changes the one that is replaced. Returns its id. Throws DefinitionError for members that the rules refuse
 *  (Choice O11), and a NotFoundException. */
export async function writeApi(
  context: Context,
  definition: Definition,
  replacedId: string | undefined,
  warnings: BoundedLines,
  breath: Breath,
): Promise<string> {
  const previous = replacedId === undefined ? undefined : await replacedApi(context, replacedId);
  const given = definition.api;
  const extra = {
    CorsConfiguration: corsIn(definition, warnings),
    Tags: await tagsIn(definition, previous?.Tags ?? {}, warnings, breath),
  };
  try {
    if (previous === undefined)
      return (await apis.create(context, { ...given, ProtocolType: 'HTTP' }, extra)).ApiId;
    return (await apis.update(context, { ...given, ApiId: previous.ApiId }, { ...REPLACED, ...extra })).ApiId;
  } catch (error) {
    throw new DefinitionError(refusalIn(error), definition.apiOffset);
  }
}

async function replacedApi(context: Context, ApiId: string): Promise<ApiDocument> {
  const [api] = await requirePath('ReimportApi', { ApiId }, context);
  return api as unknown as ApiDocument;
}

/** What is invalid in a part is wrong with all of it (Choice O16). */
export function corsIn({ cors }: Definition, warnings: BoundedLines): Cors | undefined {
  if (cors === undefined) return undefined;
  try {
    const problem = checkInput(operationNamed('UpdateApi'), { CorsConfiguration: cors.given });
    if (problem !== undefined) throw problem;
    const given = cors.given as Cors;
    checkCors(given);
    return statedCors(given);
  } catch (error) {
    warnings.add(ignored('Unable to set CORS configuration', refusalIn(error)), cors.offset);
    return undefined;
  }
}

/** The tags there are, with those of the document (Choice O14); each is judged alone (O15). */
export async function tagsIn(
  definition: Definition,
  stored: Tags,
  warnings: BoundedLines,
  breath: Breath,
): Promise<Tags> {
  let tags = stored;
  for (const { key, value, offset } of definition.tags) {
    await breath.draw();
    const more = { ...tags, [key]: value as string };
    try {
      checkTags(more, { [key]: value });
      tags = more;
    } catch (error) {
      warnings.add(ignored(`Unable to create tag '${key}'`, refusalIn(error)), offset);
    }
  }
  return tags;
}
