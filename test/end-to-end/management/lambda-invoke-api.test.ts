// Lambda's Invoke API on the management door, with the AWS SDK's own client
// (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html).
import assert from 'node:assert/strict';
import { watch } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  InvokeCommand,
  type InvokeCommandInput,
  type InvokeCommandOutput,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import type { Identity } from '../../../src/identity/identities.ts';
import { parsePolicy } from '../../../src/identity/policy.ts';
import { parseConfig } from '../../../src/settings/config-file.ts';
import { ACCOUNT, type RunningPostern, startTestPostern } from '../../support/postern.ts';
import { sendRaw } from '../../support/raw-client.ts';
import { valuesOf } from '../../support/raw-message.ts';
import { type Signing, sign } from '../../support/signing.ts';

const MAIN = `
import { writeFile } from 'node:fs/promises';
export async function handler(event, context) {
  if (event === 'throw') throw new TypeError('told to');
  if (event === 'log') { console.log('first'); console.error('zwei ☂'); }
  if (event === 'much') for (let i = 0; i < 1000; i++) console.log('line ' + i);
  if (event.file) await writeFile(event.file, JSON.stringify(context.awsRequestId));
  if (event.wait) await new Promise(() => setInterval(() => {}, 1000));
  const { awsRequestId, invokedFunctionArn, clientContext } = context;
  return { event, awsRequestId, invokedFunctionArn, clientContext };
}`;
const PYTHON = `
def handler(event, context):
    print("from Python")
    found = context.client_context
    return {"custom": found and found.custom, "title": found and found.client.app_title}
`;
const YAML = `functions:
  hello: { file: main.mjs }
  python: { file: python.py }
  one: { file: main.mjs, concurrency: 1, queue: 0, timeout: 30 }
  arn:aws:lambda:us-east-1:123456789012:function:other: { file: main.mjs }
  aliased:prod: { file: main.mjs }`;

interface Stand {
  readonly postern: RunningPostern;
  readonly directory: string;
  clientOf(credentials?: Pick<Identity, 'accessKeyId' | 'secretAccessKey'>, region?: string): LambdaClient;
  invoke(
    input: Omit<InvokeCommandInput, 'Payload'> & { readonly Payload?: string },
  ): Promise<InvokeCommandOutput>;
}

async function startStand(t: TestContext, credentials: readonly Identity[] = []): Promise<Stand> {
  const directory = await mkdtemp(join(tmpdir(), 'postern-invoke-'));
  await writeFile(join(directory, 'main.mjs'), MAIN);
  await writeFile(join(directory, 'python.py'), PYTHON);
  const { sections } = parseConfig(YAML, 'postern.yaml', directory);
  const postern = await startTestPostern({ sections, credentials });
  t.after(async () => {
    await postern.close();
    await rm(directory, { recursive: true, force: true });
  });
  const clientOf: Stand['clientOf'] = (
    { accessKeyId, secretAccessKey } = { accessKeyId: 'any', secretAccessKey: 'any' },
    region = 'us-east-1',
  ) => {
    const client = new LambdaClient({
      endpoint: `http://${postern.host}:${postern.port}`,
      region,
      credentials: { accessKeyId, secretAccessKey },
      maxAttempts: 1,
    });
    t.after(() => client.destroy());
    return client;
  };
  const client = clientOf();
  return { postern, directory, clientOf, invoke: (input) => client.send(new InvokeCommand(input)) };
}

const textOf = ({ Payload }: InvokeCommandOutput): string => Buffer.from(Payload ?? []).toString('utf8');
const answerOf = (output: InvokeCommandOutput) => JSON.parse(textOf(output));

test('RequestResponse: the payload both ways, the ids, the version', async (t) => {
  const { invoke, postern } = await startStand(t);
  const output = await invoke({ FunctionName: 'hello', Payload: '{"name":"Zoë ☂"}' });
  assert.deepEqual(
    [output.StatusCode, output.ExecutedVersion, output.FunctionError, output.LogResult],
    [200, '$LATEST', undefined, undefined],
  );
  const { event, awsRequestId, invokedFunctionArn } = answerOf(output);
  assert.deepEqual(event, { name: 'Zoë ☂' });
  assert.equal(awsRequestId, output.$metadata.requestId);
  assert.equal(invokedFunctionArn, `arn:aws:lambda:us-east-1:${ACCOUNT}:function:hello`);
  assert.deepEqual(answerOf(await invoke({ FunctionName: 'hello' })).event, {});
  assert.deepEqual(postern.errors, []);
});

