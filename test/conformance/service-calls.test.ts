// First-class AWS service integrations on the wire (spec/http-api.md §3.7, §4.18): configured by the AWS SDK, called by
// clients, the services' side played by a server that gets what the real SDK serialises. Rows: service-calls.cases.ts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateApiCommand,
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateRouteCommand,
  CreateStageCommand,
  GetApisCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { Trace } from '../../src/http-api/explain/trace.ts';
import { type AwsService, type Script, startAwsService } from '../support/aws-service.ts';
import { type RunningPostern, startTestPostern } from '../support/postern.ts';
import { type RawReply, sendRaw } from '../support/raw-client.ts';
import { valuesOf } from '../support/raw-message.ts';
import { serviceCases } from './service-calls.cases.ts';

const ROLE = 'arn:aws:iam::000000000000:role/api';

let service: AwsService;
let postern: RunningPostern;

before(async () => {
  service = await startAwsService();
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL: service.url,
  });
  postern = await startTestPostern();
});

after(async () => {
  await postern?.close();
  await service?.close();
});

type Members = Partial<CreateIntegrationCommandInput>;
interface Call {
  (line: string, headers?: readonly string[], body?: string, signal?: AbortSignal): Promise<RawReply>;
  readonly apiId: string;
}

interface Configured {
  readonly subtype: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly route?: string;
  readonly members?: Members;
  readonly cors?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

async function configure(given: Configured, at = postern): Promise<Call> {
  const { client, host, port } = at;
  const { subtype, parameters, route = '$default', members, cors, variables } = given;
  const { ApiId } = await client.send(
    new CreateApiCommand({
      Name: 'services',
      ProtocolType: 'HTTP',
      ...(cors === undefined ? {} : { CorsConfiguration: { AllowOrigins: [...cors] } }),
    }),
  );
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'AWS_PROXY',
      IntegrationSubtype: subtype,
      PayloadFormatVersion: '1.0',
      CredentialsArn: ROLE,
      RequestParameters: parameters,
      ...members,
    }),
  );
  await client.send(
    new CreateRouteCommand({ ApiId, RouteKey: route, Target: `integrations/${IntegrationId}` }),
  );
  await client.send(
    new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true, StageVariables: variables }),
  );
  const call = (line: string, headers: readonly string[] = [], body?: string, signal?: AbortSignal) => {
    const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
    const lines = [`${line} HTTP/1.1`, `Host: ${ApiId}.execute-api.localhost`, ...headers, ...length];
    const bytes = Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`, 'utf8').toString('latin1');
    return sendRaw({ host, port, bytes, ...(signal === undefined ? {} : { signal }) });
  };
  return Object.assign(call, { apiId: ApiId! });
}

const INTERNAL = '{"message":"Internal Server Error"}';
const textOf = (reply: RawReply): string => Buffer.from(reply.body, 'latin1').toString('utf8');

for (const row of serviceCases) {
  test(`${row.subtype}: ${row.name}`, async () => {
    const call = await configure(row);
    service.script(row.answer ?? {});
    const [line, headers, body] = row.request ?? ['POST /'];
    const reply = await call(line, headers, body);
    if (row.called === undefined) {
      assert.deepEqual([reply.status, textOf(reply)], [400, '{"message":"Bad Request"}']);
      assert.deepEqual(service.requests, []);
      return;
    }
    assert.equal(service.requests.length, 1, textOf(reply));
    const { operation, input, scope } = service.requests[0]!;
    assert.deepEqual([operation, input], row.called);
    if (row.scope !== undefined) assert.equal(scope, row.scope);
    assert.equal(valuesOf(reply.headers, 'apigw-requestid').length, 1);
    if (row.fails === true) {
      assert.deepEqual([reply.status, textOf(reply)], [500, INTERNAL]);
      assert.deepEqual(valuesOf(reply.headers, 'content-type'), ['application/json']);
      return;
    }
    const { status = 200, headers: replyHeaders = [] } = row.got ?? {};
    assert.equal(reply.status, status);
    const names = replyHeaders.map((header) => header.split(':')[0]!);
    assert.deepEqual(
      names.map((name) => `${name}: ${valuesOf(reply.headers, name.toLowerCase()).join('|')}`),
      replyHeaders,
    );
    const expected = row.got?.body ?? row.answer?.body;
    if (expected !== undefined) assert.equal(textOf(reply), expected);
  });
}

const QueueUrl = 'https://sqs.us-east-1.amazonaws.com/000000000000/q';
const SEND: Configured = {
  subtype: 'SQS-SendMessage',
  parameters: { QueueUrl, MessageBody: '$request.body' },
};

test('response mappings apply to the service answer', async () => {
  const call = await configure({
    subtype: 'EventBridge-PutEvents',
    parameters: { Detail: '{}', DetailType: 't', Source: 's' },
    members: {
      ResponseParameters: {
        '200': {
          'overwrite:statuscode': '202',
          'append:header.event': '$response.body.Entries[0].EventId',
          'append:header.service-request': '$context.awsEndpointRequestId',
          'overwrite:header.content-type': 'application/json',
        },
        '400': { 'overwrite:statuscode': '422' },
        '500': { 'overwrite:statuscode': '599', 'append:header.mapped': 'yes' },
      },
    },
  });
  const body = '{"Entries":[{"EventId":"e1"}],"FailedEntryCount":0}';
  service.script({ headers: { 'x-amzn-requestid': 'r1' }, body }, { status: 400, body: '{}' });
  const reply = await call('POST /');
  assert.equal(reply.status, 202);
  assert.deepEqual(
    ['event', 'service-request', 'content-type'].map((name) => valuesOf(reply.headers, name)),
    [['e1'], ['r1'], ['application/json']],
  );
  assert.equal(reply.body, body);
  // They do not apply to the gateway's own answers.
  const failed = await call('POST /');
  assert.deepEqual([failed.status, failed.body, valuesOf(failed.headers, 'mapped')], [500, INTERNAL, []]);
});

test('response mappings of 400 do not apply to the refusal of a parameter without value', async () => {
  const call = await configure({
    ...SEND,
    members: { ResponseParameters: { '400': { 'overwrite:statuscode': '422' } } },
  });
  service.script({});
  const reply = await call('POST /', [], '');
  assert.deepEqual([reply.status, reply.body], [400, '{"message":"Bad Request"}']);
  assert.deepEqual(service.requests, []);
});

test('the log says which parameter has no value, and what the service said', async () => {
  const { host, port } = postern;
  const parameters = { ...SEND.parameters, DelaySeconds: '$request.querystring.delay' };
  const call = await configure({ ...SEND, parameters });
  const failure = async (query: string) => {
    const response = await fetch(`http://${host}:${port}/_postern/explain`, {
      method: 'POST',
      body: JSON.stringify({
        method: 'POST',
        url: `http://${call.apiId}.execute-api.localhost:${port}/${query}`,
        body: 'x',
      }),
    });
    return ((await response.json()) as Trace).refused;
  };
  assert.equal(
    await failure('?delay='),
    'Unable to resolve property DelaySeconds from source $request.querystring.delay',
  );
  const said =
    '<ErrorResponse><Error><Code>QueueGone</Code><Message>No such queue</Message></Error></ErrorResponse>';
  service.script({ status: 400, body: said }, { status: 500, body: '' });
  assert.equal(await failure('?delay=1'), 'QueueGone: No such queue');
  assert.equal(await failure('?delay=1'), 'The AWS service answered with status 500');
});

