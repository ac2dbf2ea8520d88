// TLS with two workers on a shared port: handshakes, HTTP/2 and custom domains are each worker's, the management door is the primary's.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { TEST_CERTIFICATE, TEST_KEY } from '../../support/certificate.ts';
import { issueCertificate } from '../../support/certificates.ts';
import { FUNCTION_TARGET, startWorkers, type WorkersStand } from '../../support/workers-stand.ts';

const ARN = 'arn:aws:acm:us-east-1:000000000000:certificate/00000000-0000-0000-0000-000000000001';
const DOMAIN = 'api.example.com';

let root = '';
let stand: WorkersStand;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'postern-secure-'));
  // Sockets in its data directory would have longer paths than the system takes.
  const directory = join(root, 'a'.repeat(90));
  await mkdir(directory);
  const { cert, key } = issueCertificate({ subject: `CN=${DOMAIN}`, names: [DOMAIN] });
  const files = { 'cert.pem': TEST_CERTIFICATE, 'key.pem': TEST_KEY, 'domain.pem': cert, 'domain.key': key };
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  stand = await startWorkers(['--tls-cert', 'cert.pem', '--tls-key', 'key.pem'], {
    at: directory,
    yaml: `certificates: { '${ARN}': { cert: domain.pem, key: domain.key } }\n`,
  });
});
after(async () => {
  await stand.close();
  await rm(root, { recursive: true });
});

interface Reply {
  readonly status: number;
  readonly body: string;
  /** Of the certificate that was shown. */
  readonly subject: string;
  readonly requestId: string | undefined;
}

/** On a connection of its own. */
async function ask(
  method: string,
  path: string,
  options: { host?: string; body?: object } = {},
): Promise<Reply> {
  const { host = 'localhost', body } = options;
  const sent = request({
    ...{ host: stand.host, port: stand.port, servername: host, method, path, agent: false },
    headers: { host },
    rejectUnauthorized: false,
  });
  let subject = '';
  sent.on('socket', (socket) =>
    socket.on('secureConnect', () => {
      subject = String((socket as import('node:tls').TLSSocket).getPeerCertificate().subject.CN);
    }),
  );
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = await once(sent, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return {
    ...{ status: response.statusCode, body: text, subject },
    requestId: response.headers['apigw-requestid'],
  };
}

async function make(path: string, body: object): Promise<Record<string, string>> {
  const { status, body: text } = await ask('POST', path, { body });
  assert.equal(status, 201, text);
  return JSON.parse(text);
}

/** Until both workers have answered. */
async function askEach(path: string, host: string): Promise<readonly Reply[]> {
  const replies = new Map<string, Reply>();
  for (let i = 0; replies.size < 2 && i < 200; i++) {
    const reply = await ask('GET', path, { host });
    replies.set(reply.requestId!.slice(0, 9), reply);
  }
  return [...replies.values()];
}

test('each worker shakes hands for the default certificate and for a custom domain’s', async () => {
  const { apiId } = await make('/v2/apis', { name: 'say', protocolType: 'HTTP', target: FUNCTION_TARGET });
  const replies = await askEach(`/_aws/execute-api/${apiId}/?text=safe`, 'localhost');
  assert.deepEqual(
    replies.map(({ body, subject }) => [body, subject]),
    [
      ['safe', 'localhost'],
      ['safe', 'localhost'],
    ],
  );
  await make('/v2/domainnames', {
    domainName: DOMAIN,
    domainNameConfigurations: [{ certificateArn: ARN, endpointType: 'REGIONAL', securityPolicy: 'TLS_1_2' }],
  });
  await make(`/v2/domainnames/${DOMAIN}/apimappings`, { apiId, stage: '$default' });
  const mapped = await askEach('/?text=named', DOMAIN);
  assert.deepEqual(
    mapped.map(({ body, subject }) => [body, subject]),
    [
      ['named', DOMAIN],
      ['named', DOMAIN],
    ],
  );
});

test('a certificate that does not cover the name is refused, though workers have the files', async () => {
  const { status, body } = await ask('POST', '/v2/domainnames', {
    body: {
      domainName: 'other.example.com',
      domainNameConfigurations: [
        { certificateArn: ARN, endpointType: 'REGIONAL', securityPolicy: 'TLS_1_2' },
      ],
    },
  });
  assert.equal(status, 400, body);
});

test('streams of HTTP/2 come to the management door', async () => {
  const session = connectHttp2(`https://${stand.host}:${stand.port}`, {
    rejectUnauthorized: false,
    servername: 'localhost',
  });
  const text = JSON.stringify({ name: 'over two', protocolType: 'HTTP' });
  for (const headers of [{}, { 'content-length': String(text.length) }]) {
    const stream = session.request({
      ':method': 'POST',
      ':path': '/v2/apis',
      ':authority': 'localhost',
      ...headers,
    });
    stream.end(text);
    const [reply] = await once(stream, 'response');
    let body = '';
    for await (const chunk of stream) body += chunk;
    assert.equal(reply[':status'], 201, body);
  }
  const strange = session.request({ ':path': '/v2/apis', ':authority': 'evil.example' });
  const [refused] = await once(strange, 'response');
  assert.equal(refused[':status'], 403);
  strange.resume();
  session.close();
});
