// Which parameter mappings are refused at creation and with which text (spec/http-api.md §4.2 to §4.10).
import type { CreationCase, Integration } from './case.ts';

const PREFIX = 'Invalid mapping expression specified: Validation Result: warnings : [], errors : [';

function refused(
  name: string,
  statements: readonly string[],
  mappings: Integration,
  ...errors: string[]
): CreationCase {
  return {
    name,
    statements,
    creation: { create: 'integration', with: mappings },
    refused: { name: 'BadRequestException', message: `${PREFIX}${errors.join(', ')}]` },
  };
}

const onRequest = (name: string, statements: readonly string[], key: string, value: string, error: string) =>
  refused(`${name}: ${key} = ${value}`, statements, { RequestParameters: { [key]: value } }, error);

const badKey = (name: string, statements: readonly string[], key: string, value = 'x') =>
  onRequest(
    name,
    ['§4.10 cause: request key', ...statements],
    key,
    value,
    `Invalid Request Actioned Parameter destination specified: ${key}`,
  );

const badValue = (name: string, statements: readonly string[], value: string, key = 'overwrite:header.x') =>
  onRequest(
    name,
    ['§4.10 cause: value', ...statements],
    key,
    value,
    `Invalid mapping expression specified: ${value}`,
  );

const reserved = (name: string, statements: readonly string[], key: string, value = 'x') =>
  onRequest(
    name,
    ['§4.10 cause: reserved', '§4.8-3', ...statements],
    key,
    value,
    `Operations on header ${key.slice(key.indexOf('.') + 1)} are restricted`,
  );

const onResponse = (
  name: string,
  statements: readonly string[],
  status: string,
  key: string,
  value: string,
  error: string,
) =>
  refused(
    `${name}: ${status} ${key} = ${value}`,
    statements,
    { ResponseParameters: { [status]: { [key]: value } } },
    error,
  );

const badResponseKey = (name: string, statements: readonly string[], key: string) =>
  onResponse(
    name,
    ['§4.10 cause: response key', ...statements],
    '500',
    key,
    'x',
    `Invalid Response Actioned Parameter destination specified: ${key}`,
  );

const badStatus = (name: string, statements: readonly string[], status: string) =>
  onResponse(
    name,
    ['§4.10 cause: status key', '§4.9-1', ...statements],
    status,
    'overwrite:header.x',
    'y',
    `Status Code ${status} is not valid.`,
  );

const HEADER_NAME = 'Parameter name should match the following regular expression: ^[a-zA-Z0-9._$-]+$';

const several = (mappings: Integration): CreationCase => ({
  name: `not two keys for one destination: ${JSON.stringify(mappings)}`,
  statements: ['§4.2-5', '§4.10 cause: several'],
  creation: { create: 'integration', with: mappings },
  refused: {
    name: 'BadRequestException',
    message:
      /^Invalid mapping expression specified: Validation Result: warnings : \[\], errors : \[Several keys for one destination specified: \S+ and \S+.*\]$/,
  },
});

const taken = (name: string, statements: readonly string[], mappings: Integration): CreationCase => ({
  name,
  statements,
  creation: { create: 'integration', with: mappings },
});

/** Every name of §4.8, prefixes with something behind them. */
const RESERVED = [
  'access-control-allow-origin',
  'Access-Control-X',
  'apigw-requestid',
  'AUTHORIZATION',
  'Connection',
  'Content-Encoding',
  'content-length',
  'Content-Location',
  'Forwarded',
  'Keep-Alive',
  'Origin',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'TE',
  'Trailers',
  'Transfer-Encoding',
  'Upgrade',
  'x-amz-date',
  'X-Amzn-Trace-Id',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'Via',
];

