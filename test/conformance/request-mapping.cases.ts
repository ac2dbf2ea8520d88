// The worked request examples of spec/http-api.md §4.16, in the order of the table, with its fixture Q.
import { API_HOST, BACKEND, type CallCase, type Integration, REQUEST_ID, type Setup } from './case.ts';

type Mappings = Readonly<Record<string, string>>;

const QUERY = 'color=red&color=blue&Size=L&q=a%20b%26c';
export const Q_TARGET = `/prod/shop/42/cart/it%20ems?${QUERY}`;
export const Q_LINE = `POST /base/cart/it%20ems?${QUERY}`;
export const Q_BODY =
  '{"user":{"name":"Ann","age":41,"vip":true,"nick":null},"items":[{"sku":"A1"},{"sku":"B2"}],"note":"hi there"}';
export const Q_HEADERS = [
  'User-Agent: curl/8.7.1',
  'X-Tag: one',
  'X-Tag: two',
  'X-Old: legacy',
  'Authorization: Bearer tok',
  'Cookie: sid=1',
  'Content-Type: application/json',
];

export function qSetup(RequestParameters: Mappings, more: Integration = {}): Setup {
  return {
    integrations: { it: { IntegrationUri: `http://${BACKEND}/base/{proxy}`, RequestParameters, ...more } },
    routes: [{ key: 'POST /shop/{storeId}/{proxy+}', to: 'it' }],
    stages: [{ StageName: 'prod', StageVariables: { env: 'blue', host: 'be.internal' } }],
  };
}

