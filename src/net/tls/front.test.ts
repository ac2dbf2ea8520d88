// Handshakes with real clients: certificates by server name, mutual TLS by domain, and what must not get in
// (spec/http-api.md §10.1, §10.2; Choice C66).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect as connectClear, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type ConnectionOptions, connect, createSecureContext, type TLSSocket } from 'node:tls';
import { type IssuedCertificate, issueCertificate } from '../../../test/support/certificates.ts';
import { CODECS } from '../http1/raw-client.test.support.ts';
import { createListener, type Listener } from '../listener/listener.ts';
import type { ClientTrust } from '../tls-session.ts';
import type { TlsDomain, TlsDomains } from './domain.ts';

const authority = issueCertificate({ subject: 'CN=Test CA', authority: true });
const stranger = issueCertificate({ subject: 'CN=Test CA', authority: true });
const intermediate = issueCertificate({ subject: 'CN=Middle', issuer: authority, authority: true });
const LONG_AGO = { notBefore: new Date('2001-01-01'), notAfter: new Date('2002-01-01') };

const clients = {
  good: issueCertificate({ subject: 'C=US,O=Example,CN=client', issuer: authority, serial: '0a1b2c' }),
  expired: issueCertificate({ issuer: authority, ...LONG_AGO }),
  early: issueCertificate({ issuer: authority, notBefore: new Date('2100-01-01') }),
  untrusted: issueCertificate({ issuer: stranger }),
  selfSigned: issueCertificate(),
  weakKey: issueCertificate({ issuer: authority, key: 'rsa1024' }),
  weakDigest: issueCertificate({ issuer: authority, digest: 'sha1' }),
  underNoAuthority: issueCertificate({ issuer: issueCertificate({ subject: 'CN=leaf', issuer: authority }) }),
};
const chained = issueCertificate({ subject: 'CN=chained', issuer: intermediate });

function domain(name: string, clientTrust?: ClientTrust): TlsDomain {
  const identity = serverIdentity(name);
  return { identity, context: createSecureContext({ cert: identity.cert, key: identity.key }), clientTrust };
}

function serverIdentity(name: string): IssuedCertificate {
  return issueCertificate({ subject: `CN=${name}`, issuer: authority, names: [name] });
}

const trust: ClientTrust = { certificates: [authority.cert] };
const table = new Map([
  ['plain.test', domain('plain.test')],
  ['mutual.test', domain('mutual.test', trust)],
  ['nobody.test', domain('nobody.test', { certificates: [] })],
]);
const wildcard = domain('*.wild.test');
const domains: TlsDomains = {
  hasMutualTls: true,
  find: (name) => table.get(name) ?? (name.endsWith('.wild.test') ? wildcard : undefined),
};
const fallback = serverIdentity('fallback.test');

interface Stand {
  readonly port: number;
  readonly listener: Listener;
}

async function start(
  t: TestContext,
  codec: (typeof CODECS)[number] = 'fast',
  found: TlsDomains = domains,
): Promise<Stand> {
  const listener = createListener({
    codec,
    tls: { identity: fallback, domains: found },
    limits: { headMillis: 500 },
    onExchange(exchange) {
      const { tls, clientCertificate } = exchange;
      const trusted = tls!.clientTrust !== undefined;
      exchange.send(200, '', JSON.stringify({ name: tls!.serverName, trusted, clientCertificate }));
    },
  });
  const { port } = await listener.listen('127.0.0.1', 0);
  t.after(() => listener.close(0));
  return { port, listener };
}

interface Facts {
  readonly name: string;
  readonly trusted: boolean;
  readonly clientCertificate?: { readonly [name: string]: unknown };
}

/** `once` would throw what ends a connection. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => void socket.on('close', () => resolve()));
}

/** Sends a request on a connection of its own. Returns what the exchange knew, or undefined when there was no answer. */
async function ask(port: number, options: ConnectionOptions): Promise<Facts | undefined> {
  const socket = connect({ host: '127.0.0.1', port, ca: authority.cert, ...options });
  socket.on('error', () => {});
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  let text = '';
  socket.on('data', (data: Buffer) => {
    text += data.toString('latin1');
  });
  await closed(socket);
  const mark = text.indexOf('\r\n\r\n');
  return mark < 0 ? undefined : (JSON.parse(text.slice(mark + 4)) as Facts);
}