test('allowed origins get CORS headers, HEAD gets no body', async () => {
  const call = await configure({ ...SEND, cors: ['https://shop.example'] });
  service.script({ body: '<a/>' });
  const reply = await call('POST /', ['Origin: https://shop.example'], 'x');
  assert.deepEqual(valuesOf(reply.headers, 'access-control-allow-origin'), ['https://shop.example']);
  const head = await call('HEAD /', ['Content-Type: text/plain'], 'x');
  assert.deepEqual([head.status, head.body, valuesOf(head.headers, 'content-length')], [200, '', ['4']]);
});

test('a service that does not answer in time is a 503, and its call ends', async () => {
  const call = await configure({ ...SEND, members: { TimeoutInMillis: 50 } });
  const abandoned = service.nextAbandoned();
  service.script('silent');
  const reply = await call('POST /', [], 'x');
  assert.deepEqual([reply.status, reply.body], [503, '{"message":"Service Unavailable"}']);
  await abandoned;
});

test('a client that goes away ends the call', { timeout: 20_000 }, async () => {
  const call = await configure(SEND);
  const abandoned = service.nextAbandoned();
  service.script('silent');
  const leave = new AbortController();
  const gone = assert.rejects(call('POST /', [], 'x', leave.signal));
  await service.nextRequest();
  leave.abort();
  await gone;
  await abandoned;
});

test('a connection that breaks is a 503, without another attempt', async () => {
  const call = await configure(SEND);
  service.script('end');
  assert.equal((await call('POST /', [], 'x')).status, 503);
  assert.equal(service.requests.length, 1);
});

test('an answer of more than 10 MB is a 500', async () => {
  const call = await configure(SEND);
  service.script({ body: Buffer.alloc(10_485_761) });
  assert.equal((await call('POST /', [], 'x')).status, 500);
  service.script({ body: Buffer.alloc(10_485_760, 'x') });
  const reply = await call('POST /', [], 'x');
  assert.deepEqual([reply.status, reply.body.length], [200, 10_485_760]);
});

