// The worked response examples of spec/http-api.md §4.17 with its fixture P, and rows for single rules of §4.9.
import { answer, BACKEND, type CallCase, gatewayError, REQUEST_ID, request, type Setup } from './case.ts';

type Mappings = Readonly<Record<string, Readonly<Record<string, string>>>>;

const P_BODY = '{"code":"E42","retry":30,"status":"409","detail":{"why":"locked"}}';
const P_HEADERS = [
  'Content-Type: application/json',
  'Server: nginx',
  'X-Err: e1',
  'X-Err: e2',
  'Set-Cookie: a=1',
];
const P_ANSWER = answer('500 Internal Server Error', P_HEADERS, P_BODY);

function pSetup(ResponseParameters: Mappings): Setup {
  return {
    integrations: { it: { IntegrationUri: `http://${BACKEND}/p`, ResponseParameters } },
    routes: [{ key: 'GET /p', to: 'it' }],
    stages: [{ StageName: '$default', StageVariables: { environmentId: 'e-7' } }],
  };
}

interface Difference {
  readonly status?: number;
  readonly without?: readonly string[];
  readonly with?: readonly string[];
  readonly body?: string;
}

function p(
  name: string,
  statements: readonly string[],
  mappings: Mappings,
  difference: Difference = {},
): CallCase {
  const { status = 500, without = [], with: added = [], body = P_BODY } = difference;
  const kept = P_HEADERS.filter((line) => !without.some((gone) => line.startsWith(`${gone}:`)));
  return {
    name,
    statements,
    setup: pSetup(mappings),
    request: request('GET /p'),
    backend: P_ANSWER,
    sent: { line: 'GET /p' },
    got: { status, headers: [...kept, ...added], body },
  };
}

const row = (
  number: number,
  mappings: Mappings,
  difference: Difference = {},
  alsoStates: readonly string[] = [],
) =>
  p(`§4.17#${number} ${JSON.stringify(mappings)}`, [`§4.17#${number}`, ...alsoStates], mappings, difference);

