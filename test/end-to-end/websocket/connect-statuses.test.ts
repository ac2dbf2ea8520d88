// What becomes of a connect request by the answer of the `$connect` integration, for every type of integration, over the whole
// wire: status, body and subprotocol (spec/websocket-api.md §1.7, §1.8.3, §1.9, §1.10 rows o to s).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateIntegrationResponseCommand,
  type CreateIntegrationResponseCommandInput,
  GetRoutesCommand,
  UpdateRouteCommand,
} from '@aws-sdk/client-apigatewayv2';
import { type AwsService, startAwsService } from '../../support/aws-service.ts';
import type { InvokeAnswer } from '../../support/invoke-server.ts';
import { ACCOUNT, REGION } from '../../support/postern.ts';
import { openRaw, parseReply } from '../../support/raw-client.ts';
import {
  type Answer,
  type RecordingBackend,
  startRecordingBackend,
} from '../../support/recording-backend.ts';
import { handshake } from '../../support/socket-client.ts';
import {
  createWebSocketApi,
  startWebSocketStand,
  type WebSocketStand,
} from '../../support/websocket-stand.ts';

const releases: (() => unknown)[] = [];
let stand: WebSocketStand;
let backend: RecordingBackend;
let service: AwsService;

before(async () => {
  service = await startAwsService();
  process.env.AWS_ENDPOINT_URL_DYNAMODB = service.url;
  backend = await startRecordingBackend();
  stand = await startWebSocketStand({ after: (release) => void releases.push(release as () => unknown) });
});

after(async () => {
  for (const release of releases) await release();
  await backend.close();
  await service.close();
  assert.deepEqual(stand.postern.errors, []);
});

type Integration = Omit<CreateIntegrationCommandInput, 'ApiId'>;
type Response = Omit<CreateIntegrationResponseCommandInput, 'ApiId' | 'IntegrationId'>;

interface Shake {
  readonly status: number;
  /** Status line and header lines. */
  readonly lines: readonly string[];
  readonly body: string;
  /** Id and request id, as the function's event has them. */
  readonly ids: string;
}

/** Sends a connect request to an API whose `$connect` is this; what it answers has been scripted. */
async function connect(integration: Integration, responses: readonly Response[] = []): Promise<Shake> {
  const { client, host, port } = stand.postern;
  const { apiId: ApiId, host: authority } = await createWebSocketApi(stand);
  const { IntegrationId } = await client.send(new CreateIntegrationCommand({ ApiId, ...integration }));
  for (const response of responses) {
    await client.send(new CreateIntegrationResponseCommand({ ApiId, IntegrationId, ...response }));
  }
  const { Items = [] } = await client.send(new GetRoutesCommand({ ApiId }));
  const { RouteId } = Items.find(({ RouteKey }) => RouteKey === '$connect')!;
  const Target = `integrations/${IntegrationId}`;
  await client.send(new UpdateRouteCommand({ ApiId, RouteId, Target }));
  const socket = await openRaw(host, port);
  socket.write(handshake({ path: '/prod', authority, lines: 'Sec-WebSocket-Protocol: chat, other\r\n' }));
  let received = '';
  for await (const data of socket) {
    received += (data as Buffer).toString('latin1');
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) continue;
    const lines = received.slice(0, end).split('\r\n');
    const reply = parseReply(received, false, false);
    const isOpen = lines[0] === 'HTTP/1.1 101 Switching Protocols';
    if (!isOpen && reply === undefined) continue;
    socket.destroy();
    const { body = '' } = isOpen ? {} : reply!;
    const ids = /"connectionId":"([\w-]{15}=)", "requestId":"([\w-]{15}=)"\}$/.exec(body)?.[0] ?? '';
    return { status: Number(lines[0]!.split(' ')[1]), lines, body, ids };
  }
  throw new Error(`no reply, but ${received}`);
}

