// Certificates and truststores that change while connections are open (spec/http-api.md §10.1, §10.2).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { type IssuedCertificate, issueCertificate } from '../../../test/support/certificates.ts';
import { logTo } from '../../../test/support/logged.ts';
import type { DomainTls } from '../../config/domain.ts';
import { loadIdentity } from '../tls/identity-files.ts';
import { TruststoreError } from '../tls/truststore.ts';
import { Truststores } from '../tls/truststores.ts';
import { GatewayTls, type GatewayTlsSettings } from './gateway-tls.ts';
import { createListener } from './listener.ts';

const ARN = 'arn:aws:acm:eu-west-1:000000000000:certificate/shop';
const URI = 's3://partners/truststore.pem';
const authority = issueCertificate({ subject: 'CN=CA', authority: true });
const partners = issueCertificate({ subject: 'CN=Partners', authority: true });
const others = issueCertificate({ subject: 'CN=Others', authority: true });
const server = (name: string): IssuedCertificate =>
  issueCertificate({ subject: `CN=${name}`, issuer: authority, names: ['shop.test'] });
const partner = issueCertificate({ subject: 'CN=partner', issuer: partners });
const other = issueCertificate({ subject: 'CN=other', issuer: others });

class RecordingLog {
  readonly lines: string[] = [];
  readonly write = logTo(({ message }) => {
    this.lines.push(message);
    this.#wake();
  });
  #wake: () => void = () => {};

  async until(message: string): Promise<void> {
    while (!this.lines.includes(message)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.lines.length = 0;
  }
}

interface Stand {
  readonly directory: string;
  readonly log: RecordingLog;
  readonly tls: GatewayTls;
  readonly port: number;
  domain: DomainTls;
}

async function start(t: TestContext, settings: Partial<GatewayTlsSettings> = {}): Promise<Stand> {
  const directory = mkdtempSync(join(tmpdir(), 'postern-tls-'));
  write(directory, server('first'));
  writeFileSync(join(directory, 'trust.pem'), partners.cert);
  const files = { cert: join(directory, 'cert.pem'), key: join(directory, 'key.pem') };
  const log = new RecordingLog();
  const tls = new GatewayTls(
    {
      files: undefined,
      certificates: new Map([[ARN, files]]),
      truststores: new Map([[URI, join(directory, 'trust.pem')]]),
      ...settings,
    },
    {
      directory: join(directory, 'kept'),
      region: 'eu-west-3',
      log: log.write,
      ticketSecret: () => Buffer.alloc(32),
      epoch: Date.now,
    },
  );
  const stand = { directory, log, tls, port: 0, domain: plain };
  const listener = createListener({
    tls: tls.options,
    onExchange: (exchange) => {
      const admitted = tls.admits(exchange.tls, stand.domain);
      exchange.send(admitted ? 200 : 403, '', exchange.clientCertificate?.subjectDN ?? '');
    },
  });
  tls.serve(listener, {
    find: (name) => (name === 'shop.test' ? stand.domain : undefined),
    get hasMutualTls() {
      return stand.domain.truststore !== undefined;
    },
  });
  stand.port = (await listener.listen('127.0.0.1', 0)).port;
  t.after(async () => {
    tls.close();
    await listener.close(0);
    rmSync(directory, { recursive: true, force: true });
  });
  return stand;
}

const plain: DomainTls = { certificateArn: ARN, securityPolicy: 'TLS_1_2', truststore: undefined };
const mutual: DomainTls = { ...plain, truststore: { uri: URI, version: undefined } };

function write(directory: string, { cert, key }: IssuedCertificate): void {
  for (const [name, text] of [
    ['key.pem', key],
    ['cert.pem', cert],
  ] as const) {
    writeFileSync(join(directory, `.${name}`), text);
    renameSync(join(directory, `.${name}`), join(directory, name));
  }
}

function open(port: number, client?: IssuedCertificate): TLSSocket {
  const identity = client === undefined ? {} : { cert: client.cert, key: client.key };
  const socket = connect({
    host: '127.0.0.1',
    port,
    servername: 'shop.test',
    ca: authority.cert,
    ...identity,
  });
  socket.on('error', () => {});
  return socket;
}

async function shown(port: number): Promise<string> {
  const socket = open(port);
  await once(socket, 'secureConnect');
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return CN as string;
}

/** The status and body of one request, undefined when the connection ends without. */
async function ask(socket: TLSSocket): Promise<string | undefined> {
  socket.write('GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n');
  let text = '';
  return new Promise((resolve) => {
    socket.on('close', () => resolve(undefined));
    socket.on('data', (data: Buffer) => {
      text += data.toString('latin1');
      const found = /^HTTP\/1\.1 (\d+)[\s\S]*?Content-Length: (\d+)[\s\S]*?\r\n\r\n([\s\S]*)$/.exec(text);
      if (found !== null && found[3]!.length === Number(found[2])) resolve(`${found[1]} ${found[3]}`.trim());
    });
  });
}

test('a renewed certificate is shown from the next handshake on; a faulty one keeps the one before', async (t) => {
  const { directory, log, port } = await start(t);
  assert.equal(await shown(port), 'first');
  const before = open(port);
  write(directory, server('second'));
  await log.until('a certificate was loaded anew');
  assert.equal(await shown(port), 'second');
  writeFileSync(join(directory, 'key.pem'), server('third').key);
  await log.until('a certificate could not be loaded anew; the one before stays');
  assert.equal(await shown(port), 'second');
  rmSync(join(directory, 'cert.pem'));
  await log.until('a certificate could not be loaded anew; the one before stays');
  assert.equal(await shown(port), 'second');
  write(directory, server('fourth'));
  await log.until('a certificate was loaded anew');
  assert.equal(await shown(port), 'fourth');
  assert.equal(await ask(before), '200', 'an open connection goes on');
});

test('files behind a symbolic link that is changed, as Kubernetes does', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'postern-tls-'));
  for (const name of ['one', 'two']) {
    const { cert, key } = server(name);
    writeFileSync(join(directory, `${name}.cert`), cert);
    writeFileSync(join(directory, `${name}.key`), key);
  }
  const point = (name: string): void => {
    for (const kind of ['cert', 'key']) {
      symlinkSync(join(directory, `${name}.${kind}`), join(directory, 'new'));
      renameSync(join(directory, 'new'), join(directory, kind));
    }
  };
  point('one');
  const files = { cert: join(directory, 'cert'), key: join(directory, 'key') };
  const { log, port } = await start(t, { certificates: new Map([[ARN, files]]) });
  assert.equal(await shown(port), 'one');
  point('two');
  await log.until('a certificate was loaded anew');
  assert.equal(await shown(port), 'two');
  rmSync(directory, { recursive: true });
});

