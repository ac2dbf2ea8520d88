// What is typed into the workbench and what saving it writes (console/src/workbench/draft).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Write, writesOf } from '../../console/src/workbench/draft/changes.ts';
import {
  type Draft,
  draftOf,
  draftProblems,
  integrationInput,
  newResponse,
  newStatus,
  responseInputs,
} from '../../console/src/workbench/draft/draft.ts';
import {
  mapChanges,
  mapOf,
  mappingsOf,
  newRow,
  rowProblems,
  statusChanges,
  type Texts,
} from '../../console/src/workbench/draft/rows.ts';
import type { Subject } from '../../console/src/workbench/draft/stored.ts';
import { mergeMappings, mergeResponseMappings } from '../../src/grammar/mapping-merge.ts';

const texts: readonly [says: string, stored: Texts, wanted: Texts, changes: Texts | undefined][] = [
  ['nothing', { a: '1' }, { a: '1' }, undefined],
  ['an entry more', { a: '1' }, { a: '1', b: '2' }, { b: '2' }],
  ['an entry less', { a: '1', b: '2' }, { b: '2' }, { a: '' }],
  ['another value', { a: '1' }, { a: '2' }, { a: '2' }],
  ['another key', { a: '1' }, { b: '1' }, { a: '', b: '1' }],
  ['a removal', {}, { 'remove:header.a': "''" }, { 'remove:header.a': "''" }],
  ['a removal of nothing', { 'remove:header.a': '' }, {}, { 'remove:header.a': '' }],
  [
    'a name of objects',
    JSON.parse('{"__proto__":"1"}'),
    { constructor: 'x' },
    JSON.parse('{"__proto__":"","constructor":"x"}'),
  ],
];
for (const [says, stored, wanted, changes] of texts) {
  test(`an update of ${says} leads where the rows are (management-api.md §1.10)`, () => {
    assert.deepEqual(mapChanges(stored, wanted), changes);
    assert.deepEqual(mergeMappings(stored, changes ?? {}), wanted);
  });
}

type Statuses = Readonly<Record<string, Texts>>;
const statuses: readonly [stored: Statuses, wanted: Statuses, changes: Statuses | undefined][] = [
  [{ 200: { a: '1' } }, { 200: { a: '1' } }, undefined],
  [{ 200: { a: '1' } }, {}, { 200: {} }],
  [{ 200: { a: '1' } }, { 404: { a: '1' } }, { 200: {}, 404: { a: '1' } }],
  [{ 200: { a: '1', b: '2' } }, { 200: { b: '3' } }, { 200: { a: '', b: '3' } }],
];
for (const [stored, wanted, changes] of statuses) {
  test(`${JSON.stringify(stored)} becomes ${JSON.stringify(wanted)}`, () => {
    assert.deepEqual(statusChanges(stored, wanted), changes);
    assert.deepEqual(mergeResponseMappings(stored, changes ?? {}), wanted);
  });
}

test('rows may be half written', () => {
  const rows = [newRow('a', '1'), newRow('', 'x'), newRow('a', '2'), newRow(), newRow('__proto__', 'p')];
  assert.deepEqual(Object.entries(mapOf(rows)), [
    ['a', '1'],
    ['__proto__', 'p'],
  ]);
  const problems = rowProblems(rows);
  assert.deepEqual([...problems.keys()], [rows[1]!.id, rows[2]!.id]);
  const mappings = [newRow('append:header.a'), newRow('remove:header.b'), newRow('append:header.c', 'c')];
  assert.deepEqual(mappingsOf(mappings), { 'remove:header.b': '', 'append:header.c': 'c' });
});

const PETS: Subject = {
  api: { apiId: 'a1', name: 'pets', protocolType: 'HTTP' },
  integration: {
    integrationId: 'i1',
    integrationType: 'HTTP_PROXY',
    integrationMethod: 'ANY',
    integrationUri: 'http://b/',
    timeoutInMillis: 30000,
    payloadFormatVersion: '1.0',
    requestParameters: { 'append:header.a': '1' },
    responseParameters: { 500: { 'overwrite:statuscode': '403' } },
  },
  responses: [],
};
const QUEUE: Subject = {
  api: PETS.api,
  integration: {
    integrationId: 'i1',
    integrationType: 'AWS_PROXY',
    integrationSubtype: 'SQS-SendMessage',
    timeoutInMillis: 30000,
    payloadFormatVersion: '1.0',
    requestParameters: { QueueUrl: 'q', MessageBody: 'old', DelaySeconds: '1' },
  },
  responses: [],
};
const CHAT: Subject = {
  api: {
    apiId: 'a2',
    name: 'chat',
    protocolType: 'WEBSOCKET',
    routeSelectionExpression: '$request.body.action',
  },
  integration: {
    integrationId: 'i2',
    integrationType: 'MOCK',
    timeoutInMillis: 29000,
    requestTemplates: { $default: '{}' },
  },
  responses: [
    { integrationResponseId: 'r1', integrationResponseKey: '$default', responseTemplates: { $default: 'x' } },
  ],
};

