// `postern explain` for requests that go wrong before any route: what is said, and what --fail makes of it. What it and its
// route tell of authorizers.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  CreateApiCommand,
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
  CreateDeploymentCommand,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateStageCommand,
  UpdateApiCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { Trace } from '../../../src/http-api/explain/trace.ts';
import { FUNCTION, invocationUri } from '../../support/authorizer-stand.ts';
import { makeApi } from '../../support/logged-api.ts';
import { ACCOUNT, REGION } from '../../support/postern.ts';
import { runProgram } from '../../support/program.ts';
import { startProgram } from '../../support/program-stand.ts';
import { startRecordingBackend } from '../../support/recording-backend.ts';

const REFUSED = 4;

describe('postern explain', () => {
  test('says what is wrong with stage, method, host and port; --fail has the exit code say it', async (t) => {
    const backend = await startRecordingBackend();
    t.after(() => backend.close());
    const stand = await startProgram(t);
    const { client, port, management } = stand;
    const integration = { IntegrationUri: `http://127.0.0.1:${backend.port}` };
    const routes = [{ RouteKey: 'GET /pets/{id}' }, { RouteKey: 'PUT /pets/{id}' }];
    const { apiId } = await makeApi(stand, { integration, routes, stage: { StageName: 'prod' } });
    await client.send(new CreateStageCommand({ ApiId: apiId, StageName: 'dev', AutoDeploy: true }));
    const disabled = await makeApi(stand, { integration, routes });
    await client.send(new UpdateApiCommand({ ApiId: disabled.apiId, DisableExecuteApiEndpoint: true }));
    const bare = await client.send(new CreateApiCommand({ Name: 'bare', ProtocolType: 'HTTP' }));
    const down = await makeApi(stand, {
      integration: { IntegrationUri: 'http://127.0.0.1:1' },
      routes: [{ RouteKey: '$default' }],
    });
    const open = await makeApi(stand, {
      integration,
      api: { CorsConfiguration: { AllowOrigins: ['*'], AllowMethods: ['GET'] } },
      routes: [{ RouteKey: 'GET /pets' }],
    });
    const sockets = await client.send(
      new CreateApiCommand({
        Name: 'live',
        ProtocolType: 'WEBSOCKET',
        RouteSelectionExpression: '$request.body.a',
      }),
    );
    await client.send(new CreateRouteCommand({ ApiId: sockets.ApiId, RouteKey: '$default' }));
    const { DeploymentId } = await client.send(new CreateDeploymentCommand({ ApiId: sockets.ApiId }));
    await client.send(new CreateStageCommand({ ApiId: sockets.ApiId, StageName: 'live', DeploymentId }));

    const paths = `http://127.0.0.1:${port}/_aws/execute-api`;
    const wsPaths = paths.replace('http', 'ws');
    const rows: readonly [what: string, words: readonly string[], code: number, says: RegExp][] = [
      ['served', ['GET', `${paths}/${apiId}/prod/pets/7`], 0, /^Backend reply +200$/m],
      [
        'no stage',
        ['GET', `${paths}/${apiId}/pets/7`],
        REFUSED,
        /^Gateway +API \w+ has no stage "pets"; its stages: (?:prod, dev|dev, prod)\. .* for example \/(?:prod|dev)\/pets\/7$/m,
      ],
      [
        'no stage, by name',
        ['GET', `http://${apiId}.execute-api.localhost:${port}/pets/7`],
        REFUSED,
        /has no stage "pets"; its stages: /,
      ],
      [
        'the path of no stage',
        ['GET', `${paths}/${apiId}`],
        REFUSED,
        /^Gateway +the path names no stage; its stages: /m,
      ],
      [
        'a method that the path has not',
        ['DELETE', `${paths}/${apiId}/prod/pets/7`],
        REFUSED,
        /^Gateway +no route matches: the path \/pets\/7 has no DELETE, but GET, PUT$/m,
      ],
      [
        'a path of no route',
        ['GET', `${paths}/${apiId}/prod/dogs`],
        REFUSED,
        /^Gateway +no route matches the path \/dogs of the stage prod$/m,
      ],
      ['no such API', ['GET', `${paths}/nothing/prod`], REFUSED, /^Gateway +there is no API "nothing"$/m],
      [
        'no such API, by name',
        ['GET', `http://nothing.execute-api.localhost:${port}/`],
        REFUSED,
        /^Gateway +there is no API "nothing" at this host$/m,
      ],
      [
        'a host of nobody',
        ['GET', `http://pets.localhost:${port}/`],
        REFUSED,
        /^Gateway +the host "pets\.localhost" is no API's and no custom domain's$/m,
      ],
      [
        'another port',
        ['GET', `http://${apiId}.execute-api.localhost:1/prod/pets/7`],
        REFUSED,
        new RegExp(
          `^Note +the URL names port 1, which is not this gateway's: it listens at ${management}, .*^Backend reply +200$`,
          'ms',
        ),
      ],
      [
        'no port',
        ['GET', `http://127.0.0.1/_aws/execute-api/${apiId}/prod/pets/7`],
        REFUSED,
        /^Note +the URL names port 80, /m,
      ],
      [
        'another scheme',
        ['GET', `https://127.0.0.1:${port}/_aws/execute-api/${apiId}/prod/pets/7`],
        REFUSED,
        /^Note +the URL says https, and the gateway speaks http$/m,
      ],
      [
        'a disabled endpoint',
        ['GET', `${paths}/${disabled.apiId}/pets/7`],
        REFUSED,
        /is disabled \(DisableExecuteApiEndpoint\)$/m,
      ],
      [
        'nothing deployed',
        ['GET', `${paths}/${bare.ApiId}/prod`],
        REFUSED,
        /^Gateway +API \w+ has no stage with a deployment$/m,
      ],
      [
        'a backend that is down',
        ['GET', `${paths}/${down.apiId}/x`],
        REFUSED,
        /^Gateway +Connection failed: http:\/\/127\.0\.0\.1:1: no connection \(ECONNREFUSED\)$/m,
      ],
      [
        'a preflight',
        [
          ...['OPTIONS', `${paths}/${open.apiId}/pets`, '-H', 'Origin: https://a.example'],
          ...['-H', 'Access-Control-Request-Method: GET'],
        ],
        0,
        /^Gateway +a CORS preflight, answered by the gateway$/m,
      ],
      [
        'a WebSocket API without its stage',
        ['GET', `${paths}/${sockets.ApiId}/nowhere`],
        REFUSED,
        /^Gateway +API \w+ has no stage "nowhere"; its stages: live\. .* for example \/live$/m,
      ],
      [
        'a WebSocket API',
        ['GET', `${paths}/${sockets.ApiId}/live`],
        REFUSED,
        /^Gateway +the request is for a WebSocket API, .* explain it as ws:\/\/$/m,
      ],
      [
        'a message that no integration gets',
        [`${wsPaths}/${sockets.ApiId}/live`, '--message', '{"a": "\\u001b[2J\\nRoute"}'],
        REFUSED,
        /^Selected +\\x1b\[2J\\nRoute {2}by \$request\.body\.a$.*^Route +\$default .*no route has the key \\x1b\[2J\\nRoute, sends no answer$.*^Gateway +The route has no target$.*^Frame +500 /ms,
      ],
      [
        'a connect request',
        [`${wsPaths}/${sockets.ApiId}/live`, '-H', 'X-Own: 1'],
        0,
        /^Connect +\/_aws\/execute-api\/\w+\/live .*^ +X-Own: 1$.*^Reply +101 /ms,
      ],
    ];
    for (const [what, words, code, says] of rows) {
      const asked = ['explain', ...words, '--endpoint', management];
      const strict = await runProgram([...asked, '--fail'], { cwd: stand.cwd });
      assert.match(strict.stdout, says, what);
      assert.deepEqual([strict.code, strict.stderr], [code, ''], what);
      if (what === 'no stage') assert.equal((await runProgram(asked, { cwd: stand.cwd })).code, 0);
    }
  });

  test('tells what the authorizer of a route asks for, and nothing that the caller showed', async (t) => {
    const functions = 'functions:\n  who: { file: who.mjs }\n';
    const stand = await startProgram(t, ['--config', 'postern.yaml'], {
      prepare: async (cwd) => {
        await writeFile(join(cwd, 'postern.yaml'), functions);
        await writeFile(
          join(cwd, 'who.mjs'),
          'export const handler = async () => ({ isAuthorized: true });\n',
        );
      },
    });
    const { client, port, management } = stand;
    const { apiId: ApiId } = await makeApi(stand, {
      integration: { IntegrationUri: 'http://127.0.0.1:1' },
      routes: [{ RouteKey: 'GET /open' }],
      stage: { StageVariables: { name: FUNCTION } },
    });
    const guard = async (
      path: string,
      route: Partial<CreateRouteCommandInput>,
      given?: Partial<CreateAuthorizerCommandInput>,
    ): Promise<void> => {
      const input = { ApiId, Name: path, ...given } as CreateAuthorizerCommandInput;
      const authorizer =
        given === undefined ? undefined : await client.send(new CreateAuthorizerCommand(input));
      const AuthorizerId = authorizer?.AuthorizerId;
      await client.send(new CreateRouteCommand({ ApiId, RouteKey: `GET /${path}`, ...route, AuthorizerId }));
    };
    const header = '$request.header.Authorization';
    await guard(
      'token',
      { AuthorizationType: 'JWT', AuthorizationScopes: ['read', 'write'] },
      {
        AuthorizerType: 'JWT',
        IdentitySource: [header],
        JwtConfiguration: { Issuer: 'https://login.invalid', Audience: ['pets'] },
      },
    );
    const request: Partial<CreateAuthorizerCommandInput> = {
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      IdentitySource: [header],
      AuthorizerResultTtlInSeconds: 60,
    };
    const AuthorizerUri = invocationUri('${stageVariables.name}');
    await guard('function', { AuthorizationType: 'CUSTOM' }, { ...request, AuthorizerUri });
    await guard('signed', { AuthorizationType: 'AWS_IAM' });
    const nowhere = invocationUri('${stageVariables.none}');
    await guard('nobody', { AuthorizationType: 'CUSTOM' }, { ...request, AuthorizerUri: nowhere });

    const resource = `arn:aws:execute-api:${REGION}:${ACCOUNT}:${ApiId}/$default/GET/signed`;
    const problem = 'The stage variable none in the URI is not defined';
    const rows: readonly [path: string, authorization: Trace['authorization'], says: RegExp][] = [
      ['open', { type: 'NONE', result: 'not required' }, /^Authorization +NONE +not required\n\n/m],
      [
        'token',
        {
          type: 'JWT',
          result: 'refused: token contains an invalid number of segments',
          authorizer: {
            kind: 'jwt',
            name: 'token',
            issuer: 'https://login.invalid',
            audience: ['pets'],
            identitySource: header,
            scopes: ['read', 'write'],
          },
        },
        /^ +of https:\/\/login\.invalid for pets$/m,
      ],
      [
        'function',
        {
          type: 'CUSTOM',
          result: 'granted',
          authorizer: {
            kind: 'lambda',
            name: 'function',
            functionArn: FUNCTION,
            payloadFormatVersion: '2.0',
            identitySources: [header],
            ttlInSeconds: 60,
            simpleResponses: true,
          },
        },
        /^Authorization +CUSTOM +granted\n +function: asks arn:.+:who, format 2\.0, simple responses$/m,
      ],
      [
        'signed',
        {
          type: 'AWS_IAM',
          result: 'refused: Missing Authentication Token',
          authorizer: { kind: 'iam', action: 'execute-api:Invoke', resource },
        },
        /^ +execute-api:Invoke on arn:aws:execute-api:.+\/\$default\/GET\/signed$/m,
      ],
      [
        'nobody',
        { type: 'CUSTOM', result: `refused: ${problem}`, authorizer: { kind: 'denying', problem } },
        /^ +lets nobody in: The stage variable none in the URI is not defined$/m,
      ],
    ];
    for (const [path, authorization, says] of rows) {
      const url = `http://${ApiId}.execute-api.localhost:${port}/${path}`;
      const headers = [['Authorization', 'Secret']];
      const body = JSON.stringify({ method: 'GET', url, headers });
      const reply = await fetch(`${management}/_postern/explain`, { method: 'POST', body });
      assert.deepEqual(((await reply.json()) as Trace).authorization, authorization, path);
      const words = ['explain', 'GET', url, '-H', 'Authorization: Secret', '--endpoint', management];
      assert.match((await runProgram(words, { cwd: stand.cwd })).stdout, says, path);
    }
  });
});
