// An integration as it is being changed: what stands in the fields of the workbench.

import type { IntegrationDocument } from '../../api/documents.ts';
import { mapOf, mappingsOf, newRow, type Row, rowProblems, rowsOf, type Texts } from './rows.ts';
import { capitalised, SETTINGS, type Setting, settingsOf } from './settings.ts';
import type { StoredResponse, Subject } from './stored.ts';

export interface StatusRows {
  readonly id: string;
  readonly status: string;
  readonly rows: readonly Row[];
}

export interface ResponseDraft {
  readonly id: string;
  /** Absent: it is not stored yet. */
  readonly integrationResponseId?: string;
  readonly key: string;
  readonly templateSelectionExpression: string;
  readonly parameters: readonly Row[];
  readonly templates: readonly Row[];
}

export interface Draft {
  readonly settings: Readonly<Record<Setting, string>>;
  readonly requestParameters: readonly Row[];
  /** Of HTTP APIs. */
  readonly statuses: readonly StatusRows[];
  /** Of WebSocket APIs. */
  readonly requestTemplates: readonly Row[];
  readonly responses: readonly ResponseDraft[];
  /** Of the API; empty for HTTP APIs. */
  readonly routeSelectionExpression: string;
}

export function draftOf({ api, integration, responses }: Subject): Draft {
  const settings = Object.fromEntries(SETTINGS.map((name) => [name, String(integration[name] ?? '')]));
  return {
    settings: settings as Draft['settings'],
    requestParameters: rowsOf(integration.requestParameters),
    statuses: Object.entries(integration.responseParameters ?? {}).map(([status, map]) =>
      newStatus(status, rowsOf(map)),
    ),
    requestTemplates: rowsOf(integration.requestTemplates),
    responses: responses.map(responseDraftOf),
    routeSelectionExpression: api.protocolType === 'WEBSOCKET' ? (api.routeSelectionExpression ?? '') : '',
  };
}

function responseDraftOf(stored: StoredResponse): ResponseDraft {
  return {
    id: newRow().id,
    integrationResponseId: stored.integrationResponseId,
    key: stored.integrationResponseKey,
    templateSelectionExpression: stored.templateSelectionExpression ?? '',
    parameters: rowsOf(stored.responseParameters),
    templates: rowsOf(stored.responseTemplates),
  };
}

export function newStatus(status: string, rows: readonly Row[] = [newRow()]): StatusRows {
  return { id: newRow().id, status, rows };
}

export function newResponse(key: string): ResponseDraft {
  return {
    id: newRow().id,
    key,
    templateSelectionExpression: '',
    parameters: [],
    templates: [newRow('$default')],
  };
}

/** ResponseParameters; of two maps for one status the first counts. */
export function statusMaps(draft: Draft): Readonly<Record<string, Texts>> {
  const maps = new Map<string, Texts>();
  for (const { status, rows } of draft.statuses) {
    const map = mappingsOf(rows);
    if (status !== '' && !maps.has(status) && Object.keys(map).length > 0) maps.set(status, map);
  }
  return Object.fromEntries(maps);
}

/** The members of CreateIntegration's input that replace the stored ones, for the workbench of the server. */
export function integrationInput(
  draft: Draft,
  integration: IntegrationDocument,
  protocol: 'HTTP' | 'WEBSOCKET',
): object {
  const { settings } = draft;
  const own: Record<string, unknown> = { RequestParameters: mappingsOf(draft.requestParameters) };
  for (const name of settingsOf(integration, protocol)) {
    if (name !== 'timeoutInMillis') own[capitalised(name)] = settings[name];
    else if (timeoutProblem(settings[name]) === undefined) own.TimeoutInMillis = Number(settings[name]);
  }
  if (protocol === 'HTTP') own.ResponseParameters = statusMaps(draft);
  else own.RequestTemplates = mapOf(draft.requestTemplates);
  return own;
}

/** Members of CreateIntegrationResponse's input. */
export function responseInputs({ responses }: Draft): readonly object[] {
  return responses.map(({ key, templateSelectionExpression, parameters, templates }) => ({
    IntegrationResponseKey: key,
    ResponseParameters: mappingsOf(parameters),
    ResponseTemplates: mapOf(templates),
    ...(templateSelectionExpression === ''
      ? {}
      : { TemplateSelectionExpression: templateSelectionExpression }),
  }));
}

/** What is wrong in a draft before any server is asked, by ids of rows, statuses and settings. */
export function draftProblems(draft: Draft): ReadonlyMap<string, string> {
  const problems = new Map([...rowProblems(draft.requestParameters), ...rowProblems(draft.requestTemplates)]);
  const add = (more: ReadonlyMap<string, string>): void => {
    for (const [id, problem] of more) problems.set(id, problem);
  };
  const statuses = new Set<string>();
  for (const { id, status, rows } of draft.statuses) {
    add(rowProblems(rows));
    if (status === '') problems.set(id, 'The status is missing.');
    else if (statuses.has(status)) problems.set(id, 'There are mappings for this status already.');
    statuses.add(status);
  }
  const keys = new Set<string>();
  for (const { id, key, parameters, templates } of draft.responses) {
    add(rowProblems(parameters));
    add(rowProblems(templates));
    if (key === '') problems.set(id, 'The key is missing.');
    else if (keys.has(key)) problems.set(id, 'There is an integration response with this key already.');
    keys.add(key);
  }
  const timeout = timeoutProblem(draft.settings.timeoutInMillis);
  if (timeout !== undefined) problems.set('timeoutInMillis', timeout);
  return problems;
}

function timeoutProblem(text: string): string | undefined {
  return /^[0-9]{1,9}$/.test(text) ? undefined : 'A time-out is a number of milliseconds.';
}
