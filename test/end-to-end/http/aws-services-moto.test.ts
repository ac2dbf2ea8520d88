// First-class AWS service integrations against moto, where moto_server is installed: a second opinion on what the calls
// look like (spec/http-api.md §3.7).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import {
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { CreateStreamCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type RunningPostern, startTestPostern } from '../../support/postern.ts';
import { type RawReply, sendRaw } from '../../support/raw-client.ts';

const ROLE = 'arn:aws:iam::123456789012:role/api';
const SETTINGS = { region: 'us-east-1', maxAttempts: 1 };

/** The server's URL; undefined where there is none to start. */
async function startMoto(t: TestContext): Promise<string | undefined> {
  const child = spawn('moto_server', ['-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  t.after(async () => {
    if (child.pid === undefined || child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  return new Promise((resolve) => {
    child.on('error', () => resolve(undefined));
    child.on('exit', () => resolve(undefined));
    createInterface(child.stderr).on('line', (line) => {
      const url = /Running on (http:\S+)/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}

async function callOnce(
  postern: RunningPostern,
  subtype: string,
  parameters: Readonly<Record<string, string>>,
  body: string,
): Promise<RawReply> {
  const { client, host, port } = postern;
  const { ApiId } = await client.send(new CreateApiCommand({ Name: 'moto', ProtocolType: 'HTTP' }));
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'AWS_PROXY',
      IntegrationSubtype: subtype,
      PayloadFormatVersion: '1.0',
      CredentialsArn: ROLE,
      RequestParameters: parameters,
    }),
  );
  const Target = `integrations/${IntegrationId}`;
  await client.send(new CreateRouteCommand({ ApiId, RouteKey: '$default', Target }));
  await client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));
  const head = `POST / HTTP/1.1\r\nHost: ${ApiId}.execute-api.localhost\r\nContent-Length: ${body.length}`;
  return sendRaw({ host, port, bytes: `${head}\r\n\r\n${body}` });
}

test('moto understands every call, with its role assumed', async (t) => {
  const url = await startMoto(t);
  if (url === undefined) return t.skip('moto_server does not start here');
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
  });
  const postern = await startTestPostern({ sections: { assumeRoles: true } });
  t.after(() => postern.close());
  const { QueueUrl = '' } = await new SQSClient(SETTINGS).send(new CreateQueueCommand({ QueueName: 'q' }));
  const kinesis = new KinesisClient({ ...SETTINGS, requestHandler: new NodeHttpHandler() });
  await kinesis.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
  const { stateMachineArn: StateMachineArn = '' } = await new SFNClient(SETTINGS).send(
    new CreateStateMachineCommand({
      name: 'm',
      roleArn: ROLE,
      definition: '{"StartAt":"a","States":{"a":{"Type":"Pass","End":true}}}',
    }),
  );

  const attributes = '{"from":{"DataType":"String","StringValue":"${request.header.host}"}}';
  const sent = await callOnce(
    postern,
    'SQS-SendMessage',
    { QueueUrl, MessageBody: '$request.body', MessageAttributes: attributes },
    'a <message>',
  );
  assert.match(sent.body, /<SendMessageResponse .*<MD5OfMessageAttributes>/s);
  const received = await callOnce(
    postern,
    'SQS-ReceiveMessage',
    { QueueUrl, AttributeNames: 'SentTimestamp', MessageAttributeNames: '["from"]' },
    '',
  );
  assert.match(received.body, /<Body>a &lt;message&gt;<\/Body>.*<Name>SentTimestamp<.*<Name>from</s);
  const receipt = /<ReceiptHandle>(.*?)</.exec(received.body)![1]!;
  const calls: readonly (readonly [string, Record<string, string>, string, number, RegExp])[] = [
    [
      'SQS-DeleteMessage',
      { QueueUrl, ReceiptHandle: '$request.body' },
      receipt,
      200,
      /<DeleteMessageResponse/,
    ],
    ['SQS-PurgeQueue', { QueueUrl }, '', 200, /<PurgeQueueResponse/],
    ['SQS-PurgeQueue', { QueueUrl: `${QueueUrl}x` }, '', 500, /Internal Server Error/],
    [
      'EventBridge-PutEvents',
      { Detail: '$request.body', DetailType: 't', Source: 's', Time: '2024-05-06T07:08:09Z' },
      '{"a":1}',
      200,
      /"FailedEntryCount": ?0/,
    ],
    [
      'Kinesis-PutRecord',
      { StreamName: 's', Data: '$request.body', PartitionKey: '1' },
      'x',
      200,
      /shardId-0/,
    ],
    [
      'Kinesis-PutRecord',
      { StreamName: 'none', Data: '$request.body', PartitionKey: '1' },
      'x',
      500,
      /Internal Server Error/,
    ],
    [
      'StepFunctions-StartExecution',
      { StateMachineArn, Input: '$request.body' },
      '{}',
      200,
      /"executionArn"/,
    ],
  ];
  for (const [subtype, parameters, body, status, expected] of calls) {
    const reply = await callOnce(postern, subtype, parameters, body);
    assert.deepEqual([subtype, reply.status], [subtype, status]);
    assert.match(reply.body, expected);
  }
});