/** The client request of fixture Q. */
export function qRequest(
  body: string = Q_BODY,
  lines: readonly string[] = [],
  target: string = Q_TARGET,
): string {
  return [
    `POST ${target} HTTP/1.1`,
    `Host: ${API_HOST}`,
    ...Q_HEADERS,
    ...lines,
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

export interface Difference {
  readonly line?: string;
  readonly query?: string;
  readonly without?: readonly string[];
  readonly with?: readonly string[];
}

/** A row on fixture Q: its mappings, and how the backend request differs from the unmapped one. */
export function q(
  name: string,
  statements: readonly string[],
  mappings: Mappings,
  difference: Difference = {},
  client: { readonly body?: string; readonly lines?: readonly string[]; readonly target?: string } = {},
): CallCase {
  const { without = [], with: added = [], query } = difference;
  const kept = [...Q_HEADERS, ...(client.lines ?? [])].filter(
    (line) => !without.some((gone) => line.toLowerCase().startsWith(`${gone.toLowerCase()}:`)),
  );
  const plain =
    client.target === undefined ? Q_LINE : `POST ${client.target.replace('/prod/shop/42/', '/base/')}`;
  const [path] = plain.split('?');
  const line = difference.line ?? (query === undefined ? plain : query === '' ? path! : `${path}?${query}`);
  return {
    name,
    statements,
    setup: qSetup(mappings),
    request: qRequest(client.body, client.lines, client.target),
    sent: { line, headers: [...kept, ...added], body: client.body ?? Q_BODY },
  };
}

const row = (
  number: number,
  mappings: Mappings,
  difference: Difference = {},
  body?: string,
  alsoStates: readonly string[] = [],
): CallCase =>
  q(
    `§4.16#${number} ${Object.entries(mappings)
      .map(([key, value]) => `${key} = ${value}`)
      .join('; ')}`,
    [`§4.16#${number}`, ...alsoStates],
    mappings,
    difference,
    body === undefined ? {} : { body },
  );

/** The same as row 33 and on: another path, the same query. */
const onPath = (path: string): Difference => ({ line: `POST ${path}?${QUERY}` });

const large = `{"user":{"name":"Ann"},"filler":"${'x'.repeat(150_000)}"}`;

export const requestMappingCases: readonly CallCase[] = [
  q(
    'fixture Q without mappings',
    ['§4.1-1', '§3.2(2)', '§3.2(4)', '§3.2(5)', '§3.3-8', '§3.3-9', '§4.7-7'],
    {},
  ),
  row(1, { 'append:header.x-req': '$context.requestId' }, { with: [`x-req: ${REQUEST_ID}`] }, undefined, [
    '§4.15(1)',
    '§4.2 key: append:header',
    '§4.5 source: context',
  ]),
  row(
    2,
    { 'append:header.x-new': '$request.header.x-old', 'remove:header.x-old': '' },
    { without: ['X-Old'], with: ['x-new: legacy'] },
    undefined,
    ['§4.15(2)', '§4.7(1)', '§4.7(2)', '§4.5-2', '§4.2 key: remove:header'],
  ),
  row(3, { 'overwrite:header.x-old': 'fresh' }, { without: ['X-Old'], with: ['x-old: fresh'] }, undefined, [
    '§4.2-2',
    '§4.2 key: overwrite:header',
    '§4.5 source: static',
  ]),
  row(4, { 'append:header.X-Old': 'more' }, { with: ['X-Old: more'] }, undefined, ['§4.7#4', '§4.7-2']),
  row(5, { 'remove:header.X-TAG': '' }, { without: ['X-Tag'] }, undefined, ['§4.2-2']),
  row(6, { 'overwrite:header.x-tags': '$request.header.x-tag' }, { with: ['x-tags: one,two'] }, undefined, [
    '§4.5 source: request.header',
  ]),
  row(
    7,
    { 'overwrite:header.x-tag': '$request.header.X-Tag' },
    { without: ['X-Tag'], with: ['x-tag: one,two'] },
    undefined,
    ['§4.5 source: request.header'],
  ),
  row(8, { 'overwrite:header.x-none': '$request.header.absent' }, {}, undefined, ['§4.13-1']),
  row(9, { 'overwrite:header.x-old': '$request.header.absent' }, {}, undefined, ['§4.13-1']),
  row(
    10,
    { 'overwrite:header.x-mix': 'v=${request.header.absent};e=${stageVariables.env}' },
    { with: ['x-mix: v=;e=blue'] },
    undefined,
    ['§4.13-2', '§4.4(1)', '§8-9'],
  ),
  row(
    11,
    { 'overwrite:header.x-mix': '${request.path.storeId}/${context.stage}' },
    { with: ['x-mix: 42/prod'] },
    undefined,
    ['§4.4(1)'],
  ),
  row(12, { 'overwrite:header.x-s': "'quoted'" }, { with: ["x-s: 'quoted'"] }, undefined, ['§4.4(3)']),
  row(13, { 'overwrite:header.x-price': 'US$5' }, { with: ['x-price: US$5'] }, undefined, ['§4.4(5)']),
  row(15, { 'overwrite:header.x-undef': '$stageVariables.nope' }),
  row(16, { 'overwrite:header.host': '$stageVariables.host' }, { with: ['Host: be.internal'] }, undefined, [
    '§4.7-5',
    '§3.3-2',
    '§8-9',
  ]),
  row(17, { 'overwrite:header.x-ip': '$context.identity.sourceIp' }, { with: ['x-ip: 127.0.0.1'] }),
  row(
    18,
    { 'overwrite:header.x-auth': '$request.header.Authorization' },
    { with: ['x-auth: Bearer tok'] },
    undefined,
    ['§4.5-1'],
  ),
  row(22, { 'overwrite:header.x-forwarded-port': '8443' }, { with: ['x-forwarded-port: 8443'] }, undefined, [
    '§4.8-2',
  ]),
  row(23, { 'append:querystring.color': 'green' }, { query: `${QUERY}&color=green` }, undefined, [
    '§4.2 key: append:querystring',
  ]),
  row(
    24,
    { 'overwrite:querystring.color': 'green' },
    { query: 'color=green&Size=L&q=a%20b%26c' },
    undefined,
    ['§4.2 key: overwrite:querystring', '§4.7-4'],
  ),
  row(25, { 'remove:querystring.color': '' }, { query: 'Size=L&q=a%20b%26c' }, undefined, [
    '§4.2 key: remove:querystring',
    '§4.7-4',
  ]),
  row(26, { 'remove:querystring.size': '' }, {}, undefined, ['§4.2-3']),
  row(
    27,
    { 'overwrite:querystring.colors': '$request.querystring.color' },
    { query: `${QUERY}&colors=red%2Cblue` },
    undefined,
    ['§4.5 source: request.querystring', '§4.7-4'],
  ),
  row(
    28,
    { 'append:querystring.copy': '$request.querystring.q' },
    { query: `${QUERY}&copy=a%20b%26c` },
    undefined,
    ['§4.5 source: request.querystring'],
  ),
  row(
    29,
    { 'append:querystring.store': '$request.path.storeId' },
    { query: `${QUERY}&store=42` },
    undefined,
    ['§4.5 source: request.path.N', '§4.15(8)'],
  ),
  row(30, { 'append:querystring.x y': '1' }, { query: `${QUERY}&x%20y=1` }, undefined, ['§4.2-3']),
  row(31, { 'overwrite:querystring.q': '$request.querystring.absent' }, {}, undefined, ['§4.13-1']),
  row(
    32,
    { 'remove:querystring.color': '', 'remove:querystring.Size': '', 'remove:querystring.q': '' },
    { query: '' },
    undefined,
    ['§3.2(7)'],
  ),
  row(33, { 'overwrite:path': '/v2/orders' }, onPath('/v2/orders'), undefined, [
    '§4.2 key: overwrite:path',
    '§4.7-3',
  ]),
  row(34, { 'overwrite:path': 'v2/orders' }, onPath('/v2/orders'), undefined, ['§4.7-3']),
  row(35, { 'overwrite:path': '$request.path' }, onPath('/shop/42/cart/it%20ems'), undefined, [
    '§4.5 source: request.path',
    '§1.8-1',
    '§4.15(6)',
  ]),
  row(36, { 'overwrite:path': '/$request.path.proxy' }, onPath('/cart/it%20ems'), undefined, [
    '§4.4(2)',
    '§2.4-1',
  ]),
  row(37, { 'overwrite:path': '/public/$request.path.proxy' }, onPath('/public/cart/it%20ems'), undefined, [
    '§4.4(2)',
  ]),
  row(
    38,
    { 'overwrite:path': '/s/${request.path.storeId}/${request.path.proxy}' },
    onPath('/s/42/cart/it%20ems'),
  ),
  row(39, { 'overwrite:path': '/a?b=c' }, { line: `POST /a?b=c&${QUERY}` }, undefined, ['§4.7-3']),
  row(40, { 'overwrite:path': '$context.path' }, onPath('/prod/shop/42/cart/it%20ems')),
  row(41, { 'overwrite:header.x-user': '$request.body.user.name' }, { with: ['x-user: Ann'] }, undefined, [
    '§4.6 result: string',
    '§4.5 source: request.body.PATH',
    '§4.6-4',
  ]),
  row(42, { 'overwrite:header.x-age': '$request.body.user.age' }, { with: ['x-age: 41'] }),
  row(43, { 'overwrite:header.x-vip': '$request.body.user.vip' }, { with: ['x-vip: true'] }, undefined, [
    '§4.6 result: boolean',
  ]),
  row(44, { 'overwrite:header.x-nick': '$request.body.user.nick' }, {}, undefined, ['§4.6 result: null']),
  row(
    45,
    { 'overwrite:header.x-u': '$request.body.user' },
    { with: ['x-u: {"name":"Ann","age":41,"vip":true,"nick":null}'] },
    undefined,
    ['§4.6 result: object'],
  ),
  row(46, { 'overwrite:header.x-sku': '$request.body.items[1].sku' }, { with: ['x-sku: B2'] }),
  row(
    47,
    { 'overwrite:header.x-skus': '$request.body.items[*].sku' },
    { with: ['x-skus: ["A1","B2"]'] },
    undefined,
    ['§4.6 result: several'],
  ),
  row(48, { 'overwrite:header.x-n': "$request.body['note']" }, { with: ['x-n: hi there'] }),
  row(51, { 'append:querystring.n': '$request.body.note' }, { query: `${QUERY}&n=hi%20there` }),
  row(52, { 'overwrite:header.x-b': '$request.body' }, { with: [`x-b: ${Q_BODY}`] }, undefined, [
    '§4.5 source: request.body',
  ]),
  row(53, { 'overwrite:header.x-u': '$request.body.user.name' }, {}, large, ['§4.6-2']),
  row(54, { 'overwrite:header.x-u': '$request.body.user.name' }, {}, 'not json', ['§4.6 result: none']),
  row(58, { 'overwrite:header.x-sub': '$context.authorizer.claims.sub' }),
  row(
    60,
    { 'overwrite:header.x-old.1': 'b', 'append:header.x-old.2': 'c' },
    { without: ['X-Old'], with: ['x-old: b', 'x-old: c'] },
    undefined,
    ['§4.7(3)', '§4.7(4)', '§4.7#3'],
  ),
  row(
    61,
    { 'remove:header.x-old.1': '', 'append:header.x-old.2': '$request.header.x-old' },
    { without: ['X-Old'], with: ['x-old: legacy'] },
    undefined,
    ['§4.7(1)', '§4.7#1'],
  ),
  row(
    62,
    { 'overwrite:querystring.color': 'x', 'remove:querystring.color': '' },
    { query: 'color=x&Size=L&q=a%20b%26c' },
  ),
  row(66, { 'overwrite:header.x-m': '$context.httpMethod' }, { with: ['x-m: POST'] }, undefined, ['§4.5-4']),
  row(67, { 'overwrite:header.x-r': '$context.routeKey' }, { with: ['x-r: POST /shop/{storeId}/{proxy+}'] }),
  row(68, { 'overwrite:header.x-q': '$request.querystring.COLOR' }, {}, undefined, [
    '§4.5 source: request.querystring',
  ]),
  row(
    71,
    { 'overwrite:header.content-type': 'text/plain' },
    { without: ['Content-Type'], with: ['content-type: text/plain'] },
    undefined,
    ['§4.7-8'],
  ),
  row(73, { 'overwrite:path': 'list?id=$request.path.storeId' }, { line: `POST /list?id=42&${QUERY}` }),
  {
    ...q(
      '§4.16#74 overwrite:path = /x/$request.path.proxy',
      ['§4.16#74', '§4.7-3'],
      { 'overwrite:path': '/x/$request.path.proxy' },
      { line: 'POST /x/what%3Fnow?a=1' },
      { target: '/prod/shop/42/what%3Fnow?a=1' },
    ),
  },
  row(75, { 'overwrite:path': '/p?' }, { line: `POST /p?${QUERY}` }),
  {
    ...row(76, { 'overwrite:path': '/p?b=1' }, { line: `POST /p?z=9&b=1&${QUERY}` }),
    setup: qSetup({ 'overwrite:path': '/p?b=1' }, { IntegrationUri: `http://${BACKEND}/base?z=9` }),
  },
  ...(
    [
      [77, { 'overwrite:header.x-org': '$context.authorizer.claims.org' }, { without: ['X-Org'] }],
      [78, { 'append:header.x-org': '$context.authorizer.claims.org' }, {}],
      [
        79,
        { 'overwrite:header.x-org': 'org-${context.authorizer.claims.org}' },
        { without: ['X-Org'], with: ['x-org: org-'] },
      ],
    ] as const
  ).map(([number, mappings, difference]) =>
    q(`§4.16#${number} ${JSON.stringify(mappings)}`, [`§4.16#${number}`, '§4.13-5'], mappings, difference, {
      lines: ['X-Org: forged'],
    }),
  ),
  row(72, { 'overwrite:header.x-j': '$request.body.j' }, { with: ['x-j: a  b'] }, '{"j":"a\\r\\nb"}', [
    '§4.6-5',
  ]),
];
