// Orders go to an SQS queue without code between: an unmodified AWS SDK client configures the API, then its callers send,
// receive and delete messages. QUEUE_URL in the environment names another queue than that of queue.mjs; see README.md.
import { readFileSync } from 'node:fs';
import {
  CreateApiCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { example } from '../stand.mjs';

const queueUrl = process.env.QUEUE_URL ?? 'https://sqs.us-east-1.amazonaws.com/000000000000/orders';

await example(import.meta.url, async (stand) => {
  const ours = async () => ({
    AWS_ENDPOINT_URL_SQS: await stand.start('queue.mjs'),
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
  });
  await stand.startPostern({ environment: process.env.QUEUE_URL === undefined ? await ours() : {} });
  const { ApiId } = await stand.client.send(new CreateApiCommand({ Name: 'orders', ProtocolType: 'HTTP' }));
  const integrations = JSON.parse(readFileSync(new URL('integrations.json', import.meta.url), 'utf8'));
  for (const [RouteKey, integration] of Object.entries(integrations)) {
    const { IntegrationId } = await stand.client.send(
      new CreateIntegrationCommand({ ApiId, ...integration }),
    );
    await stand.client.send(
      new CreateRouteCommand({ ApiId, RouteKey, Target: `integrations/${IntegrationId}` }),
    );
  }
  await stand.client.send(
    new CreateStageCommand({
      ApiId,
      StageName: '$default',
      AutoDeploy: true,
      StageVariables: { queueUrl },
    }),
  );

  const sent = await call('POST', '/orders', { 'X-Customer': 'ada' }, '{"order":{"pet":"cat","count":2}}');
  stand.say(`POST /orders            ${sent.status} ${sent.headers['content-type']}`);
  stand.say(
    `  x-queue-request is ${sent.headers['x-queue-request'] === sent.headers['x-amzn-requestid'] ? 'the' : 'NOT the'} queue's own request id`,
  );
  const empty = await call('POST', '/orders', {}, '{}');
  stand.say(`POST /orders, no order  ${empty.status} ${empty.body}`);
  const received = await call('GET', '/orders');
  const receipt = textIn('ReceiptHandle', received.body);
  stand.say(`GET /orders             ${received.status} ${textIn('Body', received.body)}`);
  for (const [, name, text] of received.body.matchAll(
    /<Name>(.*?)<\/Name>\s*<Value>.*?<StringValue>(.*?)<\/StringValue>/gs,
  )) {
    stand.say(`  ${name} = ${text}`);
  }
  const deleted = await call('DELETE', `/orders/${encodeURIComponent(receipt)}`);
  stand.say(`DELETE /orders/…        ${deleted.status}`);
  stand.say(
    `GET /orders             ${(await call('GET', '/orders')).body.includes('<Message>') ? 'still there' : 'empty'}`,
  );

  function call(method, path, headers = {}, body = '') {
    return stand.call(ApiId, path, { method, headers, body });
  }
});

function textIn(name, xml) {
  const text = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(xml)?.[1] ?? '';
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
