// Rows of spec/websocket-api.md §3: what integrations of messages are sent, and when they fail.
import assert from 'node:assert/strict';
import type { CreateIntegrationCommandInput } from '@aws-sdk/client-apigatewayv2';
import type { InvokeAnswer } from '../support/invoke-server.ts';
import { BACKEND, FUNCTION, frame, http, MOCK, NAMED, PROXY, type Seen } from '../support/message-stand.ts';
import { ACCOUNT, REGION } from '../support/postern.ts';
import type { SocketRow } from './socket-row.ts';

type Integration = Partial<CreateIntegrationCommandInput>;

const FAILED = frame('Internal server error');
const LATE = frame('Endpoint request timed out');
const REFUSED = frame('Unsupported Media Type');
const says = (value: unknown): InvokeAnswer => ({ payload: JSON.stringify(value) });
const threw: InvokeAnswer = {
  functionError: 'Unhandled',
  payload: '{"errorMessage":"no","errorType":"Error"}',
};
const QUICK = { TimeoutInMillis: 50 };
/** Of the function alone. */
const ARN = FUNCTION.slice(FUNCTION.indexOf('arn:aws:lambda'), FUNCTION.lastIndexOf('/'));
const CUSTOM: Integration = { IntegrationType: 'AWS', IntegrationUri: FUNCTION, IntegrationMethod: 'POST' };
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const oneWay = (integration: Integration) => ({ integration, answers: false });

/** Start line, body, and those of the headers that are named, of every request a backend got. */
const asked = ({ backend }: Seen, ...names: readonly string[]) =>
  backend.requests.map(({ startLine, headers, body }) => [
    startLine.replace(' HTTP/1.1', ''),
    ...names.map((name) =>
      headers
        .filter(([each]) => each === name)
        .map(([, value]) => value)
        .join('|'),
    ),
    body,
  ]);

/** What functions answer that is no response (§3.3.6). */
const MALFORMED: readonly InvokeAnswer[] = [
  ...[null, 'text', 1, true, [], ['a']].map(says),
  ...[{ statusCode: true }, { statusCode: 'x' }, { statusCode: 200.5 }].map(says),
  ...[{ body: 1 }, { body: {} }, { headers: 'x' }, { headers: { a: {} } }, { headers: [] }].map(says),
  ...[{ multiValueHeaders: { a: 'x' } }, { isBase64Encoded: 'true' }].map(says),
  ...[
    { ConnectionId: 'a', Data: 'b' },
    { statusCode: 200, body: 'b', more: 1 },
  ].map(says),
  { payload: 'no JSON' },
];
const WELL_FORMED: readonly (readonly [answer: unknown, body: string])[] = [
  [{}, ''],
  [{ body: 'b' }, 'b'],
  [{ statusCode: '200', body: 'b' }, 'b'],
  [{ statusCode: 500, body: 'b' }, 'b'],
  [
    { statusCode: 200, headers: { a: 'x', b: 1, c: true }, multiValueHeaders: { d: ['x', 'y'] }, body: 'b' },
    'b',
  ],
  [{ statusCode: 200, body: 'Yg==', isBase64Encoded: true }, 'b'],
];

/** §3.6.2: request template → whether it has a status. */
const MOCKED: readonly (readonly [template: string, status: string | undefined])[] = [
  ['{statusCode: 200}', '200'],
  ["{'statusCode': 200}", '200'],
  ['{"statusCode": 200 ,, }', '200'],
  ['{"statusCode": 200} trailing', '200'],
  ['{"statusCode": 0}', '0'],
  ['{"statusCode": -1000}', '-1000'],
  ['{"statusCode": "200"}', undefined],
  ['{"status": 200}', undefined],
  ['[200]', undefined],
  ['200', undefined],
  ['', undefined],
  ['{"statusCode: 200}', undefined],
  ['{"statusCode": 200', undefined],
];

/** §3.9.4: templates, selection, and what comes of each PassthroughBehavior: WHEN_NO_MATCH, WHEN_NO_TEMPLATES, NEVER. */
const A = '{"x": "a", "t": "a"}';
const DECISIONS: readonly (readonly [
  templates: Readonly<Record<string, string>>,
  selection: string | undefined,
  bodies: readonly (string | undefined)[],
])[] = [
  [{}, 'a', [A, A, undefined]],
  [{}, undefined, [A, A, undefined]],
  [{ a: 'template a' }, '${request.body.t}', ['template a', 'template a', 'template a']],
  [{ a: 'template a' }, 'b', [A, undefined, undefined]],
  [{ a: 'template a', $default: 'default' }, 'b', ['default', 'default', 'default']],
  [{ $default: 'default' }, '\\$default', ['default', 'default', 'default']],
  [{ 'application/json': 'json' }, undefined, ['json', 'json', 'json']],
  [{ 'free text, any': 'template a' }, 'free text, any', ['template a', 'template a', 'template a']],
];
const BEHAVIORS = ['WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER'] as const;