const INTEGRATION = '/v2/apis/a1/integrations/i1';
const CHAT_INTEGRATION = '/v2/apis/a2/integrations/i2';

const saved: readonly [
  says: string,
  subject: Subject,
  change: (draft: Draft) => Draft,
  writes: readonly Omit<Write, 'responseId'>[],
][] = [
  ['nothing', PETS, (draft) => draft, []],
  ['nothing of a chat', CHAT, (draft) => draft, []],
  [
    'a mapping, a status and the settings',
    PETS,
    (draft) => ({
      ...draft,
      settings: { ...draft.settings, integrationUri: 'http://c/', timeoutInMillis: '500' },
      requestParameters: [newRow('append:header.b', '2')],
      statuses: [newStatus('404', [newRow('overwrite:statuscode', '200')])],
    }),
    [
      {
        method: 'PATCH',
        path: INTEGRATION,
        of: 'integration',
        body: {
          integrationUri: 'http://c/',
          timeoutInMillis: 500,
          requestParameters: { 'append:header.a': '', 'append:header.b': '2' },
          responseParameters: { 500: {}, 404: { 'overwrite:statuscode': '200' } },
        },
      },
    ],
  ],
  [
    'a parameter of an AWS service',
    QUEUE,
    (draft) => ({
      ...draft,
      requestParameters: [newRow('QueueUrl', 'q'), newRow('MessageBody', 'new')],
    }),
    [
      {
        method: 'PATCH',
        path: INTEGRATION,
        of: 'integration',
        body: {
          integrationSubtype: 'SQS-SendMessage',
          requestParameters: { QueueUrl: 'q', MessageBody: 'new', DelaySeconds: '' },
        },
      },
    ],
  ],
  [
    'a selection expression, a template and a response',
    CHAT,
    (draft) => ({
      ...draft,
      routeSelectionExpression: '$request.body.a',
      requestTemplates: [newRow('$default', '{"statusCode": 200}')],
      responses: [...draft.responses, { ...newResponse('/5\\d\\d/'), templates: [newRow('$default', 'no')] }],
    }),
    [
      {
        method: 'PATCH',
        path: CHAT_INTEGRATION,
        of: 'integration',
        body: { requestTemplates: { $default: '{"statusCode": 200}' } },
      },
      {
        method: 'POST',
        path: `${CHAT_INTEGRATION}/integrationresponses`,
        of: 'response',
        body: { integrationResponseKey: '/5\\d\\d/', responseTemplates: { $default: 'no' } },
      },
      {
        method: 'PATCH',
        path: '/v2/apis/a2',
        of: 'api',
        body: { routeSelectionExpression: '$request.body.a' },
      },
    ],
  ],
  [
    'a response less',
    CHAT,
    (draft) => ({ ...draft, responses: [] }),
    [{ method: 'DELETE', path: `${CHAT_INTEGRATION}/integrationresponses/r1`, of: 'response' }],
  ],
  [
    'another template of a response',
    CHAT,
    (draft) => ({
      ...draft,
      responses: draft.responses.map((each) => ({ ...each, templates: [newRow('$default', 'y')] })),
    }),
    [
      {
        method: 'PATCH',
        path: `${CHAT_INTEGRATION}/integrationresponses/r1`,
        of: 'response',
        body: { responseTemplates: { $default: 'y' } },
      },
    ],
  ],
];
for (const [says, subject, change, expected] of saved) {
  test(`saving ${says} writes what changed`, () => {
    const writes = writesOf(subject, change(draftOf(subject))).map(({ responseId: _, ...write }) => write);
    assert.deepEqual(writes, expected);
  });
}

test('what is evaluated has the names of CreateIntegration', () => {
  const { RequestParameters, ResponseParameters, IntegrationUri, TimeoutInMillis, RequestTemplates } =
    integrationInput(draftOf(PETS), PETS.integration, 'HTTP') as Record<string, unknown>;
  assert.deepEqual(
    { RequestParameters, ResponseParameters, IntegrationUri, TimeoutInMillis, RequestTemplates },
    {
      RequestParameters: { 'append:header.a': '1' },
      ResponseParameters: { 500: { 'overwrite:statuscode': '403' } },
      IntegrationUri: 'http://b/',
      TimeoutInMillis: 30000,
      RequestTemplates: undefined,
    },
  );
  assert.deepEqual(responseInputs(draftOf(CHAT)), [
    { IntegrationResponseKey: '$default', ResponseParameters: {}, ResponseTemplates: { $default: 'x' } },
  ]);
});

test('what can be said without a server is said beside its field', () => {
  const draft = draftOf(PETS);
  const twice = [newStatus('500', []), newStatus('500', []), newStatus('', [])];
  const bad = { ...draft, statuses: twice, settings: { ...draft.settings, timeoutInMillis: 'soon' } };
  assert.deepEqual(
    [...draftProblems(bad).values()],
    [
      'There are mappings for this status already.',
      'The status is missing.',
      'A time-out is a number of milliseconds.',
    ],
  );
  assert.equal(draftProblems(draft).size, 0);
});
