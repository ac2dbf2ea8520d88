// What the body of an Api made: routes, integrations and authorizers, beside which the API may have others, of the stack's own resources
// or made by hand (spec/definitions.md §5.2.1 to §5.2.5, §11.4.5). What they are is kept, so that a change of theirs shows.
import { createHash } from 'node:crypto';
import { apiKeyOf, authorizersOf, integrationsOf, madeOfBodyKey, routesOf } from '../../../config/keys.ts';
import type { BoundedLines } from '../../../openapi/bounded-lines.ts';
import type { Definition, Line } from '../../../openapi/definition.ts';
import type { Document, Key } from '../../../store/store.ts';
import type { Context } from '../../context.ts';
import { listAll } from '../../document-list.ts';
import { allWarnings, applyParts } from '../../openapi/apply-definition.ts';
import { Breath } from '../../openapi/breath.ts';
import { keepDocumentation } from '../../openapi/documentation.ts';
import { deleteReplaced } from '../../openapi/replaced-documents.ts';
import { type RouteDocument, routes } from '../../route/route.ts';

interface MadeOfBody {
  /** A digest of each document, by ids. */
  readonly Parts: { readonly [id: string]: string };
  /** What was said of what could not be made. */
  readonly Warnings: readonly string[];
}

/** Whether everything that the body made is as it was made. */
export async function isAsMade(context: Context, apiId: string): Promise<boolean> {
  const made = await madeOf(context, apiId);
  if (made === undefined) return false;
  const digests = await digestsOf(context, apiId);
  return Object.entries(made.Parts).every(([id, digest]) => digests.get(id) === digest);
}

/** What was said when the body was applied. */
export async function warningsOf(context: Context, apiId: string): Promise<readonly string[]> {
  return (await madeOf(context, apiId))?.Warnings ?? [];
}

/** Makes what a definition has in the place of what the body before it made; ids are kept (spec/openapi.md Choice O40). */
export async function replaceParts(
  context: Context,
  ApiId: string,
  definition: Definition,
  warnings: BoundedLines,
): Promise<readonly Line[]> {
  const apiKey = apiKeyOf(context, ApiId);
  const breath = new Breath();
  const before = (await madeOf(context, ApiId))?.Parts ?? {};
  const wasMade = (id: string) => Object.hasOwn(before, id);
  const replaced = await deleteReplaced(context, apiKey, ApiId, definition.operations, breath, wasMade);
  const made = await applyParts(context, ApiId, definition, { replaced, warnings, breath });
  const lines = allWarnings(definition, warnings);
  const ids = new Set([...made.routes, ...made.integrations, ...made.authorizers]);
  await refuseLeftBehind(context, ApiId, (id) => wasMade(id) && !ids.has(id));
  const digests = await digestsOf(context, ApiId);
  const document: MadeOfBody = {
    Parts: Object.fromEntries(Array.from(ids, (id) => [id, digests.get(id)!])),
    Warnings: lines.map(({ text }) => text),
  };
  await context.tx.put(madeOfBodyKey(apiKey), document as unknown as Document);
  return lines;
}

/** Deletes what the body made, of an API that has none any more. Whether there was something. */
export async function deleteParts(context: Context, ApiId: string): Promise<boolean> {
  const made = await madeOf(context, ApiId);
  if (made === undefined) return false;
  const apiKey = apiKeyOf(context, ApiId);
  const wasMade = (id: string) => Object.hasOwn(made.Parts, id);
  await deleteReplaced(context, apiKey, ApiId, [], new Breath(), wasMade);
  await refuseLeftBehind(context, ApiId, wasMade);
  await keepDocumentation(context, apiKey, { Routes: {}, Schemas: {} });
  await context.tx.delete(madeOfBodyKey(apiKey));
  return true;
}

/** Throws in the words of their rules for routes of others that go on to name what is gone. */
async function refuseLeftBehind(
  context: Context,
  ApiId: string,
  isGone: (id: string) => boolean,
): Promise<void> {
  for (const route of await listAll<RouteDocument>(context.tx, routesOf(apiKeyOf(context, ApiId)))) {
    const { Target = '', AuthorizerId = '' } = route;
    const named = [Target.slice('integrations/'.length), AuthorizerId];
    if (named.some(isGone)) await routes.settled(context, { ...route, ApiId });
  }
}

async function madeOf(context: Context, apiId: string): Promise<MadeOfBody | undefined> {
  const document = await context.tx.get(madeOfBodyKey(apiKeyOf(context, apiId)));
  return document as unknown as MadeOfBody | undefined;
}

/** Of everything that an API has and a body can make, by ids. */
async function digestsOf(context: Context, apiId: string): Promise<ReadonlyMap<string, string>> {
  const apiKey = apiKeyOf(context, apiId);
  const digests = new Map<string, string>();
  for (const collection of [routesOf(apiKey), integrationsOf(apiKey), authorizersOf(apiKey)]) {
    const { entries } = await context.tx.list(collection);
    for (const { key, document } of entries) digests.set(idIn(key), digestOf(document));
  }
  return digests;
}

const idIn = (key: Key): string => key.at(-1)!;

function digestOf(document: Document): string {
  return createHash('sha256').update(JSON.stringify(document)).digest('base64url').slice(0, 16);
}