/** The subject of the certificate a server name is shown. */
async function shown(port: number, servername: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return CN as string;
}

const present = ({ cert, key }: IssuedCertificate, servername = 'mutual.test'): ConnectionOptions => ({
  servername,
  cert,
  key,
});

for (const codec of CODECS) {
  test(`${codec}: the certificate is that of the server name, of its wildcard, else the default`, async (t) => {
    const { port } = await start(t, codec);
    for (const found of [domains, { ...domains, hasMutualTls: false }]) {
      const { port: other } = await start(t, codec, found);
      assert.equal(await shown(other, 'plain.test'), 'plain.test');
      assert.equal(await shown(other, 'PLAIN.test'), 'plain.test');
      assert.equal(await shown(other, 'a.wild.test'), '*.wild.test');
      assert.equal(await shown(other, 'unknown.test'), 'fallback.test');
      assert.equal(await shown(other, ''), 'fallback.test');
    }
    assert.deepEqual(await ask(port, { servername: 'plain.test' }), { name: 'plain.test', trusted: false });
  });

  test(`${codec}: a client with a certificate of the truststore gets in, and is described`, async (t) => {
    const { port } = await start(t, codec);
    assert.deepEqual(await ask(port, present(clients.good)), {
      name: 'mutual.test',
      trusted: true,
      clientCertificate: {
        clientCertPem: clients.good.cert,
        subjectDN: 'C=US,O=Example,CN=client',
        issuerDN: 'CN=Test CA',
        serialNumber: '0a:1b:2c',
        validity: { notBefore: 'Jan  1 00:00:00 2020 GMT', notAfter: 'Jan  1 00:00:00 2120 GMT' },
      },
    });
  });
}

test('TLS 1.2 and 1.3 are spoken, nothing below', async (t) => {
  const { port } = await start(t);
  for (const servername of ['plain.test', 'mutual.test', '']) {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const options = { ...present(clients.good, servername), minVersion: version, maxVersion: version };
      const rejectUnauthorized = servername !== '';
      const facts = await ask(port, { ...options, rejectUnauthorized });
      assert.equal(facts?.name, servername);
      assert.equal(facts?.trusted, servername === 'mutual.test');
    }
    const old = {
      servername,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'ALL:@SECLEVEL=0',
    } as const;
    assert.equal(await ask(port, { ...old, rejectUnauthorized: false }), undefined);
  }
});

for (const [kind, certificate] of Object.entries(clients)) {
  if (kind === 'good') continue;
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    test(`${version}: a client certificate of this kind gets no answer: ${kind}`, async (t) => {
      const { port } = await start(t);
      // The client's own library refuses to use the weak ones otherwise.
      const ciphers = 'DEFAULT:@SECLEVEL=0';
      const options = { ...present(certificate), minVersion: version, maxVersion: version, ciphers };
      assert.equal(await ask(port, options), undefined);
    });
  }
}

test('a client that presents no certificate is served, without trust: the gateway answers 403', async (t) => {
  const { port } = await start(t);
  assert.deepEqual(await ask(port, { servername: 'mutual.test' }), { name: 'mutual.test', trusted: false });
});

test('an intermediate authority that the client sends along completes its chain', async (t) => {
  const { port } = await start(t);
  const withChain = { ...present(chained), cert: chained.cert + intermediate.cert };
  assert.equal((await ask(port, withChain))?.trusted, true);
  assert.equal(await ask(port, present(chained)), undefined);
});

test('a domain whose truststore is empty lets nobody in', async (t) => {
  const { port } = await start(t);
  assert.equal(await ask(port, present(clients.good, 'nobody.test')), undefined);
});

test('other domains ask for no certificate, and take none', async (t) => {
  const { port } = await start(t);
  for (const servername of ['plain.test', 'x.wild.test']) {
    const facts = await ask(port, present(clients.good, servername));
    assert.deepEqual(facts, { name: servername, trusted: false });
  }
});

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`${version}: a session of another domain is not resumed into one with mutual TLS, nor one of its own`, async (t) => {
    const { port } = await start(t);
    for (const first of [{ servername: 'plain.test' }, present(clients.good)]) {
      const bounds = {
        minVersion: version,
        maxVersion: version,
        ca: authority.cert,
        host: '127.0.0.1',
        port,
      };
      const sessions: Buffer[] = [];
      const socket = connect({ ...bounds, ...first });
      socket.on('session', (session) => sessions.push(session));
      socket.on('error', () => {});
      socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      socket.resume();
      await closed(socket);
      const facts = await ask(port, { ...bounds, servername: 'mutual.test', session: sessions.at(-1) });
      assert.notEqual(facts?.trusted, true);
    }
  });
}

