// What an update makes of stored mappings (spec/http-api.md §4.11).
import type { Integration, UpdateCase } from './case.ts';

const QUEUE: Integration = {
  IntegrationType: 'AWS_PROXY',
  IntegrationSubtype: 'SQS-SendMessage',
  CredentialsArn: 'arn:aws:iam::000000000000:role/r',
  PayloadFormatVersion: '1.0',
};
const QUEUE_PARAMETERS = {
  QueueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/q',
  MessageBody: '$request.body',
};

const DELAYED = { ...QUEUE_PARAMETERS, DelaySeconds: '5' };
const SEND = { IntegrationType: 'AWS_PROXY', IntegrationSubtype: 'SQS-SendMessage' } as const;

/** An update of an integration that sends messages with a delay. */
function service(
  name: string,
  update: Integration,
  becomes: { readonly reads: Integration } | { readonly refused: string | RegExp },
  statement = '§4.11-7',
): UpdateCase {
  return {
    name,
    statements: [statement, '§4.1-3'],
    stored: { ...QUEUE, RequestParameters: DELAYED },
    update,
    ...('reads' in becomes
      ? becomes
      : {
          refused: { name: 'BadRequestException', message: becomes.refused },
          reads: { IntegrationSubtype: 'SQS-SendMessage', RequestParameters: DELAYED },
        }),
  };
}

const NEEDS_BOTH =
  'Operation: SQS-SendMessage requires enabling passthrough, or defining all of the following parameters in the parameter mapping: [MessageBody, QueueUrl]';
const NO_URI = 'Invalid integration URI specified';
const RECORD = { StreamName: 's', Data: '$request.body', PartitionKey: 'p' };

