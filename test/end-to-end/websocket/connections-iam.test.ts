// Who may use @connections, over the wire (spec/websocket-api.md §6.2.2, §6.4), and attacks on it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Identity } from '../../../src/identity/identities.ts';
import { parsePolicy } from '../../../src/identity/policy.ts';
import { ACCOUNT, REGION } from '../../support/postern.ts';
import { type RawReply, sendRaw } from '../../support/raw-client.ts';
import { valuesOf } from '../../support/raw-message.ts';
import { KEY, type Signed, type Signing, sign, type Unsigned } from '../../support/signing.ts';
import {
  connectionsClient,
  createWebSocketApi,
  nextMessage,
  startWebSocketStand,
  type WebSocketStand,
} from '../../support/websocket-stand.ts';

const READER: Identity = { ...KEY, accountId: ACCOUNT };
const USER = `arn:aws:iam::${ACCOUNT}:user/${KEY.accessKeyId}`;
const UNKNOWN = 'AAAAAAAAAAAAAAA=';
const GONE = '410 GoneException';
const MISSING = '403 MissingAuthenticationTokenException {"message":"Missing Authentication Token"}';

async function send({ postern }: WebSocketStand, signed: Signed): Promise<RawReply> {
  const { method, target, lines, body } = signed;
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body, 'latin1')}`];
  const bytes = [`${method} ${target} HTTP/1.1`, ...lines, ...length, '', body].join('\r\n');
  return sendRaw({ host: postern.host, port: postern.port, bytes });
}

const call = async (stand: WebSocketStand, request: Unsigned, signing: Signing = {}): Promise<RawReply> =>
  send(stand, await sign(request, signing));

const toldBy = ({ status, headers, body }: RawReply): string =>
  [status, valuesOf(headers, 'x-amzn-errortype')[0] ?? '', body].join(' ').trim();

test('the signed SDK client, on each spelling of the path (§6.2.1, §6.2.2)', async (t) => {
  const stand = await startWebSocketStand(t, { credentials: [READER] });
  const api = await createWebSocketApi(stand);
  const { socket } = await api.connect('/prod');
  const [connect] = stand.eventsOf('hello') as [{ requestContext: { connectionId: string } }];
  const { connectionId: id } = connect.requestContext;
  const client = connectionsClient(stand.postern, api.host, '/prod');
  t.after(() => client.destroy());
  const heard = nextMessage(socket!);
  await client.postToConnection({ ConnectionId: id, Data: 'signed' });
  assert.equal(await heard, 'signed');
  const stranger = connectionsClient(stand.postern, api.host, '/prod', { ...KEY, secretAccessKey: 'x' });
  t.after(() => stranger.destroy());
  await assert.rejects(stranger.postToConnection({ ConnectionId: id, Data: 'x' }), {
    name: 'InvalidSignatureException',
  });
  const encoded = id.replace('=', '%3D');
  for (const path of [
    `/prod/@connections/${id}`,
    `/prod/@connections/${encoded}`,
    `/prod/%40connections/${id}`,
    `/prod/%40connections/${encoded}`,
  ]) {
    for (const signing of [{}, { expires: 60 }]) {
      for (const [method, body] of [
        ['POST', 'x'],
        ['GET', ''],
      ] as const) {
        const reply = await call(stand, { method, host: api.host, path, body }, signing);
        assert.equal(reply.status, 200, `${method} ${path} ${reply.body}`);
      }
    }
  }
});

test('no signature, a wrong one, an expired one, an unknown key (§6.4.2, §6.4.3)', async (t) => {
  const stand = await startWebSocketStand(t, { credentials: [READER] });
  const api = await createWebSocketApi(stand);
  const path = `/prod/@connections/${UNKNOWN}`;
  const request = { method: 'POST', host: api.host, path, body: 'x' };
  const unsigned = { ...request, target: path, lines: [`Host: ${api.host}`] };
  assert.equal(toldBy(await send(stand, unsigned)), MISSING);
  assert.equal(toldBy(await call(stand, request)), GONE);
  const rows: readonly (readonly [Signing, RegExp])[] = [
    [
      { accessKeyId: 'AKIANOBODY' },
      /^403 UnrecognizedClientException \{"message":"The security token included in the request is invalid\."\}$/,
    ],
    [{ offset: -20 * 60_000 }, /^403 InvalidSignatureException \{"message":"Signature expired: /],
    [{ region: 'eu-west-1' }, /^403 InvalidSignatureException /],
    [{ service: 'apigateway' }, /^403 InvalidSignatureException /],
  ];
  for (const [signing, told] of rows) assert.match(toldBy(await call(stand, request, signing)), told);
});

test('a wrong signature is told what it should have been over (§6.4.3)', async (t) => {
  const stand = await startWebSocketStand(t, { credentials: [READER] });
  const api = await createWebSocketApi(stand);
  const path = '/prod/%40connections/AAAAAAAAAAAAAAA%3D';
  const signed = await sign({ method: 'POST', host: api.host, path, body: 'x' }, { secretAccessKey: 'x' });
  const reply = await send(stand, signed);
  assert.equal(reply.status, 403);
  const date = /x-amz-date: (\S+)/.exec(signed.lines.join('\n'))![1]!;
  const hash = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';
  const { message } = JSON.parse(reply.body) as { message: string };
  const start =
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\n' +
    `The Canonical String for this request should have been\n'POST\n/prod/%2540connections/AAAAAAAAAAAAAAA%253D\n\nhost:${api.host}\nx-amz-date:${date}\n\nhost;x-amz-date\n${hash}'\n\n` +
    `The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n${date}\n${date.slice(0, 8)}/${REGION}/execute-api/aws4_request\n`;
  assert.ok(message.startsWith(start), message);
  assert.match(message.slice(start.length), /^[0-9a-f]{64}'\n$/);
});

test('a signature is good for its method, path, host, query and body alone (§6.4)', async (t) => {
  const stand = await startWebSocketStand(t, { credentials: [READER] });
  const api = await createWebSocketApi(stand, { stages: ['prod', 'dev'] });
  const other = await createWebSocketApi(stand);
  const path = `/prod/@connections/${UNKNOWN}`;
  const signed = await sign({ method: 'POST', host: api.host, path, body: 'x' });
  const rows: readonly (readonly [string, Signed])[] = [
    ['another method', { ...signed, method: 'DELETE' }],
    ['another id', { ...signed, target: '/prod/@connections/BAAAAAAAAAAAAAA=' }],
    ['another stage', { ...signed, target: `/dev/@connections/${UNKNOWN}` }],
    ['another spelling', { ...signed, target: `/prod/%40connections/${UNKNOWN}` }],
    ['a query', { ...signed, target: `${path}?a=1` }],
    ['another body', { ...signed, body: 'y' }],
    ['no body', { ...signed, body: '' }],
    ['another host', { ...signed, lines: signed.lines.map((line) => line.replace(api.host, other.host)) }],
  ];
  for (const [name, request] of rows) {
    assert.match(toldBy(await send(stand, request)), /^403 InvalidSignatureException /, name);
  }
  assert.equal(toldBy(await send(stand, signed)), GONE);
  // Paths that signers and servers read differently.
  for (const odd of [`/prod/x/../@connections/${UNKNOWN}`, `/prod/./@connections/${UNKNOWN}`]) {
    const reply = await call(stand, { method: 'POST', host: api.host, path: odd, body: 'x' });
    assert.equal(reply.status, 403, odd);
  }
  const double = await call(stand, {
    method: 'GET',
    host: api.host,
    path: '/prod/@connections/AAAAAAAAAAAAAAA%253D',
  });
  assert.equal(
    toldBy(double),
    '400 BadRequestException {"message":"Invalid connectionId: AAAAAAAAAAAAAAA%3D"}',
  );
});

test('policies are about execute-api:ManageConnections (§6.4.1, §6.4.4)', async (t) => {
  const policies: ReturnType<typeof parsePolicy>[] = [];
  const stand = await startWebSocketStand(t, { credentials: [{ ...READER, policies }] });
  const api = await createWebSocketApi(stand, { stages: ['prod', 'dev'] });
  const start = `arn:aws:execute-api:${REGION}:${ACCOUNT}:${api.apiId}`;
  const manage = (Effect: 'Allow' | 'Deny', Resource: string): object => ({
    ...{ Effect, Action: 'execute-api:ManageConnections', Resource },
  });
  const everything = manage('Allow', '*');
  const rows: readonly (readonly [unknown, method: string, allowed: boolean])[] = [
    [everything, 'POST', true],
    [manage('Allow', `${start}/prod/POST/@connections/*`), 'POST', true],
    [manage('Allow', `${start}/prod/POST/@connections/*`), 'DELETE', false],
    [manage('Allow', `${start}/*/*/@connections/*`), 'GET', true],
    [manage('Allow', `${start}/prod/*`), 'DELETE', true],
    [manage('Allow', `${start}/dev/*`), 'POST', false],
    [manage('Allow', `${start}/prod/POST/@connections/${UNKNOWN}`), 'POST', true],
    [manage('Allow', `${start}/prod/POST/@connections/BAAAAAAAAAAAAAA=`), 'POST', false],
    [manage('Allow', `${start}/prod/POST/@connections/{connectionId}`), 'POST', true],
    [[everything, manage('Deny', `${start}/prod/POST/@connections/${UNKNOWN}`)], 'POST', false],
    [[everything, manage('Deny', `${start}/prod/POST/@connections/{connectionId}`)], 'POST', false],
    [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }, 'POST', false],
    [{ Effect: 'Allow', Action: 'execute-api:*', Resource: '*' }, 'POST', true],
    [[], 'POST', false],
  ];
  for (const [Statement, method, isAllowed] of rows) {
    policies.splice(0, 1, parsePolicy({ Statement }));
    const reply = await call(stand, { method, host: api.host, path: `/prod/@connections/${UNKNOWN}` });
    const resource = `arn:aws:execute-api:${REGION}:********0000:${api.apiId}/prod/${method}/@connections/{connectionId}`;
    const Message = `User: ${USER} is not authorized to perform: execute-api:ManageConnections on resource: ${resource}`;
    const told = isAllowed ? GONE : `403 AccessDeniedException ${JSON.stringify({ Message })}`;
    assert.equal(toldBy(reply), told, JSON.stringify(Statement));
  }
});

test('who may not call learns nothing about connections (§6.4)', async (t) => {
  const stand = await startWebSocketStand(t, { credentials: [READER] });
  const api = await createWebSocketApi(stand);
  await api.connect('/prod');
  const [connect] = stand.eventsOf('hello') as [{ requestContext: { connectionId: string } }];
  for (const id of [connect.requestContext.connectionId, UNKNOWN, 'abc', '']) {
    const target = `/prod/@connections/${id}`;
    const unsigned = { method: 'GET', target, lines: [`Host: ${api.host}`], body: '' };
    assert.equal(toldBy(await send(stand, unsigned)), MISSING);
  }
});

test('identities of other accounts stay outside (§6.4)', async (t) => {
  const stand = await startWebSocketStand(t, { credentials: [{ ...READER, accountId: '999999999999' }] });
  const api = await createWebSocketApi(stand);
  const reply = await call(stand, { host: api.host, path: `/prod/@connections/${UNKNOWN}` });
  assert.match(toldBy(reply), /^403 AccessDeniedException /);
});

test('with no identity configured everybody on this machine may, but web pages and who is behind a proxy (§6.4.5)', async (t) => {
  const stand = await startWebSocketStand(t);
  const api = await createWebSocketApi(stand);
  const target = `/prod/@connections/${UNKNOWN}`;
  const unsigned = { method: 'GET', target, lines: [`Host: ${api.host}`], body: '' };
  assert.equal(toldBy(await send(stand, unsigned)), GONE);
  assert.equal(toldBy(await call(stand, { host: api.host, path: target }, { accessKeyId: 'ANY' })), GONE);
  for (const line of [
    'Origin: https://evil.example',
    'Origin: null',
    'Sec-Fetch-Site: same-origin',
    'Sec-Fetch-Site: cross-site',
    'X-Forwarded-For: 127.0.0.1',
    'Forwarded: for=127.0.0.1',
    'Via: 1.1 proxy.example',
    'X-Real-IP: 127.0.0.1',
  ]) {
    const stranger = { ...unsigned, lines: [...unsigned.lines, line] };
    assert.equal(toldBy(await send(stand, stranger)), MISSING, line);
  }
});