test('what the role may not do is a 500 without the service’s words', async () => {
  const denials: readonly [string, Script][] = [
    [
      'SQS-PurgeQueue',
      { status: 403, body: '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>' },
    ],
    [
      'SQS-PurgeQueue',
      {
        status: 403,
        body: '<ErrorResponse><Error><Code>InvalidClientTokenId</Code></Error></ErrorResponse>',
      },
    ],
    [
      'StepFunctions-StopExecution',
      { status: 400, body: '{"__type":"com.amazon.coral.service#AccessDeniedException"}' },
    ],
    [
      'AppConfig-GetConfiguration',
      { status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException:http://x/' }, body: '{}' },
    ],
  ];
  const parameters: Readonly<Record<string, Record<string, string>>> = {
    'SQS-PurgeQueue': { QueueUrl },
    'StepFunctions-StopExecution': { ExecutionArn: 'arn:e' },
    'AppConfig-GetConfiguration': { Application: 'a', Environment: 'e', Configuration: 'c', ClientId: 'i' },
  };
  for (const [subtype, answer] of denials) {
    const call = await configure({ subtype, parameters: parameters[subtype]! });
    service.script(answer);
    const reply = await call('POST /');
    assert.deepEqual([reply.status, reply.body], [500, INTERNAL], subtype);
  }
});

test('the stage variable of a role has to be there', async () => {
  const CredentialsArn = 'arn:aws:iam::000000000000:role/${stageVariables.role}';
  service.script({ body: 'ok' });
  const without = await configure({ ...SEND, members: { CredentialsArn } });
  assert.equal((await without('POST /', [], 'x')).status, 500);
  const call = await configure({ ...SEND, members: { CredentialsArn }, variables: { role: 'api' } });
  assert.equal((await call('POST /', [], 'x')).status, 200);
});

const ASSUMED =
  '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>' +
  '<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>token</SessionToken>' +
  '<Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>';

test('with an STS the role is assumed, once', async (t) => {
  const assuming = await startTestPostern({ sections: { assumeRoles: true } });
  t.after(() => assuming.close());
  const CredentialsArn = 'arn:aws:iam::000000000000:role/assumed';
  const call = await configure({ ...SEND, members: { CredentialsArn } }, assuming);
  service.script({ headers: { 'content-type': 'text/xml' }, body: ASSUMED }, { body: '<sent/>' });
  assert.deepEqual(
    [(await call('POST /', [], 'x')).body, (await call('POST /', [], 'x')).body],
    ['<sent/>', '<sent/>'],
  );
  assert.deepEqual(
    service.requests.map(({ operation }) => operation),
    ['AssumeRole', 'SendMessage', 'SendMessage'],
  );
  assert.deepEqual(service.requests[0]!.input, {
    RoleArn: CredentialsArn,
    RoleSessionName: 'BackplaneAssumeRoleSession',
  });
  const { headers } = service.requests[1]!;
  assert.match(headers.authorization!, /Credential=ASIAROLE\//);
  assert.equal(headers['x-amz-security-token'], 'token');
});

test('a role that cannot be assumed is a 500', async (t) => {
  const assuming = await startTestPostern({ sections: { assumeRoles: true } });
  t.after(() => assuming.close());
  const CredentialsArn = 'arn:aws:iam::000000000000:role/foreign';
  const call = await configure({ ...SEND, members: { CredentialsArn } }, assuming);
  const denied = '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code></Error></ErrorResponse>';
  service.script({ status: 403, headers: { 'content-type': 'text/xml' }, body: denied });
  const reply = await call('POST /', [], 'x');
  assert.deepEqual([reply.status, reply.body], [500, INTERNAL]);
  assert.deepEqual(
    service.requests.map(({ operation }) => operation),
    ['AssumeRole'],
  );
});

test('explain shows the parameters, the call and why there was none', async () => {
  const { client, host, port } = postern;
  const call = await configure({
    ...SEND,
    parameters: {
      QueueUrl,
      MessageBody: '$request.body.message',
      MessageGroupId: '$request.querystring.group',
    },
  });
  const domain = (await client.send(new GetApisCommand({ MaxResults: '1000' }))).Items!.find(
    ({ ApiId }) => ApiId === call.apiId,
  )!.ApiEndpoint!;
  const explain = async (path: string, body: string) => {
    const response = await fetch(`http://${host}:${port}/_postern/explain`, {
      method: 'POST',
      body: JSON.stringify({ method: 'POST', url: `${domain}${path}`, body }),
    });
    return (await response.json()) as Trace;
  };
  service.script({ body: '<sent/>' });
  const sent = await explain('/?group=g', '{"message":"hi"}');
  assert.deepEqual(sent.requestMappings, [
    { key: 'QueueUrl', value: QueueUrl, result: QueueUrl, after: QueueUrl },
    { key: 'MessageBody', value: '$request.body.message', result: 'hi', after: 'hi' },
    { key: 'MessageGroupId', value: '$request.querystring.group', result: 'g', after: 'g' },
  ]);
  assert.deepEqual(sent.serviceCall, {
    operation: 'SQS-SendMessage',
    region: 'us-east-1',
    roleArn: ROLE,
    input: { QueueUrl, MessageBody: 'hi', MessageGroupId: 'g' },
  });
  assert.equal(sent.backendReply?.status, 200);
  const refused = await explain('/?group=g', '{}');
  assert.equal(refused.serviceCall, undefined);
  assert.equal(refused.refused, 'Unable to resolve property MessageBody from source $request.body.message');
});