test('functions are found by name, ARN, partial ARN, version or alias', async (t) => {
  const { invoke } = await startStand(t);
  const own = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:`;
  const other = 'arn:aws:lambda:us-east-1:123456789012:function:other';
  const rows: readonly (readonly [name: string, qualifier: string | undefined, arn: string])[] = [
    [`${own}hello`, undefined, `${own}hello`],
    ['hello:$LATEST', undefined, `${own}hello:$LATEST`],
    ['hello', 'prod', `${own}hello:prod`],
    ['hello:prod', 'prod', `${own}hello:prod`],
    ['aliased:prod', undefined, `${own}aliased:prod`],
    [other, undefined, other],
    [`${other}:7`, undefined, `${other}:7`],
    ['123456789012:function:other', undefined, other],
  ];
  for (const [FunctionName, Qualifier, arn] of rows) {
    const output = await invoke({ FunctionName, ...(Qualifier === undefined ? {} : { Qualifier }) });
    assert.equal(answerOf(output).invokedFunctionArn, arn, FunctionName);
  }
});

test('what a function threw is the payload of a 200', async (t) => {
  const { invoke } = await startStand(t);
  const output = await invoke({ FunctionName: 'hello', Payload: '"throw"' });
  const { errorType, errorMessage } = answerOf(output);
  assert.deepEqual(
    [output.StatusCode, output.FunctionError, errorType, errorMessage],
    [200, 'Unhandled', 'TypeError', 'told to'],
  );
});

test('LogType Tail: what the function wrote, with Lambda’s lines around, at most 4 KB', async (t) => {
  const { invoke } = await startStand(t);
  const tailOf = async (FunctionName: string, Payload: string) => {
    const { LogResult, $metadata } = await invoke({ FunctionName, Payload, LogType: 'Tail' });
    const bytes = Buffer.from(LogResult!, 'base64');
    return { lines: bytes.toString('utf8').split('\n'), bytes: bytes.length, id: $metadata.requestId };
  };
  const { lines, id } = await tailOf('hello', '"log"');
  assert.deepEqual(lines.slice(0, 4), [
    `START RequestId: ${id} Version: $LATEST`,
    'first',
    'zwei ☂',
    `END RequestId: ${id}`,
  ]);
  assert.match(lines[4]!, /^REPORT RequestId: [\w-]+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\t$/);
  const much = await tailOf('hello', '"much"');
  assert.equal(much.bytes, 4096);
  assert.equal(much.lines.at(-4), 'line 999');
  assert.equal((await tailOf('python', '{}')).lines[1], 'from Python');
});

test('the client context arrives', async (t) => {
  const { invoke } = await startStand(t);
  const document = { custom: { tint: 'grün' }, client: { app_title: 'T' }, env: {} };
  const ClientContext = Buffer.from(JSON.stringify(document, undefined, 2)).toString('base64');
  assert.deepEqual(answerOf(await invoke({ FunctionName: 'hello', ClientContext })).clientContext, document);
  const python = await invoke({ FunctionName: 'python', ClientContext });
  assert.deepEqual(answerOf(python), { custom: { tint: 'grün' }, title: 'T' });
  assert.deepEqual(answerOf(await invoke({ FunctionName: 'python' })), { custom: null, title: null });
});

test('Event is answered with 202 before the function ends, DryRun with 204 and no call', async (t) => {
  const { invoke, directory } = await startStand(t);
  const dry = await invoke({ FunctionName: 'hello', InvocationType: 'DryRun' });
  assert.deepEqual([dry.StatusCode, textOf(dry)], [204, '']);
  const file = join(directory, 'written.json');
  const taken = await invoke({
    FunctionName: 'hello',
    InvocationType: 'Event',
    Payload: JSON.stringify({ file, wait: true }),
  });
  assert.deepEqual([taken.StatusCode, textOf(taken), taken.FunctionError], [202, '', undefined]);
  const written = await new Promise<string>((resolve) => {
    const look = (): void => {
      readFile(file, 'utf8').then(
        (text) => {
          if (text === '') return;
          watcher.close();
          resolve(text);
        },
        () => undefined,
      );
    };
    const watcher = watch(directory, look);
    look();
  });
  assert.equal(JSON.parse(written), taken.$metadata.requestId);
});

// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
const refusals: readonly (readonly [
  string,
  Omit<InvokeCommandInput, 'Payload'> & { readonly Payload?: string },
  { readonly name: string; readonly status: number; readonly message: string | RegExp },
])[] = [
  [
    'an unknown function',
    { FunctionName: 'nobody' },
    {
      name: 'ResourceNotFoundException',
      status: 404,
      message: `Function not found: arn:aws:lambda:us-east-1:${ACCOUNT}:function:nobody`,
    },
  ],
  [
    'a qualifier that is all there is',
    { FunctionName: 'aliased', Qualifier: 'dev' },
    {
      name: 'ResourceNotFoundException',
      status: 404,
      message: `Function not found: arn:aws:lambda:us-east-1:${ACCOUNT}:function:aliased:dev`,
    },
  ],
  [
    'another account’s function',
    { FunctionName: 'other' },
    {
      name: 'ResourceNotFoundException',
      status: 404,
      message: `Function not found: arn:aws:lambda:us-east-1:${ACCOUNT}:function:other`,
    },
  ],
  [
    'another region’s function',
    { FunctionName: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:hello` },
    {
      name: 'ResourceNotFoundException',
      status: 404,
      message: "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
    },
  ],
  [
    'two qualifiers',
    { FunctionName: 'hello:prod', Qualifier: 'dev' },
    {
      name: 'InvalidParameterValueException',
      status: 400,
      message: 'The derived qualifier from the function name does not match the specified qualifier.',
    },
  ],
  [
    'a name that is none',
    { FunctionName: 'a b' },
    {
      name: 'ValidationException',
      status: 400,
      message: /^1 validation error detected: Value 'a b' at 'functionName'/,
    },
  ],
  [
    'an unknown invocation type',
    { FunctionName: 'hello', InvocationType: 'Later' as 'Event' },
    {
      name: 'ValidationException',
      status: 400,
      message:
        "1 validation error detected: Value 'Later' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]",
    },
  ],
  [
    'a payload that is not JSON',
    { FunctionName: 'hello', Payload: 'hello' },
    {
      name: 'InvalidRequestContentException',
      status: 400,
      message: /^Could not parse request body into json: /,
    },
  ],
  [
    'a payload above 6 MB',
    { FunctionName: 'hello', Payload: JSON.stringify('x'.repeat(6 * 1024 * 1024)) },
    {
      name: 'RequestEntityTooLargeException',
      status: 413,
      message: 'Request must be smaller than 6291456 bytes for the InvokeFunction operation',
    },
  ],
  [
    'an asynchronous payload above 1 MB',
    { FunctionName: 'hello', InvocationType: 'Event', Payload: JSON.stringify('x'.repeat(1024 * 1024)) },
    {
      name: 'RequestEntityTooLargeException',
      status: 413,
      message: '1048578 byte payload is too large for the Event invocation type (limit 1048576 bytes)',
    },
  ],
  [
    'a client context that is none',
    { FunctionName: 'hello', ClientContext: 'bm9uZQ==' },
    {
      name: 'InvalidParameterValueException',
      status: 400,
      message: 'Client context must be a valid Base64-encoded JSON object.',
    },
  ],
  [
    'a tenant',
    { FunctionName: 'hello', TenantId: 'blue' },
    { name: 'InvalidParameterValueException', status: 400, message: /^TenantId is not supported/ },
  ],
];

