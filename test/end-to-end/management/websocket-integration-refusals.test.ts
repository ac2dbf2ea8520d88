// What CreateIntegration refuses on WebSocket APIs, driven by the unmodified AWS SDK (spec/management-api.md §2.3.3,
// websocket-api.md §3.8, Appendix A).
import type { CreateIntegrationCommandInput } from '@aws-sdk/client-apigatewayv2';
import { webSocketApi } from '../../support/management-seeds.ts';
import { testRefusals } from '../../support/refusal-rows.ts';

type Given = Partial<Omit<CreateIntegrationCommandInput, 'ApiId'>>;
type Row = readonly [source: string, name: string, given: Given, text: string];

const LAMBDA = 'arn:aws:lambda:eu-west-1:111111111111:function:hello';

const mapping = (inner: string): string =>
  `Invalid mapping expression specified: Validation Result: warnings : [], errors : [${inner}]`;

/** JSONPaths that no message could be read with. */
const NO_PATHS = ['route.request.body.a[]', 'route.request.body[?(', "method.request.body['a"];

const WEBSOCKET_ROWS: readonly Row[] = [
  ...NO_PATHS.map(
    (source): Row => [
      'websocket-api §3.8.5',
      `the source ${source}`,
      {
        IntegrationType: 'HTTP_PROXY',
        IntegrationMethod: 'POST',
        IntegrationUri: 'http://a.example',
        RequestParameters: { 'integration.request.header.x': source },
      },
      mapping(`Invalid mapping expression parameter specified: ${source}`),
    ],
  ),
  [
    'websocket-api §2.4',
    'template selection of something else',
    { IntegrationType: 'MOCK', TemplateSelectionExpression: '$request.header.a' },
    'Invalid templateSelectionExpression specified',
  ],
  [
    'App. A',
    'timeout',
    { IntegrationType: 'MOCK', TimeoutInMillis: 29_001 },
    'Timeout should be between 50 ms and 29000 ms',
  ],
  [
    'App. A',
    'AWS_PROXY with 2.0',
    { IntegrationType: 'AWS_PROXY', IntegrationUri: LAMBDA, PayloadFormatVersion: '2.0' },
    'Unsupported PayloadFormatVersion: 2.0',
  ],
  [
    '§8.11',
    'response parameters',
    { IntegrationType: 'MOCK', ResponseParameters: { 200: { 'append:header.x': '1' } } },
    'ResponseParameters is not supported for protocolType WEBSOCKET',
  ],
  [
    '§8.11',
    'subtype',
    { IntegrationType: 'AWS_PROXY', IntegrationSubtype: 'SQS-SendMessage' },
    'IntegrationSubtype is not supported for protocolType WEBSOCKET',
  ],
  [
    '§8.11',
    'TLS',
    { IntegrationType: 'MOCK', TlsConfig: { ServerNameToVerify: 'a' } },
    'TlsConfig is not supported for protocolType WEBSOCKET',
  ],
  [
    '§2.3.3',
    'HTTP without method',
    { IntegrationType: 'HTTP', IntegrationUri: 'http://a.example' },
    'HttpMethod parameter method must be specified for integrationType HTTP',
  ],
  [
    '§2.3.3',
    'HTTP_PROXY without method',
    { IntegrationType: 'HTTP_PROXY', IntegrationUri: 'http://a.example' },
    'HttpMethod parameter method must be specified for integrationType HTTPPROXY',
  ],
  [
    '§2.3.3',
    'HTTP without URL',
    { IntegrationType: 'HTTP', IntegrationMethod: 'GET' },
    'Invalid HTTP endpoint specified for URI',
  ],
  [
    '§2.3.3',
    'AWS service without method',
    { IntegrationType: 'AWS', IntegrationUri: 'arn:aws:apigateway:eu-west-1:sqs:action/SendMessage' },
    'HttpMethod parameter method must be specified for integrationType AWS',
  ],
  [
    '§2.3.3',
    'the ARN of a layer',
    {
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: 'arn:aws:lambda:us-east-1:111122223333:layer:x:1',
    },
    'AWS ARN for integration must contain path or action',
  ],
  [
    '§2.3.3',
    'a function ARN without account',
    { IntegrationType: 'AWS_PROXY', IntegrationUri: 'arn:aws:lambda:us-east-1::function:chat' },
    'Invalid function ARN or invalid uri',
  ],
  [
    '§2.3.3',
    'a function ARN without account, under AWS',
    { IntegrationType: 'AWS', IntegrationUri: 'arn:aws:lambda:us-east-1::function:chat' },
    'Invalid function ARN or invalid uri',
  ],
  [
    '§2.3.3',
    'format 2.0, of MOCK too',
    { IntegrationType: 'MOCK', PayloadFormatVersion: '2.0' },
    'Unsupported PayloadFormatVersion: 2.0',
  ],
  [
    '§2.3.3',
    'no ARN',
    { IntegrationType: 'AWS', IntegrationUri: 'http://a.example' },
    'Invalid ARN specified in the request',
  ],
  [
    '§2.3.3',
    'MOCK over VPC_LINK',
    { IntegrationType: 'MOCK', ConnectionType: 'VPC_LINK' },
    'ConnectionType VPC_LINK is not supported for integrations of type MOCK',
  ],
  [
    'App. A',
    'VPC_LINK without link',
    {
      IntegrationType: 'HTTP',
      IntegrationUri: 'http://a.example',
      IntegrationMethod: 'GET',
      ConnectionType: 'VPC_LINK',
    },
    'ConnectionId must be set to vpcLinkId for ConnectionType VPC_LINK',
  ],
  [
    '§8.5',
    'VPC link that is not there',
    {
      IntegrationType: 'HTTP',
      IntegrationUri: 'http://a.example',
      IntegrationMethod: 'GET',
      ConnectionType: 'VPC_LINK',
      ConnectionId: 'nolink',
    },
    'Invalid VpcLink identifier specified: nolink',
  ],
  [
    'websocket-api §3.8',
    'bad destination',
    { IntegrationType: 'MOCK', RequestParameters: { 'append:header.x': "'1'" } },
    mapping('Invalid mapping expression parameter specified: append:header.x'),
  ],
  [
    'websocket-api §3.8',
    'bad source',
    { IntegrationType: 'MOCK', RequestParameters: { 'integration.request.header.x': 'unquoted' } },
    mapping('Invalid mapping expression parameter specified: unquoted'),
  ],
];

testRefusals(
  'CreateIntegration on WebSocket APIs',
  webSocketApi,
  WEBSOCKET_ROWS.map(([source, name, given, text]) => ({
    source,
    name,
    call: (sdk, { ApiId }) => sdk.createIntegration({ ApiId, ...given } as CreateIntegrationCommandInput),
    text,
  })),
);
