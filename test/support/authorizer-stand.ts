// Postern with Lambda's Invoke API and a backend behind it, and APIs whose routes ask Lambda authorizers or for signatures.
import { rm } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import {
  CreateApiCommand,
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { Identity } from '../../src/identity/identities.ts';
import { type InvokeAnswer, type InvokeServer, startInvokeServer } from './invoke-server.ts';
import { groupArn, logLines } from './logged-api.ts';
import {
  ACCOUNT,
  makeTestDirectory,
  type PosternOptions,
  REGION,
  type RunningPostern,
  startTestPostern,
} from './postern.ts';
import { type RawReply, sendRaw } from './raw-client.ts';
import { type RecordingBackend, startRecordingBackend } from './recording-backend.ts';

export interface AuthorizerStand {
  readonly postern: RunningPostern;
  readonly backend: RecordingBackend;
  readonly lambda: InvokeServer;
  /** Ends Postern, so that its access logs are complete, and reads one. */
  accessLog(group: string): Promise<string[]>;
}

export interface GuardedRoute {
  readonly key: string;
  /** CUSTOM with the first authorizer where a test says nothing. */
  readonly type?: 'CUSTOM' | 'AWS_IAM' | 'NONE';
  readonly authorizer?: string;
  /** To the function `hello`, in this format, instead of the backend. */
  readonly lambda?: '1.0' | '2.0';
}

export type GivenAuthorizer = Partial<Omit<CreateAuthorizerCommandInput, 'ApiId' | 'Name'>>;

export interface GuardedApi {
  readonly apiId: string;
  readonly host: string;
  readonly authorizerIds: ReadonlyMap<string, string>;
  /** Calls a path with header lines. */
  call(path: string, lines?: readonly string[], method?: string, body?: string): Promise<RawReply>;
}

export interface GivenApi {
  /** By name; the first is the one of routes that name none. */
  readonly authorizers?: Readonly<Record<string, GivenAuthorizer>>;
  readonly routes?: readonly GuardedRoute[];
  /** Of requests to the backend. */
  readonly mappings?: Readonly<Record<string, string>>;
  readonly stages?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly accessLog?: { readonly group: string; readonly format: string };
}

/** The function of every authorizer that names none. */
export const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:who`;

export function invocationUri(functionArn: string): string {
  return `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}

export async function startAuthorizerStand(
  t: Pick<TestContext, 'after'>,
  credentials: readonly Identity[] = [],
  sections: PosternOptions['sections'] = {},
): Promise<AuthorizerStand> {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
  const lambda = await startInvokeServer();
  const backend = await startRecordingBackend();
  const data = await makeTestDirectory();
  const postern = await startTestPostern({
    data,
    credentials,
    sections: { lambda: { endpoint: lambda.endpoint, functionEndpoints: new Map() }, ...sections },
  });
  t.after(async () => {
    await postern.close();
    await backend.close();
    await lambda.close();
    await rm(data, { recursive: true, force: true });
  });
  const accessLog = async (group: string): Promise<string[]> => {
    await postern.close();
    return logLines(data, group);
  };
  return { postern, backend, lambda, accessLog };
}

const AUTHORIZER: GivenAuthorizer = {
  AuthorizerType: 'REQUEST',
  AuthorizerUri: invocationUri(FUNCTION),
  AuthorizerPayloadFormatVersion: '2.0',
  EnableSimpleResponses: true,
  IdentitySource: ['$request.header.Authorization'],
};

export async function createGuardedApi(
  { postern, backend }: AuthorizerStand,
  given: GivenApi = {},
): Promise<GuardedApi> {
  const { client } = postern;
  const { authorizers = { who: {} }, routes = [{ key: 'GET /' }], stages = ['$default'] } = given;
  const { ApiId } = await client.send(new CreateApiCommand({ Name: 'guarded', ProtocolType: 'HTTP' }));
  const authorizerIds = new Map<string, string>();
  for (const [Name, authorizer] of Object.entries(authorizers)) {
    const input = { ApiId, Name, ...AUTHORIZER, ...authorizer } as CreateAuthorizerCommandInput;
    authorizerIds.set(Name, (await client.send(new CreateAuthorizerCommand(input))).AuthorizerId!);
  }
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'ANY',
      IntegrationUri: `http://127.0.0.1:${backend.port}`,
      PayloadFormatVersion: '1.0',
      RequestParameters: given.mappings ?? {},
    }),
  );
  for (const { key, type = 'CUSTOM', authorizer, lambda } of routes) {
    const target = lambda === undefined ? IntegrationId : await createHello(client, ApiId!, lambda);
    const name = authorizer ?? Object.keys(authorizers)[0]!;
    await client.send(
      new CreateRouteCommand({
        ApiId,
        RouteKey: key,
        Target: `integrations/${target}`,
        AuthorizationType: type,
        ...(type === 'CUSTOM' ? { AuthorizerId: authorizerIds.get(name) } : {}),
      }),
    );
  }
  for (const StageName of stages) {
    const StageVariables = { ...given.variables };
    const { group, format } = given.accessLog ?? {};
    await client.send(
      new CreateStageCommand({
        ApiId,
        StageName,
        AutoDeploy: true,
        StageVariables,
        ...(group === undefined
          ? {}
          : { AccessLogSettings: { DestinationArn: groupArn(group), Format: format } }),
      }),
    );
  }
  const host = `${ApiId}.execute-api.localhost`;
  return {
    apiId: ApiId!,
    host,
    authorizerIds,
    call(path, lines = [], method = 'GET', body = '') {
      const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body, 'latin1')}`];
      const hasHost = lines.some((line) => /^host:/i.test(line));
      const head = [
        `${method} ${path} HTTP/1.1`,
        ...(hasHost ? [] : [`Host: ${host}`]),
        ...lines,
        ...length,
        '',
        body,
      ];
      return sendRaw({ host: postern.host, port: postern.port, bytes: head.join('\r\n') });
    },
  };
}

async function createHello(
  client: RunningPostern['client'],
  ApiId: string,
  PayloadFormatVersion: '1.0' | '2.0',
): Promise<string> {
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:hello`,
      PayloadFormatVersion,
    }),
  );
  return IntegrationId!;
}

/** A simple answer. */
export function simple(isAuthorized: boolean, context?: object): InvokeAnswer {
  return { payload: JSON.stringify({ isAuthorized, context }) };
}

/** A policy answer. */
export function policy(Statement: unknown, more: object = { principalId: 'me' }): InvokeAnswer {
  return { payload: JSON.stringify({ policyDocument: { Version: '2012-10-17', Statement }, ...more }) };
}

/** A statement about execute-api:Invoke. */
export function statement(Effect: 'Allow' | 'Deny', Resource: string | readonly string[]): object {
  return { Effect, Action: 'execute-api:Invoke', Resource };
}

/** `403 {"message":"Forbidden"}`. */
export function refusalOf({ status, body }: RawReply): string {
  return status === 200 ? '200' : `${status} ${body}`;
}

export const FORBIDDEN = '403 {"message":"Forbidden"}';
export const UNAUTHORIZED = '401 {"message":"Unauthorized"}';
export const FAILED = '500 {"message":"Internal Server Error"}';