/** §3.8: source → the header that comes of it, undefined for none, of a message. */
const SOURCED: readonly (readonly [cites: string, source: string, header: string | undefined])[] = [
  ['3.8.1', 'route.request.body.text', 'hi'],
  ['3.8.1', 'route.request.body.o.k[1]', '2'],
  ['3.8.1', 'stageVariables.v', 'variable'],
  ['3.8.1', 'context.routeKey', 'a'],
  ['3.8.1', "'static'", 'static'],
  ['3.8.1', 'method.request.body.text', 'hi'],
  ['3.8.2', 'route.request.body.missing', undefined],
  ['3.8.2', 'stageVariables.none', undefined],
  ['3.8.2', 'context.authorizer.none', undefined],
  ['3.8.5', 'route.request.body.o', '{"k":[1,2]}'],
  ['3.8.5', 'route.request.body.o.k', '[1,2]'],
  ['3.8.5', 'route.request.body.n', '1'],
  ['3.8.5', 'route.request.body.yes', 'true'],
  ['3.8.5', 'route.request.body.none', undefined],
  ['3.8.7', 'route.request.body.Text', undefined],
];
const TEXT = '{"x":"a","text":"hi","o":{"k":[1,2]},"n":1,"yes":true,"none":null}';

/** Of connect requests with `?q=1&q=2&s=a%20b` and `X-Many: a` and `X-Many: b`. */
const CONNECT_SOURCED: readonly (readonly [cites: string, source: string, header: string | undefined])[] = [
  ['3.8.1', 'route.request.querystring.s', 'a b'],
  ['3.8.1', 'route.request.header.X-One', '1'],
  ['3.8.3', 'route.request.querystring.q', '2'],
  ['3.8.3', 'route.request.multivaluequerystring.q', '1,2'],
  ['3.8.3', 'route.request.multivalueheader.X-One', '1'],
  ['3.8.7', 'route.request.header.x-one', '1'],
  ['3.8.2', 'route.request.querystring.none', undefined],
  ['3.8.2', 'route.request.header.None', undefined],
];

const mapped = (
  RequestParameters: Readonly<Record<string, string>>,
  more: Integration = {},
): Integration => ({
  ...http('HTTP'),
  RequestParameters,
  ...more,
});
const HEADER = 'integration.request.header.';
const QUERY = 'integration.request.querystring.';
const PATH = 'integration.request.path.';

const EVENT =
  '$context.eventType,$input.body,$input.params("q"),$context.messageId,$context.disconnectStatusCode';
const DYNAMODB: Integration = {
  IntegrationType: 'AWS',
  IntegrationUri: `arn:aws:apigateway:${REGION}:dynamodb:action/PutItem`,
  IntegrationMethod: 'POST',
  CredentialsArn: `arn:aws:iam::${ACCOUNT}:role/api`,
  TemplateSelectionExpression: '\\$default',
  RequestTemplates: { $default: '{"TableName": "t", "Item": $input.json(\'$.item\')}' },
  PassthroughBehavior: 'NEVER',
};