/** `101`, `101 chat` with its subprotocol, `401` for a refusal without body, `502 text` for one of the gateway's. */
function told({ status, lines, body, ids }: Shake): string {
  const protocol = lines.find((line) => /^sec-websocket-protocol:/i.test(line));
  if (status === 101) {
    assert.ok(protocol === undefined || protocol.startsWith('Sec-WebSocket-Protocol: '));
    return ['101', protocol?.slice('Sec-WebSocket-Protocol: '.length)].join(' ').trimEnd();
  }
  assert.equal(protocol, undefined);
  const text = ids === '' ? body : JSON.parse(`${body.slice(0, body.indexOf(', "connectionId"'))}}`).message;
  assert.equal(ids === '', body === '', body);
  const type = lines.find((line) => line.startsWith('x-amzn-ErrorType: '));
  assert.equal(type === undefined, body === '', 'a type for what the gateway says itself');
  return `${status} ${text}`.trimEnd();
}

const arn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:gate`;
const FUNCTION = `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${arn}/invocations`;
const PROXY: Integration = { IntegrationType: 'AWS_PROXY', IntegrationUri: FUNCTION };
const CUSTOM: Integration = { IntegrationType: 'AWS', IntegrationUri: FUNCTION, IntegrationMethod: 'POST' };
const QUICK = { TimeoutInMillis: 50 };

const says = (payload: unknown): InvokeAnswer => ({ payload: JSON.stringify(payload) });
const throws = (errorMessage: string): InvokeAnswer => ({
  functionError: 'Unhandled',
  payload: JSON.stringify({ errorMessage, errorType: 'Error' }),
});

const PROXY_ROWS: readonly (readonly [cites: string, answer: InvokeAnswer, told: string, Integration?])[] = [
  ...[200, 201, 204, 299].map((statusCode) => ['§1.7.1', says({ statusCode }), '101'] as const),
  ...[301, 302, 400, 401, 403, 404, 410, 418, 429, 500, 501, 503].map(
    (statusCode) => ['§1.7.1', says({ statusCode, body: 'secret' }), `${statusCode}`] as const,
  ),
  ['§1.7.2', throws('Boom'), '502 Internal server error'],
  ['§1.7.2', throws('Unauthorized'), '502 Internal server error'],
  ['§1.7.2', says(null), '502 Internal server error'],
  ['§1.7.2', says('text'), '502 Internal server error'],
  ['§1.7.2', says([200]), '502 Internal server error'],
  ['§1.7.2', says({ statusCode: 'OK' }), '502 Internal server error'],
  ['§1.7.2', says({ statusCode: 200, message: 'x' }), '502 Internal server error'],
  ['§1.7.2', { payload: 'no JSON' }, '502 Internal server error'],
  ['§1.7.3', { status: 403, errorType: 'AccessDeniedException' }, '500 Internal server error'],
  ['§1.7.3', { status: 404, errorType: 'ResourceNotFoundException' }, '500 Internal server error'],
  ['§1.7.3', { status: 400, errorType: 'InvalidSignatureException' }, '500 Internal server error'],
  ['§1.7.3', 'end', '500 Internal server error'],
  ['§1.7.4', 'silent', '504 Endpoint request timed out', QUICK as Integration],
  ['§1.9.2', says({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'other' } }), '101 other'],
  ['§1.9.2', says({ statusCode: 200, headers: { 'sec-websocket-PROTOCOL': 'chat' } }), '101 chat'],
  [
    '§1.9.2',
    says({ statusCode: 200, multiValueHeaders: { 'Sec-WebSocket-Protocol': ['chat'] } }),
    '101 chat',
  ],
  ['§1.9.3', says({ statusCode: 200, headers: { 'X-A': 'chat' } }), '101'],
  ['§1.9.4', says({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'none' } }), '101 none'],
  ['§1.9.4', says({ statusCode: 200, headers: { 'Sec-WebSocket-Protocol': 'a, b' } }), '101 a, b'],
  ['§1.9.2', says({ statusCode: 401, headers: { 'Sec-WebSocket-Protocol': 'chat' } }), '401'],
];

test('AWS_PROXY: the status of the function decides (§1.7.1 to §1.7.4, §1.9)', async (t) => {
  for (const [cites, answer, expected, members] of PROXY_ROWS) {
    await t.test(`${JSON.stringify(answer)}: ${expected} (${cites})`, async () => {
      stand.lambda.script(answer);
      assert.equal(told(await connect({ ...PROXY, ...members })), expected);
      const asked = stand.lambda.invocations.filter(({ functionName }) => functionName.endsWith('gate'));
      assert.equal(asked.length, 1);
    });
  }
});

test('headers and body of the integration do not reach the client (§1.8.3)', async () => {
  stand.lambda.script(
    says({
      statusCode: 200,
      headers: { 'X-A': '1', 'Content-Type': 'text/plain', 'Sec-WebSocket-Extensions': 'x' },
      multiValueHeaders: { 'Set-Cookie': ['a=b', 'c=d'] },
      body: 'secret',
    }),
  );
  const { lines } = await connect(PROXY);
  assert.deepEqual(
    lines.map((line) => line.replace(/^Date: .*/, 'Date')),
    [
      'HTTP/1.1 101 Switching Protocols',
      'Date',
      'Connection: upgrade',
      'upgrade: websocket',
      'sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    ],
  );
});

test('a refusal has nothing of the integration but its status (§1.10.4)', async () => {
  stand.lambda.script(says({ statusCode: 401, headers: { 'X-A': '1', Location: '/x' }, body: 'secret' }));
  const { lines, body } = await connect(PROXY);
  assert.equal(body, '');
  assert.deepEqual(
    lines.map((line) => line.replace(/^(Date|x-amzn-RequestId|x-amz-apigw-id): .*/, '$1')),
    [
      'HTTP/1.1 401 Unauthorized',
      'Content-Type: application/json',
      'Date',
      'x-amzn-RequestId',
      'x-amz-apigw-id',
      'Content-Length: 0',
      'Connection: keep-alive',
    ],
  );
});

const replies = (status: number, lines: readonly string[] = []): Answer =>
  [`HTTP/1.1 ${status} X`, 'Content-Length: 6', ...lines, '', 'secret'].join('\r\n');
const NETWORK = '504 Network error communicating with endpoint';

const HTTP_ROWS: readonly (readonly [answer: Answer, told: string, Partial<Integration>?])[] = [
  [replies(200), '101'],
  [replies(201), '101'],
  [replies(299), '101'],
  [replies(301, ['Location: /elsewhere']), '301'],
  [replies(400), '400'],
  [replies(401, ['WWW-Authenticate: Basic']), '401'],
  [replies(404), '404'],
  [replies(500), '500'],
  [replies(503), '503'],
  ['silent', '504 Endpoint request timed out', QUICK],
  ['reset', NETWORK],
  ['end', NETWORK],
  [{ send: 'no HTTP\r\n\r\n', thenEnd: true }, '500 Internal server error'],
];

function testHttp(name: string, IntegrationType: 'HTTP' | 'HTTP_PROXY'): void {
  const integration = (): Integration => ({
    IntegrationType,
    IntegrationUri: `http://127.0.0.1:${backend.port}/gate`,
    IntegrationMethod: 'POST',
  });
  test(name, async (t) => {
    for (const [answer, expected, members] of HTTP_ROWS) {
      await t.test(`${JSON.stringify(answer)}: ${expected}`, async () => {
        backend.script(answer);
        assert.equal(told(await connect({ ...integration(), ...members })), expected);
      });
    }
    await t.test('nobody listens', async () => {
      const nobody = await startRecordingBackend();
      await nobody.close();
      const IntegrationUri = `http://127.0.0.1:${nobody.port}/`;
      assert.equal(told(await connect({ ...integration(), IntegrationUri })), NETWORK);
    });
    await t.test('no redirect is followed', async () => {
      backend.script(replies(302, [`Location: http://127.0.0.1:${backend.port}/other`]), replies(200));
      assert.equal(told(await connect(integration())), '302');
      assert.equal(backend.requests.length, 1);
    });
    await t.test('the subprotocol of the backend (§1.9.5)', async () => {
      backend.script(replies(200, ['sec-websocket-protocol: chat', 'Set-Cookie: a=b']));
      const expected = IntegrationType === 'HTTP' ? '101' : '101 chat';
      assert.equal(told(await connect(integration())), expected);
    });
  });
}