test('a ClientHello that comes byte by byte, or in several records, is read', async (t) => {
  const { port } = await start(t);
  const relay = (socket: Socket): Socket => {
    const write = socket.write.bind(socket);
    socket.write = ((data: Buffer, ...rest: []) => {
      for (const byte of data) write(Buffer.of(byte));
      const done = rest.find((each) => typeof each === 'function') as (() => void) | undefined;
      done?.();
      return true;
    }) as typeof socket.write;
    return socket;
  };
  const raw = connectClear({ host: '127.0.0.1', port, noDelay: true });
  await once(raw, 'connect');
  const facts = await ask(port, { ...present(clients.good), socket: relay(raw) });
  assert.equal(facts?.trusted, true);
});

test('who does not finish the ClientHello, or sends something else, is cut off', async (t) => {
  const { port } = await start(t);
  for (const bytes of [
    '',
    '\x16\x03\x01',
    'GET / HTTP/1.1\r\nHost: mutual.test\r\n\r\n',
    '\x16\x03\x01\xff\xff',
  ]) {
    const socket = connectClear({ host: '127.0.0.1', port });
    socket.on('error', () => {});
    socket.resume();
    socket.write(bytes, 'latin1');
    await closed(socket);
  }
});

test('mutual TLS with HTTP/2', async (t) => {
  const { port } = await start(t);
  const session = connectHttp2(`https://mutual.test:${port}`, {
    ca: authority.cert,
    host: '127.0.0.1',
    ...present(clients.good),
    createConnection: () =>
      connect({
        host: '127.0.0.1',
        port,
        ca: authority.cert,
        ALPNProtocols: ['h2'],
        ...present(clients.good),
      }),
  });
  t.after(() => session.destroy());
  const stream = session.request({ ':path': '/' });
  stream.setEncoding('latin1');
  const [text] = await once(stream, 'data');
  assert.equal((JSON.parse(text) as Facts).trusted, true);
});

test('closing does not wait for clients that have not shaken hands', { timeout: 30_000 }, async (t) => {
  const HOUR = 3_600_000;
  for (const hasMutualTls of [false, true]) {
    const listener = createListener({
      tls: { identity: fallback, domains: { ...domains, hasMutualTls } },
      limits: { headMillis: HOUR },
      onExchange: (exchange) => exchange.send(200, '', '{}'),
    });
    const { port } = await listener.listen('127.0.0.1', 0);
    const [silent, ended] = [0, 1].map(() => connectClear({ host: '127.0.0.1', port }));
    t.after(() => [silent, ended].map((socket) => socket!.destroy()));
    silent!.resume();
    ended!.resume();
    ended!.end();
    const gone = [silent, ended].map((socket) => closed(socket!));
    // Answered after both have been accepted.
    assert.deepEqual(await ask(port, { servername: 'plain.test' }), {});
    await Promise.all([listener.close(HOUR), ...gone]);
  }
});

test('another default identity is shown from the next handshake on', async (t) => {
  const { port, listener } = await start(t);
  const open: TLSSocket = connect({
    host: '127.0.0.1',
    port,
    servername: 'fallback.test',
    ca: authority.cert,
  });
  await once(open, 'secureConnect');
  listener.setIdentity(serverIdentity('renewed.test'));
  assert.equal(await shown(port, 'other.test'), 'renewed.test');
  open.end('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  const [answer] = await once(open, 'data');
  assert.match(String(answer), /^HTTP\/1\.1 200/);
});

test('without a default identity only domains can be reached', async (t) => {
  const listener = createListener({
    tls: { domains },
    onExchange: (exchange) => exchange.send(200, '', '{}'),
  });
  const { port } = await listener.listen('127.0.0.1', 0);
  t.after(() => listener.close(0));
  assert.deepEqual(await ask(port, { servername: 'plain.test' }), {});
  assert.equal(await ask(port, { servername: 'unknown.test', rejectUnauthorized: false }), undefined);
});
