// Rows of spec/websocket-api.md §4: what clients get of their messages.
import assert from 'node:assert/strict';
import type { CreateIntegrationResponseCommandInput } from '@aws-sdk/client-apigatewayv2';
import type { InvokeAnswer } from '../support/invoke-server.ts';
import { FUNCTION, frame, http, MOCK, NAMED, PROXY } from '../support/message-stand.ts';
import type { SocketRow } from './socket-row.ts';

type Response = Partial<CreateIntegrationResponseCommandInput>;

const FAILED = frame('Internal server error');
const says = (value: unknown): InvokeAnswer => ({ payload: JSON.stringify(value) });
const CUSTOM = { IntegrationType: 'AWS', IntegrationUri: FUNCTION, IntegrationMethod: 'POST' } as const;
const text = ($default: string): Response => ({ ResponseTemplates: { $default } });
const keyed = (IntegrationResponseKey: string, $default: string): Response => ({
  IntegrationResponseKey,
  ResponseTemplates: { $default },
});
const replies = (status: number, body: string, lines: readonly string[] = []): string =>
  [`HTTP/1.1 ${status} X`, `Content-Length: ${body.length}`, ...lines, '', body].join('\r\n');
/** Not UTF-8. */
const BYTES = 'a\xff\xfe';

/** §4.3.3: keys of the integration responses, status, the key that is chosen; undefined for a failure. */
const CHOSEN: readonly (readonly [
  cites: string,
  keys: readonly string[],
  status: number,
  chosen: string | undefined,
])[] = [
  ['4.3.1', ['$default'], 200, '$default'],
  ['4.3.3', ['/2\\d\\d/', '$default'], 204, '/2\\d\\d/'],
  ['4.3.3', ['/2\\d\\d/', '$default'], 404, '$default'],
  ['4.3.3', ['/20/', '$default'], 200, '$default'],
  ['4.3.3', ['/.*0/', '$default'], 200, '/.*0/'],
  ['4.3.3', ['/2.*/', '/20\\d/', '$default'], 200, '/2.*/'],
  ['4.3.3', ['/20\\d/', '/2.*/', '$default'], 200, '/20\\d/'],
  ['4.3.3', ['/404|500/', '$default'], 500, '/404|500/'],
  ['4.3.3', ['/4\\d\\d/'], 200, undefined],
  ['4.3.6', ['/[45]\\d{2}/', '$default'], 503, '/[45]\\d{2}/'],
  ['4.3.6', ['/(?i)\\p{Nd}+/', '$default'], 200, '/(?i)\\p{Nd}+/'],
];

/** §4.3.4: what a function under type AWS comes to. */
const BY_ERROR: readonly (readonly [cites: string, answer: InvokeAnswer, chosen: string | RegExp])[] = [
  ['4.3.4', says({ statusCode: 200 }), 'default'],
  ['4.3.4', says({ statusCode: 500, errorMessage: 'denied' }), 'default'],
  ['4.3.4', threw('denied'), 'denied'],
  ['4.3.4', threw('access denied'), 'any'],
  ['4.3.4', threw('200'), 'any'],
  ['4.3.4', threw('two\nlines'), 'default'],
  ['4.3.5', { status: 403, errorType: 'AccessDeniedException' }, FAILED],
  ['4.3.5', 'end', FAILED],
];

function threw(errorMessage: string): InvokeAnswer {
  return { functionError: 'Unhandled', payload: JSON.stringify({ errorMessage, errorType: 'Error' }) };
}

/** §4.4.1: templates, selection, what comes of the body `body`. */
const TEMPLATES: readonly (readonly [
  templates: Readonly<Record<string, string>>,
  selection: string | undefined,
  comes: string,
])[] = [
  [{}, undefined, 'body'],
  [{}, 'a', 'body'],
  [{ 'application/json': 'json', $default: 'default' }, undefined, 'json'],
  [{ other: 'other', $default: 'default' }, undefined, 'default'],
  [{ other: 'only' }, undefined, 'only'],
  [{ a: 'of a', $default: 'default' }, 'a', 'of a'],
  [{ a: 'of a', $default: 'default' }, 'b', 'default'],
  [{ a: 'of a' }, 'b', 'body'],
];

