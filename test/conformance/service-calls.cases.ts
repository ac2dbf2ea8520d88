// First-class AWS service integrations (spec/http-api.md §3.7, §4.18): parameters, a client's request, the service's call, its answer and what the client gets.
import type { ServiceReply } from '../support/aws-service.ts';

export interface ServiceCase {
  readonly name: string;
  readonly statements: readonly string[];
  readonly subtype: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** `$default` where there is none. */
  readonly route?: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** `POST /` where there is none. */
  readonly request?: readonly [line: string, headers?: readonly string[], body?: string];
  /** The operation and its serialised input; none: the service is not called and the client gets the gateway's 400. */
  readonly called?: readonly [operation: string, input: Readonly<Record<string, unknown>>];
  /** Of the signature. */
  readonly scope?: string;
  readonly answer?: ServiceReply;
  /** The service's error; the client gets the gateway's 500. */
  readonly fails?: true;
  /** 200 with the service's body where nothing else is said. */
  readonly got?: { readonly status?: number; readonly headers?: readonly string[]; readonly body?: string };
}

const QueueUrl = 'https://sqs.us-east-1.amazonaws.com/000000000000/q';
const SENT =
  '<?xml version="1.0"?><SendMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><SendMessageResult>' +
  '<MessageId>1</MessageId><MD5OfMessageBody>2</MD5OfMessageBody></SendMessageResult><ResponseMetadata>' +
  '<RequestId>3</RequestId></ResponseMetadata></SendMessageResponse>';
const ATTRIBUTES =
  '{"A1":{"DataType":"String","StringValue":"${request.header.header1}"},"A3":{"DataType":"String","StringValue":"fixed"}}';
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';