export const mappingCreationCases: readonly CreationCase[] = [
  reserved('§4.16#19', ['§4.16#19', '§4.8-1'], 'overwrite:header.Authorization'),
  reserved('§4.16#20', ['§4.16#20', '§4.8-4'], 'remove:header.X-Forwarded-For', ''),
  reserved('§4.16#21', ['§4.16#21', '§4.8-2'], 'overwrite:header.x-amz-target'),
  badValue('§4.16#49', ['§4.16#49', '§4.10-2', '§4.6-1'], '$request.body..sku', 'overwrite:header.x-d'),
  badValue(
    '§4.16#50',
    ['§4.16#50', '§4.10-2', '§4.6-1'],
    "$request.body.items[?(@.sku=='A1')]",
    'overwrite:header.x-f',
  ),
  badValue(
    '§4.16#57',
    ['§4.16#57', '§4.5 source: context'],
    '$context.authorizer.claims.custom:tenant',
    'overwrite:header.x-t',
  ),
  {
    ...badKey('§4.16#63', ['§4.16#63', '§4.2-4'], 'append:path', '/x'),
    refused: { name: 'BadRequestException', message: /destination specified: append:path\]/ },
  },
  badKey('§4.16#64', ['§4.16#64', '§4.2-1'], 'Overwrite:header.x', 'y'),
  badValue('§4.16#65', ['§4.16#65'], '$request.cookie.sid'),
  onResponse(
    '§4.17#20',
    ['§4.17#20', '§4.8-1', '§5.2-4'],
    '500',
    'overwrite:header.access-control-allow-origin',
    '*',
    'Operations on header access-control-allow-origin are restricted',
  ),
  badStatus('§4.17#21', ['§4.17#21'], '199'),
  badResponseKey('§4.17#22', ['§4.17#22', '§4.3-2'], 'append:overwrite.static'),
  badResponseKey('§4.17#23', ['§4.17#23', '§4.3-2'], 'append:querystring.x'),
  badResponseKey('§4.17#24', ['§4.17#24', '§4.3-2'], 'overwrite:path'),
  onResponse(
    '§4.17#25',
    ['§4.17#25', '§4.5-5', '§4.10 cause: value'],
    '500',
    'overwrite:header.x',
    '$request.header.y',
    'Invalid mapping expression specified: $request.header.y',
  ),
  // Keys
  badKey('no such action', ['§4.2-4'], 'badaction:header.x'),
  badKey('paths are not removed', ['§4.2-4'], 'remove:path'),
  badKey('methods are not mapped', ['§4.2-4', '§4.1-1'], 'overwrite:method'),
  badKey('bodies are not mapped', ['§4.2-4', '§4.1-1'], 'overwrite:body'),
  badKey('statuses are for responses', ['§4.2-4'], 'overwrite:statuscode', '200'),
  badKey('actions are lower case', ['§4.2-1'], 'REMOVE:header.x', "''"),
  badKey('paths have no name', ['§4.2-4', '§4.2-6'], 'overwrite:path.1'),
  badKey('paths are not removed, in any letter case', ['§4.2-4', '§4.2-1'], 'remove:Path', "''"),
  badKey('a header has a name', ['§4.2-2'], 'append:header', 'v'),
  badKey('a header has more than a suffix', ['§4.2-2', '§4.2-6'], 'append:header..1', 'v'),
  badKey('REST spelling', ['§4.1-4', '§4.2-4'], 'integration.request.header.x', '$request.header.y'),
  badKey('a header has a name', ['§4.2-2'], 'overwrite:header.'),
  ...['a b', 'x%20a', 'a!', 'a*.1', 'ä'].flatMap((name) => [
    onRequest(
      'a header name has an alphabet',
      ['§4.2-2', '§4.10 cause: header name'],
      `append:header.${name}`,
      'v',
      HEADER_NAME,
    ),
    onRequest(
      'also of entries without value',
      ['§4.2-2', '§4.11-1'],
      `overwrite:header.${name}`,
      '',
      HEADER_NAME,
    ),
    onResponse(
      'a header name has an alphabet',
      ['§4.3-2', '§4.10 cause: header name'],
      '200',
      `append:header.${name}`,
      'v',
      HEADER_NAME,
    ),
  ]),
  badKey('keys of entries without value are keys', ['§4.11-1'], 'bad:header.x', ''),
  badKey('keys of entries without value have a location', ['§4.11-1'], 'append:body', ''),
  badResponseKey('no such action', ['§4.3-2'], 'badaction:header.x'),
  badResponseKey('statuses have no name', ['§4.3-2'], 'overwrite:statuscode.1'),
  badResponseKey('and has a colon', ['§4.3-1'], 'overwrite.statuscode'),
  badResponseKey('it is not appended', ['§4.3-2'], 'append:statuscode'),
  badResponseKey('bodies are not mapped', ['§4.1-2'], 'overwrite:body'),
  // Values
  badValue(
    'claims with brackets',
    ['§4.4(4)', '§4.19 parse(3)'],
    "$context.authorizer.claims['custom:api_key']",
  ),
  badValue('no such root', ['§4.4(4)', '§4.19 parse(4)'], '$foo.bar'),
  badValue('roots are case-sensitive', ['§4.4(7)'], '$Request.header.x'),
  badValue('unclosed braces', ['§4.4(6)', '§4.19 parse(1)'], 'a${request.header.x'),
  badValue('an unknown root in braces', ['§4.4(6)', '§4.19 parse(1)'], '${foo.bar}'),
  badValue('no $request.method', ['§4.5-4'], '$request.method'),
  badValue('no $request.protocol', ['§4.5-4'], '$request.protocol'),
  badValue('no response in a request', ['§4.4(4)'], '$response.header.x'),
  badValue(
    'REST spelling quoted in a value is text, a selector of it is not',
    ['§4.1-4'],
    '$method.request.header.x',
  ),
  badValue('context names have an alphabet', ['§4.5 source: context', '§4.19 parse(2)'], '$context.a-b'),
  badValue('in braces too', ['§4.5 source: context', '§4.19 parse(1)'], '${context.authorizer.claims.a:b}'),
  badValue('stage variable names have one', ['§4.19 parse(2)'], '$stageVariables.a-b'),
  badValue('a brace that opens nothing', ['§4.4(6)', '§4.19 parse(1)'], 'pre{fix'),
  badValue('a brace that closes nothing', ['§4.4(6)', '§4.19 parse(1)'], 'x}'),
  badValue('a brace behind a variable', ['§4.4(6)', '§4.19 parse(1)'], '$stageVariables.env}'),
  badValue('a second brace behind a variable', ['§4.4(6)', '§4.19 parse(1)'], '${stageVariables.env}}'),
  badValue('an open variable', ['§4.4(6)', '§4.19 parse(1)'], '${context.stage'),
  badValue('JSON', ['§4.4(6)', '§4.1-3'], '{"k":1}'),
  badValue('a path template', ['§4.4(6)'], '/x/{proxy}', 'overwrite:path'),
  badValue('a dollar and more than one character', ['§4.19 parse(4)', '§4.4(5)'], 'US$50'),
  badValue('a dollar and two characters', ['§4.19 parse(4)'], '$xy'),
  badValue('a root that is misspelt', ['§4.19 parse(4)'], '$contxt.stage'),
  badValue(
    'a root that is misspelt, inside text',
    ['§4.19 parse(4)'],
    'to $contxt.stage',
    'append:querystring.k',
  ),
  ...['yes', '""', "'x'", '$request.path'].flatMap((text) => [
    badValue('a removal has no value', ['§4.11-1'], text, 'remove:header.x'),
    badValue('a removal has no value', ['§4.11-1'], text, 'remove:querystring.x'),
  ]),
  ...['42', '99', '100', '199', '600', '1000', '404.0', '-404', 'abc', '404 '].map((status) =>
    onResponse(
      'a static status is one',
      ['§4.17#32', '§4.9-4', '§4.10 cause: status'],
      '200',
      'overwrite:statuscode',
      status,
      `Status Code ${status} is not valid.`,
    ),
  ),
  refused(
    'one bad static status refuses all',
    ['§4.9-4'],
    {
      ResponseParameters: {
        '200': { 'overwrite:statuscode': '202' },
        '500': { 'overwrite:statuscode': '700' },
      },
    },
    'Status Code 700 is not valid.',
  ),
  ...['599', '201', '${response.header.x-s}', '4$response.header.x-s'].map((status) =>
    taken(`a status may become ${status}`, ['§4.9-4'], {
      ResponseParameters: { '200': { 'overwrite:statuscode': status } },
    }),
  ),
  // One key a destination
  ...(
    [
      { 'append:header.x-a': '1', 'remove:header.X-A': "''" },
      { 'append:header.x-a': '1', 'overwrite:header.x-a': '2' },
      { 'append:header.x-a.4': '1', 'append:header.X-A.4': '2' },
      { 'overwrite:header.x-a': '1', 'overwrite:Header.X-A': '2' },
      { 'overwrite:path': '/a', 'overwrite:PATH': '/b' },
    ] as const
  ).map((RequestParameters) => several({ RequestParameters })),
  several({ ResponseParameters: { '200': { 'append:header.x': '1', 'remove:header.X': "''" } } }),
  several({
    ResponseParameters: { '200': { 'overwrite:statuscode': '201', 'overwrite:StatusCode': '202' } },
  }),
  ...(
    [
      ['a suffix', { 'append:header.x-a': '1', 'overwrite:header.x-a.1': '2' }],
      ['suffixes compare as text', { 'append:header.x-a.1': '1', 'append:header.x-a.01': '2' }],
      ['two names', { 'append:header.h2': '$request.header.h1', 'remove:header.h1': "''" }],
      [
        'query names',
        { 'append:querystring.k': '1', 'overwrite:querystring.k': '2', 'remove:querystring.k': "''" },
      ],
    ] as const
  ).map(([why, RequestParameters]) =>
    taken(`one key a destination: ${why}`, ['§4.2-5', '§4.2-6'], { RequestParameters }),
  ),
  ...['${request.querystring.a{b}', '${request.header.x-a$b}', '$x', '${stageVariables.a-b}', '$a/$b'].map(
    (text) =>
      taken(`a value: ${text}`, ['§4.19 parse(1)', '§4.19 parse(4)'], {
        RequestParameters: { 'overwrite:header.x-v': text },
      }),
  ),
  badValue('a script in a body path', ['§4.10-2', '§4.19 path'], '$request.body[(@.length-1)]'),
  {
    name: 'a value of 513 characters',
    statements: ['§4.4(8)', '§4.12-1'],
    creation: {
      create: 'integration',
      with: { RequestParameters: { 'overwrite:header.x': 'v'.repeat(513) } },
    },
    refused: {
      name: 'BadRequestException',
      message: `${PREFIX}Invalid mapping expression specified: ${'v'.repeat(513)}]`,
    },
  },
  // Reserved names, on both sides
  ...RESERVED.flatMap((name) => [
    reserved('reserved', ['§4.8-1', '§4.8-2'], `append:header.${name}`),
    onRequest(
      'reserved',
      ['§4.8-1', '§4.2-6'],
      `overwrite:Header.${name}.1`,
      'x',
      `Operations on header ${name} are restricted`,
    ),
    onResponse(
      'reserved',
      ['§4.8-1', '§4.8-2', '§4.10 cause: reserved'],
      '200',
      `overwrite:header.${name}`,
      'x',
      `Operations on header ${name} are restricted`,
    ),
  ]),
  // Statuses
  ...['2xx', '600', 'abc', 'default', '20', '0200', '200.0'].map((status) =>
    badStatus('no status', ['§4.9-1'], status),
  ),
  ...['200', '599'].map(
    (status): CreationCase => ({
      name: `status ${status} is one`,
      statements: ['§4.9-1'],
      creation: {
        create: 'integration',
        with: { ResponseParameters: { [status]: { 'overwrite:header.x': 'y' } } },
      },
    }),
  ),
  // Several at once
  refused(
    'several errors are all told',
    ['§4.10-1'],
    { RequestParameters: { 'bad:key': 'x', 'overwrite:header.x': '$foo.bar', 'overwrite:header.via': 'y' } },
    'Invalid Request Actioned Parameter destination specified: bad:key',
    'Operations on header via are restricted',
    'Invalid mapping expression specified: $foo.bar',
  ),
  refused(
    'of several status keys the first',
    ['§4.10-1', '§4.9-1'],
    { ResponseParameters: { '199': { 'overwrite:header.x': 'y' }, '600': { 'overwrite:header.x': 'y' } } },
    'Status Code 199 is not valid.',
  ),
  {
    name: 'a value that no service parameter can have',
    statements: ['§4.10-3'],
    creation: {
      create: 'integration',
      with: {
        IntegrationType: 'AWS_PROXY',
        IntegrationSubtype: 'SQS-SendMessage',
        CredentialsArn: 'arn:aws:iam::000000000000:role/r',
        PayloadFormatVersion: '1.0',
        RequestParameters: { QueueUrl: 'https://q', MessageBody: '$request.nonsense' },
      },
    },
    refused: {
      name: 'BadRequestException',
      message:
        'Invalid selection expression specified: Validation Result: warnings : [], errors : [Invalid source: $request.nonsense specified for destination: MessageBody]',
    },
  },
  {
    name: 'a Lambda integration may have mappings',
    statements: ['§4.1-5', '§4.1-6', '§4.1-3'],
    creation: {
      create: 'integration',
      with: {
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: 'arn:aws:lambda:us-east-1:000000000000:function:f',
        PayloadFormatVersion: '2.0',
        RequestParameters: { 'overwrite:header.x': 'y' },
        ResponseParameters: { '200': { 'overwrite:header.x': 'y' } },
      },
    },
  },
];