/** §4.6: ContentHandlingStrategy, body of the backend, template, what comes. */
const HANDLED: readonly (readonly [
  strategy: 'CONVERT_TO_TEXT' | 'CONVERT_TO_BINARY' | undefined,
  body: string,
  template: string | undefined,
  comes: string | RegExp | Buffer,
])[] = [
  [undefined, 'text', undefined, 'text'],
  [undefined, BYTES, undefined, Buffer.from(BYTES, 'latin1')],
  ['CONVERT_TO_TEXT', '{"ok":true}', undefined, '{"ok":true}'],
  ['CONVERT_TO_TEXT', 'Gr\xc3\xbc\xc3\x9fe', undefined, 'Grüße'],
  ['CONVERT_TO_TEXT', 'text', '<$input.body>', '<text>'],
  ['CONVERT_TO_TEXT', '\xff\xd8\xff', undefined, '/9j/'],
  ['CONVERT_TO_TEXT', BYTES, undefined, 'Yf/+'],
  ['CONVERT_TO_TEXT', BYTES, '<$input.body>', '<Yf/+>'],
  ['CONVERT_TO_TEXT', '', undefined, ''],
  ['CONVERT_TO_BINARY', 'Yf/+', undefined, Buffer.from(BYTES, 'latin1')],
  ['CONVERT_TO_BINARY', 'dGV4dA==', undefined, Buffer.from('text')],
  ['CONVERT_TO_BINARY', 'no base64!', undefined, FAILED],
];