export const responseMappingCases: readonly CallCase[] = [
  p('fixture P without mappings', ['§4.1-2', '§3.4-1', '§3.4-3'], {}),
  row(
    1,
    { '500': { 'append:header.header1': '$context.requestId', 'overwrite:statuscode': '403' } },
    { status: 403, with: [`Header1: ${REQUEST_ID}`] },
    ['§4.15(3)', '§4.3-1', '§4.9-3', '§4.9-4', '§3.4-4'],
  ),
  row(2, { '404': { 'append:header.error': '$stageVariables.environmentId' } }, {}, ['§4.9-2']),
  row(3, { '500': { 'append:header.error': '$stageVariables.environmentId' } }, { with: ['Error: e-7'] }, [
    '§4.15(3)',
    '§8-9',
  ]),
  row(4, { '500': { 'remove:header.server': '' } }, { without: ['Server'] }, ['§4.9-6']),
  row(5, { '500': { 'overwrite:header.server': 'gw' } }, { without: ['Server'], with: ['Server: gw'] }),
  row(6, { '500': { 'overwrite:header.x-all': '$response.header.x-err' } }, { with: ['X-All: e1,e2'] }, [
    '§4.5 source: response.header',
  ]),
  row(7, { '500': { 'append:header.x-err': 'e3' } }, { with: ['X-Err: e3'] }),
  row(
    8,
    { '500': { 'overwrite:header.x-err': '$response.header.x-err' } },
    { without: ['X-Err'], with: ['X-Err: e1,e2'] },
    ['§4.5 source: response.header'],
  ),
  row(9, { '500': { 'append:header.set-cookie': 'b=2' } }, { with: ['Set-Cookie: b=2'] }, ['§4.7-2']),
  row(10, { '500': { 'overwrite:header.x-code': '$response.body.code' } }, { with: ['X-Code: E42'] }, [
    '§4.5 source: response.body',
  ]),
  row(
    11,
    { '500': { 'overwrite:header.retry-after': '$response.body.retry' } },
    { with: ['Retry-After: 30'] },
  ),
  row(
    31,
    { '500': { 'append:header.x-part.2': 'b', 'append:Header.x-part.1': 'a' } },
    { with: ['X-Part: a', 'X-Part: b'] },
    ['§4.3-2'],
  ),
  row(12, { '500': { 'overwrite:statuscode': '$response.body.status' } }, { status: 409 }, ['§4.9-4']),
  row(13, { '500': { 'overwrite:statuscode': '$response.body.code' } }, {}, ['§4.9-4']),
  row(14, { '500': { 'overwrite:statuscode': '204' } }, { status: 204, body: '' }, ['§4.9-4', '§3.4-6']),
  row(15, { '500': { 'overwrite:statuscode': '403' }, '403': { 'append:header.x': 'y' } }, { status: 403 }, [
    '§4.9-2',
  ]),
  row(
    16,
    { '500': { 'overwrite:header.x-w': 'why=${response.body.detail.why};id=${context.requestId}' } },
    { with: [`X-W: why=locked;id=${REQUEST_ID}`] },
  ),
  row(
    17,
    { '500': { 'overwrite:header.x-d': '$response.body.detail' } },
    { with: ['X-D: {"why":"locked"}'] },
  ),
  row(18, { '500': { 'overwrite:header.x-n': '$response.body.nope' } }, {}, ['§4.13-1']),
  row(19, { '500': { 'remove:header.content-type': '' } }, { without: ['Content-Type'] }, ['§4.9-6']),
  {
    name: '§4.17#26 a time-out is not mapped',
    statements: ['§4.17#26', '§4.1-7', '§3.8 event: timeout', '§14 status: 503'],
    setup: {
      integrations: {
        it: {
          IntegrationUri: `http://${BACKEND}/p`,
          TimeoutInMillis: 400,
          ResponseParameters: { '503': { 'append:header.x': 'y' } },
        },
      },
      routes: [{ key: 'GET /p', to: 'it' }],
    },
    request: request('GET /p'),
    backend: 'silent',
    sent: { line: 'GET /p' },
    got: gatewayError(503),
  },
  row(
    29,
    { '500': { 'overwrite:header.location': 'https://${context.domainName}/err' } },
    {
      with: ['Location: https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/err'],
    },
  ),
  row(
    30,
    { '500': { 'overwrite:header.Cache-Control': 'public, max-age=3' } },
    { with: ['Cache-Control: public, max-age=3'] },
  ),
  // Beyond the examples.
  p(
    'the order of a reply: remove, overwrite, append, then status',
    ['§4.9-5', '§4.19 response', '§4.7(1)'],
    {
      '500': {
        'remove:header.x-err.1': '',
        'append:header.x-err.2': '$response.header.x-err',
        'overwrite:header.x-st': '$context.status',
        'overwrite:statuscode': '201',
      },
    },
    { status: 201, without: ['X-Err'], with: ['X-Err: e1,e2', 'X-St: 500'] },
  ),
  p(
    '$context.status is the integration’s',
    ['§4.9-7'],
    { '500': { 'overwrite:header.x-s': '$context.status', 'overwrite:statuscode': '299' } },
    { status: 299, with: ['X-S: 500'] },
  ),
  p(
    'a status beyond 599 is none',
    ['§4.9-4'],
    { '500': { 'overwrite:statuscode': '${response.body.retry}9' } },
    { status: 309 },
  ),
  p('a status below 200 is none', ['§4.9-4'], {
    '500': { 'overwrite:statuscode': '1${response.body.retry}' },
  }),
  p('a fraction is no status', ['§4.9-4'], {
    '500': { 'overwrite:statuscode': '${response.body.retry}0.0' },
  }),
  p('a missing status value leaves the status', ['§4.13-1'], {
    '500': { 'overwrite:statuscode': '$response.body.nope' },
  }),
  p(
    '304 has no body',
    ['§4.9-4', '§3.4-6'],
    { '500': { 'overwrite:statuscode': '304' } },
    { status: 304, body: '' },
  ),
  p('removing what the gateway writes changes nothing', ['§4.9-6'], { '500': { 'remove:header.date': '' } }),
  p(
    'sources of the client’s side that remain',
    ['§4.5 source: context'],
    { '500': { 'overwrite:header.x-c': '${context.httpMethod} ${context.routeKey} ${context.path}' } },
    { with: ['X-C: GET GET /p /p'] },
  ),
  {
    name: 'CORS and the request id come behind the mappings',
    statements: ['§4.9-5', '§5.4-1'],
    setup: {
      ...pSetup({
        '500': {
          'overwrite:header.x-acao': '$response.header.access-control-allow-origin',
          'overwrite:statuscode': '200',
        },
      }),
      api: { CorsConfiguration: { AllowOrigins: ['https://a.com'] } },
    },
    request: request('GET /p', ['Origin: https://a.com']),
    backend: answer('500 Oops', ['Access-Control-Allow-Origin: https://b.com'], 'x'),
    got: {
      status: 200,
      headers: [
        'X-Acao: https://b.com',
        'Access-Control-Allow-Origin: https://a.com',
        `Apigw-Requestid: ${REQUEST_ID}`,
      ],
      body: 'x',
    },
  },
  {
    name: 'line breaks in a body’s text end no header line',
    statements: ['§4.6-5'],
    setup: pSetup({ '200': { 'overwrite:header.x-a': '$response.body.a' } }),
    request: request('GET /p'),
    backend: answer('200 OK', [], '{"a":"x\\r\\nSet-Cookie: evil=1"}'),
    got: { status: 200, headers: ['X-A: x  Set-Cookie: evil=1'], body: '{"a":"x\\r\\nSet-Cookie: evil=1"}' },
  },
  {
    name: 'gateway errors are not mapped',
    statements: ['§4.1-7'],
    setup: pSetup({ '404': { 'append:header.x': 'y' } }),
    request: request('GET /elsewhere'),
    sent: null,
    got: gatewayError(404),
  },
  {
    name: 'a chunked body that a mapping reads',
    statements: ['§4.5 source: response.body', '§3.4-2'],
    setup: pSetup({ '200': { 'overwrite:header.x-a': '$response.body.a' } }),
    request: request('GET /p'),
    backend: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n3\r\n41}\r\n0\r\n\r\n',
    got: { status: 200, headers: ['X-A: 41', 'Content-Length: 8'], body: '{"a":41}' },
  },
];