const sqs: readonly ServiceCase[] = [
  {
    name: 'a queue from a header, a message from the body',
    statements: ['§4.18#1', '§3.7-1', '§3.7-2', '§3.7-10'],
    subtype: 'SQS-SendMessage',
    parameters: { QueueUrl: '$request.header.queueUrl', MessageBody: '$request.body.message' },
    request: ['POST /', [`queueurl: ${QueueUrl}`], '{"message":"hi"}'],
    called: ['SendMessage', { QueueUrl, MessageBody: 'hi' }],
    scope: 'us-east-1/sqs',
    answer: { headers: { 'content-type': 'text/xml', 'x-amzn-requestid': '3' }, body: SENT },
    got: { headers: ['Content-Type: text/xml', 'X-Amzn-Requestid: 3'] },
  },
  {
    name: 'the whole body',
    statements: ['§4.18#2'],
    subtype: 'SQS-SendMessage',
    parameters: { QueueUrl, MessageBody: '$request.body' },
    request: ['POST /', [], '{"a":1}'],
    called: ['SendMessage', { QueueUrl, MessageBody: '{"a":1}' }],
  },
  ...['POST /', 'POST /?delay=', 'POST /?delay', 'POST /?Delay=1'].map((line) => ({
    name: `an optional parameter without value: ${line}`,
    statements: ['§4.18#8', '§4.13-4', '§3.7-9'],
    subtype: 'SQS-SendMessage',
    parameters: { QueueUrl, MessageBody: 'x', DelaySeconds: '$request.querystring.delay' },
    request: [line] as const,
  })),
  ...['{"group":null}', '{"group":""}', '{}', '{"group":', 'text', ''].map((body) => ({
    name: `an optional parameter without value: ${body || 'no body'}`,
    statements: ['§4.13-4', '§3.7-9'],
    subtype: 'SQS-SendMessage',
    parameters: { QueueUrl, MessageBody: 'x', MessageGroupId: '$request.body.group' },
    request: ['POST /', [], body] as const,
  })),
  {
    name: 'a required parameter without value: an empty body',
    statements: ['§4.13-4', '§3.7-9'],
    subtype: 'SQS-SendMessage',
    parameters: { QueueUrl, MessageBody: '$request.body' },
    request: ['POST /', ['Content-Type: application/json'], ''],
  },
  {
    name: 'an undefined stage variable',
    statements: ['§3.7-9'],
    subtype: 'SQS-SendMessage',
    parameters: { QueueUrl, MessageBody: 'x', MessageGroupId: '$stageVariables.group' },
  },
  {
    name: 'a region without value',
    statements: ['§3.7-9', '§3.7-2'],
    subtype: 'SQS-SendMessage',
    parameters: { QueueUrl, MessageBody: 'x', Region: '$request.querystring.region' },
    request: ['POST /?region='],
  },
  {
    name: 'a template that is partly empty',
    statements: ['§3.7-9'],
    subtype: 'SQS-SendMessage',
    parameters: { QueueUrl, MessageBody: '${request.querystring.a}-${request.querystring.b}' },
    request: ['POST /?a=x'],
    called: ['SendMessage', { QueueUrl, MessageBody: 'x-' }],
  },
  {
    name: 'a template that is all empty',
    statements: ['§3.7-9'],
    subtype: 'SQS-SendMessage',
    parameters: { QueueUrl, MessageBody: '${request.querystring.a}${request.querystring.b}' },
    request: ['POST /?a='],
  },
  {
    name: 'numbers, ids and text beyond ASCII',
    statements: ['§3.7 subtype: SQS-SendMessage', '§3.7-5', '§4.15(7)'],
    subtype: 'SQS-SendMessage',
    parameters: {
      QueueUrl,
      MessageBody: '$request.body',
      DelaySeconds: '$request.querystring.delay',
      MessageGroupId: '$request.querystring.group',
      MessageDeduplicationId: '$request.querystring.id',
    },
    request: ['POST /?delay=5&group=g&id=d', [], 'grün & 漢'],
    called: [
      'SendMessage',
      {
        QueueUrl,
        MessageBody: 'grün & 漢',
        DelaySeconds: '5',
        MessageGroupId: 'g',
        MessageDeduplicationId: 'd',
      },
    ],
  },
  {
    name: 'no number where one is needed',
    statements: ['§3.7-5'],
    subtype: 'SQS-SendMessage',
    parameters: { QueueUrl, MessageBody: 'x', DelaySeconds: '$request.querystring.delay' },
    request: ['POST /?delay=soon'],
  },
  {
    name: 'a missing required parameter',
    statements: ['§3.7-9', '§4.13-4'],
    subtype: 'SQS-SendMessage',
    parameters: { QueueUrl, MessageBody: '$request.body.message' },
    request: ['POST /', [], '{}'],
  },
  {
    name: 'message attributes from a template',
    statements: ['§3.7-6'],
    subtype: 'SQS-SendMessage',
    parameters: { QueueUrl, MessageBody: 'x', MessageAttributes: ATTRIBUTES },
    request: ['POST /', ['header1: one']],
    called: [
      'SendMessage',
      {
        QueueUrl,
        MessageBody: 'x',
        'MessageAttribute.1.Name': 'A1',
        'MessageAttribute.1.Value.DataType': 'String',
        'MessageAttribute.1.Value.StringValue': 'one',
        'MessageAttribute.2.Name': 'A3',
        'MessageAttribute.2.Value.DataType': 'String',
        'MessageAttribute.2.Value.StringValue': 'fixed',
      },
    ],
  },
  {
    name: 'message attributes from the body, bytes in base64, and system attributes as a literal (Choice C73)',
    statements: ['§3.7-6'],
    subtype: 'SQS-SendMessage',
    parameters: {
      QueueUrl,
      MessageBody: 'x',
      MessageAttributes: '$request.body.attributes',
      MessageSystemAttributes: '{"AWSTraceHeader":{"DataType":"String","StringValue":"Root=1"}}',
    },
    request: ['POST /', [], '{"attributes":{"n":{"DataType":"Binary","BinaryValue":"AQI="}}}'],
    called: [
      'SendMessage',
      {
        QueueUrl,
        MessageBody: 'x',
        'MessageAttribute.1.Name': 'n',
        'MessageAttribute.1.Value.DataType': 'Binary',
        'MessageAttribute.1.Value.BinaryValue': 'AQI=',
        'MessageSystemAttribute.1.Name': 'AWSTraceHeader',
        'MessageSystemAttribute.1.Value.DataType': 'String',
        'MessageSystemAttribute.1.Value.StringValue': 'Root=1',
      },
    ],
  },
  {
    name: 'message attributes that are no object',
    statements: ['§3.7-6'],
    subtype: 'SQS-SendMessage',
    parameters: { QueueUrl, MessageBody: 'x', MessageAttributes: '$request.body.attributes' },
    request: ['POST /', [], '{"attributes":"text"}'],
  },
  {
    name: 'an error of the service is a 500',
    statements: ['§3.7-12'],
    subtype: 'SQS-SendMessage',
    parameters: { QueueUrl, MessageBody: 'x' },
    called: ['SendMessage', { QueueUrl, MessageBody: 'x' }],
    answer: {
      status: 400,
      headers: { 'content-type': 'text/xml' },
      body: '<?xml version="1.0"?><ErrorResponse><Error><Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code></Error></ErrorResponse>',
    },
    fails: true,
  },
  {
    name: 'a failure of the service is a 500, and is not repeated',
    statements: ['§3.7-12'],
    subtype: 'SQS-SendMessage',
    parameters: { QueueUrl, MessageBody: 'x' },
    called: ['SendMessage', { QueueUrl, MessageBody: 'x' }],
    answer: { status: 503, body: '<ErrorResponse/>' },
    fails: true,
  },
  {
    name: 'the region of the parameter',
    statements: ['§3.7-2'],
    subtype: 'SQS-SendMessage',
    parameters: { QueueUrl, MessageBody: 'x', Region: '$request.querystring.region' },
    request: ['POST /?region=eu-central-1'],
    called: ['SendMessage', { QueueUrl, MessageBody: 'x' }],
    scope: 'eu-central-1/sqs',
  },
  {
    name: 'a region that is none goes into no host name',
    statements: ['§3.7-2'],
    subtype: 'SQS-SendMessage',
    parameters: { QueueUrl, MessageBody: 'x', Region: '$request.querystring.region' },
    request: ['POST /?region=evil.example.com/'],
  },
  {
    name: 'lists as JSON and as text (Choice C26)',
    statements: ['§3.7 subtype: SQS-ReceiveMessage', '§3.7-6'],
    subtype: 'SQS-ReceiveMessage',
    parameters: {
      QueueUrl,
      AttributeNames: '["SentTimestamp","SenderId"]',
      MessageAttributeNames: 'a, b',
      MaxNumberOfMessages: '10',
      VisibilityTimeout: '$request.querystring.hidden',
      WaitTimeSeconds: '0',
      ReceiveRequestAttemptId: '$request.path',
    },
    request: ['GET /x?hidden=7'],
    called: [
      'ReceiveMessage',
      {
        QueueUrl,
        'AttributeName.1': 'SentTimestamp',
        'AttributeName.2': 'SenderId',
        'MessageAttributeName.1': 'a',
        'MessageAttributeName.2': 'b',
        MaxNumberOfMessages: '10',
        VisibilityTimeout: '7',
        WaitTimeSeconds: '0',
        ReceiveRequestAttemptId: '/x',
      },
    ],
    answer: { headers: { 'content-type': 'text/xml' }, body: '<ReceiveMessageResponse/>' },
    got: { headers: ['Content-Type: text/xml'] },
  },
  {
    name: 'a list that is none',
    statements: ['§3.7-6'],
    subtype: 'SQS-ReceiveMessage',
    parameters: { QueueUrl, AttributeNames: '$request.body' },
    request: ['POST /', [], '[1]'],
  },
  {
    name: 'a receipt handle',
    statements: ['§3.7 subtype: SQS-DeleteMessage'],
    subtype: 'SQS-DeleteMessage',
    parameters: { QueueUrl, ReceiptHandle: '$request.path.handle' },
    route: 'DELETE /messages/{handle}',
    request: ['DELETE /messages/a%2Bb'],
    called: ['DeleteMessage', { QueueUrl, ReceiptHandle: 'a+b' }],
  },
  {
    name: 'a queue from a stage variable',
    statements: ['§3.7 subtype: SQS-PurgeQueue', '§3.7-3'],
    subtype: 'SQS-PurgeQueue',
    parameters: { QueueUrl: '$stageVariables.queue' },
    variables: { queue: QueueUrl },
    called: ['PurgeQueue', { QueueUrl }],
  },
];

