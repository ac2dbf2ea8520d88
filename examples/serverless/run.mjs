// A Serverless service deploys from its package: an HTTP API with CORS, and a WebSocket API that answers.
import { once } from 'node:events';
import { WebSocket } from 'ws';
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

  const { pathname, host } = new URL(outputs.ServiceEndpointWebsocket.here);
  const socket = new WebSocket(`${stand.gateway.replace('http', 'ws')}${pathname}`, { headers: { host } });
  await once(socket, 'open');
  socket.send('hello');
  const [answer] = await once(socket, 'message');
  stand.say(`message hello\n  ${answer}`);
  socket.close();
});