export const replyRows: readonly SocketRow[] = [
  {
    name: 'a route response alone makes a route answer; without one it is silent but for error frames',
    statements: ['§4.1.1', '§4.1.2', '§4.5.3'],
    routes: {
      a: NAMED,
      b: { ...NAMED, answers: false },
      c: { ...NAMED, route: { RouteResponseSelectionExpression: undefined } },
      d: { integration: { ...MOCK, RequestTemplates: { $default: 'none' } }, answers: false },
    },
    messages: [
      ['{"x": "a"}', 'a'],
      ['{"x": "b"}', null],
      ['{"x": "c"}', 'c'],
      ['{"x": "d"}', FAILED],
      ['{"x": "a"}', 'a'],
    ],
  },
  {
    name: 'route responses without expressions, of every type of integration',
    statements: ['§4.1.1'],
    routes: Object.fromEntries(
      Object.entries({
        quote: http('HTTP_PROXY'),
        http: http('HTTP'),
        echo: MOCK,
        proxy: PROXY.integration!,
        custom: CUSTOM,
      }).map(([key, integration]) => [
        key,
        {
          integration,
          responses: [text('$context.routeKey says $input.body')],
          route: { RouteResponseSelectionExpression: undefined },
        },
      ]),
    ),
    reply: replies(200, 'backend'),
    answer: says({ body: 'function' }),
    messages: [
      ['{"x": "quote"}', 'backend'],
      ['{"x": "http"}', 'http says backend'],
      ['{"x": "echo"}', 'echo says {}'],
      ['{"x": "proxy"}', 'function'],
      ['{"x": "custom"}', 'custom says {"body":"function"}'],
    ],
  },
  {
    name: 'a backend that takes too long is told of on routes with and without a route response',
    statements: ['§4.1.2', '§4.5.2 timeout'],
    routes: Object.fromEntries(
      [true, false].map((answers) => [
        `${answers}`,
        {
          integration: { ...http('HTTP_PROXY'), TimeoutInMillis: 50 },
          answers,
          route: { RouteResponseSelectionExpression: undefined },
        },
      ]),
    ),
    reply: 'silent',
    messages: ['true', 'false'].map(
      (key) => [`{"x": "${key}"}`, frame('Endpoint request timed out')] as const,
    ),
  },
  {
    name: 'one-way routes are silent whatever the status, and need no integration response',
    statements: ['§4.1.2', '§4.3.1'],
    routes: {
      a: { integration: http('HTTP'), responses: [], answers: false },
      b: { integration: http('HTTP'), responses: [text('no')], answers: false },
      c: { integration: http('HTTP'), responses: [] },
    },
    reply: replies(500, 'fail'),
    messages: [
      ['{"x": "a"}', null],
      ['{"x": "b"}', null],
      ['{"x": "c"}', FAILED],
    ],
  },
  {
    name: 'route responses of $connect and $disconnect are not seen',
    statements: ['§4.1.3'],
    routes: {
      $connect: { integration: http('HTTP_PROXY') },
      $disconnect: { integration: http('HTTP_PROXY') },
    },
    messages: [['{"x": "fence"}', 'fence']],
    ends: true,
    also: ({ backend }) => assert.equal(backend.requests.length, 2),
  },
  ...(
    [
      ['4.2.1', says({ statusCode: 403, headers: { a: 'b' }, body: 'text' }), 'text'],
      ['4.2.1', says({ body: 'Yf/+', isBase64Encoded: true }), Buffer.from(BYTES, 'latin1')],
      ['4.2.1', says({ body: 'dGV4dA==', isBase64Encoded: true }), 'text'],
      ['4.2.2', says({}), ''],
      ['4.2.2', says({ statusCode: 200 }), ''],
      ['4.2.2', says({ body: null }), ''],
      ['4.2.2', says({ body: '' }), ''],
    ] as const
  ).map(([cites, answer, comes]) => ({
    name: `a function answers ${JSON.stringify(answer)}: ${JSON.stringify(comes)} (§${cites})`,
    statements: [`§${cites}`, '§4.1.4'],
    routes: { a: PROXY },
    answer,
    messages: [['{"x": "a"}', comes]] as const,
  })),
  ...(
    [
      [200, 'text', 'text'],
      [404, 'gone', 'gone'],
      [500, '', ''],
      [200, BYTES, Buffer.from(BYTES, 'latin1')],
    ] as const
  ).map(([status, body, comes]) => ({
    name: `HTTP_PROXY answers ${status} ${JSON.stringify(body)}`,
    statements: ['§4.2.3', '§4.1.4', '§3.5.6'],
    routes: { a: { integration: http('HTTP_PROXY') } },
    reply: replies(status, body),
    messages: [['{"x": "a"}', comes]] as const,
  })),
  ...CHOSEN.map(([cites, keys, status, chosen]) => ({
    name: `${keys.join(' ')} of ${status}: ${chosen ?? 'none'} (§${cites})`,
    statements: [
      ...[`§${cites}`, '§4.3.2', '§2.4 Integration.integrationResponseSelectionExpression'],
      ...(chosen === undefined ? ['§4.5.2 no integration response'] : []),
    ],
    routes: {
      a: { integration: http('HTTP'), responses: keys.map((key, i) => keyed(key, `response ${i}`)) },
      b: {
        integration: { ...MOCK, RequestTemplates: { $default: `{"statusCode": ${status}}` } },
        responses: keys.map((key, i) => keyed(key, `response ${i}`)),
      },
    },
    reply: replies(status, status === 204 ? '' : 'body'),
    messages: ['a', 'b'].map(
      (key) =>
        [`{"x": "${key}"}`, chosen === undefined ? FAILED : `response ${keys.indexOf(chosen)}`] as const,
    ),
  })),
  ...BY_ERROR.map(([cites, answer, comes]) => ({
    name: `a function under AWS that answers ${JSON.stringify(answer)} (§${cites})`,
    statements: [`§${cites}`, '§4.3.2'],
    routes: {
      a: {
        integration: CUSTOM,
        responses: [keyed('/denied/', 'denied'), keyed('/.+/', 'any'), keyed('$default', 'default')],
      },
    },
    answer,
    messages: [['{"x": "a"}', comes]] as const,
  })),
  ...TEMPLATES.map(([ResponseTemplates, selection, comes]) => ({
    name: `${JSON.stringify(ResponseTemplates)} by ${selection}: ${comes}`,
    statements: ['§4.4.1'],
    routes: {
      a: {
        integration: http('HTTP'),
        responses: [
          {
            ResponseTemplates,
            ...(selection === undefined ? {} : { TemplateSelectionExpression: selection }),
          },
        ],
      },
    },
    reply: replies(200, 'body'),
    messages: [['{"x": "a"}', comes]] as const,
  })),
  ...(
    [
      [
        '$integration.response.body.kind',
        http('HTTP'),
        { a: 'of a', kind: 'of kind', $default: 'default' },
        'default',
      ],
      [
        '${integration.response.body}',
        http('HTTP'),
        { '{"kind":"a"}': 'body', $default: 'default' },
        'default',
      ],
      ['$integration.response.body.kind', http('HTTP'), { a: 'of a' }, '{"kind":"a"}'],
      ['$integration.response.body[?(', http('HTTP'), { $default: 'default' }, 'default'],
      ['is-${integration.response.body.kind}', http('HTTP'), { 'is-': 'is', 'is-a': 'is a' }, 'is'],
      ['\\$default', http('HTTP'), { a: 'of a', $default: 'default' }, 'default'],
      [
        '$integration.response.header.Content-Type',
        CUSTOM,
        { 'application/json': 'json', $default: 'default' },
        'json',
      ],
      [
        '$integration.response.multivalueheader.content-type',
        CUSTOM,
        { '[application/json]': 'json', $default: 'default' },
        'json',
      ],
      ['$integration.response.statuscode', CUSTOM, { 200: 'of 200', $default: 'default' }, 'of 200'],
    ] as const
  ).map(([TemplateSelectionExpression, integration, ResponseTemplates, comes]) => ({
    name: `${TemplateSelectionExpression} of ${integration.IntegrationType}: ${comes}`,
    statements: ['§2.4 IntegrationResponse.templateSelectionExpression', '§4.4.1', '§4.4.2'],
    routes: { a: { integration, responses: [{ TemplateSelectionExpression, ResponseTemplates }] } },
    reply: replies(200, '{"kind":"a"}'),
    answer: says({ kind: 'a' }),
    messages: [['{"x": "a"}', comes]] as const,
  })),
  {
    name: 'a function that throws has status 200 in expressions, and answers in JSON',
    statements: ['§4.4.2', '§4.3.4'],
    routes: Object.fromEntries(
      ['$integration.response.statuscode', '${integration.response.header.content-type}'].map(
        (TemplateSelectionExpression, i) => [
          `${i}`,
          {
            integration: CUSTOM,
            responses: [
              {
                TemplateSelectionExpression,
                ResponseTemplates: { 200: 'of 200', 'application/json': 'of JSON', $default: 'default' },
              },
            ],
          },
        ],
      ),
    ),
    answer: threw('no'),
    messages: [
      ['{"x": "0"}', 'of 200'],
      ['{"x": "1"}', 'of JSON'],
    ],
  },
  {
    name: '$context as a whole is a map of what the message’s context has',
    statements: ['§5.6.7'],
    routes: {
      a: { responses: [text('{"c":"$context","i":"$context.identity","n":"$context.authorizer"}')] },
    },
    messages: [
      [
        '{"x": "a"}',
        new RegExp(
          '^\\{"c":"\\{apiId=[a-z0-9]{10}, connectedAt=\\d+, connectionId=[\\w-]{15}=, domainName=[^ ,]+, eventType=MESSAGE, ' +
            'extendedRequestId=[\\w-]{15}=, messageId=[\\w-]{15}=, messageDirection=IN, requestId=[\\w-]{15}=, ' +
            'requestTime=[^,]+, requestTimeEpoch=\\d+, routeKey=a, stage=prod, identity=\\{sourceIp=127.0.0.1\\}\\}",' +
            '"i":"\\{sourceIp=127.0.0.1\\}","n":""\\}$',
        ),
      ],
    ],
  },
  {
    name: 'a selection by the message is by the client’s, not the backend’s',
    statements: ['§4.4.2'],
    routes: {
      a: {
        integration: { ...http('HTTP'), RequestTemplates: { $default: '{"t": "two"}' } },
        responses: [
          {
            TemplateSelectionExpression: '${request.body.t}',
            ResponseTemplates: { one: 'client', two: 'request', three: 'backend' },
          },
        ],
      },
    },
    reply: replies(200, '{"t": "three"}'),
    messages: [['{"x": "a", "t": "one"}', 'client']],
  },
  {
    name: 'the template sees the backend’s answer, and the context and variables of the message',
    statements: ['§4.4.3', '§4.4.5'],
    variables: { v: 'w' },
    query: '?q=1',
    routes: {
      a: {
        integration: http('HTTP'),
        responses: [
          text(
            ' $input.body|$input.json("$.k")|$input.path("$.k[1]")|$context.routeKey|$context.eventType|$stageVariables.v|$input.params("q")|$input.params().querystring.size() \n',
          ),
        ],
      },
    },
    reply: replies(200, '{"k": [1,2]}'),
    messages: [['{"x": "a"}', ' {"k": [1,2]}|[1,2]|2|a|MESSAGE|w||0 \n']],
  },
  {
    name: 'response parameters and overrides of the status change no frame',
    statements: ['§4.4.4', '§4.4.6'],
    routes: {
      a: {
        integration: http('HTTP'),
        responses: [
          {
            ...text('#set($context.responseOverride.status = 500)text'),
            ResponseParameters: {
              'route.response.header.X-A': 'integration.response.header.X-B',
              'method.response.header.X-C': "'static'",
              'route.response.header.X-D': 'integration.response.body.k',
            },
          },
        ],
      },
    },
    reply: replies(200, '{"k": 1}', ['X-B: 1']),
    messages: [['{"x": "a"}', 'text']],
  },
  {
    name: 'a response template that fails',
    statements: ['§4.5.2 template failure'],
    routes: { a: { responses: [text('#if(')] } },
    messages: [['{"x": "a"}', FAILED]],
  },
  {
    name: 'no route, no target, a body that is no base64: frames, and the connection stays',
    statements: ['§4.5.1', '§4.5.2 no route', '§4.5.2 not invocable', '§4.5.2 base64 failure', '§4.5.3'],
    routes: {
      a: { integration: false },
      b: {
        integration: { ...http('HTTP'), ContentHandlingStrategy: 'CONVERT_TO_BINARY' },
      },
      c: NAMED,
    },
    messages: [
      ['{"x": "none"}', frame('Forbidden')],
      ['{"x": "a"}', FAILED],
      ['{"x": "b"}', FAILED],
      ['{"x": "c"}', 'c'],
    ],
  },
  {
    name: 'the order of the steps: a model judges before a target is missed, and no route has no model',
    statements: ['§4.7'],
    models: { Never: '{"not": {}}' },
    routes: {
      a: { integration: false, route: { ModelSelectionExpression: 'm', RequestModels: { m: 'Never' } } },
      b: {
        integration: { ...http('HTTP'), RequestTemplates: { $default: '#if(' } },
        route: { ModelSelectionExpression: 'm', RequestModels: { m: 'Never' } },
      },
      c: { integration: { ...http('HTTP'), RequestTemplates: { $default: '#if(' } }, responses: [] },
    },
    messages: [
      ['{"x": "none"}', frame('Forbidden')],
      ['{"x": "a"}', frame('Bad request body', 'messageId')],
      ['{"x": "b"}', frame('Bad request body', 'messageId')],
      ['{"x": "c"}', FAILED],
    ],
    also: ({ backend }) => assert.equal(backend.requests.length, 0),
  },
  ...HANDLED.map(([strategy, body, template, comes]) => ({
    name: `${strategy} of ${JSON.stringify(body)}${template === undefined ? '' : ` by ${template}`}`,
    statements: [`§4.6 ${strategy ?? 'absent'}`],
    routes: {
      a: {
        integration: http('HTTP'),
        responses: [
          {
            ...(strategy === undefined ? {} : { ContentHandlingStrategy: strategy }),
            ...(template === undefined ? {} : text(template)),
          },
        ],
      },
    },
    reply: replies(200, body),
    messages: [['{"x": "a"}', comes]] as const,
  })),
];