const json = (type: string, body: object): ServiceReply => ({
  headers: { 'content-type': type, 'x-amzn-requestid': 'r' },
  body: JSON.stringify(body),
});

const eventBridge: readonly ServiceCase[] = [
  {
    name: 'the body as detail, statics bare',
    statements: ['§4.18#3', '§3.7-3', '§3.7-10'],
    subtype: 'EventBridge-PutEvents',
    parameters: { Detail: '$request.body', DetailType: 'MyType', Source: 'WebApp' },
    request: ['POST /', [], '{"a":1}'],
    called: ['PutEvents', { Entries: [{ Detail: '{"a":1}', DetailType: 'MyType', Source: 'WebApp' }] }],
    scope: 'us-east-1/events',
    answer: json('application/x-amz-json-1.1', { Entries: [{ EventId: 'e' }], FailedEntryCount: 0 }),
    got: { headers: ['Content-Type: application/x-amz-json-1.1', 'X-Amzn-Requestid: r'] },
  },
  {
    name: 'an object of the body as JSON text, a variable inside text',
    statements: ['§4.18#4', '§3.7-7'],
    subtype: 'EventBridge-PutEvents',
    parameters: {
      Detail: '$request.body.Detail',
      DetailType: 'MyType',
      Source: 'com.mycompany.$request.path.source',
    },
    route: 'POST /{source}',
    request: ['POST /shop', [], '{"Detail":{"a":1}}'],
    called: [
      'PutEvents',
      { Entries: [{ Detail: '{"a":1}', DetailType: 'MyType', Source: 'com.mycompany.shop' }] },
    ],
  },
  {
    name: 'time, bus, resources and trace header',
    statements: ['§3.7 subtype: EventBridge-PutEvents', '§3.7-6'],
    subtype: 'EventBridge-PutEvents',
    parameters: {
      Detail: '{}',
      DetailType: 't',
      Source: 's',
      Time: '$request.querystring.time',
      EventBusName: 'bus',
      Resources: 'arn:aws:x:1,arn:aws:x:2',
      TraceHeader: 'Root=1',
    },
    request: ['POST /?time=2024-05-06T07:08:09Z'],
    called: [
      'PutEvents',
      {
        Entries: [
          {
            Detail: '{}',
            DetailType: 't',
            Source: 's',
            Time: Date.UTC(2024, 4, 6, 7, 8, 9) / 1_000,
            EventBusName: 'bus',
            Resources: ['arn:aws:x:1', 'arn:aws:x:2'],
            TraceHeader: 'Root=1',
          },
        ],
      },
    ],
  },
  {
    name: 'an entry that failed is an answer like any other',
    statements: ['§3.7-10', '§3.7-12'],
    subtype: 'EventBridge-PutEvents',
    parameters: { Detail: '$request.body', DetailType: 't', Source: 's', EventBusName: 'unknown' },
    request: ['POST /', [], '{"a":1}'],
    called: [
      'PutEvents',
      { Entries: [{ Detail: '{"a":1}', DetailType: 't', Source: 's', EventBusName: 'unknown' }] },
    ],
    answer: json('application/x-amz-json-1.1', {
      Entries: [{ ErrorCode: 'InvalidArgument' }],
      FailedEntryCount: 1,
    }),
    got: { headers: ['Content-Type: application/x-amz-json-1.1', 'X-Amzn-Requestid: r'] },
  },
  {
    name: 'a time that is none',
    statements: ['§3.7 subtype: EventBridge-PutEvents'],
    subtype: 'EventBridge-PutEvents',
    parameters: { Detail: '{}', DetailType: 't', Source: 's', Time: '$request.querystring.time' },
    request: ['POST /?time=noon'],
  },
];

