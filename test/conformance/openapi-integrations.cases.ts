// Integrations of operations (spec/openapi.md §14.4), in `GET /a` where a row says nothing else.
import type { ImportCase } from './openapi-case.ts';
import {
  type Document,
  doc,
  F,
  FI,
  getA,
  H,
  ignored,
  int,
  L,
  LINK,
  LISTENER,
  type Members,
  named,
  noIntegration,
  PROXIES_ONLY,
  TARGETLESS,
  to,
  without,
} from './openapi-language.ts';

interface IntegrationCase {
  readonly row: number;
  readonly name: string;
  readonly choices?: readonly string[];
  readonly also?: readonly string[];
  readonly integration: Members;
}

/** It is made, as it is written or as `as` says. */
const taken = ({ integration, as, ...row }: IntegrationCase & { readonly as?: Members }): ImportCase => ({
  ...row,
  document: getA(integration),
  made: { routes: { 'GET /a': to(as ?? integration) } },
});
/** The route is made without it, and the text is why. */
const skipped = ({ integration, text, ...row }: IntegrationCase & { readonly text: string }): ImportCase => ({
  ...row,
  document: getA(integration),
  made: { routes: { 'GET /a': TARGETLESS }, warnings: [noIntegration('GET /a', text)] },
});

/** An integration as YAML writes it, for numbers in their own spelling. */
const yaml = (integration: string): string => `
openapi: 3.0.1
info: {title: T, version: "1"}
paths: {/a: {get: {responses: {default: {description: d}}, x-amazon-apigateway-integration: {${integration}}}}}
`;
const written = (name: string, integration: string, as: Members, choice: string, row = 56): ImportCase => ({
  row,
  name,
  choices: [choice],
  document: yaml(integration),
  made: { routes: { 'GET /a': to(as) }, info: [ignored('paths./a.get', 'responses')] },
});

const SQS: Members = {
  type: 'aws_proxy',
  integrationSubtype: 'SQS-SendMessage',
  credentials: 'arn:aws:iam::123456789012:role/intake',
  payloadFormatVersion: '1.0',
  connectionType: 'INTERNET',
  requestParameters: {
    QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/intake',
    MessageBody: '$request.body',
  },
};
const PRIVATE: Members = {
  type: 'http_proxy',
  httpMethod: 'ANY',
  connectionType: 'VPC_LINK',
  connectionId: LINK,
  uri: LISTENER,
  payloadFormatVersion: '1.0',
  tlsConfig: { serverNameToVerify: 'example.com' },
};
const REST_MEMBERS: Members = {
  passthroughBehavior: 'when_no_match',
  contentHandling: 'CONVERT_TO_TEXT',
  cacheKeyParameters: [],
  responses: { default: { statusCode: '200' } },
  enableSimpleResponses: true,
};
const MAPPED: Members = {
  ...H,
  requestParameters: { 'overwrite:path': '$request.path' },
  responseParameters: { 200: { 'overwrite:header.Cache-Control': 'public, max-age=3' } },
};
const MALFORMED = 'Unable to parse API definition because of a malformed integration at path /a.';
/** Two operations of one integration, and the integrations that the components name. */
const both = (integration: Members, components: Members = {}): Document =>
  doc(
    { '/a': { get: int(integration) }, '/b': { get: int(integration) } },
    { components: { 'x-amazon-apigateway-integrations': components } },
  );
const BOTH = { 'GET /a': to(L), 'GET /b': to(L) };
const UNKNOWN_LINK = 'Invalid VpcLink identifier specified: nolink';

