// What the workbench asks the server, and where what it says goes (console/src/workbench).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftOf } from '../../console/src/workbench/draft/draft.ts';
import type { Subject } from '../../console/src/workbench/draft/stored.ts';
import { findingsOf, nameOf } from '../../console/src/workbench/findings.ts';
import {
  authorizerProblem,
  backendOf,
  idsOf,
  questionOf,
  realReply,
  whatAnswers,
} from '../../console/src/workbench/question.ts';
import { recordedWork } from '../../console/src/workbench/recorded-work.ts';
import { stagePath } from '../../console/src/workbench/stage-path.ts';
import { ECHO, requestFor } from '../../console/src/workbench/work-drafts.ts';
import type { RecordedRequest } from '../../src/gateway/live/recorded-request.ts';
import type { Trace } from '../../src/http-api/explain/trace.ts';

const paths: readonly [url: string, path: string][] = [
  ['/pets', '/pets'],
  ['http://127.0.0.1:4700/_aws/execute-api/a1/prod/pets/7?x=1#y', '/pets/7?x=1'],
  ['http://127.0.0.1:4700/_aws/execute-api/a1/prod', '/'],
  [
    'http://127.0.0.1:4700/_aws/execute-api/a2/prod/pets',
    'http://127.0.0.1:4700/_aws/execute-api/a2/prod/pets',
  ],
  ['https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod/pets', '/pets'],
  ['http://a1.execute-api.localhost:4700/pets?x', '/pets?x'],
  ['http://a1.execute-api.localhost:4700', '/'],
  ['https://api.example.com/pets', 'https://api.example.com/pets'],
  ['pets', 'pets'],
];
for (const [url, path] of paths) {
  test(`${url} is ${path} of the stage prod of a1`, () => {
    assert.equal(stagePath(url, 'a1', 'prod'), path);
  });
}

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
const INTEGRATION = {
  RequestParameters: { 'append:header.a': '1' },
  ResponseParameters: { 500: { 'overwrite:statuscode': '403' } },
  IntegrationUri: 'http://b/',
  IntegrationMethod: 'ANY',
  TimeoutInMillis: 30000,
};
const WORK = { draft: draftOf(PETS), request: requestFor('POST /pets/{id}/{rest+}', PETS), reply: ECHO };

test('a question names the route, and replaces members of what it leads to', () => {
  const route = { routeId: 'r1', routeKey: 'POST /pets/{id}/{rest+}' };
  assert.deepEqual(questionOf({ subject: PETS, route, stage: { stageName: 'prod' } }, WORK), {
    apiId: 'a1',
    stage: 'prod',
    routeKey: 'POST /pets/{id}/{rest+}',
    integration: INTEGRATION,
    request: {
      method: 'POST',
      url: '/pets/1/a/b',
      headers: [['content-type', 'application/json']],
      body: '{"name": "Rex"}',
    },
  });
});

test('what an authorizer found is asked with, where it is an object', () => {
  const asked = (authorizer: string) => {
    const work = { ...WORK, request: { ...WORK.request, authorizer } };
    return (
      questionOf({ subject: PETS, route: undefined, stage: undefined }, work) as { authorizer?: object }
    ).authorizer;
  };
  assert.deepEqual(['', '{"claims": {"sub": "u"}}', '[]', '{'].map(asked), [
    undefined,
    { claims: { sub: 'u' } },
    undefined,
    undefined,
  ]);
  assert.match(authorizerProblem('{') ?? '', /no JSON object/);
});

test('without a route the integration is asked about as a whole', () => {
  const question = questionOf({ subject: PETS, route: undefined, stage: undefined }, WORK) as Record<
    string,
    unknown
  >;
  assert.deepEqual(question.integration, {
    ...INTEGRATION,
    IntegrationType: 'HTTP_PROXY',
    PayloadFormatVersion: '1.0',
  });
  assert.deepEqual([question.routeKey, question.stage], [undefined, undefined]);
});

test('a backend that says nothing itself echoes', () => {
  assert.deepEqual(backendOf(ECHO), {});
  assert.deepEqual(backendOf({ ...ECHO, kind: 'given', status: '50' }), {});
  assert.deepEqual(
    backendOf({
      kind: 'given',
      status: '404',
      headers: [
        ['a', 'b'],
        ['', 'x'],
      ],
      body: 'no',
    }),
    {
      reply: { status: 404, headers: [['a', 'b']], body: 'no' },
    },
  );
});

