// A Serverless service deploys from its package: an HTTP API with CORS, and a WebSocket API that answers.
import { example } from '../stand.mjs';

await example(import.meta.url, async (stand) => {
  await stand.startPostern();
  const { outputs } = await stand.deploy('.serverless');

  const { status, body, headers } = await stand.get(`${outputs.HttpApiUrl.here}/items/7`, {
    Origin: 'https://shop.example.com',
  });
  stand.say(`GET /items/7\n  ${status} ${body}`);
  stand.say(`  access-control-allow-origin: ${headers['access-control-allow-origin']}`);
  await stand.deploy('.serverless');

  stand.say(`message hello\n  ${await stand.message(outputs.ServiceEndpointWebsocket.here, 'hello')}`);
});