test('a domain without a certificate of its own is shown with the default one, which is renewed too', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'postern-tls-'));
  write(directory, server('default'));
  const files = { cert: join(directory, 'cert.pem'), key: join(directory, 'key.pem') };
  const { log, port } = await start(t, { files, certificates: new Map() });
  assert.equal(await shown(port), 'default');
  write(directory, server('renewed'));
  await log.until('a certificate was loaded anew');
  assert.equal(await shown(port), 'renewed');
  rmSync(directory, { recursive: true });
});

test('another truststore counts at once: idle connections of those it does not know end', async (t) => {
  const { directory, log, port } = await startMutual(t);
  const trusted = open(port, partner);
  assert.equal(await ask(trusted), '200 CN=partner');
  assert.equal(await ask(open(port, other)), undefined);
  const closed = once(trusted, 'close');
  writeFileSync(join(directory, 'trust.pem'), others.cert);
  await log.until('a truststore was loaded anew');
  await closed;
  assert.equal(await ask(open(port, partner)), undefined);
  assert.equal(await ask(open(port, other)), '200 CN=other');
  writeFileSync(join(directory, 'trust.pem'), 'nothing');
  await log.until('a truststore could not be loaded anew; the one before stays');
  assert.equal(await ask(open(port, other)), '200 CN=other');
});

test('another file for a truststore counts at once, one that is none is refused before', async (t) => {
  const { directory, tls, port } = await startMutual(t);
  const trusted = open(port, partner);
  assert.equal(await ask(trusted), '200 CN=partner');
  const next = new Map([[URI, join(directory, 'others.pem')]]);
  assert.throws(() => tls.checkTruststores(next), TruststoreError);
  writeFileSync(join(directory, 'others.pem'), others.cert);
  tls.checkTruststores(next);
  const closed = once(trusted, 'close');
  tls.setTruststores(next);
  await closed;
  assert.equal(await ask(open(port, partner)), undefined);
  assert.equal(await ask(open(port, other)), '200 CN=other');
});

async function startMutual(t: TestContext): Promise<Stand> {
  const stand = await start(t);
  stand.domain = mutual;
  return stand;
}

