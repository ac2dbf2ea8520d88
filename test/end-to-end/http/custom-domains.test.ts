// Custom domains while they change: what a client meets right after each call of the management API (spec/http-api.md §1.4
// to §1.7).
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';
import type { Trace } from '../../../src/http-api/explain/trace.ts';
import { issueCertificate } from '../../support/certificates.ts';
import { ACCOUNT, REGION, startTestPostern } from '../../support/postern.ts';
import { sendRaw } from '../../support/raw-client.ts';
import { startRecordingBackend } from '../../support/recording-backend.ts';

const DomainName = 'api.example.com';
const TRUSTSTORE = 's3://bucket/trust.pem';
const CertificateArn = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/c-1`;

async function start(t: TestContext) {
  const backend = await startRecordingBackend();
  t.after(() => backend.close());
  const directory = await mkdtemp(join(tmpdir(), 'postern-truststore-'));
  t.after(() => rm(directory, { recursive: true }));
  const truststore = join(directory, 'trust.pem');
  await writeFile(truststore, issueCertificate({ subject: 'CN=partners', authority: true }).cert);
  const truststores = new Map([[TRUSTSTORE, truststore]]);
  const postern = await startTestPostern({ sections: { truststores } });
  t.after(() => postern.close());
  const { host, port } = postern;
  const sdk = new ApiGatewayV2({
    endpoint: `http://${host}:${port}`,
    region: REGION,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  t.after(() => sdk.destroy());
  const { ApiId } = await sdk.createApi({
    Name: 'shop',
    ProtocolType: 'HTTP',
    Target: `http://127.0.0.1:${backend.port}/base`,
  });
  await sdk.createStage({ ApiId, StageName: 'prod', AutoDeploy: true });
  await sdk.createDomainName({ DomainName, DomainNameConfigurations: [{ CertificateArn }] });
  return {
    sdk,
    ApiId: ApiId!,
    truststore,
    /** The status, and the path that the backend got. */
    async get(target: string, lines = '', name = DomainName): Promise<string> {
      const before = backend.requests.length;
      const bytes = `GET ${target} HTTP/1.1\r\nHost: ${name}\r\n${lines}\r\n`;
      const { status } = await sendRaw({ host, port, bytes });
      const request = backend.requests[before];
      return request === undefined ? String(status) : `${status} ${request.startLine.split(' ')[1]}`;
    },
    async explain(url: string): Promise<Trace> {
      const reply = await fetch(`http://${host}:${port}/_postern/explain`, {
        method: 'POST',
        body: JSON.stringify({ method: 'GET', url, headers: [], body: '' }),
      });
      return (await reply.json()) as Trace;
    },
  };
}

test('mappings and domains are live once they are answered, and gone once they are deleted', async (t) => {
  const { sdk, ApiId, get } = await start(t);
  assert.equal(await get('/shop/a'), '404', 'a domain without mappings');
  const { ApiMappingId } = await sdk.createApiMapping({
    DomainName,
    ApiId,
    Stage: 'prod',
    ApiMappingKey: 'shop',
  });
  assert.equal(await get('/shop/a'), '200 /base/a');
  await sdk.updateApiMapping({ DomainName, ApiMappingId, ApiId, ApiMappingKey: 'store' });
  assert.deepEqual([await get('/shop/a'), await get('/store/a')], ['404', '200 /base/a']);
  await sdk.updateApiMapping({ DomainName, ApiMappingId, ApiId, ApiMappingKey: 'store/v1' });
  assert.equal(await get('/store/v1more'), '200 /base/more', 'a multi-level key makes prefixes of all');
  await sdk.createDomainName({ DomainName: '*.example.com', DomainNameConfigurations: [{ CertificateArn }] });
  await sdk.createApiMapping({ DomainName: '*.example.com', ApiId, Stage: '$default' });
  assert.equal(await get('/x', '', 'any.example.com'), '200 /base/x');
  assert.equal(await get('/x'), '404', 'the exact domain does not fall back to the wildcard');
  await sdk.deleteApiMapping({ DomainName, ApiMappingId });
  assert.equal(await get('/store/v1/a'), '404');
  await sdk.deleteDomainName({ DomainName });
  assert.equal(await get('/store/v1/a'), '200 /base/store/v1/a', 'the wildcard has the name now');
  await sdk.deleteDomainName({ DomainName: '*.example.com' });
  assert.equal(await get('/'), '403');
});