testHttp('HTTP: the status of the backend decides (§1.7.5)', 'HTTP');
testHttp('HTTP_PROXY: the status of the backend decides (§1.7.5)', 'HTTP_PROXY');

const MOCK = (template: string): Integration => ({
  IntegrationType: 'MOCK',
  RequestTemplates: { 'application/json': template },
});
const DEFAULT: Response = { IntegrationResponseKey: '$default' };
const rendering = (template: string): Response => ({
  ...DEFAULT,
  ResponseTemplates: { 'application/json': template },
});
const FORBIDS = rendering('#set($context.responseOverride.status = 403)');
const ADMITS = rendering('#set($context.responseOverride.status = 204)');
const PROTOCOL = 'route.response.header.Sec-WebSocket-Protocol';

const MOCK_ROWS: readonly (readonly [
  cites: string,
  template: string,
  told: string,
  responses?: readonly Response[],
])[] = [
  ['§1.7.7', '{"statusCode": 200}', '101'],
  ['§1.7.7', '{"statusCode": 299}', '101'],
  ['§1.7.7', '{"statusCode": 401}', '401'],
  ['§1.7.7', '{"statusCode": 302}', '302'],
  ['§1.7.7', "#if($input.params('Host') == '')nothing#else{statusCode: 404}#end", '404'],
  ['§1.7.7', '{"status": 200}', '500 Internal server error'],
  ['§1.7.7', 'nothing', '500 Internal server error'],
  ['§1.7.7', '#if(', '500 Internal server error'],
  ['§1.7.8', '{"statusCode": 200}', '403', [FORBIDS]],
  ['§1.7.8', '{"statusCode": 500}', '101', [ADMITS]],
  ['§1.7.8', '{"statusCode": 401}', '401', [{ ...FORBIDS, IntegrationResponseKey: '/200/' }]],
  ['§1.7.8', '{"statusCode": 200}', '101', [{ ...FORBIDS, IntegrationResponseKey: '/4\\d\\d/' }]],
  ['§1.7.8', '{"statusCode": 404}', '403', [{ ...FORBIDS, IntegrationResponseKey: '/4\\d\\d/' }]],
  ['§1.7.8', '#set($context.responseOverride.status = 409){"statusCode": 200}', '409', [DEFAULT]],
  ['§1.7.8', '{"statusCode": 200}', '101', [rendering('#set($context.responseOverride.status = "x")')]],
  ['§1.7.8', '{"statusCode": 200}', '500 Internal server error', [rendering('#if(')]],
  [
    '§1.9.5',
    '{"statusCode": 200}',
    '101 chat',
    [{ ...DEFAULT, ResponseParameters: { [PROTOCOL]: "'chat'" } }],
  ],
  [
    '§1.9.5',
    '{"statusCode": 200}',
    '101 chat',
    [
      {
        ...DEFAULT,
        ResponseParameters: { 'method.response.header.Sec-WebSocket-Protocol': "'chat'" },
      },
    ],
  ],
  [
    '§1.9.5',
    '{"statusCode": 200}',
    '101 other',
    [
      {
        ...rendering('#set($context.responseOverride.header.Sec-WebSocket-Protocol = "other")'),
        ResponseParameters: { [PROTOCOL]: "'chat'" },
      },
    ],
  ],
  ['§1.9.5', '{"statusCode": 401}', '401', [{ ...DEFAULT, ResponseParameters: { [PROTOCOL]: "'chat'" } }]],
];

