import { createHash, createHmac } from 'node:crypto';
import { signingKeyOf } from '../../../src/identity/signing-keys.ts';
import { type Credentials, readClaim } from '../../../src/identity/sigv4.ts';
import { HeaderBlock } from '../../../src/net/header-block.ts';
import type { Suite, Variant } from '../micro.ts';

const KEY: Credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG' };
const NOW = Date.parse('2026-11-22T23:45:00Z');
const DATE = '20261122T234500Z';
const SCOPE = {
  accessKeyId: KEY.accessKeyId,
  date: '20261122',
  region: 'eu-west-1',
  service: 'apigateway',
  terminator: 'aws4_request',
};
const SCOPE_TEXT = '20261122/eu-west-1/apigateway/aws4_request';
const HOST = '127.0.0.1:4700';
const TARGET = '/v2/apis/a1b2c3d4e5/routes?maxResults=10';

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The headers of an AWS SDK's request, signed in full. */
function signedHeaders(method: string, body: string): HeaderBlock {
  const headers: readonly (readonly [string, string])[] = [
    ['amz-sdk-invocation-id', 'f1c2d3e4-0000-4000-8000-00000000beef'],
    ['amz-sdk-request', 'attempt=1; max=3'],
    ['content-type', 'application/json'],
    ['host', HOST],
    ['x-amz-content-sha256', sha256(body)],
    ['x-amz-date', DATE],
    ['x-amz-user-agent', 'aws-sdk-js/3.1169.0'],
  ];
  const [path, query] = TARGET.split('?');
  const names = headers.map(([name]) => name).join(';');
  const lines = headers.map(([name, value]) => `${name}:${value}\n`).join('');
  const canonical = `${method}\n${path}\n${query}\n${lines}\n${names}\n${sha256(body)}`;
  const text = `AWS4-HMAC-SHA256\n${DATE}\n${SCOPE_TEXT}\n${sha256(canonical)}`;
  const key = signingKeyOf(KEY.secretAccessKey, SCOPE);
  const signature = createHmac('sha256', key).update(text).digest('hex');
  const credential = `${KEY.accessKeyId}/${SCOPE_TEXT}`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  return HeaderBlock.fromPairs([...headers.flat(), 'authorization', authorization]);
}

function verifying(name: string, method: string, body: string, credentialsOf: () => Credentials): Variant {
  const head = { method, target: TARGET, host: HOST, headers: signedHeaders(method, body) };
  const bytes = Buffer.from(body);
  return {
    name,
    run(iterations) {
      let verified = 0;
      for (let i = 0; i < iterations; i++) {
        const claim = readClaim(head, { credentialsOf, service: SCOPE.service, now: NOW });
        if (claim.kind === 'claimed' && claim.verify(bytes).kind === 'verified') verified++;
      }
      if (verified !== iterations) throw new Error(`${name}: ${verified} of ${iterations} verified`);
      return verified;
    },
  };
}

const BODY = JSON.stringify({
  routeKey: 'GET /pets/{petId}',
  target: 'integrations/abc',
  pad: 'x'.repeat(440),
});

export const suite: Suite = {
  of: 'identity/sigv4: a signed request to its caller',
  variants: [
    verifying('GET, 7 signed headers', 'GET', '', () => KEY),
    verifying('POST of 500 bytes', 'POST', BODY, () => KEY),
    verifying('GET, key derived anew', 'GET', '', () => ({ ...KEY })),
  ],
};