export const mappingUpdateCases: readonly UpdateCase[] = [
  {
    name: 'an optional parameter of nothing is dropped on create',
    statements: ['§4.11-1', '§4.1-3'],
    stored: { ...QUEUE, RequestParameters: { ...QUEUE_PARAMETERS, DelaySeconds: '' } },
    update: { Description: 'x' },
    reads: { RequestParameters: QUEUE_PARAMETERS },
  },
  service(
    'an operation with some of what it needs is refused',
    { ...SEND, RequestParameters: { MessageBody: '$request.body.text' } },
    { refused: NEEDS_BOTH },
  ),
  service(
    'with all of it, other parameters stay',
    { ...SEND, RequestParameters: { ...QUEUE_PARAMETERS, MessageBody: '$request.body.text' } },
    { reads: { RequestParameters: { ...DELAYED, MessageBody: '$request.body.text' } } },
  ),
  service(
    'other parameters may be changed, added and taken away beside it',
    { ...SEND, RequestParameters: { ...QUEUE_PARAMETERS, DelaySeconds: '', MessageGroupId: 'g' } },
    { reads: { RequestParameters: { ...QUEUE_PARAMETERS, MessageGroupId: 'g' } } },
  ),
  service('an operation without parameters is refused', SEND, { refused: NEEDS_BOTH }),
  service('or with an empty map', { ...SEND, RequestParameters: {} }, { refused: NEEDS_BOTH }),
  service(
    'what it needs cannot be taken away',
    { ...SEND, RequestParameters: { ...QUEUE_PARAMETERS, QueueUrl: '' } },
    { refused: NEEDS_BOTH },
  ),
  service(
    'parameters without their operation are refused, even all of them',
    { RequestParameters: QUEUE_PARAMETERS },
    { refused: NO_URI },
  ),
  service('or one of them', { RequestParameters: { DelaySeconds: '' } }, { refused: NO_URI }),
  service(
    'the type does not stand for the operation',
    { IntegrationType: 'AWS_PROXY', RequestParameters: QUEUE_PARAMETERS },
    { refused: NO_URI },
  ),
  service(
    'the operation is one of the stored type',
    { IntegrationSubtype: 'SQS-SendMessage', RequestParameters: QUEUE_PARAMETERS },
    { reads: { RequestParameters: DELAYED } },
  ),
  service(
    'an operation of an HTTP backend is refused',
    { ...SEND, IntegrationType: 'HTTP_PROXY', RequestParameters: QUEUE_PARAMETERS },
    { refused: 'IntegrationSubtype is only supported for integrations of type AWS_PROXY' },
  ),
  service(
    'a parameter that the operation does not have is refused',
    { ...SEND, RequestParameters: { ...QUEUE_PARAMETERS, StreamName: 's' } },
    { refused: 'Parameter: StreamName does not fit schema for Operation: SQS-SendMessage.' },
  ),
  ...(
    [
      { Description: 'x' },
      { TimeoutInMillis: 1_000 },
      { CredentialsArn: 'arn:aws:iam::000000000000:role/other' },
      { ResponseParameters: { '200': { 'append:header.a': 'b' } } },
    ] satisfies Integration[]
  ).map((update) =>
    service(`${Object.keys(update)[0]} alone is changed`, update, {
      reads: { ...update, RequestParameters: DELAYED },
    }),
  ),
  service(
    'another operation with its whole map drops what it does not have',
    { IntegrationType: 'AWS_PROXY', IntegrationSubtype: 'Kinesis-PutRecord', RequestParameters: RECORD },
    { reads: { IntegrationSubtype: 'Kinesis-PutRecord', RequestParameters: RECORD } },
    '§4.11-8',
  ),
  service(
    'and keeps what it has',
    {
      IntegrationSubtype: 'SQS-DeleteMessage',
      RequestParameters: {
        QueueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/p',
        ReceiptHandle: 'r',
      },
    },
    {
      reads: {
        RequestParameters: {
          QueueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/p',
          ReceiptHandle: 'r',
        },
      },
    },
    '§4.11-8',
  ),
  service(
    'parameters of the old operation may be taken away in the same update',
    {
      IntegrationType: 'AWS_PROXY',
      IntegrationSubtype: 'Kinesis-PutRecord',
      RequestParameters: { ...RECORD, MessageBody: '', QueueUrl: '', DelaySeconds: '' },
    },
    { reads: { RequestParameters: RECORD } },
    '§4.11-8',
  ),
  service(
    'but not given',
    { IntegrationSubtype: 'Kinesis-PutRecord', RequestParameters: { ...RECORD, DelaySeconds: '5' } },
    { refused: 'Parameter: DelaySeconds does not fit schema for Operation: Kinesis-PutRecord.' },
    '§4.11-8',
  ),
  service(
    'an operation that is none is refused',
    { IntegrationSubtype: 'SNS-Publish', RequestParameters: RECORD },
    { refused: 'Operation: SNS-Publish is not supported.' },
    '§4.11-8',
  ),
  {
    name: 'what WebSocket APIs alone have is not kept',
    statements: ['§3.1 field: RequestTemplates'],
    stored: { RequestTemplates: { 'application/json': '{}' }, PassthroughBehavior: 'NEVER' },
    update: {},
    reads: { RequestTemplates: undefined, PassthroughBehavior: undefined },
  },
  {
    name: 'create stores what is a mapping, as it is written',
    statements: ['§4.11-1', '§4.2-1', '§4.2-6'],
    stored: {
      RequestParameters: {
        'remove:querystring.qs1': "''",
        'remove:header.a': '',
        'append:header.b': 'c',
        'overwrite:Header.X-d.1.2': 'e',
        'append:header.e': '',
        'append:querystring.k': '',
        'overwrite:path': '',
      },
      ResponseParameters: {
        '200': { 'overwrite:header.x-a': '', 'append:header.x-b.7': 'f' },
        '404': { 'overwrite:statuscode': '' },
      },
    },
    update: {},
    reads: {
      RequestParameters: {
        'remove:querystring.qs1': "''",
        'remove:header.a': '',
        'append:header.b': 'c',
        'overwrite:Header.X-d.1.2': 'e',
      },
      ResponseParameters: { '200': { 'append:header.x-b.7': 'f' } },
    },
  },
  {
    name: 'where nothing is a mapping, no map is stored',
    statements: ['§4.11-1'],
    stored: {
      RequestParameters: { 'overwrite:path': '', 'append:header.a': '' },
      ResponseParameters: { '404': { 'overwrite:statuscode': '' }, '500': {} },
    },
    update: {},
    reads: { RequestParameters: undefined, ResponseParameters: undefined },
  },
  {
    name: 'an update deletes a remove with ""',
    statements: ['§4.11-5'],
    stored: { RequestParameters: { 'remove:header.x-a': "''", 'append:header.b': '1' } },
    update: { RequestParameters: { 'remove:header.x-a': '' } },
    reads: { RequestParameters: { 'append:header.b': '1' } },
  },
  {
    name: 'another action on a stored header is refused',
    statements: ['§4.2-5', '§4.10 cause: several'],
    stored: { RequestParameters: { 'append:header.x-a': '1', 'append:header.b': '1' } },
    update: { RequestParameters: { 'overwrite:header.x-a': '2', 'append:header.b': '2' } },
    refused: {
      name: 'BadRequestException',
      message: /\[Several keys for one destination specified: append:header\.x-a and overwrite:header\.x-a; /,
    },
    reads: { RequestParameters: { 'append:header.x-a': '1', 'append:header.b': '1' } },
  },
  {
    name: 'another spelling of a stored header too',
    statements: ['§4.2-5'],
    stored: { RequestParameters: { 'append:header.x-a': '1' } },
    update: { RequestParameters: { 'append:header.X-a': '2' } },
    refused: { name: 'BadRequestException', message: /Several keys for one destination/ },
    reads: { RequestParameters: { 'append:header.x-a': '1' } },
  },
  {
    name: 'an action changes by deleting one and adding the other',
    statements: ['§4.2-5', '§4.11-2'],
    stored: { RequestParameters: { 'append:header.x-a': '1' } },
    update: { RequestParameters: { 'append:header.x-a': '', 'overwrite:header.x-a': '2' } },
    reads: { RequestParameters: { 'overwrite:header.x-a': '2' } },
  },
  {
    name: 'a key is deleted with its suffix',
    statements: ['§4.2-6', '§4.11-2'],
    stored: { RequestParameters: { 'append:header.x-a.1': '1', 'append:header.x-a.2': '2' } },
    update: { RequestParameters: { 'append:header.x-a.1': '', 'append:header.x-a.02': '' } },
    reads: { RequestParameters: { 'append:header.x-a.2': '2' } },
  },
  {
    name: 'one bad entry of an update changes nothing',
    statements: ['§4.11-2', '§4.9-4'],
    stored: { ResponseParameters: { '200': { 'overwrite:statuscode': '202' } } },
    update: {
      RequestParameters: { 'append:header.x': 'y' },
      ResponseParameters: {
        '200': { 'overwrite:statuscode': '203' },
        '500': { 'overwrite:statuscode': '700' },
      },
    },
    refused: { name: 'BadRequestException', message: /Status Code 700 is not valid\./ },
    reads: { RequestParameters: undefined, ResponseParameters: { '200': { 'overwrite:statuscode': '202' } } },
  },
  {
    name: 'the key of an entry that deletes is checked',
    statements: ['§4.11-1', '§4.2-2'],
    stored: { RequestParameters: { 'append:header.a': '1' } },
    update: { RequestParameters: { 'append:header.x%20a': '', 'append:header.a': '' } },
    refused: { name: 'BadRequestException', message: /Parameter name should match/ },
    reads: { RequestParameters: { 'append:header.a': '1' } },
  },
  {
    name: 'update merges entry by entry and deletes what is ""',
    statements: ['§4.11-2', '§4.15(4)'],
    stored: {
      RequestParameters: {
        'append:header.header1': 'a',
        'append:header.kept': 'b',
        'overwrite:header.c': 'old',
      },
      ResponseParameters: { '200': { 'append:header.x': 'y' }, '404': { 'append:header.z': 'z' } },
    },
    update: {
      RequestParameters: { 'append:header.header1': '', 'overwrite:header.c': 'new', 'append:header.d': 'e' },
      ResponseParameters: { '200': {} },
    },
    reads: {
      RequestParameters: { 'append:header.kept': 'b', 'overwrite:header.c': 'new', 'append:header.d': 'e' },
      ResponseParameters: { '404': { 'append:header.z': 'z' } },
    },
  },
  {
    name: 'the entries of a status merge too',
    statements: ['§4.11-3'],
    stored: { ResponseParameters: { '404': { 'append:header.a': '1', 'append:header.b': '2' } } },
    update: { ResponseParameters: { '404': { 'append:header.a': '', 'append:header.c': '3' } } },
    reads: { ResponseParameters: { '404': { 'append:header.b': '2', 'append:header.c': '3' } } },
  },
  {
    name: 'deleting what is not there changes nothing',
    statements: ['§4.11-4'],
    stored: { RequestParameters: { 'append:header.a': '1' } },
    update: {
      RequestParameters: { 'append:header.none': '', 'overwrite:header.z': '' },
      ResponseParameters: { '500': {} },
    },
    reads: { RequestParameters: { 'append:header.a': '1' } },
  },
  {
    name: 'a remove with "" deletes the stored one',
    statements: ['§4.11-5'],
    stored: { RequestParameters: { 'remove:querystring.qs1': "''", 'append:header.a': '1' } },
    update: { RequestParameters: { 'remove:querystring.qs1': '' } },
    reads: { RequestParameters: { 'append:header.a': '1' } },
  },
  {
    name: 'and is stored where there is none',
    statements: ['§4.11-5'],
    stored: { RequestParameters: { 'append:header.a': '1' } },
    update: { RequestParameters: { 'remove:querystring.qs1': '' } },
    reads: { RequestParameters: { 'append:header.a': '1', 'remove:querystring.qs1': '' } },
  },
  {
    name: 'a status of {} is not read back',
    statements: ['§4.11-6'],
    stored: { ResponseParameters: { '404': { 'append:header.a': '1' }, '500': { 'append:header.b': '2' } } },
    update: { ResponseParameters: { '404': {} } },
    reads: { ResponseParameters: { '500': { 'append:header.b': '2' } } },
  },
  {
    name: 'what an update leaves out stays',
    statements: ['§4.11-2'],
    stored: {
      RequestParameters: { 'append:header.a': '1' },
      ResponseParameters: { '404': { 'append:header.a': '1' } },
    },
    update: {},
    reads: {
      RequestParameters: { 'append:header.a': '1' },
      ResponseParameters: { '404': { 'append:header.a': '1' } },
    },
  },
];