test('MOCK: the status in the request template decides, a response may override it (§1.7.7, §1.7.8, §1.9.5)', async (t) => {
  for (const [cites, template, expected, responses = []] of MOCK_ROWS) {
    await t.test(`${template} ${JSON.stringify(responses)}: ${expected} (${cites})`, async () => {
      assert.equal(told(await connect(MOCK(template), responses)), expected);
    });
  }
});

const ERRORS: Response = { ...FORBIDS, IntegrationResponseKey: '/.*denied.*/' };

const CUSTOM_ROWS: readonly (readonly [
  answer: InvokeAnswer,
  told: string,
  responses?: readonly Response[],
  Partial<Integration>?,
])[] = [
  [says({ statusCode: 401 }), '101'],
  [says(null), '101'],
  [throws('denied'), '101'],
  [throws('denied'), '101', [{ IntegrationResponseKey: '/.*denied.*/' }]],
  [throws('denied'), '403', [ERRORS]],
  [throws('other'), '101', [ERRORS]],
  [says({ errorMessage: 'denied' }), '101', [ERRORS]],
  [says({ errorMessage: 'denied' }), '403', [FORBIDS]],
  [{ status: 403, errorType: 'AccessDeniedException' }, '500 Internal server error', [ADMITS]],
  ['silent', '504 Endpoint request timed out', [ADMITS], QUICK],
];