export const openApiIntegrationCases: readonly ImportCase[] = [
  taken({ row: 50, name: 'a function', integration: L }),
  taken({ row: 50, name: 'a type in capitals', choices: ['O19'], integration: { ...L, type: 'AWS_PROXY' } }),
  taken({ row: 51, name: 'the ARN of a function', choices: ['O47'], integration: { ...L, uri: F } }),
  skipped({ row: 52, name: 'type AWS', integration: { ...L, type: 'AWS' }, text: PROXIES_ONLY }),
  skipped({
    row: 53,
    name: 'type mock',
    integration: { type: 'mock', requestTemplates: { 'application/json': '{}' } },
    text: PROXIES_ONLY,
  }),
  skipped({
    row: 54,
    name: 'a uri that is none',
    integration: { ...H, uri: 'not a url' },
    text: 'Invalid HTTP endpoint specified for URI',
  }),
  skipped({
    row: 55,
    name: 'no payloadFormatVersion',
    choices: ['O36'],
    integration: without(L, 'payloadFormatVersion'),
    text: 'PayloadFormatVersion is a required parameter for integration',
  }),
  written(
    'payloadFormatVersion 2.0',
    `type: aws_proxy, httpMethod: POST, uri: ${FI}, payloadFormatVersion: 2.0`,
    L,
    'O36',
  ),
  ...['1', '1.0'].map((version) =>
    written(
      `payloadFormatVersion ${version}`,
      `type: http_proxy, httpMethod: GET, uri: "https://be.example.com/x", payloadFormatVersion: ${version}`,
      H,
      'O36',
    ),
  ),
  taken({
    row: 56,
    name: 'payloadFormatVersion 2, in JSON',
    choices: ['O36'],
    integration: { ...L, payloadFormatVersion: 2 },
    as: L,
  }),
  skipped({
    row: 57,
    name: 'payloadFormatVersion 3.0',
    integration: { ...L, payloadFormatVersion: '3.0' },
    text: 'Unsupported PayloadFormatVersion: 3.0',
  }),
  skipped({
    row: 58,
    name: 'payloadFormatVersion 2.0 of a backend',
    integration: { ...H, payloadFormatVersion: '2.0' },
    text: 'PayloadFormatVersion 2.0 is not supported for integration of type HTTP_PROXY',
  }),
  skipped({
    row: 59,
    name: 'no method',
    integration: without(H, 'httpMethod'),
    text: 'HttpMethod parameter method must be specified for integrationType HTTPPROXY',
  }),
  taken({ row: 60, name: 'a time limit', integration: { ...L, timeoutInMillis: 15000 } }),
  taken({
    row: 60,
    name: 'a time limit as a string',
    choices: ['O38'],
    integration: { ...L, timeoutInMillis: '15000' },
    as: { ...L, timeoutInMillis: 15000 },
  }),
  skipped({
    row: 61,
    name: 'a time limit that is too long',
    integration: { ...L, timeoutInMillis: 40000 },
    text: 'Timeout should be between 50 ms and 30000 ms',
  }),
  ...[100.5, '100.5', '1e2', ' 100'].map((timeoutInMillis) =>
    skipped({
      row: 61,
      name: `a time limit of ${JSON.stringify(timeoutInMillis)}`,
      choices: ['O38'],
      integration: { ...L, timeoutInMillis },
      text: 'Invalid timeoutInMillis specified',
    }),
  ),
  taken({
    row: 62,
    name: 'mapping for a function',
    integration: { ...L, requestParameters: { 'overwrite:header.x-request-id': '$context.requestId' } },
  }),
  taken({ row: 63, name: 'mapping of requests and responses', also: ['§4.14-1'], integration: MAPPED }),
  skipped({
    row: 64,
    name: 'mapping as REST APIs spell it',
    also: ['§4.14-2'],
    integration: {
      ...H,
      requestParameters: { 'integration.request.path.proxy': 'method.request.path.proxy' },
    },
    text:
      'Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid Request Actioned Parameter ' +
      'destination specified: integration.request.path.proxy]',
  }),
  taken({ row: 65, name: 'members of REST integrations', integration: { ...L, ...REST_MEMBERS }, as: L }),
  taken({ row: 66, name: 'a message for a queue', also: ['§3.7-8'], integration: SQS }),
  skipped({
    row: 67,
    name: 'a message without body',
    integration: {
      ...SQS,
      requestParameters: without(SQS.requestParameters as Members, 'MessageBody'),
    },
    text:
      'Operation: SQS-SendMessage requires enabling passthrough, or defining all of the following parameters in the ' +
      'parameter mapping: [MessageBody, QueueUrl]',
  }),
  taken({ row: 68, name: 'a private integration', integration: PRIVATE }),
  skipped({
    row: 69,
    name: 'a private integration without its link',
    integration: { ...PRIVATE, connectionId: 'nolink' },
    text: UNKNOWN_LINK,
  }),
  taken({
    row: 70,
    name: 'a stage variable in the uri of a function',
    integration: { ...L, uri: FI.replace('function:f', 'function:${stageVariables.fn}') },
  }),
  taken({
    row: 70,
    name: 'a stage variable in a url',
    integration: { ...H, uri: 'https://${stageVariables.h}/x' },
  }),
  {
    row: 71,
    name: 'a named integration is shared',
    document: both(named('one'), { one: L }),
    made: { routes: BOTH, integrations: 1 },
  },
  { row: 72, name: 'equal integrations are not', document: both(L), made: { routes: BOTH, integrations: 2 } },
  {
    row: 73,
    name: 'a name that is not there',
    choices: ['O39'],
    document: getA(named('none')),
    made: {
      routes: { 'GET /a': TARGETLESS },
      warnings: [noIntegration('GET /a', '#/components/x-amazon-apigateway-integrations/none is missing')],
    },
  },
  {
    row: 73,
    name: 'a reference to elsewhere',
    choices: ['O39'],
    document: getA({ $ref: '#/components/schemas/one' }),
    made: {
      routes: { 'GET /a': TARGETLESS },
      warnings: [noIntegration('GET /a', '#/components/schemas/one is missing')],
    },
  },
  {
    row: 73,
    name: 'a circle',
    choices: ['O39'],
    document: getA(named('one'), {
      components: { 'x-amazon-apigateway-integrations': { one: named('two'), two: named('one') } },
    }),
    made: {
      routes: { 'GET /a': TARGETLESS },
      warnings: [noIntegration('GET /a', '#/components/x-amazon-apigateway-integrations/one is missing')],
    },
  },
  {
    row: 73,
    name: 'a named integration that is refused is told of for each operation',
    document: both(named('one'), { one: { ...L, type: 'aws' } }),
    made: {
      routes: { 'GET /a': TARGETLESS, 'GET /b': TARGETLESS },
      warnings: [noIntegration('GET /a', PROXIES_ONLY), noIntegration('GET /b', PROXIES_ONLY)],
    },
  },
  {
    row: 74,
    name: 'a name that nothing refers to',
    choices: ['O39'],
    document: doc({ '/a': { get: {} } }, { components: { 'x-amazon-apigateway-integrations': { one: L } } }),
    made: { routes: { 'GET /a': TARGETLESS } },
  },
  ...[
    ['an integration that is a text', 'text'],
    ['a uri that is an object', { ...L, uri: { 'Fn::Sub': '…' } }],
    ['parameters that are a text', { ...L, requestParameters: 'text' }],
  ].map(
    ([name, integration]): ImportCase => ({
      row: 75,
      name: name as string,
      choices: ['O31'],
      document: getA(integration),
      refused: { message: MALFORMED },
    }),
  ),
  taken({
    row: 76,
    name: 'a function that is not there',
    integration: { ...L, uri: FI.replace('function:f', 'function:nobody') },
  }),
  taken({
    row: 60,
    name: 'a description',
    choices: ['O37'],
    integration: { ...L, description: 'what it is for' },
  }),
];
