// What saving a draft writes: only what changed, each by its operation.

import type { IntegrationDocument } from '../../api/documents.ts';
import { type Draft, statusMaps } from './draft.ts';
import { mapChanges, mapOf, mappingsOf, sameTexts, statusChanges } from './rows.ts';
import { SETTINGS } from './settings.ts';
import type { StoredResponse, Subject } from './stored.ts';

/** One operation, with its body in the names of the wire. */
export interface Write {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  /** What it writes, for whoever reads an error of it. */
  readonly of: 'api' | 'integration' | 'response';
  /** Of an integration response: the id of its draft. */
  readonly responseId?: string;
}

/** In the order in which they are done; empty when nothing changed. */
export function writesOf(subject: Subject, draft: Draft): readonly Write[] {
  const { api, integration } = subject;
  const apiPath = `/v2/apis/${encodeURIComponent(api.apiId)}`;
  const path = `${apiPath}/integrations/${encodeURIComponent(integration.integrationId)}`;
  const writes: Write[] = [];
  const patch = integrationPatch(integration, draft);
  if (patch !== undefined) writes.push({ method: 'PATCH', path, body: patch, of: 'integration' });
  if (api.protocolType === 'HTTP') return writes;
  writes.push(...responseWrites(`${path}/integrationresponses`, subject.responses, draft));
  const { routeSelectionExpression } = draft;
  if (routeSelectionExpression !== (api.routeSelectionExpression ?? '')) {
    writes.push({ method: 'PATCH', path: apiPath, body: { routeSelectionExpression }, of: 'api' });
  }
  return writes;
}

function integrationPatch(stored: IntegrationDocument, draft: Draft): object | undefined {
  const patch: Record<string, unknown> = {};
  for (const name of SETTINGS) {
    const value = draft.settings[name];
    if (value !== String(stored[name] ?? ''))
      patch[name] = name === 'timeoutInMillis' ? Number(value) : value;
  }
  const parameters = mappingsOf(draft.requestParameters);
  const changed = mapChanges(stored.requestParameters ?? {}, parameters);
  if (changed !== undefined && stored.integrationSubtype !== undefined) {
    // A service's are told all at once, with the operation that they are of (spec/management-api.md §2.3.6).
    patch.integrationSubtype = stored.integrationSubtype;
    patch.requestParameters = { ...parameters, ...changed };
  } else if (changed !== undefined) patch.requestParameters = changed;
  const statuses = statusChanges(stored.responseParameters ?? {}, statusMaps(draft));
  if (statuses !== undefined) patch.responseParameters = statuses;
  const templates = mapOf(draft.requestTemplates);
  if (!sameTexts(stored.requestTemplates ?? {}, templates)) patch.requestTemplates = templates;
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function responseWrites(path: string, stored: readonly StoredResponse[], draft: Draft): readonly Write[] {
  const writes: Write[] = [];
  const kept = new Set(draft.responses.map(({ integrationResponseId }) => integrationResponseId));
  for (const { integrationResponseId: id } of stored) {
    if (!kept.has(id))
      writes.push({ method: 'DELETE', path: `${path}/${encodeURIComponent(id)}`, of: 'response' });
  }
  for (const each of draft.responses) {
    const { id: responseId, integrationResponseId: id } = each;
    const before = stored.find(({ integrationResponseId }) => integrationResponseId === id);
    const body: Record<string, unknown> = {};
    if (each.key !== before?.integrationResponseKey) body.integrationResponseKey = each.key;
    if (each.templateSelectionExpression !== (before?.templateSelectionExpression ?? '')) {
      body.templateSelectionExpression = each.templateSelectionExpression;
    }
    const parameters = mappingsOf(each.parameters);
    if (!sameTexts(before?.responseParameters ?? {}, parameters)) body.responseParameters = parameters;
    const templates = mapOf(each.templates);
    if (!sameTexts(before?.responseTemplates ?? {}, templates)) body.responseTemplates = templates;
    if (id === undefined) writes.push({ method: 'POST', path, body, of: 'response', responseId });
    else if (Object.keys(body).length > 0) {
      writes.push({
        method: 'PATCH',
        path: `${path}/${encodeURIComponent(id)}`,
        body,
        of: 'response',
        responseId,
      });
    }
  }
  return writes;
}
