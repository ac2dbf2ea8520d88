// Lambda integrations of the whole program beyond what conformance rows show: functions of postern.yaml, endpoints of single
// functions, roles through STS, clients that go away, explain.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { Trace } from '../../../src/http-api/explain/trace.ts';
import { parseConfig } from '../../../src/settings/config-file.ts';
import { type InvokeServer, startInvokeServer } from '../../support/invoke-server.ts';
import { type RunningPostern, startTestPostern } from '../../support/postern.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function';

let directory: string;
let invoke: InvokeServer;
let other: InvokeServer;
let postern: RunningPostern;

before(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'AKIDEXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  directory = await mkdtemp(join(tmpdir(), 'postern-lambda-'));
  await writeFile(
    join(directory, 'hello.mjs'),
    `export const handler = async (event) => ({ statusCode: 201, cookies: ['a=1'], body: event.requestContext.http.method + ' ' + event.rawPath });
     export const fails = async () => { throw new TypeError('no'); };`,
  );
  [invoke, other] = await Promise.all([startInvokeServer(), startInvokeServer()]);
  const config = `
functions:
  hello: { handler: hello.handler }
  fails: { handler: hello.fails }
lambda:
  endpoint: ${invoke.endpoint}
  functions:
    elsewhere: { endpoint: "${other.endpoint}" }
    elsewhere:first: { endpoint: "${invoke.endpoint}" }
`;
  postern = await startTestPostern({ sections: parseConfig(config, 'postern.yaml', directory).sections });
});

after(async () => {
  await postern.close();
  await Promise.all([invoke.close(), other.close()]);
  await rm(directory, { recursive: true, force: true });
});

/** An API with one function behind `$default`. Returns its URL in the path form. */
async function apiOf(uri: string, members: object = {}, at = postern): Promise<string> {
  const { client } = at;
  const { ApiId } = await client.send(new CreateApiCommand({ Name: 'lambda', ProtocolType: 'HTTP' }));
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: uri,
      PayloadFormatVersion: '2.0',
      ...members,
    }),
  );
  await client.send(
    new CreateRouteCommand({ ApiId, RouteKey: '$default', Target: `integrations/${IntegrationId}` }),
  );
  await client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));
  return `http://${at.host}:${at.port}/_aws/execute-api/${ApiId}/$default`;
}

test('a function of postern.yaml answers in place of the Invoke API', async () => {
  invoke.script();
  const reply = await fetch(`${await apiOf(`${ARN}:hello`)}/a%20b`, { method: 'PUT' });
  assert.deepEqual(
    [reply.status, reply.headers.get('set-cookie'), await reply.text(), invoke.invocations.length],
    [201, 'a=1', 'PUT /a b', 0],
  );
});

test('a function of postern.yaml that throws is a 500', async () => {
  const reply = await fetch(await apiOf(`${ARN}:fails`));
  assert.deepEqual([reply.status, await reply.text()], [500, '{"message":"Internal Server Error"}']);
});

test('a local function needs no credentials, whatever CredentialsArn asks', async () => {
  const url = await apiOf(`${ARN}:hello`, { CredentialsArn: 'arn:aws:iam::*:user/*' });
  assert.equal((await fetch(url)).status, 201);
});

test('endpoints of single functions win, those with a qualifier first', async () => {
  for (const [name, server] of [
    ['elsewhere', other],
    ['elsewhere:second', other],
    ['elsewhere:first', invoke],
    ['any', invoke],
  ] as const) {
    invoke.script();
    other.script();
    assert.equal((await fetch(await apiOf(`${ARN}:${name}`))).status, 200);
    assert.deepEqual(
      [invoke.invocations.length, other.invocations.length],
      server === invoke ? [1, 0] : [0, 1],
      name,
    );
  }
});

test('Invoke calls are signed for the region of the function', async () => {
  invoke.script();
  await fetch(await apiOf('arn:aws:lambda:eu-west-1:123456789012:function:far'));
  assert.match(
    String(invoke.invocations[0]!.headers.authorization),
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/lambda\/aws4_request, /,
  );
});