test('what a backend really answered is gone on with', () => {
  const backendReply = {
    status: 404,
    headers: [
      ['a', 'b'],
      ['Content-Length', '2'],
    ] as const,
  };
  const reply = { status: 200, headers: [], body: 'no', bodyBytes: 2 };
  assert.deepEqual(realReply({ backendReply, reply } as unknown as Trace), {
    kind: 'given',
    status: '404',
    headers: [['a', 'b']],
    body: 'no',
  });
  assert.equal(realReply({ reply } as unknown as Trace), undefined);
});

test('integrations ask backends, functions and services', () => {
  const asks = (members: object) => whatAnswers({ ...PETS.integration, ...members });
  assert.deepEqual(
    [
      asks({}),
      asks({ integrationType: 'AWS_PROXY', integrationUri: 'arn:aws:lambda:us-east-1:0:function:f' }),
      asks({ integrationType: 'AWS_PROXY', integrationSubtype: 'SQS-SendMessage' }),
      asks({
        integrationType: 'AWS',
        integrationUri: 'arn:aws:apigateway:us-east-1:dynamodb:action/PutItem',
      }),
    ],
    ['backend', 'function', 'service', 'service'],
  );
});

test('what is wrong stands beside its field, without the envelope, and the rest above all', () => {
  const errors = [
    {
      field: 'RequestParameters["append:header.a"]',
      message:
        'Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: $x.y]',
    },
    { field: 'ResponseParameters["500"]["overwrite:statuscode"]', message: 'no' },
    { field: 'ResponseParameters["500"]', message: 'none' },
    { field: 'IntegrationUri', message: 'bad' },
    { field: 'CredentialsArn', message: 'worse' },
    { field: '', message: 'worst' },
  ];
  const { problems, others } = findingsOf(errors, idsOf(draftOf(PETS)), []);
  assert.deepEqual(Object.fromEntries(problems), {
    'request/append:header.a': 'Invalid mapping expression specified: $x.y',
    'response/500/overwrite:statuscode': 'no',
    'status/500': 'none',
    'setting/IntegrationUri': 'bad',
  });
  assert.deepEqual(others, ['CredentialsArn: worse', 'worst']);
});

const names: readonly [id: string, name: string][] = [
  ['request/append:header.a/b', 'append:header.a/b'],
  ['response/500/overwrite:statuscode', 'overwrite:statuscode'],
  ['setting/IntegrationUri', 'IntegrationUri'],
  ['template/request/$default', 'the template $default'],
];
for (const [id, name] of names) {
  test(`${id} is called ${name}`, () => {
    assert.equal(nameOf(id), name);
  });
}

const RECORDED = {
  id: 'r',
  apiId: 'a1',
  stage: 'prod',
  routeKey: 'GET /pets/{id}',
  trace: {
    request: {
      method: 'GET',
      url: 'http://h/_aws/execute-api/a1/prod/pets/7?token=%E2%80%A2%E2%80%A2%E2%80%A2%E2%80%A2',
      headers: [
        ['Host', 'h'],
        ['Authorization', 'Bearer ••••'],
        ['X-A', '1'],
      ],
    },
    backendReply: {
      status: 404,
      headers: [
        ['content-length', '2'],
        ['a', 'b'],
      ],
    },
  },
  requestBody: { bytes: 3, isTruncated: false, base64: '////' },
  backendReplyBody: { bytes: 90000, isTruncated: true, text: 'no' },
} as unknown as RecordedRequest;

test('a recorded request is taken with what the backend answered, and what is missing of it is said', () => {
  const { request, reply, notes } = recordedWork(RECORDED);
  assert.deepEqual(
    { request, reply, notes },
    {
      request: {
        method: 'GET',
        url: '/pets/7?token=%E2%80%A2%E2%80%A2%E2%80%A2%E2%80%A2',
        headers: [
          ['Authorization', 'Bearer ••••'],
          ['X-A', '1'],
        ],
        body: '',
        authorizer: '',
        message: '',
      },
      reply: { kind: 'given', status: '404', headers: [['a', 'b']], body: 'no' },
      notes: [
        'Secrets were not recorded: put in what is masked (Authorization, the query) where mappings read it.',
        'The body of the request is no text, and is not here.',
        'The body of the backend was recorded in part: it has 90000 bytes.',
      ],
    },
  );
  const socket = {
    ...RECORDED,
    trace: {
      connectionId: 'c',
      message: { body: '{"action":"ping"}', bodyBytes: 17 },
      answer: { status: 200, headers: [['a', 'b']], body: 'pong', bodyBytes: 4 },
    },
  } as unknown as RecordedRequest;
  const taken = recordedWork(socket);
  assert.deepEqual([taken.request.message, taken.reply.body, taken.notes], ['{"action":"ping"}', 'pong', []]);
  const { routeKey: _, ...unrouted } = RECORDED;
  assert.throws(() => recordedWork(unrouted as RecordedRequest), /it reached no route/);
});
