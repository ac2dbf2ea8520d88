// Mappings that older versions have stored and newer ones would refuse: they work until a request changes them
// (spec/http-api.md §4.2, §4.11).
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';
import { connect } from '../../../src/store/sqlite/connection.ts';
import { makeTestDirectory, REGION, startTestPostern } from '../../support/postern.ts';
import { sendRaw } from '../../support/raw-client.ts';
import { valuesOf } from '../../support/raw-message.ts';
import { startRecordingBackend } from '../../support/recording-backend.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

const OLD = {
  'append:header.x-a': '1',
  'overwrite:header.X-A': '2',
  'remove:header.x-gone': 'yes',
  'append:header.x-j': '{"k":1}',
  'append:header.x-p': 'US$50',
  "append:header.x'q": 'name',
};

test('stored mappings work until they are changed (§4.2, §4.11)', async (t) => {
  const backend = await startRecordingBackend();
  t.after(() => backend.close());
  const data = await makeTestDirectory();
  t.after(() => rm(data, { recursive: true, force: true }));
  const start = async () => {
    const postern = await startTestPostern({ data });
    return {
      postern,
      client: new ApiGatewayV2({ endpoint: postern.management, region: REGION, credentials }),
    };
  };

  const first = await start();
  const { ApiId } = await first.client.createApi({ Name: 'old', ProtocolType: 'HTTP' });
  const { IntegrationId } = await first.client.createIntegration({
    ApiId,
    IntegrationType: 'HTTP_PROXY',
    IntegrationMethod: 'ANY',
    IntegrationUri: `http://127.0.0.1:${backend.port}/`,
    PayloadFormatVersion: '1.0',
    RequestParameters: { 'append:header.x-marker': 'old' },
  });
  await first.client.createRoute({ ApiId, RouteKey: 'GET /', Target: `integrations/${IntegrationId}` });
  await first.client.createStage({ ApiId, StageName: '$default', AutoDeploy: true });
  await first.postern.close();

  const database = connect(join(data, 'postern.db'));
  const stored = JSON.stringify(OLD).replaceAll("'", "''");
  await database.exec(
    `update document set body = replace(body, '{"append:header.x-marker":"old"}', '${stored}') where body like '%x-marker%'`,
  );
  database.close();

  const { postern, client } = await start();
  t.after(() => postern.close());
  const integration = { ApiId, IntegrationId };
  const sent = async () => {
    backend.script();
    const reply = await sendRaw({
      host: postern.host,
      port: postern.port,
      bytes: `GET / HTTP/1.1\r\nHost: ${ApiId}.execute-api.localhost\r\nX-A: 0\r\nX-Gone: x\r\nConnection: close\r\n\r\n`,
    });
    assert.equal(reply.status, 200);
    const { headers } = backend.requests[0]!;
    return ['x-a', 'x-gone', 'x-j', 'x-p', "x'q"].map((name) => valuesOf(headers, name).join('|'));
  };
  const works = ['2|1', '', '{"k":1}', 'US$50', 'name'];
  assert.deepEqual(await sent(), works);

  await client.updateIntegration({ ...integration, Description: 'still' });
  assert.deepEqual(await sent(), works);
  const refused = client.updateIntegration({
    ...integration,
    RequestParameters: { 'append:header.x-b': '3' },
  });
  await assert.rejects(refused, /Several keys for one destination specified/);
  assert.deepEqual(await sent(), works);
  await client.updateIntegration({
    ...integration,
    RequestParameters: { 'append:header.x-a': '', "append:header.x'q": '', 'append:header.x-b': '3' },
  });
  const { RequestParameters } = await client.getIntegration(integration);
  assert.deepEqual(RequestParameters, {
    'overwrite:header.X-A': '2',
    'remove:header.x-gone': 'yes',
    'append:header.x-j': '{"k":1}',
    'append:header.x-p': 'US$50',
    'append:header.x-b': '3',
  });
  assert.deepEqual(await sent(), ['2', '', '{"k":1}', 'US$50', '']);
});
