// POST /_postern/workbench: drafts of integrations of WebSocket APIs, on a message or a connect request, with a backend's answer
// that somebody has written (docs/reference/console-api.md).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WorkbenchAnswer } from '../../../src/management/postern/workbench-route.ts';
import type { SocketTrace } from '../../../src/websocket-api/explain/trace.ts';
import { PROXY, startExplained } from '../../support/explained-sockets.ts';

type Answer = WorkbenchAnswer<SocketTrace>;

const REPLY = { status: 200, headers: [['Content-Type', 'application/json']], body: '{"id": 7}' };
const MESSAGE = { message: '{"action": "store", "text": "hi"}' };

interface Row {
  readonly name: string;
  readonly asked: object;
  readonly told: (answer: Answer) => unknown;
  readonly is: unknown;
}

const fieldsOf = ({ errors }: Answer): string[] => errors.map(({ field, message }) => `${field}: ${message}`);

const ROWS: readonly Row[] = [
  {
    name: 'the stored integration, with the given answer',
    asked: { routeKey: 'store', request: MESSAGE, backend: { reply: REPLY } },
    told: ({ errors, trace }) => [errors, trace?.request?.body, trace?.response?.key, trace?.reply?.body],
    is: [[], 'stored hi', '$default', 'made 7'],
  },
  {
    name: 'a draft of the request template, its values',
    asked: {
      routeKey: 'store',
      integration: { RequestTemplates: { 'application/json': '$context.authorizer.name: $input.body' } },
      request: { ...MESSAGE, connection: { authorizer: { name: 'Ann' } } },
      backend: { reply: REPLY },
    },
    told: ({ trace }) => [
      trace?.request?.body,
      trace?.request?.values?.map(({ reference, value }) => [reference, value]),
    ],
    is: [
      'Ann: {"action": "store", "text": "hi"}',
      [
        ['$context.authorizer.name', 'Ann'],
        ['$input.body', '{"action": "store", "text": "hi"}'],
      ],
    ],
  },
  {
    name: 'a template that is not well-formed is stored like this, and says where it fails',
    asked: {
      routeKey: 'store',
      integration: { RequestTemplates: { 'application/json': 'a\n#if(x)' } },
      request: MESSAGE,
    },
    told: ({ errors, trace }) => [errors, trace?.request?.problem?.line, trace?.request?.problem?.column],
    is: [[], 2, 5],
  },
  {
    name: 'integration responses take the place of all that are stored',
    asked: {
      routeKey: 'store',
      integrationResponses: [
        { IntegrationResponseKey: '$default', ResponseTemplates: { $default: 'other' } },
        { IntegrationResponseKey: '/2\\d\\d/', ResponseTemplates: { $default: 'two' } },
      ],
      request: MESSAGE,
      backend: { reply: REPLY },
    },
    told: ({ errors, trace }) => [errors, trace?.response?.key, trace?.reply?.body],
    is: [[], '/2\\d\\d/', 'two'],
  },
  {
    name: 'what the rules refuse of all parts at once; the rest is tried',
    asked: {
      routeKey: 'store',
      routeSelectionExpression: '$request.header.x',
      integration: {
        RequestParameters: {
          'integration.request.header.X': 'nonsense',
          'integration.request.header.Y': "'y'",
        },
        TemplateSelectionExpression: '$nothing',
      },
      integrationResponses: [
        { IntegrationResponseKey: 'x' },
        { IntegrationResponseKey: '$default', ResponseParameters: { wrong: "'a'" } },
        { IntegrationResponseKey: '$default' },
      ],
      request: MESSAGE,
      backend: { reply: REPLY },
    },
    told: (answer) => [
      answer.errors.map(({ field }) => field),
      answer.trace?.request?.parameters,
      answer.trace?.response?.key,
    ],
    is: [
      [
        'RequestParameters["integration.request.header.X"]',
        'TemplateSelectionExpression',
        'IntegrationResponses[0]',
        'IntegrationResponses[1].ResponseParameters["wrong"]',
        'IntegrationResponses[2]',
        'RouteSelectionExpression',
      ],
      [{ key: 'integration.request.header.Y', value: "'y'", result: 'y' }],
      '$default',
    ],
  },
  {
    name: 'a selection expression that leads the message elsewhere',
    asked: {
      routeKey: 'store',
      routeSelectionExpression: '$request.body.text',
      request: { message: '{"action": "store", "text": "function"}' },
    },
    told: ({ trace }) => [trace?.selection, trace?.route?.key, trace?.refused, trace?.request, trace?.reply],
    is: [
      { expression: '$request.body.text', value: 'function' },
      'function',
      'the message takes the route function, not store',
      undefined,
      undefined,
    ],
  },
  {
    name: 'a route that is not stored',
    asked: {
      routeKey: 'new',
      integration: {
        IntegrationType: 'MOCK',
        RequestTemplates: { 'application/json': '{"statusCode": 204}' },
      },
      integrationResponses: [
        { IntegrationResponseKey: '$default', ResponseTemplates: { a: '$context.routeKey' } },
      ],
      request: { message: '{"action": "new"}' },
    },
    told: ({ errors, trace }) => [errors, trace?.route?.key, trace?.answer?.status, trace?.reply?.body],
    is: [[], 'new', 204, 'new'],
  },
  {
    name: 'a function gets its event, and its answer is the reply',
    asked: {
      routeKey: 'function',
      request: { message: '{"action": "function"}' },
      backend: { reply: REPLY },
    },
    told: ({ trace }) => [JSON.parse(trace?.request?.body ?? '').requestContext.routeKey, trace?.reply?.body],
    is: ['function', '{"id": 7}'],
  },
  {
    name: 'responses are chosen by the error of a function behind a template',
    asked: {
      routeKey: 'custom',
      request: { message: '{"action": "custom"}' },
      backend: {
        reply: { headers: [['X-Amz-Function-Error', 'Unhandled']], body: '{"errorMessage": "no such room"}' },
      },
    },
    told: ({ trace }) => [trace?.response?.key, trace?.reply?.body],
    is: ['/no such .*/', 'sorry'],
  },
  {
    name: 'an AWS service gets what it would be sent, unsigned',
    asked: { routeKey: 'service', request: { message: '{"action": "service"}' }, backend: { reply: REPLY } },
    told: ({ trace }) => [
      trace?.request?.headers?.find(([name]) => name === 'X-Amz-Target'),
      trace?.request?.headers?.some(([name]) => name.toLowerCase() === 'authorization'),
      trace?.answer?.body,
    ],
    is: [['X-Amz-Target', 'DynamoDB_20120810.PutItem'], false, '{"id": 7}'],
  },
  {
    name: 'a connect request, whose authorizer is not asked',
    asked: {
      routeKey: '$connect',
      request: { method: 'GET', url: '/?token=a', headers: [['X-Own', '1']], body: '' },
      backend: { reply: { status: 401, headers: [], body: '' } },
    },
    told: ({ trace }) => [
      trace?.kind,
      JSON.parse(trace?.request?.body ?? '').queryStringParameters,
      trace?.reply?.status,
    ],
    is: ['connect', { token: 'a' }, 401],
  },
  {
    name: 'a real call',
    asked: { routeKey: 'store', request: MESSAGE, backend: 'call' },
    told: ({ trace }) => [trace?.answer?.body, trace?.reply?.body],
    is: ['{"id": "real"}', 'made real'],
  },
];

