// TLS, mutual TLS and HTTP/2 through the whole program, domains made by the AWS SDK (spec/http-api.md §10.1 to §10.3).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type ClientHttp2Session, connect as connectHttp2, type OutgoingHttpHeaders } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';
import { type IssuedCertificate, issueCertificate } from '../../support/certificates.ts';
import { ACCOUNT, REGION, startTestPostern } from '../../support/postern.ts';
import { valuesOf } from '../../support/raw-message.ts';
import { OK_ANSWER, type RecordingBackend, startRecordingBackend } from '../../support/recording-backend.ts';

const authority = issueCertificate({ subject: 'CN=CA', authority: true });
const partners = issueCertificate({ subject: 'CN=Partners,O=Example', authority: true });
const others = issueCertificate({ subject: 'CN=Others', authority: true });
const server = (name: string): IssuedCertificate =>
  issueCertificate({ subject: `CN=${name}`, issuer: authority, names: [name] });
const partner = issueCertificate({ subject: 'C=US,O=Example,CN=partner', issuer: partners, serial: 'a1b2' });
const expired = issueCertificate({ issuer: partners, notAfter: new Date('2021-01-01') });
const stranger = issueCertificate({ issuer: others });

const URI = 's3://partners/trust.pem';
const certificateArn = (name: string): string => `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/${name}`;

interface Stand {
  readonly sdk: ApiGatewayV2;
  readonly port: number;
  readonly backend: RecordingBackend;
  readonly directory: string;
  readonly apiId: string;
}

