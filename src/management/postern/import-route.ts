// POST /_postern/import: an import for the command line, with the places of what is said of the document, and with what becomes
// of the API (resources/openapi/import-answer.ts).
import type { Context } from '../../resources/context.ts';
import type { ImportRequest } from '../../resources/openapi/import-answer.ts';
import type { Store } from '../../store/store.ts';
import { badRequest } from '../../wire/errors.ts';
import type { Caller } from '../caller.ts';
import { requireImportPermission } from '../permissions.ts';
import { jsonTextOf } from '../request-body.ts';
import { parseObject } from './explained-parts.ts';
import { type AfterWrite, jsonReply, type PosternRoute } from './postern-routes.ts';

export function importRoute(means: {
  readonly store: Store;
  readonly contextOf: (caller: Caller) => Omit<Context, 'tx'>;
  readonly afterWrite?: AfterWrite | undefined;
}): PosternRoute {
  return async ({ body, caller, exchange }) => {
    const request = parseRequest(jsonTextOf(body));
    requireImportPermission(caller, exchange, request.apiId);
    // Loaded when it is first asked for, as the operation's own handler.
    const { importWithPlaces } = await import('../../resources/openapi/import-with-places.ts');
    const answer = await importWithPlaces(request, means.store, means.contextOf(caller));
    const change = answer.outcome === 'imported' ? await means.afterWrite?.() : undefined;
    return jsonReply(answer.outcome === 'refused' ? 400 : 200, answer, change);
  };
}

const MEMBERS = {
  body: 'string',
  apiId: 'string',
  basePath: 'string',
  failOnWarnings: 'boolean',
  dryRun: 'boolean',
} as const satisfies Record<keyof ImportRequest, string>;

/** Throws BadRequestException with a sentence. */
function parseRequest(text: string): ImportRequest {
  const given = parseObject(text);
  const members = new Map(Object.entries(given));
  if (!members.has('body')) throw badRequest('body, the document, is missing');
  for (const [name, kind] of Object.entries(MEMBERS)) {
    const value = members.get(name);
    if (value !== undefined && typeof value !== kind) throw badRequest(`${name} is not a ${kind}`);
  }
  return given as unknown as ImportRequest;
}