test('routing rules and modes are live once they are answered', async (t) => {
  const { sdk, ApiId, get } = await start(t);
  await sdk.createApiMapping({ DomainName, ApiId, Stage: 'prod', ApiMappingKey: 'mapped' });
  const rule = {
    DomainName,
    Priority: 1,
    Conditions: [{ MatchHeaders: { AnyOf: [{ Header: 'x-a', ValueGlob: 'b*' }] } }],
    Actions: [{ InvokeApi: { ApiId, Stage: '$default' } }],
  };
  const { RoutingRuleId } = await sdk.createRoutingRule(rule);
  const matching = 'x-a: bc\r\n';
  assert.equal(await get('/mapped/a', matching), '200 /base/a', 'rules are not used yet');
  await sdk.updateDomainName({ DomainName, RoutingMode: 'ROUTING_RULE_THEN_API_MAPPING' });
  assert.equal(await get('/mapped/a', matching), '200 /base/mapped/a');
  assert.equal(await get('/mapped/a'), '200 /base/a');
  await sdk.updateDomainName({ DomainName, RoutingMode: 'ROUTING_RULE_ONLY' });
  assert.equal(await get('/mapped/a'), '404');
  await sdk.putRoutingRule({
    ...rule,
    RoutingRuleId,
    Conditions: [{ MatchBasePaths: { AnyOf: ['mapped'] } }],
  });
  assert.equal(await get('/mapped/a'), '200 /base/mapped/a');
  await sdk.deleteRoutingRule({ DomainName, RoutingRuleId });
  assert.equal(await get('/mapped/a'), '404');
});

test('a rule to an API that is gone answers 404', async (t) => {
  const { sdk, ApiId, get } = await start(t);
  await sdk.updateDomainName({ DomainName, RoutingMode: 'ROUTING_RULE_ONLY' });
  await sdk.createRoutingRule({
    DomainName,
    Priority: 1,
    Conditions: [],
    Actions: [{ InvokeApi: { ApiId, Stage: 'prod' } }],
  });
  assert.equal(await get('/a'), '200 /base/a');
  await sdk.deleteApi({ ApiId });
  assert.equal(await get('/a'), '404');
});

test('explain tells the mapping or rule, and why there is none', async (t) => {
  const { sdk, ApiId, explain } = await start(t);
  const { ApiMappingId } = await sdk.createApiMapping({
    DomainName,
    ApiId,
    Stage: 'prod',
    ApiMappingKey: 'shop',
  });
  const mapped = await explain(`https://${DomainName}/shop/a`);
  assert.deepEqual(mapped.domain, { name: DomainName, kind: 'mapping', id: ApiMappingId, basePath: 'shop' });
  assert.deepEqual([mapped.stage?.name, mapped.stage?.path], ['prod', '/a']);
  const missed = await explain(`https://${DomainName}/other`);
  assert.equal(
    missed.refused,
    `no routing rule or API mapping of the domain ${DomainName} leads to a deployed stage`,
  );
  await sdk.updateDomainName({
    DomainName,
    MutualTlsAuthentication: { TruststoreUri: TRUSTSTORE },
  });
  const closed = await explain(`https://${DomainName}/shop/a`);
  assert.deepEqual(
    [closed.reply.status, closed.refused],
    [403, `the domain ${DomainName} has mutual TLS, and this request no client certificate`],
  );
});

test('a domain with mutual TLS lets nobody in over a connection without', async (t) => {
  const { sdk, ApiId, get } = await start(t);
  await sdk.createApiMapping({ DomainName, ApiId, Stage: 'prod' });
  await sdk.updateDomainName({
    DomainName,
    MutualTlsAuthentication: { TruststoreUri: TRUSTSTORE },
  });
  assert.equal(await get('/a'), '403');
  await sdk.updateDomainName({ DomainName, MutualTlsAuthentication: { TruststoreUri: '' } });
  assert.equal(await get('/a'), '200 /base/a');
});

test('a truststore is judged when a domain names it (§10.2; management-api.md §2.10.1)', async (t) => {
  const { sdk, truststore } = await start(t);
  const update = (version?: string) =>
    sdk.updateDomainName({
      DomainName,
      MutualTlsAuthentication: {
        TruststoreUri: TRUSTSTORE,
        ...(version === undefined ? {} : { TruststoreVersion: version }),
      },
    });
  assert.deepEqual((await update()).MutualTlsAuthentication, { TruststoreUri: TRUSTSTORE });
  const good = issueCertificate({ subject: 'CN=good', authority: true }).cert;
  const weak = issueCertificate({ subject: 'CN=weak', authority: true, key: 'rsa1024' }).cert;
  await writeFile(truststore, `${good}\n${weak}`);
  const warned = {
    TruststoreUri: TRUSTSTORE,
    TruststoreVersion: '2',
    TruststoreWarnings: [
      'The certificate with subject CN=weak has an RSA key of 1024 bits; 2048 are needed.',
    ],
  };
  assert.deepEqual((await update('2')).MutualTlsAuthentication, warned);
  const other = await sdk.updateDomainName({ DomainName, RoutingMode: 'ROUTING_RULE_ONLY' });
  assert.deepEqual(other.MutualTlsAuthentication, warned, 'updates of something else keep them');
  await writeFile(truststore, 'nothing');
  await assert.rejects(update(), {
    name: 'BadRequestException',
    message: 'The truststore has no certificate in PEM form.',
  });
  assert.deepEqual((await sdk.getDomainName({ DomainName })).MutualTlsAuthentication, warned);
  await writeFile(truststore, good);
  const mended = await sdk.updateDomainName({
    DomainName,
    MutualTlsAuthentication: { TruststoreVersion: '3' },
  });
  assert.deepEqual(mended.MutualTlsAuthentication, { TruststoreUri: TRUSTSTORE, TruststoreVersion: '3' });
});