test('a role is assumed through STS, once for many calls', async () => {
  let assumed = 0;
  const sts = createServer((request, response) => {
    request.resume().on('end', () => {
      assumed++;
      response.setHeader('content-type', 'text/xml').end(
        `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
           <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>token</SessionToken>
           <Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
      );
    });
  });
  await new Promise<void>((resolve) => sts.listen(0, '127.0.0.1', resolve));
  process.env.AWS_ENDPOINT_URL_STS = `http://127.0.0.1:${(sts.address() as AddressInfo).port}`;
  const assuming = await startTestPostern({
    sections: { assumeRoles: true, lambda: { endpoint: invoke.endpoint, functionEndpoints: new Map() } },
  });
  try {
    invoke.script();
    const url = await apiOf(
      `${ARN}:any`,
      { CredentialsArn: 'arn:aws:iam::000000000000:role/invoker' },
      assuming,
    );
    await Promise.all([fetch(url), fetch(url)]);
    await fetch(url);
    assert.equal(assumed, 1);
    for (const { headers } of invoke.invocations) {
      assert.match(String(headers.authorization), /Credential=ASIAROLE\//);
      assert.equal(headers['x-amz-security-token'], 'token');
    }
    assert.equal(invoke.invocations.length, 3);
  } finally {
    delete process.env.AWS_ENDPOINT_URL_STS;
    await assuming.close();
    sts.close();
    sts.closeAllConnections();
  }
});

test('a role that cannot be assumed is a 500, and the function is not called', async () => {
  process.env.AWS_ENDPOINT_URL_STS = 'http://127.0.0.1:1';
  const assuming = await startTestPostern({
    sections: { assumeRoles: true, lambda: { endpoint: invoke.endpoint, functionEndpoints: new Map() } },
  });
  try {
    invoke.script();
    const url = await apiOf(
      `${ARN}:any`,
      { CredentialsArn: 'arn:aws:iam::000000000000:role/nobody' },
      assuming,
    );
    const reply = await fetch(url);
    assert.deepEqual([reply.status, invoke.invocations.length], [500, 0]);
  } finally {
    delete process.env.AWS_ENDPOINT_URL_STS;
    await assuming.close();
  }
});

test('a client that goes away leaves no trace; the next one is served', async () => {
  const { hostname, port, pathname } = new URL(await apiOf(`${ARN}:any`));
  invoke.script('silent', { payload: '"later"' });
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  while (invoke.invocations.length === 0) await new Promise((resolve) => setImmediate(resolve));
  socket.destroy();
  const reply = await fetch(`http://${hostname}:${port}${pathname}`);
  assert.equal(await reply.text(), 'later');
  assert.deepEqual(postern.errors, []);
});

test('many calls at once', async () => {
  invoke.script();
  const url = await apiOf(`${ARN}:any`);
  const replies = await Promise.all(Array.from({ length: 100 }, () => fetch(url)));
  assert.deepEqual([...new Set(replies.map(({ status }) => status))], [200]);
  assert.equal(invoke.invocations.length, 100);
});

async function explained(url: string, method = 'GET', body = ''): Promise<Trace> {
  const reply = await fetch(`http://${postern.host}:${postern.port}/_postern/explain`, {
    method: 'POST',
    body: JSON.stringify({
      method,
      url,
      headers: [
        ['X-A', 'old'],
        ['Cookie', 'c=1'],
      ],
      body,
    }),
  });
  return (await reply.json()) as Trace;
}

test('explain shows the event, the answer, and mappings with their values', async () => {
  const RequestParameters = {
    'append:header.x-a': 'neü ☃',
    'overwrite:querystring.q': '2',
    'overwrite:path': '/x y',
    'append:header.cookie': 'd=2',
  };
  for (const PayloadFormatVersion of ['1.0', '2.0'] as const) {
    invoke.script({ payload: '{"statusCode":404,"body":"no"}' });
    const url = await apiOf(`${ARN}:any`, { RequestParameters, PayloadFormatVersion });
    const trace = await explained(`${url}/p?q=1`);
    assert.equal(trace.functionCall?.functionArn, `${ARN}:any`);
    assert.equal(trace.functionCall.outcome, 'returned');
    assert.equal(trace.functionCall.answer, '{"statusCode":404,"body":"no"}');
    assert.deepEqual(JSON.parse(trace.functionCall.event), JSON.parse(invoke.invocations[0]!.event));
    assert.deepEqual(
      trace.requestMappings.map(({ key, before, after }) => [key, before, after]).sort(),
      [
        ['append:header.cookie', 'c=1', 'c=1; d=2'],
        ['append:header.x-a', 'old', 'old,neü ☃'],
        ['overwrite:path', '/p', '/x%20y'],
        ['overwrite:querystring.q', '1', '2'],
      ],
      PayloadFormatVersion,
    );
    assert.equal(trace.reply.status, 404);
  }
});

test('explain says why a function was not called', async () => {
  invoke.script({
    status: 404,
    errorType: 'ResourceNotFoundException',
    payload: '{"Message":"Function not found"}',
  });
  const trace = await explained(await apiOf(`${ARN}:nothing`));
  assert.equal(trace.functionCall?.outcome, 'refused: ResourceNotFoundException: Function not found');
  assert.match(trace.refused ?? '', /doesn't have permissions to call the integration/);
});
