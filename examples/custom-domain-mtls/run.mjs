// A custom domain with mutual TLS, end to end: who may call, and what the backend learns of the client's certificate.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import {
  CreateApiCommand,
  CreateApiMappingCommand,
  CreateDomainNameCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { example } from '../stand.mjs';

const DomainName = 'api.example.com';

await example(import.meta.url, async (stand) => {
  const certificates = join(stand.directory, 'certificates');
  execFileSync('sh', [stand.path('certificates.sh'), certificates]);
  const backend = new URL(await stand.start('../echo-backend.mjs')).host;
  await stand.startPostern({
    config: 'postern.yaml',
    change: (text) => text.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:0'),
    listen: [],
  });
  const { ApiId } = await stand.client.send(
    new CreateApiCommand({ Name: 'orders', ProtocolType: 'HTTP', DisableExecuteApiEndpoint: true }),
  );
  const { IntegrationId } = await stand.client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'ANY',
      IntegrationUri: `http://${backend}/orders`,
      PayloadFormatVersion: '1.0',
      RequestParameters: {
        // Whatever the client sends under this name is replaced.
        'overwrite:header.x-client-subject': '$context.identity.clientCert.subjectDN',
        'overwrite:header.x-client-issuer': '$context.identity.clientCert.issuerDN',
      },
    }),
  );
  await stand.client.send(
    new CreateRouteCommand({ ApiId, RouteKey: 'GET /orders', Target: `integrations/${IntegrationId}` }),
  );
  await stand.client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));

  await stand.client.send(
    new CreateDomainNameCommand({
      DomainName,
      DomainNameConfigurations: [
        { CertificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/api', SecurityPolicy: 'TLS_1_2' },
      ],
      MutualTlsAuthentication: { TruststoreUri: 's3://trust/partners.pem' },
    }),
  );
  await stand.client.send(
    new CreateApiMappingCommand({ DomainName, ApiId, Stage: '$default', ApiMappingKey: 'v1' }),
  );

  await show('with the certificate of a partner', { person: 'alice' });
  await show('with a header in its stead', { headers: { 'x-client-subject': 'O=Example,CN=alice' } });
  await show('with a certificate of somebody else', { person: 'mallory' });
  await show('with the name of another host', { person: 'alice', host: `${ApiId}.execute-api.localhost` });
  await show('on a connection to another name', { person: 'alice', servername: 'www.example.com' });

  async function show(what, options) {
    stand.say(`GET /v1/orders ${what}`);
    try {
      const { status, body } = await call(options);
      const { headers, message } = JSON.parse(body);
      const told = headers && `${headers['x-client-subject']}, certified by ${headers['x-client-issuer']}`;
      stand.say(`  ${status} ${told ?? message}`);
    } catch {
      stand.say('  the connection is refused');
    }
  }

  function call({ person, host = DomainName, servername = DomainName, headers = {} }) {
    const read = (name) => readFileSync(join(certificates, name));
    const identity = person === undefined ? {} : { cert: read(`${person}.pem`), key: read(`${person}.key`) };
    const { hostname, port } = new URL(stand.gateway);
    return new Promise((resolve, reject) => {
      const options = {
        hostname,
        port,
        path: '/v1/orders',
        headers: { ...headers, host },
        servername,
        // The name is judged for the domain; what is shown to other names is the gateway's own certificate.
        checkServerIdentity: () => undefined,
        ca: read('server-authority.pem'),
        agent: false,
        ...identity,
      };
      request(options, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode, body }));
      })
        .on('error', reject)
        .end();
    });
  }
});
