// Postern with Lambda's Invoke API behind it, and WebSocket APIs made through the SDK whose connect requests a test sends.
import { Agent } from 'node:http';
import type { TestContext } from 'node:test';
import { ApiGatewayManagementApi } from '@aws-sdk/client-apigatewaymanagementapi';
import {
  CreateApiCommand,
  type CreateApiCommandInput,
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { WebSocket } from 'ws';
import { type AnswerOf, type InvokeAnswer, type InvokeServer, startInvokeServer } from './invoke-server.ts';
import { ACCOUNT, type PosternOptions, REGION, type RunningPostern, startTestPostern } from './postern.ts';
import { KEY } from './signing.ts';

export interface WebSocketStand {
  readonly postern: RunningPostern;
  readonly lambda: InvokeServer;
  /** What the functions `who` and `hello` answer from now on. */
  answer(who: InvokeAnswer, hello?: InvokeAnswer): void;
  /** Events of a function since then. */
  eventsOf(name: string): readonly Record<string, unknown>[];
}

/** What became of a connect request. */
export interface Handshake {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Of a refusal. */
  readonly body: string;
  /** Open; undefined for a refusal. */
  readonly socket: WebSocket | undefined;
}

export interface GivenWebSocketApi {
  readonly api?: Partial<CreateApiCommandInput>;
  readonly type?: 'NONE' | 'AWS_IAM' | 'CUSTOM';
  readonly authorizer?: Partial<CreateAuthorizerCommandInput>;
  readonly apiKeyRequired?: boolean;
  readonly stages?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

export interface WebSocketApi {
  readonly apiId: string;
  readonly host: string;
  /** Of routes: the function `hello`. */
  readonly target: string;
  /** `path` with query, as sent. */
  connect(path: string, headers?: Readonly<Record<string, string>>): Promise<Handshake>;
}

const nameArn = (name: string): string => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
const uriOf = (name: string): string =>
  `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${nameArn(name)}/invocations`;

const OK: InvokeAnswer = { payload: '{"statusCode":200}' };

export async function startWebSocketStand(
  t: Pick<TestContext, 'after'>,
  options: PosternOptions = {},
): Promise<WebSocketStand> {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
  const lambda = await startInvokeServer();
  const postern = await startTestPostern({
    ...options,
    sections: { lambda: { endpoint: lambda.endpoint, functionEndpoints: new Map() }, ...options.sections },
  });
  t.after(async () => {
    await postern.close();
    await lambda.close();
  });
  const answer: WebSocketStand['answer'] = (who, hello = OK) => {
    const answerOf: AnswerOf = (_event, name) => (name.endsWith('who') ? who : hello);
    lambda.script(answerOf);
  };
  answer(OK);
  return {
    postern,
    lambda,
    answer,
    eventsOf: (name) =>
      lambda.invocations
        .filter(({ functionName }) => functionName.endsWith(name))
        .map(({ event }) => JSON.parse(event)),
  };
}

/** `$connect` and `$disconnect` go to the function `hello`; the authorizer is `who`. */
export async function createWebSocketApi(
  { postern }: WebSocketStand,
  given: GivenWebSocketApi = {},
): Promise<WebSocketApi> {
  const { client } = postern;
  const { type = 'NONE', apiKeyRequired = false, stages = ['prod'] } = given;
  const { ApiId } = await client.send(
    new CreateApiCommand({
      Name: 'sockets',
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.action',
      ...given.api,
    }),
  );
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: uriOf('hello'),
      IntegrationMethod: 'POST',
    }),
  );
  let AuthorizerId: string | undefined;
  if (type === 'CUSTOM') {
    const input = {
      ...{ ApiId, Name: 'who', AuthorizerType: 'REQUEST', AuthorizerUri: uriOf('who'), IdentitySource: [] },
      ...given.authorizer,
    } as CreateAuthorizerCommandInput;
    ({ AuthorizerId } = await client.send(new CreateAuthorizerCommand(input)));
  }
  const Target = `integrations/${IntegrationId}`;
  await client.send(
    new CreateRouteCommand({
      ...{ ApiId, RouteKey: '$connect', Target, AuthorizationType: type, ApiKeyRequired: apiKeyRequired },
      ...(AuthorizerId === undefined ? {} : { AuthorizerId }),
    }),
  );
  for (const RouteKey of ['$disconnect', '$default']) {
    await client.send(new CreateRouteCommand({ ApiId, RouteKey, Target }));
  }
  for (const StageName of stages) {
    const StageVariables = { ...given.variables };
    await client.send(new CreateStageCommand({ ApiId, StageName, AutoDeploy: true, StageVariables }));
  }
  return { ...webSocketApi({ postern }, ApiId!), target: Target };
}

/** An API that is there. */
export function webSocketApi(
  { postern }: Pick<WebSocketStand, 'postern'>,
  apiId: string,
): Omit<WebSocketApi, 'target'> {
  const host = `${apiId}.execute-api.localhost`;
  return { apiId, host, connect: (path, headers = {}) => open(postern, path, { Host: host, ...headers }) };
}

function open(
  { host, port }: RunningPostern,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<Handshake> {
  const socket = new WebSocket(`ws://${host}:${port}${path}`, { headers });
  return new Promise((resolve, reject) => {
    let upgraded: Handshake['headers'] = {};
    socket.on('upgrade', (response) => {
      upgraded = response.headers;
    });
    socket.on('open', () => resolve({ status: 101, headers: upgraded, body: '', socket }));
    socket.on('unexpected-response', (request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        request.destroy();
        const body = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode!, headers: response.headers, body, socket: undefined });
      });
    });
    socket.on('error', reject);
  });
}

/** The next message of an open connection: text, or bytes. */
export function nextMessage(socket: WebSocket): Promise<string | Buffer> {
  return new Promise((resolve) => {
    socket.once('message', (data: Buffer, isBinary) => resolve(isBinary ? data : data.toString('utf8')));
  });
}

/** `1000 reason` when it is closed. */
export function closedBy(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('close', (code, reason) => resolve(`${code} ${reason.toString('utf8')}`.trimEnd()));
  });
}

/** `403 text`, without the ids; checks the form of the body (§1.10.3). */
export function told({ status, body }: Handshake): string {
  if (status === 101) return '101';
  const found = /^\{"message": "(.*)", "connectionId":"[\w-]{15}=", "requestId":"[\w-]{15}="\}$/s.exec(body);
  return `${status} ${found === null ? body : JSON.parse(`"${found[1]}"`)}`;
}

/** The SDK's client of @connections, on the API's host. */
export function connectionsClient(
  { port }: RunningPostern,
  endpointHost: string,
  path: string,
  credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } = KEY,
): ApiGatewayManagementApi {
  const lookup: NonNullable<ConstructorParameters<typeof Agent>[0]>['lookup'] = (
    _name,
    options,
    callback,
  ) => {
    if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
    else callback(null, '127.0.0.1', 4);
  };
  return new ApiGatewayManagementApi({
    endpoint: `http://${endpointHost}:${port}${path}`,
    region: REGION,
    credentials,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ httpAgent: new Agent({ lookup }) }),
  });
}