test('refusals', async (t) => {
  const { invoke } = await startStand(t);
  for (const [what, input, { name, status, message }] of refusals) {
    await assert.rejects(
      invoke(input),
      (error: Error & { $metadata: { httpStatusCode: number; requestId: string } }) => {
        assert.deepEqual([error.name, error.$metadata.httpStatusCode], [name, status], what);
        if (typeof message === 'string') assert.equal(error.message, message, what);
        else assert.match(error.message, message, what);
        assert.match(error.$metadata.requestId, /^[0-9a-f-]{36}$/);
        return true;
      },
    );
  }
});

test('a call that finds no instance is throttled where none may wait', async (t) => {
  const { invoke } = await startStand(t);
  const call = () => invoke({ FunctionName: 'one', Payload: '{"wait":true}' });
  const calls = [call(), call()];
  for (const each of calls) each.catch(() => undefined);
  // One of them has the instance, and keeps it.
  await assert.rejects(Promise.race(calls), {
    name: 'TooManyRequestsException',
    message: 'Rate Exceeded.',
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
  });
});

const KEY: Identity = { accessKeyId: 'AKIDLAMBDA', secretAccessKey: 'secret', accountId: '123456789012' };
const LIMITED: Identity = {
  accessKeyId: 'AKIDLIMITED',
  secretAccessKey: 'limited',
  accountId: ACCOUNT,
  policies: [
    parsePolicy({
      Statement: {
        Effect: 'Allow',
        Action: 'lambda:InvokeFunction',
        Resource: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:hello`,
      },
    }),
  ],
};

test('with credentials configured, calls are signed for lambda; account and policies are the signer’s', async (t) => {
  const { clientOf, postern } = await startStand(t, [KEY, LIMITED]);
  const invoke = (client: LambdaClient, FunctionName: string) =>
    client.send(new InvokeCommand({ FunctionName }));
  const client = clientOf(KEY);
  assert.equal(
    answerOf(await invoke(client, 'other')).invokedFunctionArn,
    'arn:aws:lambda:us-east-1:123456789012:function:other',
  );
  const limited = clientOf(LIMITED);
  assert.equal((await invoke(limited, 'hello')).StatusCode, 200);
  for (const name of ['python', 'hello:prod', '123456789012:function:hello']) {
    await assert.rejects(invoke(limited, name), { name: 'AccessDeniedException' }, name);
  }
  await assert.rejects(
    limited.send(new InvokeCommand({ FunctionName: 'python', InvocationType: 'DryRun' })),
    {
      name: 'AccessDeniedException',
      message: `User: arn:aws:iam::${ACCOUNT}:user/AKIDLIMITED is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:${ACCOUNT}:function:python`,
    },
  );
  await assert.rejects(invoke(clientOf({ ...KEY, secretAccessKey: 'wrong' }), 'hello'), {
    name: 'InvalidSignatureException',
  });
  const unsigned = await post(postern, []);
  assert.deepEqual(
    [unsigned.status, valuesOf(unsigned.headers, 'x-amzn-errortype')],
    [403, ['MissingAuthenticationTokenException']],
  );
});

test('a signature for another service does not invoke functions, one in the query does', async (t) => {
  const { postern } = await startStand(t, [KEY]);
  const { host, port } = postern;
  const path = '/2015-03-31/functions/other/invocations';
  const call = async (signing: Signing) => {
    const request = { method: 'POST', host: `${host}:${port}`, path, body: '{}' };
    const { target, lines, body } = await sign(request, { ...KEY, ...signing });
    const head = [`POST ${target} HTTP/1.1`, ...lines, `Content-Length: ${body.length}`, 'Connection: close'];
    return sendRaw({ host, port, bytes: `${head.join('\r\n')}\r\n\r\n${body}` });
  };
  const { status, body } = await call({ service: 'apigateway' });
  assert.deepEqual(
    [status, JSON.parse(body).message],
    [403, "Credential should be scoped to correct service: 'lambda'."],
  );
  assert.equal((await call({ service: 'lambda' })).status, 200);
  assert.equal((await call({ service: 'lambda', expires: 60 })).status, 200);
});

test('without credentials configured web pages and foreign host names are refused', async (t) => {
  const { postern } = await startStand(t);
  assert.equal((await post(postern, [])).status, 200);
  for (const lines of [['Origin: http://evil.example'], ['Origin: null']]) {
    const reply = await post(postern, lines);
    assert.deepEqual(
      [reply.status, valuesOf(reply.headers, 'x-amzn-errortype')],
      [403, ['AccessDeniedException']],
    );
  }
  assert.equal((await post(postern, [], 'rebound.example')).status, 403);
});

test('other operations of Lambda, and other verbs, are not there', async (t) => {
  const { postern } = await startStand(t);
  for (const [method, path] of [
    ['GET', 'hello'],
    ['GET', 'hello/invocations'],
    ['POST', 'hello/invocations/more'],
    ['PUT', 'hello/concurrency'],
  ] as const) {
    const reply = await post(postern, [], undefined, `${method} /2015-03-31/functions/${path}`);
    assert.deepEqual([reply.status, reply.body], [404, '{}'], path);
  }
});

test('the bodies of errors are Lambda’s', async (t) => {
  const { postern } = await startStand(t);
  const reply = await post(postern, [], undefined, 'POST /2015-03-31/functions/nobody/invocations');
  assert.deepEqual(JSON.parse(reply.body), {
    Type: 'User',
    Message: `Function not found: arn:aws:lambda:us-east-1:${ACCOUNT}:function:nobody`,
  });
  assert.deepEqual(valuesOf(reply.headers, 'content-type'), ['application/json']);
});

function post(
  { host, port }: RunningPostern,
  lines: readonly string[],
  authority = `${host}:${port}`,
  start = 'POST /2015-03-31/functions/hello/invocations',
) {
  const head = [
    `${start} HTTP/1.1`,
    `Host: ${authority}`,
    'Content-Length: 2',
    'Connection: close',
    ...lines,
  ];
  return sendRaw({ host, port, bytes: `${head.join('\r\n')}\r\n\r\n{}` });
}
