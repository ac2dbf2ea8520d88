// A WebSocket API made of the routes of a row, and what its messages bring, over the whole wire: routes by the AWS SDK, messages by
// a real client, with a recording backend, Lambda's Invoke API and an AWS service behind it.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import {
  ApiGatewayV2,
  type CreateIntegrationCommandInput,
  type CreateIntegrationResponseCommandInput,
  type CreateRouteCommandInput,
} from '@aws-sdk/client-apigatewayv2';
import type { WebSocket } from 'ws';
import { type AwsService, type ServiceReply, startAwsService } from './aws-service.ts';
import type { InvokeAnswer, RecordedInvocation } from './invoke-server.ts';
import { ACCOUNT, REGION } from './postern.ts';
import { type Answer, type RecordingBackend, startRecordingBackend } from './recording-backend.ts';
import { startWebSocketStand, type WebSocketStand, webSocketApi } from './websocket-stand.ts';

export const FUNCTION = `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/arn:aws:lambda:${REGION}:${ACCOUNT}:function:hello/invocations`;
const ID = '[\\w-]{15}=';

/** An error frame byte for byte, but for its ids (spec/websocket-api.md §4.5.1). */
export const frame = (message: string, name = 'requestId'): RegExp =>
  new RegExp(`^\\{"message": "${message}", "connectionId":"${ID}", "${name}":"${ID}"\\}$`);

export interface GivenRoute {
  /** A MOCK integration with status 200 when there is none; false: the route has no target. */
  readonly integration?: Partial<CreateIntegrationCommandInput> | false;
  /** `$default` when none is named; several of one integration. */
  readonly responses?: readonly Partial<CreateIntegrationResponseCommandInput>[];
  readonly route?: Partial<CreateRouteCommandInput>;
  /** false: no route response. */
  readonly answers?: boolean;
}

/** What backends were asked of a row. */
export interface Seen {
  readonly backend: RecordingBackend;
  /** Calls of the integrations' function; authorizers and the fixed routes of the stand are not among them. */
  readonly invocations: readonly RecordedInvocation[];
  readonly service: AwsService;
}

export interface MessageCase {
  readonly name: string;
  /** Of the route selection; `$request.body.x` when there is none. */
  readonly selection?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly models?: Readonly<Record<string, string>>;
  /** Rows with one and the same object share an API, whose route selection each row sets as its own. */
  readonly routes: Readonly<Record<string, GivenRoute>>;
  /** Answer of the function. */
  readonly answer?: InvokeAnswer;
  /** Reply of the backend. */
  readonly reply?: Answer;
  readonly serviceReply?: ServiceReply;
  /** Of the connect request: behind the stage, and its headers. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Message → what comes back: a text frame, a binary one; null: nothing. */
  readonly messages: readonly (readonly [message: string, comes: string | RegExp | Buffer | null])[];
  /** Looks at what was asked; the connection has ended, and its `$disconnect` been told, when `ends` is true. */
  readonly also?: (seen: Seen) => void;
  readonly ends?: boolean;
}

export const MOCK = {
  IntegrationType: 'MOCK',
  RequestTemplates: { $default: '{"statusCode": 200}' },
} as const;
/** Says which route it was. */
export const NAMED: GivenRoute = { responses: [{ ResponseTemplates: { $default: '$context.routeKey' } }] };
export const PROXY: GivenRoute = {
  integration: { IntegrationType: 'AWS_PROXY', IntegrationUri: FUNCTION },
};
/** The backend of a row stands at this address until it has one. */
export const BACKEND = 'http://backend.example/';
export const http = (IntegrationType: 'HTTP' | 'HTTP_PROXY', IntegrationMethod = 'POST') =>
  ({ IntegrationType, IntegrationMethod, IntegrationUri: BACKEND }) as const;

/** A route whose answer is what a template makes of the message. */
export const rendered = (template: string): GivenRoute => ({
  integration: {
    IntegrationType: 'MOCK',
    RequestTemplates: {
      $default: `#set($context.responseOverride.header.made = "${template}"){"statusCode": 200}`,
    },
  },
  responses: [{ ResponseTemplates: { $default: '[$context.responseOverride.header.made]' } }],
});

async function build(
  sdk: ApiGatewayV2,
  ApiId: string,
  RouteKey: string,
  { integration = MOCK, responses = [{}], route = {}, answers = true }: GivenRoute,
  backend: RecordingBackend,
): Promise<void> {
  let target = {};
  if (integration !== false) {
    const uri = integration.IntegrationUri?.replace(BACKEND, `http://127.0.0.1:${backend.port}/`);
    const { IntegrationId } = await sdk.createIntegration({
      ApiId,
      ...integration,
      ...(uri === undefined ? {} : { IntegrationUri: uri }),
    } as CreateIntegrationCommandInput);
    if (!integration.IntegrationType!.endsWith('PROXY')) {
      for (const response of responses) {
        const IntegrationResponseKey = '$default';
        await sdk.createIntegrationResponse({ ApiId, IntegrationId, IntegrationResponseKey, ...response });
      }
    }
    target = { Target: `integrations/${IntegrationId}` };
  }
  const RouteResponseSelectionExpression = '$default';
  const { RouteId } = await sdk.createRoute({
    ...{ ApiId, RouteKey, ...target, RouteResponseSelectionExpression },
    ...route,
  });
  if (answers) await sdk.createRouteResponse({ ApiId, RouteId, RouteResponseKey: '$default' });
}

