// Access logs to CloudWatch Logs and Firehose as the AWS SDK sends them (spec/http-api.md §9.1).
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { groupArn, makeApi } from '../../support/logged-api.ts';
import { startTestPostern } from '../../support/postern.ts';
import { type RecordingBackend, startRecordingBackend } from '../../support/recording-backend.ts';

interface Recorded {
  /** `PutLogEvents`. */
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

interface Service {
  readonly endpoint: string;
  readonly requests: readonly Recorded[];
  close(): void;
}

/** A service of AWS's JSON protocol. `answer` gives status and body. */
async function startService(answer: (request: Recorded) => readonly [number, object]): Promise<Service> {
  const requests: Recorded[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const operation = String(request.headers['x-amz-target']).split('.')[1]!;
    const recorded = { operation, input: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
    requests.push(recorded);
    const [status, body] = answer(recorded);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

let backend: RecordingBackend;
before(async () => {
  backend = await startRecordingBackend();
  process.env.AWS_ACCESS_KEY_ID = 'AKIDEXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
});
after(() => backend.close());

test('CloudWatch Logs: a stream of its own in the group, events in the order of their times', async () => {
  let isThere = false;
  const service = await startService(({ operation }) => {
    if (operation === 'CreateLogStream') isThere = true;
    return isThere ? [200, {}] : [400, { __type: 'ResourceNotFoundException', message: 'no stream' }];
  });
  const target = { kind: 'cloudwatch', endpoint: service.endpoint } as const;
  const arn = groupArn('shop/access');
  const postern = await startTestPostern({ sections: { logDestinations: [{ arn, target }] } });
  const api = await makeApi(postern, {
    integration: { IntegrationUri: `http://127.0.0.1:${backend.port}` },
    routes: [{ RouteKey: 'GET /{id}' }],
    stage: { AccessLogSettings: { DestinationArn: `${arn}:*`, Format: '$context.requestId $context.path' } },
  });
  const began = Date.now();
  for (const id of [1, 2, 3]) await api.send(`GET /${id}`);
  await postern.close();
  service.close();
  const [made, put] = service.requests;
  assert.deepEqual([made!.operation, put!.operation], ['CreateLogStream', 'PutLogEvents']);
  assert.equal(put!.input.logGroupName, 'shop/access');
  assert.match(String(put!.input.logStreamName), /^[^:*]+$/);
  assert.equal(made!.input.logStreamName, put!.input.logStreamName);
  const events = put!.input.logEvents as { message: string; timestamp: number }[];
  assert.deepEqual(
    events.map(({ message }) => message.split(' ')[1]),
    ['/1', '/2', '/3'],
  );
  const times = events.map(({ timestamp }) => timestamp);
  assert.deepEqual(times, [...times].sort());
  assert.ok(times[0]! >= began && times[2]! <= Date.now());
});

test('Firehose: a record a line, and those that failed again', async () => {
  let calls = 0;
  const service = await startService(({ input }) => {
    const records = input.Records as unknown[];
    calls++;
    const RequestResponses = records.map((_, i) =>
      calls === 1 && i === 1 ? { ErrorCode: 'ServiceUnavailableException' } : { RecordId: String(i) },
    );
    return [200, { FailedPutCount: calls === 1 ? 1 : 0, RequestResponses }];
  });
  const arn = groupArn('shop');
  const target = { kind: 'firehose', stream: 'amazon-apigateway-shop', endpoint: service.endpoint } as const;
  const postern = await startTestPostern({ sections: { logDestinations: [{ arn, target }] } });
  const api = await makeApi(postern, {
    integration: { IntegrationUri: `http://127.0.0.1:${backend.port}` },
    routes: [{ RouteKey: 'GET /{id}' }],
    stage: { AccessLogSettings: { DestinationArn: arn, Format: '$context.requestId $context.path' } },
  });
  for (const id of [1, 2]) await api.send(`GET /${id}`);
  await postern.close();
  service.close();
  const lines = service.requests.map(({ operation, input }) => {
    assert.equal(operation, 'PutRecordBatch');
    assert.equal(input.DeliveryStreamName, 'amazon-apigateway-shop');
    return (input.Records as { Data: string }[]).map(
      ({ Data }) => Buffer.from(Data, 'base64').toString('utf8').split(' ')[1],
    );
  });
  assert.deepEqual(lines, [['/1\n', '/2\n'], ['/2\n']]);
});