test('AWS, a function: every result accepts but for an override (§1.7.6, §1.7.8)', async (t) => {
  for (const [answer, expected, responses = [], members] of CUSTOM_ROWS) {
    await t.test(`${JSON.stringify([answer, responses])}: ${expected}`, async () => {
      stand.lambda.script(answer);
      assert.equal(told(await connect({ ...CUSTOM, ...members }, responses)), expected);
    });
  }
});

test('AWS, another service: its HTTP status decides (§1.7.6, §1.9.5)', async (t) => {
  const integration: Integration = {
    IntegrationType: 'AWS',
    IntegrationUri: `arn:aws:apigateway:${REGION}:dynamodb:action/PutItem`,
    IntegrationMethod: 'POST',
    CredentialsArn: `arn:aws:iam::${ACCOUNT}:role/api`,
    RequestTemplates: { 'application/json': '{"TableName": "t"}' },
  };
  for (const [status, expected, responses] of [
    [200, '101', []],
    [400, '400', []],
    [500, '500', [DEFAULT]],
    [400, '101', [{ ...ADMITS, IntegrationResponseKey: '/400/' }]],
    [200, '403', [FORBIDS]],
    [
      200,
      '101 chat',
      [{ ...DEFAULT, ResponseParameters: { [PROTOCOL]: 'integration.response.header.X-P' } }],
    ],
    [200, '101 told', [{ ...DEFAULT, ResponseParameters: { [PROTOCOL]: 'integration.response.body.p' } }]],
  ] as const) {
    await t.test(`${status} ${JSON.stringify(responses)}: ${expected}`, async () => {
      service.script({ status, headers: { 'X-P': 'chat' }, body: '{"p": "told"}' });
      assert.equal(told(await connect(integration, responses)), expected);
      assert.deepEqual(
        service.requests.map(({ operation }) => operation),
        ['PutItem'],
      );
    });
  }
});

test('MOCK: without a template there is no status (§3.6.5)', async () => {
  assert.equal(told(await connect({ IntegrationType: 'MOCK' })), '500 Internal server error');
});

test('a configuration that cannot work refuses with 500 (§1.10 row q)', async () => {
  const IntegrationUri = `http://\${stageVariables.nowhere}/`;
  const shake = await connect({ IntegrationType: 'HTTP_PROXY', IntegrationUri, IntegrationMethod: 'GET' });
  assert.equal(told(shake), '500 Internal server error');
  assert.ok(shake.lines.includes('x-amzn-ErrorType: InternalServerErrorException'));
});
