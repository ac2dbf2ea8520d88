// Postern with an issuer and a backend behind it, and APIs whose routes ask for tokens.
import type { TestContext } from 'node:test';
import {
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateIntegrationCommand,
  CreateRouteCommand,
  CreateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { IssuerSettings } from '../../src/identity/jwt/settings.ts';
import type { Sections } from '../../src/settings/sections.ts';
import { type RunningPostern, startTestPostern } from './postern.ts';
import { type RawReply, sendRaw } from './raw-client.ts';
import { valuesOf } from './raw-message.ts';
import { type RecordingBackend, startRecordingBackend } from './recording-backend.ts';

export interface JwtStand {
  readonly postern: RunningPostern;
  readonly backend: RecordingBackend;
}

export interface JwtRoute {
  readonly key: string;
  readonly scopes?: readonly string[];
  /** Another authorizer than the first. */
  readonly authorizer?: string;
  /** Without authorizer. */
  readonly open?: true;
  /** To a function, in this format, instead of the backend. */
  readonly lambda?: '1.0' | '2.0';
}

export interface JwtApi {
  readonly apiId: string;
  /** Calls a path with header lines. */
  call(path: string, lines?: readonly string[], method?: string): Promise<RawReply>;
  /** Calls with `Authorization: Bearer TOKEN`. */
  with(token: string, path?: string): Promise<RawReply>;
}

export interface JwtAuthorizer {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly source?: string;
}

export async function startJwtStand(
  t: Pick<TestContext, 'after'> | { after(close: () => Promise<void>): void },
  issuers: readonly IssuerSettings[],
  sections: Partial<Sections> = {},
): Promise<JwtStand> {
  const backend = await startRecordingBackend();
  const postern = await startTestPostern({
    sections: { jwt: { issuers, anyHttpIssuer: false }, ...sections },
  });
  t.after(async () => {
    await postern.close();
    await backend.close();
  });
  return { postern, backend };
}

/** Authorizers by name; the first is the one of routes that name none. Mappings show claims to the backend. */
export async function createJwtApi(
  { postern, backend }: JwtStand,
  authorizers: Readonly<Record<string, JwtAuthorizer>>,
  routes: readonly JwtRoute[],
  mappings: Readonly<Record<string, string>> = {},
): Promise<JwtApi> {
  const { client } = postern;
  const { ApiId } = await client.send(new CreateApiCommand({ Name: 'jwt', ProtocolType: 'HTTP' }));
  const ids = new Map<string, string>();
  for (const [Name, { issuer, audience, source }] of Object.entries(authorizers)) {
    const { AuthorizerId } = await client.send(
      new CreateAuthorizerCommand({
        ApiId,
        Name,
        AuthorizerType: 'JWT',
        IdentitySource: [source ?? '$request.header.Authorization'],
        JwtConfiguration: { Issuer: issuer, Audience: [...audience] },
      }),
    );
    ids.set(Name, AuthorizerId!);
  }
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'ANY',
      IntegrationUri: `http://127.0.0.1:${backend.port}`,
      PayloadFormatVersion: '1.0',
      RequestParameters: mappings,
    }),
  );
  for (const { key, scopes, authorizer, open, lambda } of routes) {
    const integrationId =
      lambda === undefined ? IntegrationId : await createFunctionIntegration(client, ApiId!, lambda);
    const access = open
      ? {}
      : {
          AuthorizationType: 'JWT' as const,
          AuthorizerId: ids.get(authorizer ?? Object.keys(authorizers)[0]!),
          AuthorizationScopes: [...(scopes ?? [])],
        };
    await client.send(
      new CreateRouteCommand({ ApiId, RouteKey: key, Target: `integrations/${integrationId}`, ...access }),
    );
  }
  await client.send(new CreateStageCommand({ ApiId, StageName: '$default', AutoDeploy: true }));
  const call: JwtApi['call'] = (path, lines = [], method = 'GET') => {
    const head = [`${method} ${path} HTTP/1.1`, `Host: ${ApiId}.execute-api.localhost`, ...lines, '', ''];
    return sendRaw({ host: postern.host, port: postern.port, bytes: head.join('\r\n') });
  };
  return {
    apiId: ApiId!,
    call,
    with: (token, path = '/') => call(path, [`Authorization: Bearer ${token}`]),
  };
}

async function createFunctionIntegration(
  client: RunningPostern['client'],
  ApiId: string,
  PayloadFormatVersion: '1.0' | '2.0',
): Promise<string> {
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: 'arn:aws:lambda:us-east-1:000000000000:function:hello',
      PayloadFormatVersion,
    }),
  );
  return IntegrationId!;
}

/** `401 Bearer scope="" …`: the status, and the challenge where there is one. */
export function told({ status, headers }: RawReply): string {
  return [String(status), ...valuesOf(headers, 'www-authenticate')].join(' ');
}

/** The challenge of a refused token on a route with these scopes. */
export function invalid(description: string, scopes = ''): string {
  return `401 Bearer scope="${scopes}" error="invalid_token" error_description="${description}"`;
}
