// APIs whose stages write access logs, for tests that read the lines.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateApiCommand,
  type CreateApiCommandInput,
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateStageCommand,
  type CreateStageCommandInput,
} from '@aws-sdk/client-apigatewayv2';
import { ACCOUNT, REGION, type RunningPostern } from './postern.ts';
import { type RawReply, sendRaw } from './raw-client.ts';

export interface LoggedApi {
  readonly apiId: string;
  readonly host: string;
  /** Sends `GET /pets` with these header lines and a body. The host is the API's. */
  send(line: string, headers?: readonly string[], body?: string): Promise<RawReply>;
}

export interface LoggedApiSettings {
  readonly api?: Partial<CreateApiCommandInput>;
  readonly integration: Partial<CreateIntegrationCommandInput>;
  readonly routes: readonly (Partial<CreateRouteCommandInput> & { readonly RouteKey: string })[];
  readonly stage?: Partial<CreateStageCommandInput>;
}

/** The ARN of a log group. */
export function groupArn(name: string): string {
  return `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}`;
}

/** One HTTP_PROXY integration, some routes, an auto-deploying stage `$default` unless said otherwise. */
export async function makeApi(
  postern: Pick<RunningPostern, 'client' | 'host' | 'port'>,
  settings: LoggedApiSettings,
): Promise<LoggedApi> {
  const { client, host, port } = postern;
  const { ApiId } = await client.send(
    new CreateApiCommand({ Name: 'logged', ProtocolType: 'HTTP', ...settings.api }),
  );
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'ANY',
      PayloadFormatVersion: '1.0',
      ...settings.integration,
    }),
  );
  for (const route of settings.routes) {
    await client.send(new CreateRouteCommand({ ApiId, Target: `integrations/${IntegrationId}`, ...route }));
  }
  await client.send(
    new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true, ...settings.stage }),
  );
  const apiHost = `${ApiId}.execute-api.localhost`;
  return {
    apiId: ApiId!,
    host: apiHost,
    send(line, headers = [], body) {
      const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
      const bytes = [`${line} HTTP/1.1`, `Host: ${apiHost}`, ...headers, ...length, '', body ?? ''].join(
        '\r\n',
      );
      return sendRaw({ host, port, bytes });
    },
  };
}

/** The lines that a log group without a destination of its own has in its file. */
export async function logLines(data: string, group: string): Promise<string[]> {
  const file = join(data, 'access-logs', ACCOUNT, REGION, `${encodeURIComponent(group)}.log`);
  const text = await readFile(file, 'utf8');
  return text.split('\n').slice(0, -1);
}
