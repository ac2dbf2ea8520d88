// A WebSocket API with a route of each kind, for what `explain` tells of it over the wire.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import {
  ApiGatewayV2,
  type CreateIntegrationCommandInput,
  type CreateIntegrationResponseCommandInput,
  type CreateRouteCommandInput,
} from '@aws-sdk/client-apigatewayv2';
import type { SocketTrace } from '../../src/websocket-api/explain/trace.ts';
import { FUNCTION } from './message-stand.ts';
import { REGION } from './postern.ts';
import { type RecordingBackend, startRecordingBackend } from './recording-backend.ts';
import {
  createWebSocketApi,
  startWebSocketStand,
  type WebSocketApi,
  type WebSocketStand,
} from './websocket-stand.ts';

export interface ExplainedApi {
  readonly stand: WebSocketStand;
  readonly backend: RecordingBackend;
  readonly api: WebSocketApi;
  readonly sdk: ApiGatewayV2;
  /** `ws://…/prod`, of the path form. */
  readonly url: string;
  add(key: string, route: AddedRoute): Promise<string>;
  /** Of POST /_postern/explain. */
  ask(body: object): Promise<{ readonly status: number; readonly text: string }>;
  /** The trace of a message. */
  message(text: string, more?: object): Promise<SocketTrace>;
}

export interface AddedRoute {
  readonly integration: Partial<CreateIntegrationCommandInput>;
  readonly responses?: readonly Partial<CreateIntegrationResponseCommandInput>[];
  readonly route?: Partial<CreateRouteCommandInput>;
  /** false: no route response. */
  readonly answers?: boolean;
}

export const PROXY = { IntegrationType: 'AWS_PROXY', IntegrationUri: FUNCTION } as const;

export async function startExplained(t: Pick<TestContext, 'after'>): Promise<ExplainedApi> {
  const stand = await startWebSocketStand(t);
  const backend = await startRecordingBackend();
  t.after(() => backend.close());
  const { postern } = stand;
  const api = await createWebSocketApi(stand, {
    api: { ApiKeySelectionExpression: '$request.header.x-api-key' },
    variables: { colour: 'blue' },
  });
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const sdk = new ApiGatewayV2({ endpoint: postern.management, region: REGION, credentials, maxAttempts: 1 });
  t.after(() => sdk.destroy());
  const ApiId = api.apiId;
  const url = `ws://127.0.0.1:${postern.port}/_aws/execute-api/${ApiId}/prod`;
  const ask: ExplainedApi['ask'] = async (body) => {
    const reply = await fetch(`${postern.management}/_postern/explain`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return { status: reply.status, text: await reply.text() };
  };
  return {
    ...{ stand, backend, api, sdk, url, ask },
    async add(RouteKey, { integration, responses = [], route = {}, answers = true }) {
      const { IntegrationId } = await sdk.createIntegration({
        ApiId,
        ...integration,
      } as CreateIntegrationCommandInput);
      for (const response of responses) {
        const given = { ApiId, IntegrationId, IntegrationResponseKey: '$default', ...response };
        await sdk.createIntegrationResponse(given);
      }
      const Target = `integrations/${IntegrationId}`;
      const RouteResponseSelectionExpression = '$default';
      const { RouteId } = await sdk.createRoute({
        ...{ ApiId, RouteKey, Target, RouteResponseSelectionExpression },
        ...route,
      });
      if (answers) await sdk.createRouteResponse({ ApiId, RouteId, RouteResponseKey: '$default' });
      return RouteId!;
    },
    async message(message, more = {}) {
      const { status, text } = await ask({ url, message, ...more });
      assert.equal(status, 200, text);
      return JSON.parse(text) as SocketTrace;
    },
  };
}
