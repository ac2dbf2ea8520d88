// Requests and messages that are made to keep the gateway busy, one for each evaluator that a client can drive
// (docs/reference/limits.md), and the APIs that they are sent to. Tests look at how they end, the benchmark at what a health
// check waits meanwhile.
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type ApiGatewayV2Client,
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateIntegrationCommand,
  CreateIntegrationResponseCommand,
  CreateModelCommand,
  CreateRouteCommand,
  CreateRouteResponseCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { WebSocket } from 'ws';

export interface AttackStand {
  /** Sends an attack and tells how it ended: a status, or a frame without its ids. */
  fire(attack: Attack): Promise<string>;
  close(): Promise<void>;
}

export interface Attack {
  readonly name: string;
  /** The evaluator, as docs/reference/limits.md calls it. */
  readonly evaluator: string;
  readonly ends: string;
  readonly sent: HttpAttack | SocketAttack;
}

interface HttpAttack {
  readonly kind: 'http';
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

/** A message for the route of its `action`. */
interface SocketAttack {
  readonly kind: 'socket';
  readonly action: string;
  /** Members of the message behind `action`. */
  readonly rest: string;
}

const BAD_BODY = 'Bad request body';
const FAILED = 'Internal server error';
const FORBIDDEN = 'Forbidden';
const THERE = '200';

const get = (path: string, headers?: HttpAttack['headers']): HttpAttack => ({
  kind: 'http',
  method: 'GET',
  path,
  ...(headers === undefined ? {} : { headers }),
});
const post = (path: string, body: string): HttpAttack => ({ kind: 'http', method: 'POST', path, body });
const say = (action: string, rest = ''): SocketAttack => ({ kind: 'socket', action, rest });
const many = (count: number, each: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => each(i)).join();
const list = (count: number, each: (i: number) => string): string => `,"list":[${many(count, each)}]`;

const BOTH =
  '{"anyOf": [{"properties": {"a": {"$ref": "#"}}, "required": ["b"]}, {"properties": {"a": {"$ref": "#"}}, "required": ["a"]}]}';
const inList = (schema: object): string => JSON.stringify({ properties: { list: { items: schema } } });

/** Models by the action whose messages they check. */
const MODELS: Readonly<Record<string, string>> = {
  both: BOTH,
  ways: inList({ anyOf: [...Array<object>(300).fill({ type: 'string', maxLength: 2 }), {}] }),
  sets: '{"properties": {"list": {"$ref": "#/definitions/set"}}, "definitions": {"set": {"uniqueItems": true, "items": {"$ref": "#/definitions/set"}}}}',
  pattern: JSON.stringify({ properties: { text: { pattern: '(?:a?){1000}[bc]$' } } }),
};

/** Expressions that choose a model, by action. */
const SELECTIONS: Readonly<Record<string, string>> = {
  among: '$request.body.list[?(@ in $.list)]',
  whole: '$request.body.list[?(@ == $)]',
  below: '$request.body..list..*..*',
};

/** Templates of two-way routes, by action. */
const TEMPLATES: Readonly<Record<string, string>> = {
  loops:
    '#foreach($i in [1..1000])#foreach($j in [1..1000])#foreach($k in [1..1000])#set($x = 1)#end#end#end',
  doubling: '#set($x = $input.body)#foreach($i in [1..60])#set($x = "$x$x")#end$x',
  parsing: '#foreach($i in [1..1000])#set($x = $util.parseJson($input.body))#end',
  calls: '#macro(twice)#twice()#twice()#end#twice()',
  searching:
    '#set($x = $input.body)#foreach($i in [1..6])#set($x = "$x$x")#end#foreach($i in [1..1000])#set($y = $x.toUpperCase().indexOf("aab"))#end$y',
  replacing: '#set($x = $input.body.replaceAll("(?s)a(?:.*z)?", "b"))$x',
  printing: '#set($x = $input.path("$"))#foreach($i in [1..1000])#set($y = "$x")#end$y',
  telling: '#foreach($i in [1..1000])#set($y = $input.json("$"))#end$y',
  twofold:
    '#set($x = [1])#foreach($i in [1..19])#set($x = [$x, $x])#end#foreach($i in [1..1000])#set($y = $x.toString())#end$y',
  matching: '#set($x = $input.body.matches("(?:a?){1000}[bc]$"))$x',
};

const deep = (count: number): string => '['.repeat(count) + ']'.repeat(count);
const JWT_HEADER = Buffer.from('{"alg":"RS256","kid":"k"}').toString('base64url');

export const ATTACKS: readonly Attack[] = [
  ...[
    [
      '60 objects in one another, each with two ways to fit',
      say('both', `,"a":${'{"a":'.repeat(60)}{}${'}'.repeat(60)}`),
    ],
    [
      '20,000 items, each with 300 ways not to fit',
      say(
        'ways',
        list(20_000, () => '"abc"'),
      ),
    ],
    ['sets in sets', say('sets', `,"list":${'['.repeat(150)}${many(8_000, String)}${']'.repeat(150)}`)],
    ['lists 50,000 deep', say('sets', `,"list":${deep(50_000)}`)],
    ['a large pattern and a long text', say('pattern', `,"text":"${'a'.repeat(100_000)}"`)],
  ].map(([name, sent]) => ({ name, sent, evaluator: 'Models', ends: BAD_BODY }) as Attack),
  ...[
    ['each of 20,000 items looked for among all', say('among', list(20_000, String))],
    [
      'each of 20,000 lists compared with the whole message',
      say(
        'whole',
        list(20_000, () => '[]'),
      ),
    ],
    ['all below all below all', say('below', `,"list":${deep(180)}`)],
  ].map(([name, sent]) => ({ name, sent, evaluator: 'JSONPath of selection', ends: BAD_BODY }) as Attack),
  ...[
    ['a thousand times a thousand times a thousand', say('loops')],
    ['a text that doubles', say('doubling', `,"text":"${'a'.repeat(1_000)}"`)],
    [
      'a large message parsed again and again',
      say(
        'parsing',
        list(40_000, () => '1'),
      ),
    ],
    [
      'a large list printed again and again',
      say(
        'printing',
        list(40_000, () => '1'),
      ),
    ],
    [
      'a large message told again and again',
      say(
        'telling',
        list(40_000, () => '1'),
      ),
    ],
    ['a list that is in itself half a million times', say('twofold')],
    ['a macro that calls itself twice', say('calls')],
    [
      'a text of 6 MB that is searched a thousand times',
      say('searching', `,"text":"${'a'.repeat(100_000)}"`),
    ],
    [
      'each character replaced, by a pattern that looks to the end for more',
      say('replacing', `,"text":"${'a'.repeat(100_000)}"`),
    ],
    ['a large pattern and a long text', say('matching', `,"text":"${'a'.repeat(100_000)}"`)],
  ].map(([name, sent]) => ({ name, sent, evaluator: 'Templates', ends: FAILED }) as Attack),
  {
    name: 'a message of 60,000 lists in one another',
    evaluator: 'JSON',
    ends: FORBIDDEN,
    sent: { kind: 'socket', action: '', rest: deep(60_000) },
  },
  ...[
    ['a body of 5,000,000 lists in one another', post('/mapped', deep(5_000_000))],
    ['a body of 40,000 members with one name', post('/mapped', `{${many(40_000, () => '"a":{}')}}`)],
    ['names that are escaped', post('/mapped', `{${many(15_000, () => '"\\u0061":1')}}`)],
    [
      'lists of lists of lists behind wildcards',
      post('/mapped', `{"a":[${many(600, () => `[${many(50, () => '[1]')}]`)}]}`),
    ],
  ].map(([name, sent]) => ({ name, sent, evaluator: 'JSONPath of mappings', ends: THERE }) as Attack),
  {
    name: 'a path of 2,000 segments that many routes begin with',
    evaluator: 'Routes',
    ends: '404',
    sent: get(`/way${'/a'.repeat(2_000)}`),
  },
  {
    name: 'a query of 2,000 pairs with one name',
    evaluator: 'Query strings',
    ends: THERE,
    sent: get(`/mapped?${Array(2_000).fill('a=1').join('&')}`),
  },
  {
    name: '1,200 header lines',
    evaluator: 'Headers',
    ends: THERE,
    sent: get('/mapped', { a: Array<string>(1_200).fill('1') }),
  },
  {
    name: '3,000 cookies',
    evaluator: 'Headers',
    ends: THERE,
    sent: get('/mapped', { Cookie: Array(2_500).fill('a=').join(';') }),
  },
  {
    name: 'header values that a log format repeats 150 times',
    evaluator: 'Access logs',
    ends: THERE,
    sent: get('/mapped', { 'User-Agent': '"\\'.repeat(4_000) }),
  },
  {
    name: 'a token of 9 KB',
    evaluator: 'JWT',
    ends: '401',
    sent: get('/token', { Authorization: `${JWT_HEADER}.${'A'.repeat(9_000)}.AAAA` }),
  },
  {
    name: 'a token of dots',
    evaluator: 'JWT',
    ends: '401',
    sent: get('/token', { Authorization: '.'.repeat(9_000) }),
  },
  {
    name: 'a token whose claims are lists in one another',
    evaluator: 'JWT',
    ends: '401',
    sent: get('/token', {
      Authorization: `${JWT_HEADER}.${Buffer.from(`{"a":${deep(3_000)}}`).toString('base64url')}.AAAA`,
    }),
  },
];

/** Makes the APIs, with a backend of this process behind the one of HTTP. */
export async function makeAttackStand(client: ApiGatewayV2Client, port: number): Promise<AttackStand> {
  const backend = createServer((given, reply) => {
    given.resume();
    given.on('end', () => reply.end('{}'));
  });
  // Newer releases of Node.js refuse more than a thousand header lines, and it is the gateway that is asked here.
  backend.maxHeadersCount = 0;
  await once(backend.listen(0, '127.0.0.1'), 'listening');
  const http = await makeHttpApi(client, `http://127.0.0.1:${(backend.address() as AddressInfo).port}`);
  const sockets = await makeSocketApi(client);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/_aws/execute-api/${sockets}/prod`);
  await once(socket, 'open');
  return {
    fire: ({ sent }) => (sent.kind === 'http' ? fireHttp(port, http, sent) : fireSocket(socket, sent)),
    async close() {
      socket.terminate();
      backend.closeAllConnections();
      await new Promise((closed) => backend.close(closed));
    },
  };
}

async function makeHttpApi(client: ApiGatewayV2Client, backend: string): Promise<string> {
  const { ApiId } = await client.send(new CreateApiCommand({ Name: 'attacked', ProtocolType: 'HTTP' }));
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ...{ ApiId, IntegrationType: 'HTTP_PROXY', IntegrationMethod: 'ANY', PayloadFormatVersion: '1.0' },
      IntegrationUri: `${backend}/attacked`,
      RequestParameters: {
        'append:header.x-member': '$request.body.a.b',
        'append:header.x-all': '$request.body.a[*][*][*]',
        'append:header.x-query': '${request.querystring.a}',
        'append:header.x-header': '$request.header.none',
      },
    }),
  );
  const { AuthorizerId } = await client.send(
    new CreateAuthorizerCommand({
      ...{ ApiId, Name: 'token', AuthorizerType: 'JWT', IdentitySource: ['$request.header.Authorization'] },
      JwtConfiguration: { Issuer: 'https://issuer.invalid', Audience: ['a'] },
    }),
  );
  const Target = `integrations/${IntegrationId}`;
  const keys = Array.from({ length: 60 }, (_, i) => `GET /way${'/a'.repeat(i)}/{b}/c/${i}`);
  for (const RouteKey of ['ANY /mapped', ...keys]) {
    await client.send(new CreateRouteCommand({ ApiId, RouteKey, Target }));
  }
  await client.send(
    new CreateRouteCommand({ ApiId, RouteKey: 'GET /token', Target, AuthorizationType: 'JWT', AuthorizerId }),
  );
  await client.send(
    new CreateStageCommand({
      ...{ ApiId, StageName: 'prod', AutoDeploy: true },
      AccessLogSettings: {
        DestinationArn: 'arn:aws:logs:us-east-1:000000000000:log-group:attacked',
        Format: `{"id":"$context.requestId","a":"${'$context.identity.userAgent '.repeat(100)}"}`.slice(
          0,
          3_000,
        ),
      },
    }),
  );
  return ApiId!;
}

async function makeSocketApi(client: ApiGatewayV2Client): Promise<string> {
  const { ApiId } = await client.send(
    new CreateApiCommand({
      Name: 'attacked',
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
    }),
  );
  const mock = async (template: string): Promise<string> => {
    const { IntegrationId } = await client.send(
      new CreateIntegrationCommand({
        ...{ ApiId, IntegrationType: 'MOCK', TemplateSelectionExpression: 't' },
        RequestTemplates: { t: template },
      }),
    );
    await client.send(
      new CreateIntegrationResponseCommand({ ApiId, IntegrationId, IntegrationResponseKey: '$default' }),
    );
    return `integrations/${IntegrationId}`;
  };
  const addRoute = async (RouteKey: string, given: object): Promise<void> => {
    const { RouteId } = await client.send(
      new CreateRouteCommand({
        ...{ ApiId, RouteKey, RouteResponseSelectionExpression: '$default' },
        ...given,
      }),
    );
    await client.send(new CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: '$default' }));
  };
  const Target = await mock('{"statusCode": 200}');
  await client.send(new CreateModelCommand({ ApiId, Name: 'never', Schema: '{"not": {}}' }));
  for (const [action, Schema] of Object.entries(MODELS)) {
    await client.send(new CreateModelCommand({ ApiId, Name: action, Schema }));
    await addRoute(action, { Target, ModelSelectionExpression: 'm', RequestModels: { m: action } });
  }
  for (const [action, expression] of Object.entries(SELECTIONS)) {
    const ModelSelectionExpression = `\${${expression.slice(1)}}`;
    await addRoute(action, { Target, ModelSelectionExpression, RequestModels: { $default: 'never' } });
  }
  for (const [action, template] of Object.entries(TEMPLATES)) {
    await addRoute(action, { Target: await mock(`${template}{"statusCode": 200}`) });
  }
  await client.send(new CreateStageCommand({ ApiId, StageName: 'prod', AutoDeploy: true }));
  return ApiId!;
}

function fireHttp(
  port: number,
  apiId: string,
  { method, path, headers = {}, body }: HttpAttack,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      ...{ host: '127.0.0.1', port, method, path: `/prod${path}`, agent: false },
      headers: { Host: `${apiId}.execute-api.localhost`, ...headers },
    });
    outgoing.on('response', (reply) => {
      reply.resume();
      reply.on('end', () => resolve(String(reply.statusCode)));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Frames of a client have 32 KB at most. */
const FRAME = 30_000;

async function fireSocket(socket: WebSocket, { action, rest }: SocketAttack): Promise<string> {
  const message = action === '' ? rest : `{"action":"${action}"${rest}}`;
  const answered = once(socket, 'message');
  for (let at = 0; at < message.length; at += FRAME) {
    socket.send(message.slice(at, at + FRAME), { fin: at + FRAME >= message.length });
  }
  const [data] = (await answered) as [Buffer];
  return (JSON.parse(data.toString('utf8')) as { message: string }).message;
}
