// The whole chat by one command: starts Postern with the functions of postern.yaml, configures the API with the AWS SDK, and
// serves the page. Usage: node examples/chat/run.mjs [port of the page, default 4810] [port of Postern, default 4700]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateRouteResponseCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';

const [pagePort = 4810, posternPort = 4700] = process.argv.slice(2).map(Number);
const file = (path) => fileURLToPath(new URL(path, import.meta.url));

const url = `http://127.0.0.1:${posternPort}`;
const postern = spawn(
  process.execPath,
  [
    file('../../dist/program/cli/bin.js'),
    ...['--listen', `127.0.0.1:${posternPort}`],
    ...['--config', file('postern.yaml'), '--data', process.env.CHAT_DATA ?? file('.postern')],
  ],
  {
    stdio: ['ignore', 'inherit', 'inherit'],
    // The functions see it, as all variables that say where AWS's services are.
    env: { ...process.env, AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: url },
  },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => postern.kill('SIGTERM'));
postern.on('exit', (code) => process.exit(code ?? 1));
await untilHealthy();

const client = new ApiGatewayV2Client({
  endpoint: url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
});
const uriOf = (name) =>
  'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/' +
  `arn:aws:lambda:us-east-1:000000000000:function:${name}/invocations`;

const { ApiId, ApiEndpoint } = await client.send(
  new CreateApiCommand({
    Name: 'chat',
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
  }),
);
const { AuthorizerId } = await client.send(
  new CreateAuthorizerCommand({
    ApiId,
    Name: 'gate',
    AuthorizerType: 'REQUEST',
    AuthorizerUri: uriOf('gate'),
    IdentitySource: ['route.request.querystring.name'],
  }),
);
const { IntegrationId } = await client.send(
  new CreateIntegrationCommand({ ApiId, IntegrationType: 'AWS_PROXY', IntegrationUri: uriOf('chat') }),
);
const Target = `integrations/${IntegrationId}`;
const access = { AuthorizationType: 'CUSTOM', AuthorizerId };
await client.send(new CreateRouteCommand({ ApiId, RouteKey: '$connect', Target, ...access }));
for (const RouteKey of ['join', 'say', '$disconnect'])
  await client.send(new CreateRouteCommand({ ApiId, RouteKey, Target }));
const { RouteId } = await client.send(
  new CreateRouteCommand({ ApiId, RouteKey: 'who', Target, RouteResponseSelectionExpression: '$default' }),
);
await client.send(new CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: '$default' }));
await client.send(new CreateStageCommand({ ApiId, StageName: 'prod', AutoDeploy: true }));

const page = readFileSync(file('page.html'), 'utf8').replace(
  '<script>',
  `<script>\n    window.CHAT_URL = ${JSON.stringify(`${ApiEndpoint}/prod`)};`,
);
const server = createServer((_request, response) => {
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(page);
});
server.listen(pagePort, '127.0.0.1');
await once(server, 'listening');
console.log(`chat on http://127.0.0.1:${server.address().port}`);

async function untilHealthy() {
  for (;;) {
    try {
      if ((await fetch(`${url}/_postern/health`)).ok) return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