const others: readonly ServiceCase[] = [
  {
    name: 'the body’s bytes as data',
    statements: ['§4.18#7', '§3.7-4'],
    subtype: 'Kinesis-PutRecord',
    parameters: { Data: '$request.body', PartitionKey: '$request.querystring.pk', StreamName: 's' },
    request: ['POST /?pk=1', [], 'grün'],
    called: [
      'PutRecord',
      { Data: Buffer.from('grün').toString('base64'), PartitionKey: '1', StreamName: 's' },
    ],
    scope: 'us-east-1/kinesis',
    answer: json('application/x-amz-json-1.1', { SequenceNumber: '1', ShardId: 's' }),
    got: { headers: ['Content-Type: application/x-amz-json-1.1'] },
  },
  {
    name: 'mapped text as data, and the optional parameters',
    statements: ['§3.7 subtype: Kinesis-PutRecord', '§3.7-4'],
    subtype: 'Kinesis-PutRecord',
    parameters: {
      Data: '<${request.body.a}>',
      PartitionKey: 'k',
      StreamName: 's',
      SequenceNumberForOrdering: '1',
      ExplicitHashKey: '2',
    },
    request: ['POST /', [], '{"a":"ü"}'],
    called: [
      'PutRecord',
      {
        Data: Buffer.from('<ü>').toString('base64'),
        PartitionKey: 'k',
        StreamName: 's',
        SequenceNumberForOrdering: '1',
        ExplicitHashKey: '2',
      },
    ],
  },
  {
    name: 'input from the body',
    statements: ['§4.18#5', '§3.7 subtype: StepFunctions-StartExecution'],
    subtype: 'StepFunctions-StartExecution',
    parameters: { StateMachineArn: MACHINE, Input: '$request.body', Name: '$request.querystring.name' },
    request: ['POST /?name=n', [], '{"x":1}'],
    called: ['StartExecution', { stateMachineArn: MACHINE, input: '{"x":1}', name: 'n' }],
    scope: 'us-east-1/states',
    answer: json('application/x-amz-json-1.0', { executionArn: 'e', startDate: 1 }),
    got: { headers: ['Content-Type: application/x-amz-json-1.0'] },
  },
  {
    name: 'a name without value',
    statements: ['§3.7-9', '§4.13-4'],
    subtype: 'StepFunctions-StartExecution',
    parameters: { StateMachineArn: MACHINE, Name: '$request.header.x-name', Input: '$request.body' },
    request: ['POST /', [], '{"x":1}'],
  },
  {
    name: 'an empty partition key, required, and an empty hash key, optional',
    statements: ['§3.7-9', '§4.13-4'],
    subtype: 'Kinesis-PutRecord',
    parameters: {
      Data: 'd',
      StreamName: 's',
      PartitionKey: '$request.querystring.pk',
      ExplicitHashKey: '$request.querystring.hash',
    },
    request: ['POST /?pk=1&hash='],
  },
  {
    name: 'an unknown stream',
    statements: ['§3.7-12'],
    subtype: 'Kinesis-PutRecord',
    parameters: { Data: 'd', StreamName: 's', PartitionKey: 'k' },
    called: ['PutRecord', { Data: Buffer.from('d').toString('base64'), StreamName: 's', PartitionKey: 'k' }],
    answer: { status: 400, body: '{"__type":"ResourceNotFoundException","message":"Stream s not found"}' },
    fails: true,
  },
  {
    name: 'input from a template; a failed execution is a 200',
    statements: ['§4.18#6', '§3.7 subtype: StepFunctions-StartSyncExecution', '§3.7-10'],
    subtype: 'StepFunctions-StartSyncExecution',
    parameters: { StateMachineArn: MACHINE, Input: '{"id":"${request.path.id}"}', TraceHeader: 'Root=1' },
    route: 'GET /o/{id}',
    request: ['GET /o/7'],
    called: ['StartSyncExecution', { stateMachineArn: MACHINE, input: '{"id":"7"}', traceHeader: 'Root=1' }],
    answer: json('application/x-amz-json-1.0', { status: 'FAILED', output: null }),
  },
  {
    name: 'the values of the template are not escaped',
    statements: ['§4.18#6'],
    subtype: 'StepFunctions-StartExecution',
    parameters: { StateMachineArn: MACHINE, Input: '{"id":"${request.querystring.id}"}' },
    request: ['GET /?id=%22'],
    called: ['StartExecution', { stateMachineArn: MACHINE, input: '{"id":"""}' }],
  },
  {
    name: 'cause and error',
    statements: ['§3.7 subtype: StepFunctions-StopExecution'],
    subtype: 'StepFunctions-StopExecution',
    parameters: { ExecutionArn: '$request.body.arn', Cause: 'c', Error: 'e' },
    request: ['POST /', [], '{"arn":"arn:e"}'],
    called: ['StopExecution', { executionArn: 'arn:e', cause: 'c', error: 'e' }],
  },
  {
    name: 'an error in JSON is a 500',
    statements: ['§3.7-12'],
    subtype: 'StepFunctions-StopExecution',
    parameters: { ExecutionArn: 'arn:e' },
    called: ['StopExecution', { executionArn: 'arn:e' }],
    answer: { status: 400, body: '{"__type":"com.amazonaws.swf#ExecutionDoesNotExist"}' },
    fails: true,
  },
  {
    name: 'the content as it is',
    statements: ['§3.7 subtype: AppConfig-GetConfiguration'],
    subtype: 'AppConfig-GetConfiguration',
    parameters: {
      Application: '$request.path.application',
      Environment: 'prod',
      Configuration: 'flags',
      ClientId: 'me',
      ClientConfigurationVersion: '3',
    },
    route: 'GET /{application}',
    request: ['GET /my%20app'],
    called: [
      'GET /applications/my%20app/environments/prod/configurations/flags?client_configuration_version=3&client_id=me',
      {},
    ],
    scope: 'us-east-1/appconfig',
    answer: {
      headers: { 'content-type': 'application/x-yaml', 'configuration-version': '4' },
      body: 'a: 1\n',
    },
    got: { headers: ['Content-Type: application/x-yaml', 'Configuration-Version: 4'] },
  },
  {
    name: 'an empty name of a path',
    statements: ['§3.7-9'],
    subtype: 'AppConfig-GetConfiguration',
    parameters: {
      Application: '$request.querystring.application',
      Environment: 'prod',
      Configuration: 'flags',
      ClientId: 'me',
    },
    request: ['GET /?application='],
  },
];

export const serviceCases: readonly ServiceCase[] = [...sqs, ...eventBridge, ...others];