/** An API that is there, and the expression that chooses its routes now. */
interface Ground {
  readonly ApiId: string;
  selection: string;
}

/** Lays rows' configurations through the SDK; rows that share their `routes` object share an API. */
class Grounds {
  readonly #sdk: ApiGatewayV2;
  readonly #backend: RecordingBackend;
  readonly #laid = new Map<MessageCase['routes'], Ground>();

  constructor(stand: WebSocketStand, backend: RecordingBackend) {
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    const { management } = stand.postern;
    this.#sdk = new ApiGatewayV2({ endpoint: management, region: REGION, credentials, maxAttempts: 1 });
    this.#backend = backend;
  }

  /** The id of the API that a row is about. */
  async lay(given: MessageCase): Promise<string> {
    const RouteSelectionExpression = given.selection ?? '$request.body.x';
    const laid = this.#laid.get(given.routes);
    if (laid === undefined) {
      const ApiId = await this.#make(given, RouteSelectionExpression);
      this.#laid.set(given.routes, { ApiId, selection: RouteSelectionExpression });
      return ApiId;
    }
    if (laid.selection !== RouteSelectionExpression) {
      await this.#sdk.updateApi({ ApiId: laid.ApiId, RouteSelectionExpression });
      laid.selection = RouteSelectionExpression;
    }
    return laid.ApiId;
  }

  async #make(given: MessageCase, RouteSelectionExpression: string): Promise<string> {
    const sdk = this.#sdk;
    const { ApiId } = await sdk.createApi({
      ...{ Name: 'sockets', ProtocolType: 'WEBSOCKET', RouteSelectionExpression },
    });
    for (const [Name, Schema] of Object.entries(given.models ?? {})) {
      await sdk.createModel({ ApiId, Name, Schema });
    }
    const routes = given.selection === undefined ? { ...given.routes, fence: NAMED } : given.routes;
    for (const [key, route] of Object.entries(routes)) await build(sdk, ApiId!, key, route, this.#backend);
    const StageVariables = { ...given.variables };
    await sdk.createStage({ ApiId, StageName: 'prod', AutoDeploy: true, StageVariables });
    return ApiId!;
  }

  close(): void {
    this.#sdk.destroy();
  }
}

/** What a message brings before the answer to another that is sent when its backend has been asked. */
async function comesOf(
  socket: WebSocket,
  text: string,
  comes: MessageCase['messages'][number][1],
): Promise<void> {
  const frames: (string | Buffer)[] = [];
  const listen = (data: Buffer, isBinary: boolean): void =>
    void frames.push(isBinary ? data : data.toString('utf8'));
  socket.on('message', listen);
  socket.send(text);
  const count = comes === null ? 0 : 1;
  while (frames.length < count) await new Promise((resolve) => setImmediate(resolve));
  if (comes === null) {
    // Twice there and back: whatever the message had brought would have come.
    for (const _ of [1, 2]) {
      socket.send('{"x": "fence"}');
      const before = frames.length;
      while (frames.length === before) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(frames.pop(), 'fence');
    }
  } else if (comes instanceof RegExp) assert.match(String(frames.pop()), comes);
  else assert.deepEqual(frames.pop(), comes);
  assert.deepEqual(frames, []);
  socket.off('message', listen);
}

/** Runs rows one after the other. */
export async function runMessageCases(t: TestContext, cases: readonly MessageCase[]): Promise<void> {
  const backend = await startRecordingBackend();
  const service = await startAwsService();
  process.env.AWS_ENDPOINT_URL_DYNAMODB = service.url;
  process.env.AWS_ENDPOINT_URL_SQS = service.url;
  t.after(async () => {
    delete process.env.AWS_ENDPOINT_URL_DYNAMODB;
    delete process.env.AWS_ENDPOINT_URL_SQS;
    await backend.close();
    await service.close();
  });
  const stand = await startWebSocketStand(t);
  const grounds = new Grounds(stand, backend);
  t.after(() => grounds.close());
  for (const given of cases) {
    await t.test(given.name, async () => {
      stand.answer({ payload: '{}' }, given.answer ?? { payload: '{"statusCode":200}' });
      backend.script(given.reply ?? 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      service.script(given.serviceReply ?? {});
      const api = webSocketApi(stand, await grounds.lay(given));
      const { socket } = await api.connect(`/prod${given.query ?? ''}`, given.headers);
      assert.ok(socket);
      for (const [text, comes] of given.messages) await comesOf(socket, text, comes);
      if (given.ends === true) {
        const asked = () => backend.requests.length + stand.lambda.invocations.length;
        const before = asked();
        socket.close(4000, 'enough');
        while (asked() === before) await new Promise((resolve) => setImmediate(resolve));
      }
      const { invocations } = stand.lambda;
      given.also?.({ backend, service, invocations });
      socket.terminate();
    });
  }
}
