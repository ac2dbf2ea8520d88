// `postern explain` for requests that go wrong before any route: what is said, and what --fail makes of it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  CreateApiCommand,
  CreateDeploymentCommand,
  CreateRouteCommand,
  CreateStageCommand,
  UpdateApiCommand,
} from '@aws-sdk/client-apigatewayv2';
import { makeApi } from '../../support/logged-api.ts';
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
        /^Gateway +the request is for a WebSocket API/m,
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
});