export const integrationRows: readonly SocketRow[] = [
  {
    name: 'proxy types look at no template and no passthrough behaviour',
    statements: ['§3.1.1'],
    routes: {
      a: {
        integration: {
          ...http('HTTP_PROXY'),
          RequestTemplates: { $default: 'no' },
          PassthroughBehavior: 'NEVER',
        },
      },
      b: { integration: { ...PROXY.integration, PassthroughBehavior: 'NEVER' } as Integration },
    },
    answer: says({ body: 'function' }),
    messages: [
      ['{"x": "a"}', 'ok'],
      ['{"x": "b"}', 'function'],
    ],
    also: (seen) => assert.deepEqual(asked(seen), [['POST /', '{"x": "a"}']]),
  },
  {
    name: 'a function that takes longer than the integration may',
    statements: ['§3.1.2', '§4.5.2 timeout'],
    routes: {
      a: { integration: { ...PROXY.integration, ...QUICK } as Integration },
      b: oneWay({ ...PROXY.integration, ...QUICK } as Integration),
      c: { integration: { ...CUSTOM, ...QUICK } },
    },
    answer: 'silent',
    messages: ['a', 'b', 'c'].map((key) => [`{"x": "${key}"}`, LATE] as const),
  },
  {
    name: 'a backend that takes longer than the integration may',
    statements: ['§3.1.2'],
    routes: {
      a: { integration: { ...http('HTTP'), ...QUICK } },
      b: oneWay({ ...http('HTTP_PROXY'), ...QUICK }),
    },
    reply: 'silent',
    messages: ['a', 'b'].map((key) => [`{"x": "${key}"}`, LATE] as const),
  },
  {
    name: 'an unknown stage variable in the address',
    statements: ['§3.1.5'],
    routes: {
      a: { integration: { ...http('HTTP'), IntegrationUri: `${BACKEND}\${stageVariables.none}` } },
      b: {
        integration: {
          ...PROXY.integration,
          IntegrationUri: FUNCTION.replace('hello', '${stageVariables.none}'),
        } as Integration,
      },
    },
    messages: ['a', 'b'].map((key) => [`{"x": "${key}"}`, FAILED] as const),
    also: ({ backend, invocations }) =>
      assert.deepEqual([backend.requests.length, invocations.length], [0, 0]),
  },
  {
    name: 'a known stage variable in the address',
    statements: ['§3.1.5'],
    variables: { p: 'there' },
    routes: {
      a: { integration: { ...http('HTTP_PROXY'), IntegrationUri: `${BACKEND}\${stageVariables.p}?v=1` } },
    },
    messages: [['{"x": "a"}', 'ok']],
    also: (seen) => assert.deepEqual(asked(seen), [['POST /there?v=1', '{"x": "a"}']]),
  },
  {
    name: 'what fails is not tried again',
    statements: ['§3.1.6', '§3.5.6'],
    routes: { a: { integration: http('HTTP') }, b: oneWay(http('HTTP_PROXY')) },
    reply: 'end',
    messages: [
      ['{"x": "a"}', FAILED],
      ['{"x": "b"}', FAILED],
    ],
    also: ({ backend }) => assert.equal(backend.requests.length, 2),
  },
  {
    name: 'redirects are not followed',
    statements: ['§3.5.6'],
    routes: { a: { integration: http('HTTP_PROXY') } },
    reply: 'HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 4\r\n\r\nmove',
    messages: [['{"x": "a"}', 'move']],
    also: ({ backend }) => assert.equal(backend.requests.length, 1),
  },
  {
    name: 'a backend without a valid certificate',
    statements: ['§3.5.6', '§3.5.7'],
    routes: {
      a: { integration: { ...http('HTTP_PROXY'), IntegrationUri: BACKEND.replace('http:', 'https:') } },
    },
    messages: [['{"x": "a"}', FAILED]],
    also: ({ backend }) => assert.equal(backend.requests.length, 0),
  },
  {
    name: 'which data there is in each kind of event',
    statements: [
      ...['body', 'client headers', 'messageId', 'disconnect', 'eventType'].map((row) => `§3.2 ${row}`),
      ...['§3.5.1', '§3.5.2 body', '§3.5.2 on messages'],
    ],
    query: '?q=1',
    routes: Object.fromEntries(
      ['$connect', 'a', '$disconnect'].map((key) => [
        key,
        {
          integration: { ...http('HTTP', 'ANY'), RequestTemplates: { 'application/json': EVENT } },
          answers: key === 'a',
        },
      ]),
    ),
    messages: [['{"x":"a"}', 'ok']],
    ends: true,
    also: (seen) =>
      assert.deepEqual(
        asked(seen).map(([line, body]) => [line, body!.replace(/[\w-]{15}=/, 'ID')]),
        [
          ['POST /', 'CONNECT,{},1,,'],
          ['POST /', 'MESSAGE,{"x":"a"},,ID,'],
          ['POST /', 'DISCONNECT,{},,,4000'],
        ],
      ),
  },
  {
    name: 'events of a proxy function: every field',
    statements: [
      ...['§3.3.1', '§3.3.3', '§3.3.4', '§3.3.7'],
      ...[
        'headers',
        'query',
        'stageVariables',
        'body',
        'isBase64Encoded',
        'routeKey',
        'messageId',
        'eventType',
      ].map((field) => `§3.3.5 ${field}`),
      ...[
        'messageDirection',
        'sourceIp',
        'userAgent',
        'disconnectStatusCode',
        'disconnectReason',
        'others',
      ].map((field) => `§3.3.5 ${field}`),
    ],
    variables: { v: 'w' },
    query: '?token=t%201&token=t2',
    headers: { 'User-Agent': 'Mozilla/5.0', 'X-Own': 'a' },
    routes: {
      $connect: { ...PROXY, answers: false },
      a: {
        integration: {
          ...PROXY.integration,
          IntegrationUri: FUNCTION.replace('hello', 'hello:prod'),
        } as Integration,
      },
      $disconnect: { ...PROXY, answers: false },
    },
    answer: says({ statusCode: 200, body: 'b' }),
    messages: [['{"x":"a","text":"ü"}', 'b']],
    ends: true,
    also({ invocations }) {
      assert.deepEqual(
        invocations.map(({ type, qualifier }) => [type, qualifier]),
        [
          ['RequestResponse', undefined],
          ['RequestResponse', 'prod'],
          ['RequestResponse', undefined],
        ],
      );
      const events = invocations.map(({ event }) => JSON.parse(normal(event)));
      const context = {
        ...{ extendedRequestId: 'ID', requestTime: 'TIME', messageDirection: 'IN', stage: 'prod' },
        ...{ connectedAt: 0, requestTimeEpoch: 0, requestId: 'ID', domainName: 'DOMAIN' },
        ...{
          connectionId: 'ID',
          apiId: 'API',
          identity: { userAgent: 'Mozilla/5.0', sourceIp: '127.0.0.1' },
        },
      };
      const rest = { stageVariables: { v: 'w' }, isBase64Encoded: false };
      const [connect, ...others] = events;
      const { headers, multiValueHeaders, ...withoutHeaders } = connect;
      assert.deepEqual(withoutHeaders, {
        queryStringParameters: { token: 't2' },
        multiValueQueryStringParameters: { token: ['t 1', 't2'] },
        requestContext: { ...context, routeKey: '$connect', eventType: 'CONNECT' },
        ...rest,
      });
      assert.deepEqual(Object.keys(headers), [
        ...['Host', 'Sec-WebSocket-Extensions', 'Sec-WebSocket-Key', 'Sec-WebSocket-Version', 'User-Agent'],
        ...['X-Amzn-Trace-Id', 'X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto', 'X-Own'],
      ]);
      for (const [name, value] of Object.entries(headers)) assert.deepEqual(multiValueHeaders[name], [value]);
      const four = { Host: 'DOMAIN', 'x-api-key': '', 'X-Forwarded-For': '', 'x-restapi': '' };
      assert.deepEqual(others, [
        {
          requestContext: { ...context, routeKey: 'a', messageId: 'ID', eventType: 'MESSAGE' },
          body: '{"x":"a","text":"ü"}',
          ...rest,
        },
        {
          headers: four,
          multiValueHeaders: Object.fromEntries(Object.entries(four).map(([name, value]) => [name, [value]])),
          requestContext: {
            ...{ ...context, routeKey: '$disconnect', eventType: 'DISCONNECT' },
            ...{ disconnectStatusCode: 4000, disconnectReason: 'enough' },
          },
          ...rest,
        },
      ]);
    },
  },
  ...MALFORMED.map((answer) => ({
    name: `malformed: ${JSON.stringify(answer)}`,
    statements: ['§3.3.6', '§4.5.2 function error, malformed result'],
    answer,
    routes: { a: PROXY, b: { ...PROXY, answers: false } },
    messages: ['a', 'b'].map((key) => [`{"x": "${key}"}`, FAILED] as const),
  })),
  ...WELL_FORMED.map(([answer, body]) => ({
    name: `a response: ${JSON.stringify(answer)}: ${JSON.stringify(body)}`,
    statements: ['§3.3.6', '§3.3.7', '§4.2.1'],
    answer: says(answer),
    routes: { a: PROXY, b: { ...PROXY, answers: false } },
    messages: [
      ['{"x": "a"}', body],
      ['{"x": "b"}', null],
    ] as const,
  })),
  ...(
    [
      ['3.3.8', threw],
      ['3.3.9', { status: 429, errorType: 'TooManyRequestsException' }],
      ['4.5.2 not invocable', { status: 403, errorType: 'AccessDeniedException' }],
      ['4.5.2 not invocable', { status: 404, errorType: 'ResourceNotFoundException' }],
    ] as const
  ).map(([cites, answer]) => ({
    name: `a function that fails: ${JSON.stringify(answer)}`,
    statements: [`§${cites}`, '§4.5.2 function error, malformed result'],
    answer,
    routes: { a: PROXY, b: { ...PROXY, answers: false } },
    messages: ['a', 'b'].map((key) => [`{"x": "${key}"}`, FAILED] as const),
  })),
  {
    name: 'what is no JSON, or has more than 512 values in one another, is no event for type AWS',
    statements: ['§3.4.2'],
    routes: Object.fromEntries(
      ['{"text":', nested(514), nested(513)].map((text, i) => [
        'abc'[i]!,
        { integration: { ...CUSTOM, RequestTemplates: { $default: text } } },
      ]),
    ),
    answer: says('called'),
    messages: [
      ['{"x": "a"}', FAILED],
      ['{"x": "b"}', FAILED],
      ['{"x": "c"}', '"called"'],
    ],
    also: ({ invocations }) => assert.equal(invocations.length, 1),
  },
  {
    name: 'type AWS calls a function with the template’s text, or the message itself, and nothing else',
    statements: ['§3.4.1', '§3.4.2'],
    routes: {
      a: { integration: { ...CUSTOM, RequestTemplates: { $default: '{"text": $input.json("$.y")}' } } },
      b: { integration: CUSTOM },
    },
    answer: says({ statusCode: 500, body: 'b' }),
    messages: [
      ['{"x": "a", "y": [1]}', '{"statusCode":500,"body":"b"}'],
      ['{"x": "b"}', '{"statusCode":500,"body":"b"}'],
    ],
    also: ({ invocations }) =>
      assert.deepEqual(
        invocations.map(({ event, type }) => [event, type]),
        [
          ['{"text": [1]}', 'RequestResponse'],
          ['{"x": "b"}', 'RequestResponse'],
        ],
      ),
  },
  {
    name: 'a function that is not asked to answer',
    statements: ['§3.4.4'],
    routes: {
      a: { integration: { ...CUSTOM, RequestParameters: { [`${HEADER}X-Amz-Invocation-Type`]: "'Event'" } } },
    },
    answer: { status: 202 },
    messages: [['{"x": "a"}', '']],
    also: ({ invocations }) =>
      assert.deepEqual(
        invocations.map(({ type }) => type),
        ['Event'],
      ),
  },
  ...(
    [
      [200, '{}', '{"success": true}'],
      [
        400,
        '{"Message":"NUMBER_VALUE cannot be converted to String"}',
        '{"error": "Bad request", "message": "NUMBER_VALUE cannot be converted to String"}',
      ],
    ] as const
  ).map(([status, body, comes]) => ({
    name: `DynamoDB PutItem that answers ${status}`,
    statements: ['§3.4.1', '§3.4.3', '§3.4.5', '§4.3.2', '§4.4.1'],
    routes: {
      a: {
        integration: DYNAMODB,
        responses: [
          { ResponseTemplates: { 'application/json': '{"success": true}' } },
          {
            IntegrationResponseKey: '/4\\d\\d/',
            ResponseTemplates: {
              'application/json': '{"error": "Bad request", "message": $input.json(\'$.Message\')}',
            },
          },
        ],
      },
    },
    serviceReply: { status, body },
    messages: [['{"x": "a", "item": {"id": {"S": "1"}}}', comes]] as const,
    also: ({ service: { requests } }: Seen) =>
      assert.deepEqual(
        requests.map(({ operation, input, scope, headers }) => [
          operation,
          input,
          scope,
          headers['content-type'],
        ]),
        [
          [
            'PutItem',
            { TableName: 't', Item: { id: { S: '1' } } },
            `${REGION}/dynamodb`,
            'application/x-amz-json-1.0',
          ],
        ],
      ),
  })),
  ...(
    [
      [{}, 'application/json', '{"SendMessageResponse":{}}'],
      [{ [`${HEADER}Accept`]: "'text/xml'" }, 'text/xml', '<SendMessageResponse/>'],
      [{ [`${HEADER}accept`]: 'route.request.body.as' }, 'text/plain', 'text'],
    ] as const
  ).map(([parameters, accept, body]) => ({
    name: `AWS services are asked for ${accept}`,
    statements: ['§3.4.3'],
    routes: {
      a: {
        integration: {
          IntegrationType: 'AWS' as const,
          IntegrationUri: `arn:aws:apigateway:${REGION}:sqs:path/${ACCOUNT}/queue`,
          IntegrationMethod: 'POST',
          CredentialsArn: `arn:aws:iam::${ACCOUNT}:role/api`,
          RequestParameters: {
            [`${HEADER}Content-Type`]: "'application/x-www-form-urlencoded'",
            ...parameters,
          },
        },
      },
      b: { integration: DYNAMODB },
    },
    serviceReply: { body },
    messages: [
      ['{"x": "a", "as": "text/plain"}', body],
      ['{"x": "b", "item": {}}', body],
    ] as const,
    also: ({ service: { requests } }: Seen) =>
      assert.deepEqual(
        requests.map(({ headers }) => headers.accept),
        [accept, 'application/json'],
      ),
  })),
  {
    name: 'bare function ARNs, with a qualifier and of a stage variable',
    statements: ['§3.3.1', '§3.4.1', '§3.1.5'],
    variables: { fn: 'hello', uri: `${ARN}:blue` },
    routes: Object.fromEntries(
      [
        ARN,
        `${ARN}:live`,
        `${ARN.replace('hello', '${stageVariables.fn}')}:two`,
        '${stageVariables.uri}',
      ].flatMap((IntegrationUri, i) =>
        (['AWS_PROXY', 'AWS'] as const).map((IntegrationType) => [
          `${IntegrationType}${i}`,
          { integration: { IntegrationType, IntegrationUri, IntegrationMethod: 'POST' } },
        ]),
      ),
    ),
    answer: says({ body: 'b' }),
    messages: [0, 1, 2, 3].flatMap(
      (i) =>
        [
          [`{"x": "AWS_PROXY${i}"}`, 'b'],
          [`{"x": "AWS${i}"}`, '{"body":"b"}'],
        ] as const,
    ),
    also: ({ invocations }) =>
      assert.deepEqual(
        invocations.map(({ qualifier }) => qualifier),
        [undefined, undefined, 'live', 'live', 'two', 'two', 'blue', 'blue'],
      ),
  },
  {
    name: 'a route whose integration cannot run refuses alone',
    statements: ['§3.1.5'],
    variables: { service: 'nothing' },
    routes: {
      host: {
        integration: { ...mapped({}), IntegrationUri: 'http://${stageVariables.gone}/' } as Integration,
      },
      service: { integration: { ...DYNAMODB, IntegrationUri: '${stageVariables.service}' } },
      function: {
        integration: { ...PROXY.integration, IntegrationUri: '${stageVariables.service}' } as Integration,
      },
      fine: { integration: mapped({ [`${HEADER}a`]: 'route.request.body.a' }) },
    },
    messages: [
      ['{"x": "host"}', FAILED],
      ['{"x": "service"}', FAILED],
      ['{"x": "function"}', FAILED],
      ['{"x": "fine"}', 'ok'],
    ],
    also: ({ backend, service, invocations }) =>
      assert.deepEqual([backend.requests.length, service.requests.length, invocations.length], [1, 0, 0]),
  },
  {
    name: 'headers of $connect in templates: sorted by their bytes, and none of the upgrade’s',
    statements: ['§3.3.5 headers', '§5.6.8', '§5.7.1'],
    headers: { zebra: 'z', Origin: 'https://example.com', alpha: 'a', Cookie: 'c=1', 'User-Agent': 'agent' },
    routes: {
      $connect: {
        integration: {
          ...http('HTTP'),
          RequestTemplates: {
            'application/json': [
              '$input.params().header.keySet()',
              '#foreach($name in $input.params().get("header").keySet())$name #end',
              '$input.params()',
            ].join('|'),
          },
        },
        answers: false,
      },
    },
    messages: [['{"x": "fence"}', 'fence']],
    also({ backend }) {
      const names = [
        ...['Cookie', 'Host', 'Origin', 'Sec-WebSocket-Extensions', 'Sec-WebSocket-Key'],
        ...['Sec-WebSocket-Version', 'User-Agent', 'X-Amzn-Trace-Id', 'X-Forwarded-For', 'X-Forwarded-Port'],
        ...['X-Forwarded-Proto', 'alpha', 'zebra'],
      ];
      const [keys, each, all] = backend.requests[0]!.body.split('|');
      assert.deepEqual([keys, each], [`[${names.join(', ')}]`, `${names.join(' ')} `]);
      assert.match(
        all!,
        /^\{path=\{\}, querystring=\{\}, header=\{Cookie=c=1, Host=.*, alpha=a, zebra=z\}\}$/,
      );
    },
  },
  {
    name: 'SQS by its query protocol: form encoding, mapped by the author',
    statements: ['§3.4.1', '§3.4.3'],
    routes: {
      a: {
        integration: {
          IntegrationType: 'AWS',
          IntegrationUri: `arn:aws:apigateway:${REGION}:sqs:path/${ACCOUNT}/queue`,
          IntegrationMethod: 'POST',
          CredentialsArn: `arn:aws:iam::${ACCOUNT}:role/api`,
          RequestParameters: { [`${HEADER}Content-Type`]: "'application/x-www-form-urlencoded'" },
          RequestTemplates: { $default: 'Action=SendMessage&MessageBody=$util.urlEncode($input.body)' },
        },
      },
    },
    serviceReply: { body: '<ok/>' },
    messages: [['{"x": "a"}', '<ok/>']],
    also: ({ service: { requests } }) =>
      assert.deepEqual(
        requests.map(({ operation, input, scope, headers }) => [
          operation,
          input,
          scope,
          headers['content-type'],
        ]),
        [
          [
            'SendMessage',
            { MessageBody: '{"x": "a"}' },
            `${REGION}/sqs`,
            'application/x-www-form-urlencoded',
          ],
        ],
      ),
  },
  {
    name: 'HTTP_PROXY on $connect: client headers and query go along, hop-by-hop ones do not',
    statements: [
      ...['body', 'client headers', 'query', 'gateway', 'mapped'].map((row) => `§3.5.2 ${row}`),
      ...['§3.5.4', '§3.5.5', '§3.8.9'],
    ],
    query: '?b=2&c=%20',
    headers: { 'X-Own': 'a', 'User-Agent': 'Mozilla/5.0', TE: 'trailers', 'HTTP2-Settings': 'AAMAAABk' },
    routes: {
      $connect: {
        integration: {
          ...http('HTTP_PROXY', 'GET'),
          IntegrationUri: `${BACKEND}gate?a=1`,
          RequestParameters: {
            [`${HEADER}Sec-WebSocket-Version`]: "'0'",
            [`${HEADER}connectionId`]: 'context.connectionId',
          },
        },
        answers: false,
      },
    },
    messages: [['{"x": "fence"}', 'fence']],
    also({ backend }) {
      const [{ startLine, headers, body }] = backend.requests as [Seen['backend']['requests'][number]];
      const named = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
      assert.deepEqual([startLine, body], ['GET /gate?a=1&b=2&c=%20 HTTP/1.1', '']);
      assert.deepEqual([named['sec-websocket-version'], named['x-own']], ['0', 'a']);
      assert.match(named['user-agent']!, /^AmazonAPIGateway_[a-z0-9]{10}$/);
      assert.equal(named['x-amzn-apigateway-api-id'], named['user-agent']!.slice('AmazonAPIGateway_'.length));
      assert.match(named.connectionid!, /^[\w-]{15}=$/);
      assert.match(named['x-amzn-trace-id']!, /^Root=1-/);
      assert.deepEqual(
        [
          'sec-websocket-key',
          'sec-websocket-extensions',
          'x-forwarded-for',
          'x-forwarded-proto',
          'x-forwarded-port',
        ].filter((name) => named[name] === undefined),
        [],
      );
      assert.deepEqual([named.upgrade, named.accept, named.te], [undefined, undefined, undefined]);
      assert.equal(named['http2-settings'], undefined);
      assert.notEqual(named.connection?.toLowerCase(), 'upgrade');
    },
  },
  {
    name: 'HTTP on $connect: nothing of the client goes along by itself',
    statements: ['§3.5.2 client headers', '§3.5.2 query', '§3.5.2 gateway', '§3.5.4'],
    query: '?b=2',
    headers: { 'X-Own': 'a' },
    routes: { $connect: { integration: http('HTTP', 'PUT'), answers: false } },
    messages: [['{"x": "fence"}', 'fence']],
    also(seen) {
      assert.deepEqual(asked(seen, 'X-Own', 'Accept', 'connectionId'), [
        ['PUT /', '', 'application/json', '', ''],
      ]);
      const names = seen.backend.requests[0]!.headers.map(([name]) => name.toLowerCase());
      assert.deepEqual(
        names.filter((name) => name.startsWith('sec-') || name.startsWith('x-forwarded')),
        [],
      );
    },
  },
  {
    name: 'messages for HTTP backends are JSON by their content type',
    statements: ['§3.5.3', '§3.5.2 on messages'],
    routes: { a: { integration: http('HTTP') }, b: { integration: http('HTTP_PROXY', 'PATCH') } },
    messages: [
      ['{"x": "a"}', 'ok'],
      ['{"x": "b"}', 'ok'],
    ],
    also: (seen) =>
      assert.deepEqual(asked(seen, 'Content-Type'), [
        ['POST /', 'application/json', '{"x": "a"}'],
        ['PATCH /', 'application/json', '{"x": "b"}'],
      ]),
  },
  ...MOCKED.map(([template, status]) => ({
    name: `MOCK ${JSON.stringify(template)}: ${status ?? 'no status'}`,
    statements: ['§3.6.1', '§3.6.2', '§3.6.3'],
    routes: {
      a: {
        integration: { ...MOCK, RequestTemplates: { $default: template } },
        responses: [
          {
            IntegrationResponseKey: `/${status ?? 'none'}/`,
            ResponseTemplates: { $default: `${status} $input.body` },
          },
          { ResponseTemplates: { $default: 'default' } },
        ],
      },
    },
    messages: [['{"x": "a"}', status === undefined ? FAILED : `${status} {}`]] as const,
  })),
  {
    name: 'MOCK reads the message itself where nothing makes another',
    statements: ['§3.6.1'],
    routes: {
      a: { integration: { IntegrationType: 'MOCK' }, responses: [{ ResponseTemplates: { $default: 'ok' } }] },
    },
    messages: [
      ['{"x": "a", "statusCode": 200}', 'ok'],
      ['{"x": "a"}', FAILED],
    ],
  },
  {
    name: 'MOCK hands values over by overrides',
    statements: ['§3.6.3'],
    routes: {
      a: {
        integration: {
          ...MOCK,
          RequestTemplates: {
            $default:
              '#set($context.requestOverride.header.a = "1")#set($context.responseOverride.header.b = $input.path("$.y")){"statusCode": 200}',
          },
        },
        responses: [
          {
            ResponseTemplates: {
              $default: '$context.requestOverride.header.a$context.responseOverride.header.b',
            },
          },
        ],
      },
    },
    messages: [['{"x": "a", "y": "two"}', '1two']],
  },
  {
    name: 'the least that answers',
    statements: ['§3.6.4'],
    routes: {
      a: {
        integration: {
          IntegrationType: 'MOCK',
          RequestTemplates: { 200: '{"statusCode":200}' },
          TemplateSelectionExpression: '200',
        },
        responses: [{ ResponseTemplates: { $default: 'pong' } }],
      },
    },
    messages: [['{"x": "a"}', 'pong']],
  },
  ...SOURCED.map(([cites, source, header]) => ({
    name: `${source}: ${header ?? 'nothing'} (§${cites})`,
    statements: [`§${cites}`],
    variables: { v: 'variable' },
    routes: { a: { integration: mapped({ [`${HEADER}X-Mapped`]: source }) } },
    messages: [[TEXT, 'ok']] as const,
    also: ({ backend }: Seen) =>
      assert.deepEqual(
        backend.requests[0]!.headers.filter(([name]) => name === 'X-Mapped').map(([, value]) => value),
        header === undefined ? [] : [header],
      ),
  })),
  ...CONNECT_SOURCED.map(([cites, source, header]) => ({
    name: `${source}: ${header ?? 'nothing'} (§${cites})`,
    statements: [`§${cites}`],
    query: '?q=1&q=2&s=a%20b',
    headers: { 'X-One': '1' },
    routes: {
      $connect: { integration: mapped({ [`${HEADER}X-Mapped`]: source }), answers: false },
    },
    messages: [['{"x": "fence"}', 'fence']] as const,
    also: ({ backend }: Seen) =>
      assert.deepEqual(
        backend.requests[0]!.headers.filter(([name]) => name === 'X-Mapped').map(([, value]) => value),
        header === undefined ? [] : [header],
      ),
  })),
  {
    name: 'several values of a query parameter are repeated',
    statements: ['§3.8.3'],
    query: '?q=1&q=2%20',
    routes: {
      $connect: {
        integration: mapped({ [`${QUERY}p`]: 'route.request.multivaluequerystring.q' }),
        answers: false,
      },
    },
    messages: [['{"x": "fence"}', 'fence']],
    also: (seen) => assert.deepEqual(asked(seen), [['POST /?p=1&p=2%20', '']]),
  },
  {
    name: 'static values go as they are; others are encoded in query and path',
    statements: ['§3.8.4', '§3.8.8'],
    routes: {
      a: {
        integration: mapped(
          {
            [`${QUERY}s`]: "'a%20b'",
            [`${QUERY}d`]: 'route.request.body.v',
            [`${PATH}p`]: 'route.request.body.v',
          },
          { IntegrationUri: `${BACKEND}at/{p}?k=1` },
        ),
      },
      b: {
        integration: {
          ...mapped({ [`${QUERY}d`]: 'route.request.body.v' }),
          IntegrationType: 'HTTP_PROXY',
        },
      },
    },
    messages: [
      ['{"x": "a", "v": "a b/&ü"}', 'ok'],
      ['{"x": "b", "v": "1"}', 'ok'],
    ],
    also: (seen) =>
      assert.deepEqual(
        asked(seen).map(([line]) => line),
        ['POST /at/a%20b%2F%26%C3%BC?k=1&s=a%20b&d=a%20b%2F%26%C3%BC', 'POST /?d=1'],
      ),
  },
  {
    name: 'a body that begins as JSON and is none fails; other text has no members',
    statements: ['§3.8.5', '§4.5.2 malformed JSON body'],
    routes: { $default: { integration: mapped({ [`${HEADER}X-Mapped`]: 'route.request.body.v' }) } },
    messages: [
      ['{"v": ', frame('Invalid JSON in request body')],
      ['[1', frame('Invalid JSON in request body')],
      ['"a', frame('Invalid JSON in request body')],
      ['plain', 'ok'],
    ],
    also: (seen) => assert.deepEqual(asked(seen, 'X-Mapped'), [['POST /', '', 'plain']]),
  },
  ...['content-length', 'Transfer-Encoding'].map((name) => ({
    name: `the header ${name} cannot be mapped`,
    statements: ['§3.8.6'],
    routes: { a: { integration: mapped({ [`${HEADER}${name}`]: "'1'" }) } },
    messages: [['{"x": "a"}', FAILED]] as const,
    also: ({ backend }: Seen) => assert.equal(backend.requests.length, 0),
  })),
  ...['Authorization', 'Connection', 'Expect', 'Proxy-Authenticate', 'TE'].map((name) => ({
    name: `the header ${name} cannot be mapped for AWS services`,
    statements: ['§3.8.6'],
    routes: { a: { integration: { ...DYNAMODB, RequestParameters: { [`${HEADER}${name}`]: "'1'" } } } },
    messages: [['{"x": "a", "item": {}}', FAILED]] as const,
    also: ({ service }: Seen) => assert.equal(service.requests.length, 0),
  })),
  {
    name: 'AWS_PROXY and MOCK map no parameters',
    statements: ['§3.8.8'],
    routes: {
      a: {
        integration: {
          ...PROXY.integration,
          RequestParameters: { [`${HEADER}X-A`]: 'route.request.body.v' },
        } as Integration,
      },
      b: {
        ...NAMED,
        integration: { ...MOCK, RequestParameters: { [`${HEADER}X-A`]: 'route.request.body.v' } },
      },
      $default: {
        ...NAMED,
        integration: { ...MOCK, RequestParameters: { [`${HEADER}X-A`]: 'route.request.body.v' } },
      },
    },
    answer: says({ body: 'b' }),
    messages: [
      ['{"x": "a", "v": "1"}', 'b'],
      ['{"x": "b", "v": "1"}', 'b'],
      ['{"v": ', '$default'],
    ],
    also: ({ invocations }) => assert.equal(JSON.parse(invocations[0]!.event).headers, undefined),
  },
  {
    name: 'order: the gateway’s headers, parameters, overrides; the last wins',
    statements: ['§3.8.9'],
    routes: {
      a: {
        integration: mapped(
          {
            [`${HEADER}User-Agent`]: "'mapped'",
            [`${HEADER}Accept`]: "'mapped'",
            [`${HEADER}X-A`]: "'mapped'",
          },
          {
            RequestTemplates: {
              $default:
                '#set($context.requestOverride.header.Accept = "override")#set($context.requestOverride.header.X-A = "override")b',
            },
          },
        ),
      },
    },
    messages: [['{"x": "a"}', 'ok']],
    also: (seen) =>
      assert.deepEqual(asked(seen, 'User-Agent', 'Accept', 'X-A'), [
        ['POST /', 'mapped', 'override', 'override', 'b'],
      ]),
  },
  ...DECISIONS.flatMap(([RequestTemplates, selection, bodies]) =>
    BEHAVIORS.map((PassthroughBehavior, i) => ({
      name: `${JSON.stringify(RequestTemplates)}, ${selection}, ${PassthroughBehavior}: ${bodies[i] ?? '415'}`,
      statements: [
        ...['§3.9.1', '§3.9.3', `§3.9.4 ${PassthroughBehavior}`],
        ...(bodies[i] === undefined ? ['§3.9.2', '§4.5.2 passthrough refused'] : []),
      ],
      routes: {
        a: {
          integration: {
            ...http('HTTP'),
            ...{ RequestTemplates, PassthroughBehavior },
            ...(selection === undefined ? {} : { TemplateSelectionExpression: selection }),
          },
        },
      },
      messages: [[A, bodies[i] === undefined ? REFUSED : 'ok']] as const,
      also: (seen: Seen) =>
        assert.deepEqual(asked(seen), bodies[i] === undefined ? [] : [['POST /', bodies[i]]]),
    })),
  ),
  ...['#if(', '$util.base64Decode("***")$util.parseJson("{")', '#foreach($i in [1..9000000])x#end'].map(
    (template) => ({
      name: `a template that fails: ${template}`,
      statements: ['§3.9.5', '§4.5.2 template failure'],
      routes: { a: { integration: { ...http('HTTP'), RequestTemplates: { $default: template } } } },
      messages: [['{"x": "a"}', FAILED]] as const,
      also: ({ backend }: Seen) => assert.equal(backend.requests.length, 0),
    }),
  ),
  ...(
    [
      ['CONVERT_TO_BINARY', 'aGk=', 'hi', {}],
      ['CONVERT_TO_BINARY', 'no base64!', undefined, {}],
      ['CONVERT_TO_BINARY', 'x', 'hi', { $default: 'aGk=' }],
      ['CONVERT_TO_TEXT', 'aGk=', 'aGk=', {}],
      [undefined, 'aGk=', 'aGk=', {}],
    ] as const
  ).map(([strategy, message, body, RequestTemplates]) => ({
    name: `${strategy} of ${message}: ${body ?? 'fails'}`,
    statements: [`§3.10 ${strategy ?? 'absent'}`],
    routes: {
      $default: {
        integration: {
          ...http('HTTP'),
          RequestTemplates,
          ...(strategy === undefined ? {} : { ContentHandlingStrategy: strategy }),
        },
      },
    },
    messages: [[message, body === undefined ? FAILED : 'ok']] as const,
    also: (seen: Seen) => assert.deepEqual(asked(seen), body === undefined ? [] : [['POST /', body]]),
  })),
];

/** An event with what changes from run to run in fixed words. */
function normal(event: string): string {
  return event
    .replace(/"(connectedAt|requestTimeEpoch)":\d+/g, '"$1":0')
    .replace(/"[\w-]{15}="/g, '"ID"')
    .replace(/"\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000"/g, '"TIME"')
    .replace(/"[a-z0-9]{10}\.execute-api[^"]*"/g, '"DOMAIN"')
    .replace(/"apiId":"[a-z0-9]{10}"/g, '"apiId":"API"');
}