/** An API behind `plain.example.com` and, with mutual TLS, `mutual.example.com`; a default certificate. */
async function start(t: TestContext, codec: 'fast' | 'reference' = 'fast'): Promise<Stand> {
  const directory = mkdtempSync(join(tmpdir(), 'postern-transport-'));
  const files = (name: string, identity: IssuedCertificate): { cert: string; key: string } => {
    const [cert, key] = [join(directory, `${name}.pem`), join(directory, `${name}.key`)];
    writeFileSync(cert, identity.cert);
    writeFileSync(key, identity.key);
    return { cert, key };
  };
  writeFileSync(join(directory, 'trust.pem'), partners.cert);
  const backend = await startRecordingBackend();
  const postern = await startTestPostern({
    codec,
    separate: { tls: files('default', server('*.execute-api.localhost')) },
    sections: {
      certificates: new Map(
        ['plain', 'mutual'].map((name) => [certificateArn(name), files(name, server(`${name}.example.com`))]),
      ),
      truststores: new Map([[URI, join(directory, 'trust.pem')]]),
    },
  });
  const sdk = new ApiGatewayV2({
    endpoint: postern.management,
    region: REGION,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  t.after(async () => {
    sdk.destroy();
    await postern.close();
    await backend.close();
    rmSync(directory, { recursive: true });
  });
  const { ApiId } = await sdk.createApi({ Name: 'api', ProtocolType: 'HTTP' });
  const { IntegrationId } = await sdk.createIntegration({
    ApiId,
    IntegrationType: 'HTTP_PROXY',
    IntegrationMethod: 'ANY',
    IntegrationUri: `http://127.0.0.1:${backend.port}`,
    PayloadFormatVersion: '1.0',
    RequestParameters: {
      'overwrite:header.x-subject': '$context.identity.clientCert.subjectDN',
      'overwrite:header.x-protocol': '$context.protocol',
    },
  });
  await sdk.createRoute({ ApiId, RouteKey: '$default', Target: `integrations/${IntegrationId}` });
  await sdk.createStage({ ApiId, StageName: '$default', AutoDeploy: true });
  for (const name of ['plain', 'mutual']) {
    const DomainName = `${name}.example.com`;
    await sdk.createDomainName({
      DomainName,
      DomainNameConfigurations: [{ CertificateArn: certificateArn(name) }],
      ...(name === 'mutual' ? { MutualTlsAuthentication: { TruststoreUri: URI } } : {}),
    });
    await sdk.createApiMapping({ DomainName, ApiId, Stage: '$default' });
  }
  return { sdk, port: postern.port, backend, directory, apiId: ApiId! };
}

interface Asked {
  readonly servername: string;
  /** Default the server name. */
  readonly host?: string;
  readonly client?: IssuedCertificate;
}

function open(port: number, { servername, client }: Asked, options: ConnectionOptions = {}): TLSSocket {
  const identity = client === undefined ? {} : { cert: client.cert, key: client.key };
  const socket = connect({
    host: '127.0.0.1',
    port,
    servername,
    ca: authority.cert,
    ...identity,
    ...options,
  });
  socket.on('error', () => {});
  return socket;
}

/** `200 ok`, or undefined when there was no answer. */
async function ask(port: number, asked: Asked): Promise<string | undefined> {
  const socket = open(port, asked);
  socket.write(`GET /a HTTP/1.1\r\nHost: ${asked.host ?? asked.servername}\r\nConnection: close\r\n\r\n`);
  let text = '';
  socket.on('data', (data: Buffer) => {
    text += data.toString('latin1');
  });
  await new Promise<void>((resolve) => void socket.on('close', () => resolve()));
  const [, status, body] = /^HTTP\/1\.1 (\d+)[\s\S]*?\r\n\r\n([\s\S]*)$/.exec(text) ?? [];
  return status === undefined ? undefined : `${status} ${body}`;
}

async function openHttp2(t: TestContext, port: number, asked: Asked): Promise<ClientHttp2Session> {
  const socket = open(port, asked, { ALPNProtocols: ['h2'] });
  const session = connectHttp2(`https://${asked.servername}`, {
    createConnection: () => socket,
    maxSessionMemory: 50,
  });
  session.on('error', () => {});
  t.after(() => session.destroy());
  await once(session, 'connect');
  return session;
}

async function askHttp2(
  session: ClientHttp2Session,
  fields: OutgoingHttpHeaders,
  body?: Buffer,
): Promise<string> {
  const stream = session.request({ ':path': '/a', ...fields }, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  const [headers] = await once(stream, 'response');
  stream.setEncoding('latin1');
  let text = '';
  for await (const chunk of stream) text += chunk;
  return `${headers[':status']} ${text}`;
}

/** Of the last request. */
function sent(backend: RecordingBackend, name: string): string {
  return valuesOf(backend.requests.at(-1)!.headers, name).join();
}

const FORBIDDEN = '403 {"message":"Forbidden"}';

for (const codec of ['fast', 'reference'] as const) {
  test(`${codec}: each domain has its certificate, the default endpoint that of the listener`, async (t) => {
    const { port, apiId } = await start(t, codec);
    assert.equal(await ask(port, { servername: 'plain.example.com' }), '200 ok');
    assert.equal(await ask(port, { servername: `${apiId}.execute-api.localhost` }), '200 ok');
    assert.equal(await ask(port, { servername: 'mutual.example.com', client: partner }), '200 ok');
  });

  test(`${codec}: who may call a domain with mutual TLS`, async (t) => {
    const { port, backend, apiId } = await start(t, codec);
    const mutual = { servername: 'mutual.example.com' };
    const plain = { servername: 'plain.example.com' };
    const api = { servername: `${apiId}.execute-api.localhost` };
    const rows: readonly (readonly [string, Asked, string | undefined])[] = [
      ['a trusted certificate', { ...mutual, client: partner }, '200 ok'],
      ['none', mutual, FORBIDDEN],
      ['another authority', { ...mutual, client: stranger }, undefined],
      ['an expired one', { ...mutual, client: expired }, undefined],
      [
        'the handshake of another domain',
        { ...plain, host: 'mutual.example.com', client: partner },
        FORBIDDEN,
      ],
      [
        'the handshake of the default endpoint',
        { ...api, host: 'mutual.example.com', client: partner },
        FORBIDDEN,
      ],
      ['the host in capitals, with a port', { ...plain, host: 'MUTUAL.example.com:443' }, FORBIDDEN],
      ['another domain, over its own handshake', plain, '200 ok'],
    ];
    for (const [what, asked, expected] of rows) {
      backend.script();
      assert.equal(await ask(port, asked), expected, what);
      assert.equal(backend.requests.length, expected === '200 ok' ? 1 : 0, what);
    }
  });
}

test('the certificate is told to backends by mapping alone', async (t) => {
  const { port, backend } = await start(t);
  await ask(port, { servername: 'mutual.example.com', client: partner });
  assert.equal(sent(backend, 'x-subject'), 'C=US,O=Example,CN=partner');
  assert.doesNotMatch(backend.requests.at(-1)!.raw, /BEGIN|a1:b2|Partners/);
  await ask(port, { servername: 'plain.example.com', client: partner });
  assert.equal(sent(backend, 'x-subject'), '');
});

test('protocol fields say HTTP/1.1 for HTTP/2 too, and backends are spoken to in HTTP/1.1', async (t) => {
  const { port, backend } = await start(t);
  const session = await openHttp2(t, port, { servername: 'plain.example.com' });
  assert.equal(
    await askHttp2(session, { ':authority': 'plain.example.com', cookie: ['a=1', 'b=2'] }),
    '200 ok',
  );
  assert.equal(backend.requests[0]!.startLine, 'GET /a HTTP/1.1');
  assert.equal(sent(backend, 'x-protocol'), 'HTTP/1.1');
  assert.equal(sent(backend, 'cookie'), 'a=1; b=2');
});

test('a connection of HTTP/2 reaches other names only where its handshake suffices', async (t) => {
  const { port, backend } = await start(t);
  const plain = await openHttp2(t, port, { servername: 'plain.example.com', client: partner });
  assert.equal(await askHttp2(plain, { ':authority': 'mutual.example.com' }), FORBIDDEN);
  assert.equal(backend.requests.length, 0);
  assert.equal(await askHttp2(plain, { ':authority': 'plain.example.com' }), '200 ok');
  const mutual = await openHttp2(t, port, { servername: 'mutual.example.com', client: partner });
  assert.equal(await askHttp2(mutual, { ':authority': 'mutual.example.com' }), '200 ok');
  assert.equal(sent(backend, 'x-subject'), 'C=US,O=Example,CN=partner');
});

test('bodies over HTTP/2: framed anew towards backends, at most 10 MB, coded content as it is', async (t) => {
  const { port, backend } = await start(t);
  backend.script('HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\n\x00\xff\x80');
  const session = await openHttp2(t, port, { servername: 'plain.example.com' });
  const post = { ':method': 'POST', ':authority': 'plain.example.com', 'content-encoding': 'gzip' };
  const body = Buffer.from('GET /inner HTTP/1.1\r\n\r\n\x00\xff', 'latin1');
  assert.equal(await askHttp2(session, post, body), '200 \x00\xff\x80');
  assert.equal(backend.requests.length, 1);
  assert.equal(backend.requests[0]!.body, body.toString('latin1'));
  assert.equal(sent(backend, 'content-encoding'), 'gzip');
  const large = Buffer.alloc(10_485_761);
  assert.match(await askHttp2(session, { ...post, 'content-length': large.length }, large), /^413 /);
  backend.script(OK_ANSWER);
  assert.equal(await askHttp2(session, post, large.subarray(1)), '200 ok');
  assert.equal(backend.requests[0]!.body.length, 10_485_760);
});

test('a client of HTTP/2 that goes away ends the call of the backend', async (t) => {
  const { port, backend } = await start(t);
  backend.script('silent');
  const session = await openHttp2(t, port, { servername: 'plain.example.com' });
  const stream = session.request({ ':path': '/a', ':authority': 'plain.example.com' });
  stream.on('error', () => {});
  while (backend.requests.length === 0) await new Promise(setImmediate);
  stream.close(8);
  await once(stream, 'close');
  backend.script(OK_ANSWER);
  assert.equal(await askHttp2(session, { ':authority': 'plain.example.com' }), '200 ok');
});

test('mutual TLS is turned on, moved to another truststore and off by UpdateDomainName', async (t) => {
  const { sdk, port, directory } = await start(t);
  const DomainName = 'plain.example.com';
  const asked = { servername: DomainName, client: partner };
  const early = open(port, asked);
  await once(early, 'secureConnect');
  const updated = await sdk.updateDomainName({
    DomainName,
    MutualTlsAuthentication: { TruststoreUri: URI, TruststoreVersion: '1' },
  });
  assert.deepEqual(updated.MutualTlsAuthentication, { TruststoreUri: URI, TruststoreVersion: '1' });
  early.write(`GET /a HTTP/1.1\r\nHost: ${DomainName}\r\nConnection: close\r\n\r\n`);
  assert.match(String((await once(early, 'data'))[0]), /^HTTP\/1\.1 403 /);
  assert.equal(await ask(port, asked), '200 ok');
  assert.equal(await ask(port, { servername: DomainName }), FORBIDDEN);

  const idle = open(port, asked);
  idle.write(`GET /a HTTP/1.1\r\nHost: ${DomainName}\r\n\r\n`);
  await once(idle, 'data');
  const closed = once(idle, 'close');
  writeFileSync(join(directory, 'trust.pem'), others.cert);
  await sdk.updateDomainName({
    DomainName,
    MutualTlsAuthentication: { TruststoreUri: URI, TruststoreVersion: '2' },
  });
  await closed;
  assert.equal(await ask(port, asked), undefined);
  assert.equal(await ask(port, { ...asked, client: stranger }), '200 ok');

  await sdk.updateDomainName({ DomainName, MutualTlsAuthentication: { TruststoreUri: '' } });
  assert.equal(await ask(port, { servername: DomainName }), '200 ok');
});

test('a domain name has to be covered by its certificate, where that is known', async (t) => {
  const { sdk } = await start(t);
  const create = (DomainName: string, certificate: string) =>
    sdk.createDomainName({
      DomainName,
      DomainNameConfigurations: [{ CertificateArn: certificateArn(certificate) }],
    });
  for (const name of ['other.example.com', '*.example.com', 'a.plain.example.com']) {
    await assert.rejects(create(name, 'plain'), {
      name: 'BadRequestException',
      message: 'The domain name to be created is not covered by the provided certificate.',
    });
    await create(name, 'unknown');
  }
});

test('truststores are judged when a domain names them: warnings, refusals', async (t) => {
  const { sdk, directory } = await start(t);
  const weak = issueCertificate({ subject: 'CN=Weak', authority: true, key: 'rsa1024' });
  writeFileSync(join(directory, 'trust.pem'), partners.cert + weak.cert);
  const DomainName = 'judged.example.com';
  const DomainNameConfigurations = [{ CertificateArn: certificateArn('unknown') }];
  const created = await sdk.createDomainName({
    DomainName,
    DomainNameConfigurations,
    MutualTlsAuthentication: { TruststoreUri: URI },
  });
  assert.deepEqual(created.MutualTlsAuthentication, {
    TruststoreUri: URI,
    TruststoreWarnings: [
      'The certificate with subject CN=Weak has an RSA key of 1024 bits; 2048 are needed.',
    ],
  });
  const middle = issueCertificate({ subject: 'CN=Middle', issuer: partners, authority: true });
  const conflicting = issueCertificate({ subject: 'CN=Middle', issuer: others, authority: true });
  const refusals: readonly (readonly [string, RegExp])[] = [
    [
      middle.cert + conflicting.cert,
      /^The certificate subject CN=Middle conflicts with an existing certificate from a different issuer\.$/,
    ],
    ['nothing', /^The truststore has no certificate in PEM form\.$/],
  ];
  for (const [pem, message] of refusals) {
    writeFileSync(join(directory, 'trust.pem'), pem);
    await assert.rejects(
      sdk.updateDomainName({
        DomainName,
        MutualTlsAuthentication: { TruststoreUri: URI, TruststoreVersion: '3' },
      }),
      { name: 'BadRequestException', message },
    );
  }
});

test('the default endpoint asks for no certificate and takes none', async (t) => {
  const { port, backend, apiId } = await start(t);
  const servername = `${apiId}.execute-api.localhost`;
  assert.equal(await ask(port, { servername, client: stranger }), '200 ok');
  assert.equal(sent(backend, 'x-subject'), '');
});

test('over HTTP/1.1: one connection, chunked bodies, bytes, content codings, /ping like any path', async (t) => {
  const { port, backend } = await start(t);
  backend.script('HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\n\x00\xff\x80');
  const socket = open(port, { servername: 'plain.example.com' });
  socket.setEncoding('latin1');
  for (const path of ['/ping', '/sping', '/a']) {
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: plain.example.com\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n\x01\xfe!\r\n0\r\n\r\n`,
      'latin1',
    );
    const [text] = (await once(socket, 'data')) as [string];
    assert.match(text, /^HTTP\/1\.1 200 [\s\S]*Content-Encoding: br\r\n[\s\S]*\r\n\r\n\x00\xff\x80$/);
    const { startLine, body } = backend.requests.at(-1)!;
    assert.deepEqual([startLine, body], [`POST ${path} HTTP/1.1`, '\x01\xfe!']);
  }
  socket.destroy();
});
