// Access logs on the wire: formats, variables, what is unavailable (spec/http-api.md §9.1 to §9.5).
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { DeleteAccessLogSettingsCommand, UpdateStageCommand } from '@aws-sdk/client-apigatewayv2';
import { groupArn, type LoggedApi, logLines, makeApi } from '../../support/logged-api.ts';
import { makeTestDirectory, type RunningPostern, startTestPostern } from '../../support/postern.ts';
import { openRaw } from '../../support/raw-client.ts';
import { valuesOf } from '../../support/raw-message.ts';
import { type RecordingBackend, startRecordingBackend } from '../../support/recording-backend.ts';

const ANSWER =
  'HTTP/1.1 202 Accepted\r\nx-amzn-requestid: aws-1\r\nx-amz-id-2: aws-2\r\nContent-Length: 4\r\n\r\nmoin';

for (const codec of ['fast', 'reference'] as const) {
  describe(`access logs, ${codec} codec`, () => {
    let data = '';
    let postern: RunningPostern;
    let backend: RecordingBackend;
    const groups: { group: string; check: (lines: string[]) => void }[] = [];

    before(async () => {
      data = await makeTestDirectory();
      backend = await startRecordingBackend();
      postern = await startTestPostern({ codec, data });
    });
    after(async () => {
      await backend.close();
      await rm(data, { recursive: true, force: true });
    });

    let made = 0;
    /** An API whose log is looked at once everything is written. */
    async function logged(
      Format: string,
      check: (lines: string[]) => void,
      settings: Partial<Parameters<typeof makeApi>[1]> = {},
    ): Promise<LoggedApi> {
      const group = `group/${made++}`;
      const { stage, ...rest } = settings;
      const api = await makeApi(postern, {
        integration: { IntegrationUri: `http://127.0.0.1:${backend.port}` },
        routes: [{ RouteKey: 'GET /pets/{id}' }],
        ...rest,
        stage: { ...stage, AccessLogSettings: { DestinationArn: groupArn(group), Format } },
      });
      groups.push({ group, check });
      return api;
    }

    const TIME = String.raw`\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000`;
    const ID = '[A-Za-z0-9_-]{15}=';
    const formats: [name: string, format: string, expected: string][] = [
      [
        'CLF',
        '$context.identity.sourceIp - - [$context.requestTime] "$context.httpMethod $context.routeKey $context.protocol" $context.status $context.responseLength $context.requestId',
        String.raw`127\.0\.0\.1 - - \[${TIME}\] "GET GET /pets/\{id\} HTTP/1\.1" 202 4 ${ID}`,
      ],
      [
        'JSON',
        '{ "requestId":"$context.requestId", "ip": "$context.identity.sourceIp", "requestTime":"$context.requestTime", "httpMethod":"$context.httpMethod","routeKey":"$context.routeKey", "status":"$context.status","protocol":"$context.protocol", "responseLength":"$context.responseLength" }',
        String.raw`\{ "requestId":"${ID}", "ip": "127\.0\.0\.1", "requestTime":"${TIME}", "httpMethod":"GET","routeKey":"GET /pets/\{id\}", "status":"202","protocol":"HTTP/1\.1", "responseLength":"4" \}`,
      ],
      [
        'XML',
        '<request id="$context.requestId"> <ip>$context.identity.sourceIp</ip> <requestTime>$context.requestTime</requestTime> <httpMethod>$context.httpMethod</httpMethod> <routeKey>$context.routeKey</routeKey> <status>$context.status</status> <protocol>$context.protocol</protocol> <responseLength>$context.responseLength</responseLength> </request>',
        String.raw`<request id="${ID}"> <ip>127\.0\.0\.1</ip> <requestTime>${TIME}</requestTime> <httpMethod>GET</httpMethod> <routeKey>GET /pets/\{id\}</routeKey> <status>202</status> <protocol>HTTP/1\.1</protocol> <responseLength>4</responseLength> </request>`,
      ],
      [
        'CSV',
        '$context.identity.sourceIp,$context.requestTime,$context.httpMethod,$context.routeKey,$context.protocol,$context.status,$context.responseLength,$context.requestId\n',
        String.raw`127\.0\.0\.1,${TIME},GET,GET /pets/\{id\},HTTP/1\.1,202,4,${ID}`,
      ],
    ];
    test('the standard formats: CLF, JSON, XML and CSV', async () => {
      for (const [name, format, expected] of formats) {
        backend.script(ANSWER);
        const api = await logged(format, (lines) => {
          assert.equal(lines.length, 1, name);
          assert.match(lines[0]!, new RegExp(`^${expected}$`));
        });
        await api.send('GET /pets/1');
      }
    });

    test('every variable of a request through a stage', async () => {
      backend.script(ANSWER);
      const names = [
        'accountId apiId awsEndpointRequestId awsEndpointRequestId2 dataProcessed domainName domainPrefix',
        'extendedRequestId httpMethod identity.sourceIp identity.userAgent integration.integrationStatus',
        'integrationStatus integration.requestId integration.status path protocol requestId',
        'requestTimeEpoch responseLength routeKey stage status',
      ].flatMap((line) => line.split(' '));
      const numbers = ['responseLatency', 'integrationLatency', 'integration.latency'];
      const format = JSON.stringify(
        Object.fromEntries([...names, ...numbers].map((name) => [name, `$context.${name}`])),
      );
      let requestId: string | undefined;
      const began = Date.now();
      const api = await logged(
        format,
        ([line]) => {
          const entry = JSON.parse(line!) as Record<string, string>;
          for (const name of numbers) {
            assert.match(entry[name]!, /^\d+$/, name);
            delete entry[name];
          }
          const at = Number(entry.requestTimeEpoch);
          assert.ok(at >= began && at <= Date.now());
          assert.deepEqual(entry, {
            accountId: '000000000000',
            apiId: api.apiId,
            awsEndpointRequestId: 'aws-1',
            awsEndpointRequestId2: 'aws-2',
            dataProcessed: '9',
            domainName: api.host,
            domainPrefix: api.apiId,
            extendedRequestId: requestId,
            httpMethod: 'POST',
            'identity.sourceIp': '127.0.0.1',
            'identity.userAgent': 'tester/1',
            'integration.integrationStatus': '202',
            integrationStatus: '202',
            'integration.requestId': 'aws-1',
            'integration.status': '202',
            path: '/prod/pets/a b',
            protocol: 'HTTP/1.1',
            requestId,
            requestTimeEpoch: String(at),
            responseLength: '4',
            routeKey: 'POST /pets/{id}',
            stage: 'prod',
            status: '299',
          });
        },
        {
          integration: {
            IntegrationUri: `http://127.0.0.1:${backend.port}`,
            ResponseParameters: { 202: { 'overwrite:statuscode': '299' } },
          },
          routes: [{ RouteKey: 'POST /pets/{id}' }],
          stage: { StageName: 'prod' },
        },
      );
      const reply = await api.send('POST /prod/pets/a%20b?x=1', ['User-Agent: tester/1'], 'hello');
      assert.equal(reply.status, 299);
      requestId = valuesOf(reply.headers, 'apigw-requestid')[0];
    });

    test('what is unavailable prints -, and so does what is no variable', async () => {
      const names = [
        'authorizer.claims authorizer.claims.sub authorizer.error authorizer.latency authorizer.status',
        'authorizer.principalId authorizer.key awsEndpointRequestId awsEndpointRequestId2',
        'authorizer.jwt.claims.sub identity.accessKey',
        'customDomain.basePathMatched identity.accountId identity.caller identity.user identity.userArn',
        'identity.principalOrgId identity.cognitoAuthenticationProvider identity.cognitoAuthenticationType',
        'identity.cognitoIdentityId identity.cognitoIdentityPoolId identity.clientCert.clientCertPem',
        'identity.clientCert.subjectDN identity.clientCert.issuerDN identity.clientCert.serialNumber',
        'identity.clientCert.validity.notBefore identity.clientCert.validity.notAfter identity.userAgent',
        'integration.error integrationErrorMessage integration.integrationStatus integrationStatus',
        'integration.latency integrationLatency integration.requestId integration.status routeKey nonsense',
      ].flatMap((line) => line.split(' '));
      const format = `$context.requestId ${names.map((name) => `$context.${name}`).join(' ')}`;
      const api = await logged(format, ([line]) => {
        assert.deepEqual(
          line!.split(' ').slice(1),
          names.map(() => '-'),
        );
      });
      assert.equal((await api.send('GET /nowhere')).status, 404);
    });

    test('values cannot leave their line or their JSON string; other text is the format’s', async () => {
      backend.script(ANSWER);
      const json = await logged(
        '{"id":"$context.requestId","agent":"$context.identity.userAgent","path":"$context.path","text":"a\\tb"}',
        (lines) => {
          assert.equal(lines.length, 1);
          const { id, ...entry } = JSON.parse(lines[0]!);
          assert.match(id, new RegExp(`^${ID}$`));
          assert.deepEqual(entry, { agent: 'a"b\\c\td', path: '/pets/x\n{"id":"\u2028ü', text: 'a\tb' });
        },
      );
      const target = '/pets/x%0a%7B%22id%22%3A%22%E2%80%A8%C3%BC';
      await json.send(`GET ${target}`, ['User-Agent: a"b\\c\td']);
      const plain = await logged(
        '$context.requestId "$context.identity.userAgent" $context.path %s',
        (lines) => {
          assert.equal(lines.length, 1);
          assert.match(
            lines[0]!,
            new RegExp(String.raw`^${ID} "a"b\\c\\u0009d" /pets/x\\u000a\{"id":"\\u2028ü %s$`),
          );
        },
      );
      await plain.send(`GET ${target}`, ['User-Agent: a"b\\c\td']);
    });

    const ERRORS =
      '$context.requestId|$context.status|$context.error.message|$context.error.messageString|$context.error.responseType|$context.integrationErrorMessage|$context.integration.error|$context.responseLength';
    const refusals: [
      type: string,
      expected: string,
      send: (api: LoggedApi) => Promise<unknown>,
      settings: Partial<Parameters<typeof makeApi>[1]>,
    ][] = [
      ['NOT_FOUND', '404|Not Found|"Not Found"|NOT_FOUND|-|-|23', (api) => api.send('GET /nowhere'), {}],
      [
        'ACCESS_DENIED',
        '403|Forbidden|"Forbidden"|ACCESS_DENIED|-|-|23',
        (api) => api.send('GET /pets'),
        { routes: [{ RouteKey: 'GET /pets', AuthorizationType: 'AWS_IAM' }] },
      ],
      [
        'THROTTLED',
        '429|Too Many Requests|"Too Many Requests"|THROTTLED|-|-|31',
        (api) => api.send('GET /pets/1'),
        { stage: { DefaultRouteSettings: { ThrottlingBurstLimit: 0 } } },
      ],
      [
        'REQUEST_TOO_LARGE',
        '413|Request Entity Too Large|"Request Entity Too Large"|REQUEST_TOO_LARGE|-|-|38',
        (api) => sendTooMuch(postern, api),
        { routes: [{ RouteKey: 'POST /pets' }] },
      ],
      [
        'INTEGRATION_FAILURE',
        '503|Service Unavailable|"Service Unavailable"|INTEGRATION_FAILURE|Connection failed|Connection failed|33',
        (api) => api.send('GET /pets/1'),
        { integration: { IntegrationUri: 'http://127.0.0.1:1' } },
      ],
      [
        'INTEGRATION_TIMEOUT',
        '503|Service Unavailable|"Service Unavailable"|INTEGRATION_TIMEOUT|Endpoint request timed out|Endpoint request timed out|33',
        (api) => api.send('GET /pets/1'),
        { integration: { TimeoutInMillis: 50 } },
      ],
      [
        'DEFAULT_5XX',
        '500|Internal Server Error|"Internal Server Error"|DEFAULT_5XX|The backend sent malformed HTTP|The backend sent malformed HTTP|35',
        (api) => api.send('GET /pets/1'),
        {},
      ],
    ];
    test('error.responseType and the texts of every refusal', async () => {
      for (const [type, expected, send, settings] of refusals) {
        backend.script(type === 'INTEGRATION_TIMEOUT' ? 'silent' : 'nonsense\r\n\r\n');
        const uri = `http://127.0.0.1:${backend.port}`;
        const api = await logged(
          ERRORS,
          (lines) => {
            assert.deepEqual(
              lines.map((line) => line.slice(line.indexOf('|') + 1)),
              [expected],
              type,
            );
          },
          { ...settings, integration: { IntegrationUri: uri, ...settings.integration } },
        );
        await send(api);
      }
    });

    test('in JSON, error.messageString is a string in any case', async () => {
      const api = await logged(
        '{"id":"$context.requestId","message":$context.error.messageString}',
        (lines) => {
          assert.deepEqual(
            lines.map((line) => JSON.parse(line).message),
            ['-', 'Not Found'],
          );
        },
      );
      backend.script(ANSWER);
      await api.send('GET /pets/1');
      await api.send('GET /nowhere');
    });

    test('a preflight and HEAD have their lines, without body bytes', async () => {
      backend.script(ANSWER);
      const api = await logged(
        '$context.requestId $context.httpMethod $context.status $context.responseLength $context.routeKey',
        (lines) => {
          assert.deepEqual(
            lines.map((line) => line.split(' ').slice(1).join(' ')),
            ['OPTIONS 204 0 -', 'HEAD 202 0 HEAD /pets'],
          );
        },
        {
          api: { CorsConfiguration: { AllowOrigins: ['*'], AllowMethods: ['GET'] } },
          routes: [{ RouteKey: 'HEAD /pets' }],
        },
      );
      await api.send('OPTIONS /pets', ['Origin: https://a.com', 'Access-Control-Request-Method: GET']);
      await api.send('HEAD /pets');
    });

    test('a reply whose client goes away is logged with what was sent; without a reply there is no status', async () => {
      // Answers nothing to the first request, half of a body to the second, and tells when each connection is closed.
      const answers = ['', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'];
      const events = new EventEmitter();
      const server = createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => {
          socket.write(answers.shift()!);
          socket.once('close', () => events.emit('closed'));
          events.emit('asked');
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const api = await logged(
        '$context.requestId $context.status $context.responseLength',
        (lines) => {
          assert.deepEqual(
            lines.map((line) => line.split(' ').slice(1).join(' ')),
            ['- 0', '200 4'],
          );
        },
        { integration: { IntegrationUri: `http://127.0.0.1:${port}` } },
      );
      for (const until of ['asked', 'data']) {
        const socket = await openRaw(postern.host, postern.port);
        const reached = until === 'asked' ? once(events, 'asked') : once(socket, 'data');
        const closed = once(events, 'closed');
        socket.write(`GET /pets/1 HTTP/1.1\r\nHost: ${api.host}\r\n\r\n`);
        await reached;
        socket.resetAndDestroy();
        await closed;
      }
      server.close();
    });

    test('explain shows the entry that was written', async () => {
      backend.script(ANSWER);
      let shown: string | undefined;
      const api = await logged('$context.requestId $context.path $context.status', (lines) =>
        assert.deepEqual(lines, [shown]),
      );
      const reply = await fetch(`http://${postern.host}:${postern.port}/_postern/explain`, {
        method: 'POST',
        body: JSON.stringify({ method: 'GET', url: `http://${api.host}/pets/1` }),
      });
      shown = ((await reply.json()) as { accessLog: string }).accessLog;
      assert.match(shown, new RegExp(`^${ID} /pets/1 202$`));
    });

    test('settings are live at once: another format, and none', async () => {
      backend.script(ANSWER);
      const api = await logged('one $context.requestId', (lines) => {
        assert.deepEqual(
          lines.map((line) => line.split(' ')[0]),
          ['one', 'two'],
        );
      });
      await api.send('GET /pets/1');
      const stage = { ApiId: api.apiId, StageName: '$default' };
      const AccessLogSettings = { Format: 'two $context.requestId' };
      await postern.client.send(new UpdateStageCommand({ ...stage, AccessLogSettings }));
      await api.send('GET /pets/1');
      await postern.client.send(new DeleteAccessLogSettingsCommand(stage));
      await api.send('GET /pets/1');
    });

    // Last: closing writes what waits.
    test('every line is in its file when the program has ended', async () => {
      await postern.close();
      for (const { group, check } of groups) check(await logLines(data, group));
      assert.deepEqual(postern.errors, []);
    });
  });
}

/** A chunked body of more than 10 MB, until the gateway has answered. */
async function sendTooMuch(postern: RunningPostern, api: LoggedApi): Promise<void> {
  const socket = await openRaw(postern.host, postern.port);
  socket.on('error', () => {});
  const chunk = 'x'.repeat(65_536);
  socket.write(`POST /pets HTTP/1.1\r\nHost: ${api.host}\r\nTransfer-Encoding: chunked\r\n\r\n`);
  for (let i = 0; i < 161; i++) socket.write(`10000\r\n${chunk}\r\n`);
  await once(socket, 'data');
  socket.destroy();
}