test('the workbench of WebSocket APIs', async (t) => {
  const explained = await startExplained(t);
  const { add, api, backend, stand } = explained;
  backend.script('HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"id": "real"}');
  await add('store', {
    integration: {
      ...{ IntegrationType: 'HTTP', IntegrationMethod: 'POST' },
      IntegrationUri: `http://127.0.0.1:${backend.port}/`,
      RequestTemplates: { 'application/json': "stored $input.path('$.text')" },
    },
    responses: [{ ResponseTemplates: { $default: "made $input.path('$.id')" } }],
  });
  await add('function', { integration: PROXY });
  await add('custom', {
    integration: { ...PROXY, IntegrationType: 'AWS' },
    responses: [{ IntegrationResponseKey: '/no such .*/', ResponseTemplates: { $default: 'sorry' } }, {}],
  });
  await add('service', {
    integration: {
      ...{ IntegrationType: 'AWS', IntegrationMethod: 'POST' },
      IntegrationUri: 'arn:aws:apigateway:us-east-1:dynamodb:action/PutItem',
    },
    responses: [{}],
  });
  const ask = async (body: object) => {
    const reply = await fetch(`${stand.postern.management}/_postern/workbench`, {
      method: 'POST',
      body: JSON.stringify({ apiId: api.apiId, stage: 'prod', ...body }),
    });
    return { status: reply.status, text: await reply.text() };
  };
  for (const { name, asked, told, is } of ROWS) {
    await t.test(name, async () => {
      const { status, text } = await ask(asked);
      assert.equal(status, 200, text);
      const answer: Answer = JSON.parse(text);
      assert.deepEqual(told(answer), is, fieldsOf(answer).join('\n'));
    });
  }
  await t.test('only the real call has called anybody', () => {
    assert.deepEqual([backend.requests.length, stand.lambda.invocations.length], [1, 0]);
  });
  await t.test('a message is for WebSocket APIs', async () => {
    const { ApiId } = await explained.sdk.createApi({ Name: 'http', ProtocolType: 'HTTP' });
    const { status, text } = await ask({ apiId: ApiId, stage: undefined, request: MESSAGE });
    assert.equal(status, 400);
    assert.ok(text.includes('has no messages'), text);
  });
});
