// Other AWS services' clients at this endpoint: each gets an answer in its own protocol that it prints as our sentence.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AppConfigClient, ListApplicationsCommand } from '@aws-sdk/client-appconfig';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { REGION, type RunningPostern, startTestPostern } from '../../support/postern.ts';
import { sendRaw } from '../../support/raw-client.ts';
import { valuesOf } from '../../support/raw-message.ts';

const ADVICE = /AWS_ENDPOINT_URL_APIGATEWAYV2 instead of AWS_ENDPOINT_URL/;

function scope(service: string): string {
  return `AKIDEXAMPLE/20261130/${REGION}/${service}/aws4_request`;
}

/** A request as a client of the service writes it, with a signature that nobody checks. */
function request(
  line: string,
  service: string,
  headers: readonly string[] = [],
  body = '',
): (host: string) => string {
  const authorization = `Authorization: AWS4-HMAC-SHA256 Credential=${scope(service)}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
  return (host) =>
    [
      `${line} HTTP/1.1`,
      `Host: ${host}`,
      authorization,
      ...headers,
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
}

const FORM = ['Content-Type: application/x-www-form-urlencoded; charset=utf-8'];

for (const doors of ['shared', 'separate'] as const) {
  describe(`other services, ${doors} doors`, () => {
    let postern: RunningPostern;
    before(async () => {
      postern = await startTestPostern(doors === 'separate' ? { separate: {} } : {});
    });
    after(() => postern.close());

    test('the AWS SDK reads the sentence in each of its protocols', async () => {
      const client = {
        endpoint: postern.management,
        region: REGION,
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      };
      const calls: readonly [service: RegExp, call: () => Promise<unknown>][] = [
        [/no sqs at/, () => new SQSClient(client).send(new ListQueuesCommand({}))],
        [/no states at/, () => new SFNClient(client).send(new ListStateMachinesCommand({}))],
        [/no events at/, () => new EventBridgeClient(client).send(new ListRulesCommand({}))],
        [/no logs at/, () => new CloudWatchLogsClient(client).send(new DescribeLogGroupsCommand({}))],
        [/no sts at/, () => new STSClient(client).send(new GetCallerIdentityCommand({}))],
        [/no appconfig at/, () => new AppConfigClient(client).send(new ListApplicationsCommand({}))],
        [
          /Of Lambda there is Invoke alone/,
          () => new LambdaClient(client).send(new ListFunctionsCommand({})),
        ],
        [
          /no s3 at/,
          () => new S3Client({ ...client, forcePathStyle: true }).send(new ListBucketsCommand({})),
        ],
        [
          /no s3 at/,
          () =>
            new S3Client({ ...client, forcePathStyle: true }).send(
              new GetObjectCommand({ Bucket: 'b', Key: 'v2/apis' }),
            ),
        ],
      ];
      for (const [service, call] of calls) {
        await assert.rejects(call, (error: Error & { $metadata: { attempts?: number } }) => {
          assert.match(error.message, service);
          assert.match(error.message, ADVICE);
          assert.match(error.name, /^NotImplemented/);
          assert.equal(error.$metadata.attempts, 1);
          return true;
        });
      }
    });

    const rows: readonly [what: string, send: (host: string) => string, body: RegExp, type: string][] = [
      [
        'IAM: query',
        request('POST /', 'iam', FORM, 'Action=ListRoles&Version=2010-05-08'),
        /^<\?xml[^>]*>\s*<ErrorResponse><Error><Type>Sender<\/Type><Code>NotImplemented<\/Code><Message>There is no iam at .*<\/Message><\/Error><RequestId>[0-9a-f-]+<\/RequestId><\/ErrorResponse>$/,
        'text/xml',
      ],
      [
        'a query in the address',
        (host) =>
          `GET /?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Credential=${encodeURIComponent(scope('sts'))} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
        /<ErrorResponse>.*There is no sts at /s,
        'text/xml',
      ],
      [
        'EC2',
        request('POST /', 'ec2', FORM, 'Action=DescribeVpcs&Version=2016-11-15'),
        /<Response><Errors><Error><Code>NotImplemented<\/Code><Message>There is no ec2 .*<\/Error><\/Errors><RequestID>/,
        'text/xml',
      ],
      [
        'JSON 1.0',
        request(
          'POST /',
          'dynamodb',
          ['Content-Type: application/x-amz-json-1.0', 'X-Amz-Target: DynamoDB_20120810.ListTables'],
          '{}',
        ),
        /^\{"__type":"NotImplementedException","message":"There is no dynamodb at /,
        'application/x-amz-json-1.0',
      ],
      [
        'JSON 1.1 without a signature',
        (host) =>
          `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amz-Target: AWSCognitoIdentityService.GetId\r\nContent-Length: 2\r\n\r\n{}`,
        /^\{"__type":"NotImplementedException","message":"There is no AWSCognitoIdentityService at /,
        'application/x-amz-json-1.1',
      ],
      [
        'REST JSON below /v2/',
        request('GET /v2/email/identities', 'ses'),
        /^\{"message":"There is no ses at /,
        'application/json',
      ],
      [
        'REST XML',
        request('GET /2013-04-01/hostedzone', 'route53'),
        /<ErrorResponse><Error>.*no route53 at /,
        'text/xml',
      ],
      ['S3 Control', request('GET /v20180820/jobs', 's3'), /<ErrorResponse><Error>.*no s3 at /, 'text/xml'],
      ['S3', request('PUT /bucket', 's3'), /<Error><Code>NotImplemented<\/Code>.*no s3 at /, 'text/xml'],
      [
        'CBOR',
        request('POST /service/GraniteServiceVersion20100801/operation/ListMetrics', 'monitoring', [
          'smithy-protocol: rpc-v2-cbor',
          'Content-Type: application/cbor',
        ]),
        /^\xa2y\x00\x06__typey\x00\x17NotImplementedExceptiony\x00\x07messagey..There is no monitoring at /s,
        'application/cbor',
      ],
      [
        'REST APIs of API Gateway',
        request('GET /restapis', 'apigateway'),
        /^\{"message":"There are no REST APIs \(apigateway, version 1\)/,
        'application/json',
      ],
    ];
    for (const [what, send, body, type] of rows) {
      test(what, async () => {
        const { hostname, port, host } = new URL(postern.management);
        const reply = await sendRaw({ host: hostname, port: Number(port), bytes: send(host) });
        assert.equal(reply.status, 501);
        assert.match(reply.body, body);
        const named = valuesOf(reply.headers, 'content-type');
        assert.deepEqual(named, [type]);
      });
    }

    test('what is signed for API Gateway, or for an API, keeps its answers', async () => {
      const { hostname, port, host } = new URL(postern.management);
      const send = async (bytes: string) =>
        (await sendRaw({ host: hostname, port: Number(port), bytes })).status;
      assert.equal(await send(request('GET /v2/apis', 'apigateway')(host)), 200);
      assert.equal(await send(request('GET /v2/apis', 'ses')(host)), 200);
      assert.equal(await send(request('GET /v2/nothing', 'apigateway')(host)), 404);
      const own = await send(request('GET /prod/@connections/x', 'execute-api')(host));
      assert.ok(own === 403 || own === 404);
    });
  });
}
