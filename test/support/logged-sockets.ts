// WebSocket APIs behind a program whose access log and execution log a test reads when it has ended.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateIntegrationResponseCommand,
  CreateRouteCommand,
  CreateRouteResponseCommand,
  CreateStageCommand,
  type CreateStageCommandInput,
} from '@aws-sdk/client-apigatewayv2';
import type { LogDestination } from '../../src/backends/log-destinations/settings.ts';
import type { Identity } from '../../src/identity/identities.ts';
import { ACCOUNT, REGION } from './postern.ts';
import {
  createWebSocketApi,
  type GivenWebSocketApi,
  startWebSocketStand,
  type WebSocketApi,
  type WebSocketStand,
} from './websocket-stand.ts';

export const ACCESS_ARN = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:events`;

export interface LoggedStand extends WebSocketStand {
  /** Ends the program and returns the lines of the access log. */
  accessLog(): Promise<string[]>;
  /** Ends the program and returns what the execution log of a stage says, without the ids in front; undefined: nothing. */
  executionLog(api: WebSocketApi): Promise<string[] | undefined>;
}

export async function startLogged(
  t: TestContext,
  credentials: readonly Identity[] = [],
): Promise<LoggedStand> {
  const directory = await mkdtemp(join(tmpdir(), 'postern-event-logs-'));
  const path = join(directory, 'access.log');
  const logDestinations: LogDestination[] = [{ arn: ACCESS_ARN, target: { kind: 'file', path } }];
  const data = join(directory, 'data');
  const stand = await startWebSocketStand(t, { data, credentials, sections: { logDestinations } });
  t.after(() => rm(directory, { recursive: true, force: true }));
  const linesOf = async (file: string) => (await readFile(file, 'utf8')).trimEnd().split('\n');
  return {
    ...stand,
    async accessLog() {
      await stand.postern.close();
      return linesOf(path);
    },
    async executionLog({ apiId }) {
      await stand.postern.close();
      const logs = join(data, 'access-logs', ACCOUNT, REGION);
      const name = `${encodeURIComponent(`/aws/apigateway/${apiId}/prod`)}.log`;
      if (!(await readdir(logs).catch(() => [] as string[])).includes(name)) return undefined;
      const lines = await linesOf(join(logs, name));
      return lines.map((line) => {
        assert.match(line, /^\([A-Za-z0-9_-]{15}=\) /);
        return line.slice(19);
      });
    },
  };
}

/** An API with a stage of its own settings. */
export async function deployed(
  stand: WebSocketStand,
  stage: Partial<CreateStageCommandInput>,
  given: GivenWebSocketApi = {},
  routes: Readonly<Record<string, Partial<CreateIntegrationCommandInput>>> = {},
): Promise<WebSocketApi> {
  const { client } = stand.postern;
  const api = await createWebSocketApi(stand, { ...given, stages: [] });
  const { apiId: ApiId } = api;
  for (const [RouteKey, integration] of Object.entries(routes)) {
    const { IntegrationId } = await client.send(
      new CreateIntegrationCommand({ ApiId, ...integration } as CreateIntegrationCommandInput),
    );
    await client.send(
      new CreateIntegrationResponseCommand({ ApiId, IntegrationId, IntegrationResponseKey: '$default' }),
    );
    const { RouteId } = await client.send(
      new CreateRouteCommand({
        ApiId,
        RouteKey,
        Target: `integrations/${IntegrationId}`,
        RouteResponseSelectionExpression: '$default',
      }),
    );
    await client.send(new CreateRouteResponseCommand({ ApiId, RouteId, RouteResponseKey: '$default' }));
  }
  await client.send(new CreateStageCommand({ ApiId, StageName: 'prod', AutoDeploy: true, ...stage }));
  return api;
}