test('who shook hands before the domain had mutual TLS, or without a certificate, is not let in', async (t) => {
  const stand = await start(t);
  const early = open(stand.port, partner);
  assert.equal(await ask(early), '200');
  stand.domain = mutual;
  stand.tls.refresh();
  assert.equal(await ask(early), '403');
  assert.equal(await ask(open(stand.port)), '403');
  assert.equal(await ask(open(stand.port, partner)), '200 CN=partner');
});

test('a truststore that cannot be read lets nobody in', async (t) => {
  const stand = await startMutual(t);
  rmSync(join(stand.directory, 'trust.pem'));
  assert.equal(await ask(open(stand.port, partner)), undefined);
  assert.ok(stand.log.lines.includes('a truststore cannot be read: its domains let nobody in'));
  await assert.rejects(stand.tls.readTruststore(URI, undefined), TruststoreError);
});

test('warnings are those of the file as it is', async (t) => {
  const { tls, directory } = await startMutual(t);
  assert.deepEqual((await tls.readTruststore(URI, undefined)).warnings, []);
  const weak = issueCertificate({ subject: 'CN=Weak', key: 'rsa1024', authority: true });
  writeFileSync(join(directory, 'trust.pem'), partners.cert + weak.cert);
  const { warnings } = await tls.readTruststore(URI, undefined);
  assert.deepEqual(warnings, [
    'The certificate with subject CN=Weak has an RSA key of 1024 bits; 2048 are needed.',
  ]);
});

test('a certificate that cannot be loaded at the start is an error that says which', () => {
  assert.throws(
    () => loadIdentity({ cert: '/no/cert.pem', key: '/no/key.pem' }),
    /^Error: \/no\/cert\.pem does not exist$/,
  );
});

test('truststores of S3 are fetched by URI and version, and kept for the next start', async (t) => {
  const asked: string[] = [];
  const regions = new Set<string>();
  const objects = new Map([
    ['/bucket/a/trust.pem', partners.cert],
    ['/bucket/a/trust.pem?versionId=v2', others.cert],
  ]);
  const s3 = createServer((request, response) => {
    const url = new URL(request.url!, 'http://s3');
    url.searchParams.delete('x-id');
    const key = `${url.pathname}${url.search}`;
    asked.push(key);
    regions.add(String(request.headers.authorization).split('/')[2]!);
    const body = objects.get(key);
    response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': 'application/xml' });
    response.end(
      body ?? '<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>',
    );
  }).listen(0, '127.0.0.1');
  await once(s3, 'listening');
  const environment = {
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(s3.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
  Object.assign(process.env, environment);
  t.after(() => {
    s3.close();
    for (const name of ['AWS_REGION', ...Object.keys(environment)]) delete process.env[name];
  });
  const stand = await start(t);
  const uri = 's3://bucket/a/trust.pem';
  assert.deepEqual(await stand.tls.readTruststore(uri, undefined), { pem: partners.cert, warnings: [] });
  assert.deepEqual(await stand.tls.readTruststore(uri, 'v2'), { pem: others.cert, warnings: [] });
  await assert.rejects(
    stand.tls.readTruststore('s3://bucket/none', undefined),
    new TruststoreError('The truststore s3://bucket/none cannot be read: The specified key does not exist.'),
  );
  assert.deepEqual(asked, ['/bucket/a/trust.pem', '/bucket/a/trust.pem?versionId=v2', '/bucket/none']);
  assert.deepEqual([...regions], ['eu-west-3'], 'ours while the SDK knows none');
  process.env.AWS_REGION = 'eu-west-1';
  await stand.tls.readTruststore(uri, undefined);
  assert.deepEqual([...regions], ['eu-west-3', 'eu-west-1']);

  stand.domain = { ...mutual, truststore: { uri, version: undefined } };
  assert.equal(await ask(open(stand.port, partner)), '200 CN=partner');
  const idle = open(stand.port, partner);
  assert.equal(await ask(idle), '200 CN=partner');
  const closed = once(idle, 'close');
  stand.domain = { ...mutual, truststore: { uri, version: 'v2' } };
  stand.tls.refresh();
  await closed;
  assert.equal(await ask(open(stand.port, partner)), undefined);
  assert.equal(await ask(open(stand.port, other)), '200 CN=other');
  s3.close();

  await new Promise<void>((resolve) => {
    const directory = join(stand.directory, 'kept');
    const again = new Truststores({
      files: new Map(),
      directory,
      region: 'eu-west-3',
      log: stand.log.write,
      onChange() {
        assert.deepEqual(again.trustOf(uri, 'v2').certificates, [others.cert]);
        resolve();
      },
    });
    assert.deepEqual(again.trustOf(uri, 'v2').certificates, []);
  });
});
