// Request mapping beyond the worked examples: rows for single rules of spec/http-api.md §4.2 to §4.9, §4.13, §4.19.
import type { CallCase } from './case.ts';
import { Q_BODY, Q_HEADERS, Q_LINE, q, qRequest, qSetup } from './request-mapping.cases.ts';

const QUERY = Q_LINE.split('?')[1]!;
const without = (name: string): readonly string[] => Q_HEADERS.filter((line) => !line.startsWith(`${name}:`));

/** Rows that put one value into x-v. `undefined`: nothing is put there. */
const value = (
  name: string,
  statements: readonly string[],
  text: string,
  result: string | undefined,
  client: { readonly body?: string; readonly lines?: readonly string[]; readonly target?: string } = {},
): CallCase =>
  q(
    name,
    statements,
    { 'overwrite:header.x-v': text },
    result === undefined ? {} : { with: [`x-v: ${result}`.trimEnd()] },
    client,
  );

const body = (
  name: string,
  statements: readonly string[],
  json: string,
  path: string,
  result: string | undefined,
) => value(name, ['§4.6-1', ...statements], `$request.body${path}`, result, { body: json });

export const requestRuleCases: readonly CallCase[] = [
  // §4.2, §4.7: destinations
  q(
    'remove and overwrite on one header',
    ['§4.7#2', '§4.7(2)', '§4.7(3)'],
    { 'remove:header.X-Old.1': '', 'overwrite:header.X-Old.2': 'b' },
    {
      without: ['X-Old'],
      with: ['X-Old: b'],
    },
  ),
  q(
    'appends of one header in the order of their suffixes, none first, whatever the spelling',
    ['§4.7#5', '§4.2-5', '§4.2-6', '§4.7-1'],
    {
      'append:header.x-old.10': 'ten',
      'append:header.X-Old.9': 'nine',
      'append:header.x-old': 'none',
      'append:header.x-old.1.2': 'one-two',
      'append:header.x-old.1': 'one',
    },
    { with: ['x-old: none', 'x-old: one', 'x-old: one-two', 'X-Old: nine', 'x-old: ten'] },
  ),
  q(
    'of two overwrites that with the greater suffix stays',
    ['§4.7-1', '§4.2-5'],
    { 'overwrite:header.x-old.2': 'second', 'overwrite:header.X-Old.1': 'first' },
    { without: ['X-Old'], with: ['x-old: second'] },
  ),
  q(
    'a suffix is no part of the name: append twice',
    ['§4.2-6'],
    { 'append:header.x-tags.1': 'red', 'append:header.x-tags.2': '$request.querystring.color' },
    { with: ['x-tags: red', 'x-tags: red,blue'] },
  ),
  q(
    'a suffix is no part of the name: remove and append',
    ['§4.2-6'],
    { 'remove:header.x-old.1': "''", 'append:header.x-old.2': '$request.header.x-old' },
    { without: ['X-Old'], with: ['x-old: legacy'] },
  ),
  q(
    'a suffix is no part of the name: overwrite and append, the action comes first',
    ['§4.2-6', '§4.7#3'],
    { 'overwrite:header.x-old.10': 'ten', 'append:header.x-old.2': 'two' },
    { without: ['X-Old'], with: ['x-old: ten', 'x-old: two'] },
  ),
  q(
    'a suffix is no part of the name: a single action',
    ['§4.2-6'],
    { 'append:header.x-only.7': 'v' },
    { with: ['x-only: v'] },
  ),
  q(
    'a suffix has digits alone',
    ['§4.2-6'],
    { 'append:header.x.v2': '1', 'append:header.x.2v': '2', 'append:header.x2': '3' },
    { with: ['x.2v: 2', 'x.v2: 1', 'x2: 3'] },
  ),
  q(
    'sources have no suffix',
    ['§4.2-6', '§4.5-6'],
    { 'append:header.x-got': '$request.header.x.1' },
    { with: ['x-got: dotted'] },
    { lines: ['X.1: dotted'] },
  ),
  q(
    'a suffix of a query name',
    ['§4.2-6', '§4.7-4'],
    { 'append:querystring.k.2': 'b', 'append:querystring.k.1': 'a', 'append:querystring.k.10': 'c' },
    { query: `${QUERY}&k=a&k=b&k=c` },
  ),
  q(
    'locations in any letter case: header',
    ['§4.2-1'],
    { 'overwrite:Header.x-a': '1', 'remove:HEADER.X-Old': "''" },
    { without: ['X-Old'], with: ['x-a: 1'] },
  ),
  q(
    'locations in any letter case: path',
    ['§4.2-1'],
    { 'overwrite:PATH': '/v2' },
    { line: `POST /v2?${QUERY}` },
  ),
  q(
    'locations in any letter case: query',
    ['§4.2-1'],
    { 'append:QueryString.k': '1' },
    { query: `${QUERY}&k=1` },
  ),
  q(
    'append creates a header that is not there',
    ['§4.2 key: append:header', '§4.2-2'],
    { 'append:header.x-New-ONE': '1' },
    {
      with: ['x-New-ONE: 1'],
    },
  ),
  q(
    'overwrite creates a header that is not there',
    ['§4.2 key: overwrite:header'],
    { 'overwrite:header.X-Made': '1' },
    {
      with: ['X-Made: 1'],
    },
  ),
  q('removing a header that is not there changes nothing', ['§4.2 key: remove:header'], {
    'remove:header.x-none': '',
  }),
  q(
    "remove has '' for a value, or nothing",
    ['§4.11-1'],
    { 'remove:header.x-old': "''", 'remove:header.cookie': '' },
    {
      without: ['X-Old', 'Cookie'],
    },
  ),
  q(
    'overwrite creates a query pair at the end',
    ['§4.2 key: overwrite:querystring', '§4.7-4'],
    { 'overwrite:querystring.n': '1' },
    {
      query: `${QUERY}&n=1`,
    },
  ),
  q(
    'query names have dots and hyphens and are encoded',
    ['§4.2-3', '§4.7-4'],
    { 'append:querystring.a.b-c~d_é': 'x/y?z&w=v' },
    {
      query: `${QUERY}&a.b-c~d_%C3%A9=x%2Fy%3Fz%26w%3Dv`,
    },
  ),
  q(
    'a query name is compared decoded',
    ['§4.2-3'],
    { 'remove:querystring.Size': '' },
    { line: 'POST /base/cart/it%20ems?a=%41' },
    { target: `/prod/shop/42/cart/it%20ems?%53ize=L&a=%41` },
  ),
  q(
    'append:header.host overwrites',
    ['§4.7-6'],
    { 'append:header.host': 'other.internal' },
    { with: ['Host: other.internal'] },
  ),
  q(
    'the cookie header may be changed',
    ['§4.7-7'],
    { 'overwrite:header.cookie': 'a=1; b=2' },
    { without: ['Cookie'], with: ['cookie: a=1; b=2'] },
  ),
  // §4.8: names that are not reserved
  q(
    'names that look reserved and are not',
    ['§4.8-2'],
    {
      'overwrite:header.X-Forwarded-Prefix': '/a',
      'overwrite:header.Location': '/b',
      'overwrite:header.Server': 'c',
      'overwrite:header.Cache-Control': 'd',
      'overwrite:header.Set-Cookie': 'e=f',
    },
    { with: ['Cache-Control: d', 'Location: /b', 'Server: c', 'Set-Cookie: e=f', 'X-Forwarded-Prefix: /a'] },
  ),
  // §4.7-3: paths
  q(
    'path text keeps valid percent sequences',
    ['§4.7-3', '§4.19 request'],
    { 'overwrite:path': '/a%20b/c d#e' },
    { line: `POST /a%20b/c%20d%23e?${QUERY}` },
  ),
  q(
    'path values are encoded: percent, question mark, hash, beyond ASCII',
    ['§4.7-3'],
    { 'overwrite:path': '/x/${request.querystring.p}' },
    { line: 'POST /x/100%25%20a%3Fb%23c/%C3%A9?p=100%25+a%3Fb%23c%2F%C3%A9' },
    {
      target: '/prod/shop/42/cart?p=100%25+a%3Fb%23c%2F%C3%A9',
    },
  ),
  q('a missing whole path value leaves the path', ['§4.13-1'], {
    'overwrite:path': '$request.querystring.absent',
  }),
  q(
    'query text of a path value: delimiters and percent sequences stay, the rest is encoded',
    ['§4.7-3'],
    { 'overwrite:path': '/p?a=1/2?3&b=%41;c d"é#f%zz' },
    { line: `POST /p?a=1/2?3&b=%41;c%20d%22%C3%A9%23f%25zz&${QUERY}` },
  ),
  q(
    'query values of a path value are encoded as data',
    ['§4.7-3'],
    { 'overwrite:path': '/p?a=${request.querystring.q}/${request.querystring.none}&b=$request.path.proxy' },
    { line: `POST /p?a=a%20b%26c/&b=cart%2Fit%20ems&${QUERY}` },
  ),
  q(
    'query actions work on the merged query',
    ['§4.7-3', '§4.7-4'],
    { 'overwrite:path': '/p?color=a&b=1', 'overwrite:querystring.color': 'x', 'remove:querystring.b': '' },
    { line: 'POST /p?color=x&Size=L&q=a%20b%26c' },
  ),
  q(
    'a path that is one source has no query, and none when it is missing',
    ['§4.7-3', '§4.13-1'],
    { 'overwrite:path': '${request.querystring.none}', 'append:querystring.a': '1' },
    { query: `${QUERY}&a=1` },
  ),
  // §4.13: who calls is not the client's to say
  ...[
    'authorizer.claims.org',
    'authorizer.jwt.claims.org',
    'authorizer.tenant',
    'authorizer.principalId',
    'identity.accountId',
    'identity.accessKey',
    'identity.nonsense',
  ].flatMap((name) => [
    q(
      `without a value for ${name} the client’s header goes`,
      ['§4.13-5'],
      { 'overwrite:header.x-org': `$context.${name}`, 'overwrite:header.x-b': `\${context.${name}}` },
      { without: ['X-Org', 'X-B'] },
      { lines: ['X-Org: forged', 'x-ORG: forged', 'X-B: forged'] },
    ),
    q(
      `and the client’s parameters: ${name}`,
      ['§4.13-5'],
      { 'overwrite:querystring.color': `$context.${name}` },
      { query: 'Size=L&q=a%20b%26c' },
    ),
  ]),
  q(
    'what is no name of the caller leaves them',
    ['§4.13-5', '§4.13-1'],
    {
      'overwrite:header.x-org': '$context.nonsense',
      'overwrite:querystring.color': '$context.error.message',
    },
    {},
    { lines: ['X-Org: one'] },
  ),
  q(
    'a value of an earlier overwrite stays',
    ['§4.13-5', '§4.7-1'],
    {
      'overwrite:header.x-org.1': 'nobody',
      'overwrite:header.x-org.2': '$context.authorizer.claims.org',
      'overwrite:querystring.color.1': 'none',
      'overwrite:querystring.color.2': '$context.authorizer.claims.org',
    },
    { without: ['X-Org'], with: ['x-org: nobody'], query: 'color=none&Size=L&q=a%20b%26c' },
    { lines: ['X-Org: forged'] },
  ),
  q(
    'a request keeps a host',
    ['§4.13-5', '§4.7-5'],
    { 'overwrite:header.host': '$context.authorizer.claims.org' },
    {},
  ),
  // §4.4: values
  value('a variable in braces alone', ['§4.4(1)'], '${request.header.x-old}', 'legacy'),
  value(
    'several variables in braces',
    ['§4.4(1)', '§4.15(5)'],
    '${request.path.storeId} ${request.path.proxy}',
    '42 cart/it ems',
  ),
  value(
    'an unbraced variable inside text ends before what cannot be in it',
    ['§4.4(2)', '§4.19 parse(3)'],
    'com.example.$request.path.storeId!',
    'com.example.42!',
  ),
  value(
    'two unbraced variables',
    ['§4.4(2)', '§4.19 parse(3)'],
    '$request.path.storeId/$stageVariables.env.',
    '42/blue.',
  ),
  value('dollars that are text', ['§4.4(5)', '§4.19 parse(4)'], 'a$b $5 $', 'a$b $5 $'),
  value('a dollar and one character', ['§4.19 parse(4)'], '$x', '$x'),
  value('a dollar and one character inside text', ['§4.19 parse(4)'], 'US$5 off', 'US$5 off'),
  value('a dollar behind a variable', ['§4.19 parse(4)'], '$stageVariables.env$', 'blue$'),
  value('a dollar before a variable', ['§4.19 parse(4)'], '$$request.path.storeId', '$42'),
  value(
    'variables with and without braces, mixed',
    ['§4.4(1)', '§4.19 parse(3)'],
    '${request.querystring.Size}-$context.stage$stageVariables.env${request.path.storeId}',
    'L-prodblue42',
  ),
  value(
    'an unbraced variable behind braces',
    ['§4.19 parse(3)'],
    '${stageVariables.env} $request.path.storeId',
    'blue 42',
  ),
  value(
    'a name in braces as written',
    ['§4.19 parse(1)', '§4.4(6)'],
    '${request.querystring.a{b$c/d}',
    'yes',
    { target: '/prod/shop/42/cart?a%7Bb%24c%2Fd=yes' },
  ),
  value(
    'a header name in braces that no request has',
    ['§4.19 parse(1)'],
    '${request.header.x-a(b)}',
    undefined,
    { lines: ['X-A: one'] },
  ),
  value(
    'values are not evaluated again',
    ['§4.4(9)'],
    '$request.header.x-evil',
    '$request.header.x-old ${stageVariables.env}',
    {
      lines: ['X-Evil: $request.header.x-old ${stageVariables.env}'],
    },
  ),
  value('512 characters', ['§4.4(8)', '§4.12-1'], 'v'.repeat(512), 'v'.repeat(512)),
  // §4.5: sources
  value(
    'a header name is all behind header.',
    ['§4.5-6', '§4.19 parse(2)'],
    '$request.header.x.dotted',
    'yes',
    { lines: ['X.Dotted: yes'] },
  ),
  value(
    'the host is the client’s',
    ['§4.5-2'],
    '$request.header.host',
    'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com',
  ),
  value('the gateway’s own Via is no source', ['§4.5-2'], '$request.header.via', undefined),
  value('the cookie header', ['§4.5-3'], '$request.header.cookie', 'sid=1'),
  value(
    'methods and protocols come from the context',
    ['§4.5-4'],
    '${context.httpMethod} ${context.protocol}',
    'POST HTTP/1.1',
  ),
  value(
    'plus is a space in a query value',
    ['§4.5 source: request.querystring'],
    '$request.querystring.p',
    'a b+c,',
    {
      target: '/prod/shop/42/cart?p=a+b%2Bc&p=',
    },
  ),
  value('an empty query value is a value', ['§4.13-3'], '$request.querystring.e', '', {
    target: '/prod/shop/42/cart?e=',
  }),
  value('an empty header is a value', ['§4.13-3'], '$request.header.x-empty', '', { lines: ['X-Empty:'] }),
  value(
    'the path without stage, decoded',
    ['§4.5 source: request.path'],
    '$request.path',
    '/shop/42/cart/it ems',
  ),
  value(
    'a path variable decoded',
    ['§4.5 source: request.path.N', '§2.4-2'],
    '$request.path.proxy',
    'cart/it ems',
  ),
  value(
    'context: ids and names',
    ['§4.5 source: context'],
    '${context.apiId} ${context.stage} ${context.domainName} ${context.domainPrefix} ${context.accountId}',
    'a1b2c3d4e5 prod a1b2c3d4e5.execute-api.us-east-1.amazonaws.com a1b2c3d4e5 000000000000',
  ),
  value(
    'context: the extended request id is the request id',
    ['§4.5 source: context'],
    '$context.extendedRequestId',
    'JKx1abcdPHcEJKQ=',
  ),
  value('context: user agent', ['§4.5 source: context'], '$context.identity.userAgent', 'curl/8.7.1'),
  value('an unknown context name resolves to nothing', ['§4.5-9'], '$context.nonsense.name', undefined),
  value('the status is not known yet', ['§4.5-10'], '$context.status', undefined),
  value('nor an error', ['§4.5-10'], '[${context.error.message}]', '[]'),
  value(
    'nor the length and latency',
    ['§4.5-10'],
    '[${context.responseLength}${context.responseLatency}]',
    '[]',
  ),
  value(
    'a body of any size as a whole',
    ['§4.5 source: request.body', '§4.6-2'],
    '$request.body',
    'y'.repeat(110_000),
    { body: 'y'.repeat(110_000) },
  ),
  value('an empty body is missing', ['§4.6 result: none'], '$request.body.a', undefined, { body: '' }),
  // §4.6: JSON
  body(
    'numbers as written',
    ['§4.6 result: number'],
    '{"a":[1.50,1e3,-0,10000000000000000000001]}',
    '.a[*]',
    '[1.50,1e3,-0,10000000000000000000001]',
  ),
  body('one number as written', ['§4.6 result: number'], '{"a":1.50}', '.a', '1.50'),
  body('false', ['§4.6 result: boolean'], '{"a":false}', '.a', 'false'),
  body(
    'an object in compact form',
    ['§4.6 result: object'],
    '{ "a" : { "b" : [ 1, "x y" ] } }',
    '.a',
    '{"b":[1,"x y"]}',
  ),
  body('escapes are undone', ['§4.6 result: string'], '{"a":"\\u0041\\t\\"\\/"}', '.a', 'A\t"/'),
  body('no match', ['§4.6 result: none'], '{"a":1}', '.b', undefined),
  body('an index beyond the end', ['§4.6 result: none'], '{"a":[1]}', '.a[1]', undefined),
  body('names in double quotes', ['§4.19 path'], '{"a b":1}', '["a b"]', '1'),
  body('all members', ['§4.19 path', '§4.6 result: several'], '{"a":{"x":1,"y":"z"}}', '.a.*', '[1,"z"]'),
  body('a slice', ['§4.19 path'], '{"a":[1,2,3]}', '.a[0:2]', '[1,2]'),
  body('a union of indexes', ['§4.19 path'], '{"a":[1,2,3]}', '.a[0,2]', '[1,3]'),
  body('an index from the end', ['§4.19 path'], '{"a":[1,2,3]}', '.a[-1]', '3'),
  body('an array at the root', [], '[{"a":7}]', '[0].a', '7'),
  body('prototypes are no members', ['§4.6 result: none'], '{"a":{}}', '.a.constructor', undefined),
  {
    ...value('the content type is not asked', ['§4.6-3'], '$request.body.a', '1', { body: '{"a":1}' }),
    request: qRequest('{"a":1}').replace('application/json', 'text/plain'),
    sent: {
      line: Q_LINE,
      headers: [...without('Content-Type'), 'Content-Type: text/plain', 'x-v: 1'],
      body: '{"a":1}',
    },
  },
  value('line breaks of a query value', ['§4.6-5'], '$request.querystring.p', 'a  X-Evil: 1', {
    target: '/prod/shop/42/cart?p=a%0D%0AX-Evil:%201',
  }),
  value('line breaks of a path variable', ['§4.6-5'], '$request.path.proxy', 'a  X-Evil: 1', {
    target: '/prod/shop/42/a%0D%0AX-Evil:%201',
  }),
  q(
    'line breaks in a path stay encoded',
    ['§4.7-3', '§3.2(5)'],
    { 'overwrite:path': '/n/$request.path.proxy' },
    { line: 'POST /n/a%0D%0Ab%00%20HTTP/1.1' },
    { target: '/prod/shop/42/a%0D%0Ab%00%20HTTP%2F1.1' },
  ),
  q(
    'and in a query name and value',
    ['§4.7-4', '§4.2-3'],
    { 'append:querystring.a b': '$request.body.a' },
    { query: `${QUERY}&a%20b=x%0D%0Ay%26z%3D%23` },
    { body: '{"a":"x\\r\\ny&z=#"}' },
  ),
  // Framing and reserved names stay the gateway's whatever a value holds.
  value('control characters become spaces', ['§4.6-5'], '$request.body.a', 'x  y z', {
    body: '{"a":"x\\r\\ny\\u0000z"}',
  }),
  {
    name: 'an unmapped method is the integration’s own',
    statements: ['§3.1 field: IntegrationMethod', '§3.3-11'],
    setup: qSetup({ 'overwrite:header.x-m': '$context.httpMethod' }, { IntegrationMethod: 'PUT' }),
    request: qRequest(),
    sent: { line: Q_LINE.replace('POST', 'PUT'), headers: [...Q_HEADERS, 'x-m: POST'], body: Q_BODY },
  },
];
