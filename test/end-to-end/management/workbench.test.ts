// POST /_postern/workbench: a draft of an integration on one request (docs/reference/console-api.md).
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import {
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateRouteCommand,
  CreateStageCommand,
  GetIntegrationCommand,
} from '@aws-sdk/client-apigatewayv2';
import { parsePolicy } from '../../../src/identity/policy.ts';
import type { WorkbenchAnswer } from '../../../src/management/postern/workbench-route.ts';
import { ACCOUNT, type RunningPostern, startTestPostern } from '../../support/postern.ts';
import { sign } from '../../support/signing.ts';

const HTTP = {
  IntegrationType: 'HTTP_PROXY',
  IntegrationMethod: 'GET',
  IntegrationUri: 'http://${stageVariables.backend}/pets/{petId}',
  PayloadFormatVersion: '1.0',
  RequestParameters: { 'append:header.x-stage': '$context.stage', 'remove:header.x-old': "''" },
  ResponseParameters: { 500: { 'overwrite:statuscode': '403' } },
} as const;

describe('the workbench', () => {
  let postern: RunningPostern;
  let apiId = '';
  let integrationId = '';
  let asked = 0;
  const backend = createServer((request, response) => {
    asked++;
    response.writeHead(500, { 'x-path': request.url! }).end('broken');
  });
  before(async () => {
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
    postern = await startTestPostern();
    const { client } = postern;
    const api = await client.send(new CreateApiCommand({ Name: 'pets', ProtocolType: 'HTTP' }));
    apiId = api.ApiId!;
    const route = async (
      RouteKey: string,
      integration: Omit<CreateIntegrationCommandInput, 'ApiId'>,
      members = {},
    ) => {
      const { IntegrationId } = await client.send(
        new CreateIntegrationCommand({ ApiId: apiId, ...integration }),
      );
      await client.send(
        new CreateRouteCommand({
          ApiId: apiId,
          RouteKey,
          Target: `integrations/${IntegrationId}`,
          ...members,
        }),
      );
      return IntegrationId!;
    };
    integrationId = await route('GET /pets/{petId}', HTTP);
    const { AuthorizerId } = await client.send(
      new CreateAuthorizerCommand({
        ApiId: apiId,
        AuthorizerType: 'JWT',
        Name: 'jwt',
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Issuer: 'https://issuer.example.com', Audience: ['pets'] },
      }),
    );
    await route('GET /mine', HTTP, { AuthorizationType: 'JWT', AuthorizerId });
    await route('POST /hello', {
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: 'arn:aws:lambda:us-east-1:000000000000:function:hello',
      PayloadFormatVersion: '2.0',
    });
    await route('POST /queue', {
      IntegrationType: 'AWS_PROXY',
      IntegrationSubtype: 'SQS-SendMessage',
      PayloadFormatVersion: '1.0',
      CredentialsArn: 'arn:aws:iam::000000000000:role/sqs',
      RequestParameters: {
        QueueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/orders',
        MessageBody: '$request.body.order',
      },
    });
    await route('GET /private', {
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'GET',
      IntegrationUri: 'http://127.0.0.1:1/',
      PayloadFormatVersion: '1.0',
    });
    const port = (backend.address() as AddressInfo).port;
    await client.send(
      new CreateStageCommand({
        ApiId: apiId,
        StageName: 'prod',
        AutoDeploy: true,
        StageVariables: { backend: `127.0.0.1:${port}` },
      }),
    );
  });
  after(async () => {
    await postern.close();
    backend.close();
  });

  async function send(body: object): Promise<Response> {
    return fetch(`${postern.management}/_postern/workbench`, { method: 'POST', body: JSON.stringify(body) });
  }

  async function run(body: object): Promise<WorkbenchAnswer> {
    const response = await send({ apiId, ...body });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return JSON.parse(text) as WorkbenchAnswer;
  }

  const PETS = {
    routeKey: 'GET /pets/{petId}',
    request: { method: 'GET', url: '/pets/7?limit=2', headers: [['X-Old', '1']] },
  };

  test('runs the stored integration without a draft, on a backend that tells what it got', async () => {
    const { errors, trace } = await run(PETS);
    assert.deepEqual(errors, []);
    assert.equal(trace?.route?.key, 'GET /pets/{petId}');
    assert.equal(trace?.stage?.name, 'prod');
    assert.equal(trace?.backendRequest?.line, 'GET /pets/7?limit=2 HTTP/1.1');
    assert.equal(trace?.reply.status, 200);
    const echo = JSON.parse(trace!.reply.body);
    assert.deepEqual(
      [echo.method, echo.path, echo.query, echo.headers['x-stage'], echo.headers['x-old'], echo.body],
      ['GET', '/pets/7', { limit: '2' }, 'prod', undefined, ''],
    );
    assert.equal(asked, 0);
  });

  test('lays the draft over it: its maps are whole, and each mapping is a step with its value before and after', async () => {
    const { errors, trace } = await run({
      ...PETS,
      integration: {
        RequestParameters: { 'overwrite:path': '/animals/$request.path.petId', 'append:header.x-a': 'b' },
        ResponseParameters: {
          201: { 'append:header.x-id': '$response.body.id', 'overwrite:statuscode': '202' },
        },
      },
      backend: { reply: { status: 201, headers: [['X-From', 'here']], body: '{"id":"p7"}' } },
    });
    assert.deepEqual(errors, []);
    assert.deepEqual(trace?.requestMappings, [
      {
        key: 'overwrite:path',
        value: '/animals/${request.path.petId}',
        result: '/animals/7',
        before: '/pets/7',
        after: '/animals/7',
      },
      { key: 'append:header.x-a', value: 'b', result: 'b', after: 'b' },
    ]);
    assert.equal(trace?.backendRequest?.line, 'GET /animals/7?limit=2 HTTP/1.1');
    assert.deepEqual(
      trace?.responseMappings.map(({ key, before, after }) => [key, before, after]),
      [
        ['overwrite:statuscode', '201', '202'],
        ['append:header.x-id', undefined, 'p7'],
      ],
    );
    assert.deepEqual([trace?.reply.status, trace?.reply.body], [202, '{"id":"p7"}']);
    const stored = await postern.client.send(
      new GetIntegrationCommand({ ApiId: apiId, IntegrationId: integrationId }),
    );
    assert.deepEqual(stored.RequestParameters, HTTP.RequestParameters, 'nothing is stored');
  });

  test('tells several errors at once, each with its field, and runs what is right of the draft', async () => {
    const { errors, trace } = await run({
      ...PETS,
      integration: {
        IntegrationUri: 'ftp://backend',
        TimeoutInMillis: 5,
        RequestParameters: {
          'append:header.x-good': 'yes',
          'append:header.x-bad': '$request.heade.a',
          'move:header.x': 'a',
        },
        ResponseParameters: {
          500: { 'append:header.x-s': '$context.status' },
          700: { 'append:header.a': 'b' },
        },
      },
    });
    assert.deepEqual(new Map(errors.map(({ field, message }) => [field, message])), new Map(ERRORS));
    assert.equal(errors.length, ERRORS.length);
    assert.deepEqual(
      trace?.requestMappings.map(({ key }) => key),
      ['append:header.x-good'],
    );
    assert.match(trace?.backendRequest?.line ?? '', /^GET \/pets\/7/, 'by the stored URI');
  });

  test('an error that two mappings make together is of one of them', async () => {
    const { errors, trace } = await run({
      ...PETS,
      integration: { RequestParameters: { 'append:header.a': '1', 'append:header.A': '2' } },
    });
    assert.equal(errors.length, 1);
    assert.match(errors[0]!.field, /^RequestParameters\["append:header\.[aA]"\]$/);
    assert.match(errors[0]!.message, /^.*Several keys for one destination specified/);
    assert.equal(trace?.requestMappings.length, 1);
  });

  const refused: [name: string, body: object, errors: object[]][] = [
    [
      'a member of another kind',
      { integration: { TimeoutInMillis: 'soon' } },
      [{ field: 'TimeoutInMillis', message: 'Unable to parse request body' }],
    ],
    [
      'a value outside an enumeration',
      { integration: { ConnectionType: 'PIGEON' } },
      [{ field: 'ConnectionType', message: 'Invalid connectionType specified' }],
    ],
    [
      'a route key that is none',
      { routeKey: 'FETCH /pets' },
      [
        {
          field: 'RouteKey',
          message:
            'The provided route key is not formatted properly for HTTP protocol. Format should be "[HTTP METHOD] /[RESOURCE PATH]" or "$default"',
        },
      ],
    ],
  ];
  for (const [name, body, expected] of refused) {
    test(`${name} is an error of its field`, async () => {
      assert.deepEqual((await run({ ...PETS, ...body })).errors, expected);
    });
  }

  test('a draft without a stored integration is whole', async () => {
    const lacking = await run({ request: PETS.request, integration: { IntegrationType: 'HTTP_PROXY' } });
    assert.equal(lacking.trace, undefined);
    assert.deepEqual(lacking.errors, [
      { field: '', message: 'PayloadFormatVersion is a required parameter for integration' },
    ]);
    const { errors, trace } = await run({ request: PETS.request, integration: HTTP });
    assert.deepEqual(errors, []);
    assert.equal(trace?.route?.key, '$default');
  });

  test('stage variables may be others', async () => {
    const { trace } = await run({ ...PETS, variables: { backend: 'elsewhere.example:81' } });
    assert.equal(trace?.backendRequest?.origin, 'http://elsewhere.example:81');
    const { trace: without } = await run({ ...PETS, variables: {} });
    assert.equal(without?.refused, 'The stage variable backend in the integration URI is not defined');
  });

  test('nobody is asked who calls; what an authorizer would find can be given', async () => {
    const draft = {
      routeKey: 'GET /mine',
      request: { method: 'GET', url: '/mine' },
      integration: {
        IntegrationUri: 'http://127.0.0.1:1/',
        RequestParameters: { 'overwrite:header.x-sub': '$context.authorizer.claims.sub' },
      },
    };
    const { trace: plain } = await run(draft);
    assert.deepEqual(plain?.authorization, { type: 'JWT', result: 'not asked' });
    assert.equal(plain?.requestMappings[0]?.result, undefined);
    const { trace } = await run({ ...draft, authorizer: { claims: { sub: 'u1' } } });
    assert.equal(trace?.requestMappings[0]?.result, 'u1');
    const { trace: called } = await run({ ...draft, backend: 'call' });
    assert.match(called?.authorization?.result ?? '', /^refused: /);
  });

  test('a function gets its event, and returns what is given', async () => {
    const draft = {
      routeKey: 'POST /hello',
      request: { method: 'POST', url: '/hello', body: 'hi' },
      integration: { RequestParameters: { 'append:header.x-a': '$context.routeKey' } },
    };
    const { trace } = await run(draft);
    const event = JSON.parse(trace!.functionCall!.event);
    assert.deepEqual(
      [event.routeKey, event.body, event.headers['x-a']],
      ['POST /hello', 'aGk=', 'POST /hello'],
    );
    assert.equal(
      JSON.parse(trace!.reply.body).routeKey,
      'POST /hello',
      'without an answer the event is echoed',
    );
    const replied = await run({
      ...draft,
      backend: { reply: { status: 201, headers: [['X-A', 'b']], body: 'made' } },
    });
    assert.deepEqual([replied.trace?.reply.status, replied.trace?.reply.body], [201, 'made']);
    const answered = await run({ ...draft, backend: { answer: '{"statusCode":"many"}' } });
    assert.equal(answered.trace?.reply.status, 500);
    assert.equal(answered.trace?.functionCall?.answer, '{"statusCode":"many"}');
  });

  test('a service gets its input', async () => {
    const draft = {
      routeKey: 'POST /queue',
      request: { method: 'POST', url: '/queue', body: '{"order":"o1"}' },
    };
    const { trace } = await run({ ...draft, backend: { reply: { body: '{"MessageId":"m1"}' } } });
    assert.deepEqual(trace?.serviceCall?.input, {
      QueueUrl: 'https://sqs.us-east-1.amazonaws.com/000000000000/orders',
      MessageBody: 'o1',
    });
    assert.deepEqual([trace?.reply.status, trace?.reply.body], [200, '{"MessageId":"m1"}']);
    const { errors } = await run({
      ...draft,
      integration: { RequestParameters: { QueueUrl: 'x', MessageBody: 'y', Colour: 'red' } },
    });
    assert.deepEqual(
      errors.map(({ field }) => field),
      ['RequestParameters["Colour"]'],
    );
  });

  test('the backend is called when that is asked for, and counted nowhere', async () => {
    const before = asked;
    const { trace } = await run({ ...PETS, backend: 'call' });
    assert.equal(asked, before + 1);
    assert.deepEqual(
      [trace?.backendReply?.status, trace?.reply.status, trace?.reply.body],
      [500, 403, 'broken'],
    );
    const metrics = await (await fetch(`${postern.management}/_postern/metrics`)).text();
    assert.doesNotMatch(metrics, /apigateway_count_total\{[^}]*\} [1-9]/);
  });

  test('URLs are those that clients use', async () => {
    for (const url of [
      `${postern.management}/_aws/execute-api/${apiId}/prod/pets/7`,
      `http://${apiId}.execute-api.localhost:${postern.port}/prod/pets/7`,
    ]) {
      const { trace } = await run({ ...PETS, request: { method: 'GET', url } });
      assert.equal(trace?.stage?.path, '/pets/7');
    }
    const { trace } = await run({ ...PETS, request: { method: 'GET', url: '/dogs' } });
    assert.equal(trace?.refused, 'no route matches the path /dogs of the stage prod');
  });

  const bad: [name: string, body: object, status: number, message: RegExp][] = [
    ['no such API', { apiId: 'none', request: PETS.request }, 404, /^Invalid API identifier specified/],
    ['no such stage', { ...PETS, stage: 'none' }, 404, /^Invalid stage identifier/],
    ['no request', {}, 400, /^request is not a JSON object$/],
    [
      'a URL of another kind',
      { request: { method: 'GET', url: 'pets' } },
      400,
      /^url is neither an absolute/,
    ],
    ['a member that is none', { ...PETS, intergration: {} }, 400, /^intergration is no member/],
    ['a draft that is no object', { ...PETS, integration: [] }, 400, /^integration is not a JSON object$/],
    [
      'a status that is none',
      { ...PETS, backend: { reply: { status: 99 } } },
      400,
      /^backend\.reply\.status is no/,
    ],
    [
      'a header that is none',
      { ...PETS, backend: { reply: { headers: [['a b', 'c']] } } },
      400,
      /not a token$/,
    ],
    [
      'too much',
      { ...PETS, request: { ...PETS.request, body: 'x'.repeat(1_100_000) } },
      413,
      /larger than 1048576/,
    ],
  ];
  test('is refused with a sentence: what is nested deeply, or has more headers than anybody sends', async () => {
    const nested = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    const headers = JSON.stringify(new Array(20_000).fill(['a', 'b']));
    const deep = 'The body is nested more than 64 deep';
    const many = 'headers has more than 1000 lines';
    for (const [path, body, message] of [
      ['workbench', `{"apiId":"${apiId}","integration":${nested}}`, deep],
      ['explain', `{"method":"GET","url":"http://a/","headers":${nested}}`, deep],
      ['workbench', `{"apiId":"${apiId}","request":{"method":"GET","url":"/","headers":${headers}}}`, many],
      ['explain', `{"method":"GET","url":"http://a/","headers":${headers}}`, many],
    ] as const) {
      const response = await fetch(`${postern.management}/_postern/${path}`, { method: 'POST', body });
      assert.deepEqual([response.status, await response.json()], [400, { message }]);
    }
  });

  for (const [name, body, status, message] of bad) {
    test(`is refused with a sentence: ${name}`, async () => {
      const response = await send({ apiId, ...body });
      assert.equal(response.status, status);
      assert.match(((await response.json()) as { message: string }).message, message);
    });
  }

  test('tells the words of mappings and templates', async () => {
    const words = async (query: string) => {
      const response = await fetch(`${postern.management}/_postern/workbench/words${query}`);
      return { status: response.status, body: JSON.stringify(await response.json()) };
    };
    const http = await words('?protocol=HTTP');
    assert.equal(http.status, 200);
    assert.match(http.body, /"\$context\.requestId","detail":"id of the request"/);
    assert.match((await words('?protocol=WEBSOCKET')).body, /"integration\.request\.header\."/);
    assert.deepEqual(await words('?protocol=REST'), {
      status: 400,
      body: '{"message":"protocol is \\"REST\\": it is HTTP or WEBSOCKET"}',
    });
  });

  test('names of objects are no names here', async () => {
    const body = `{"apiId":"${apiId}","request":{"method":"GET","url":"/"},"integration":{"RequestParameters":{"__proto__":"a","constructor":"b"}},"routeKey":"GET /pets/{petId}"}`;
    const response = await fetch(`${postern.management}/_postern/workbench`, { method: 'POST', body });
    const { errors } = (await response.json()) as WorkbenchAnswer;
    assert.deepEqual(errors.map(({ field }) => field).sort(), [
      'RequestParameters["__proto__"]',
      'RequestParameters["constructor"]',
    ]);
  });
});

test('with credentials, a given reply is for who may look, a real call for who may explain, that of a draft for who may store it', async (t) => {
  const policy = (action: string, resource = '*') => ({
    policies: [parsePolicy({ Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] })],
  });
  const signers = {
    reader: {
      accessKeyId: 'AKIDREADER',
      secretAccessKey: 'r',
      accountId: ACCOUNT,
      ...policy('apigateway:GET'),
    },
    writer: {
      accessKeyId: 'AKIDWRITER',
      secretAccessKey: 'w',
      accountId: ACCOUNT,
      ...policy('apigateway:P*'),
    },
    explainer: {
      accessKeyId: 'AKIDEXPLAINER',
      secretAccessKey: 'e',
      accountId: ACCOUNT,
      ...policy('apigateway:*', 'arn:aws:apigateway:*::/_postern/*'),
    },
    other: { accessKeyId: 'AKIDOTHER', secretAccessKey: 'o', accountId: '111111111111' },
  };
  const draft = { ...HTTP, IntegrationUri: 'http://127.0.0.1:1/' };
  const postern = await startTestPostern({ credentials: Object.values(signers) });
  t.after(() => postern.close());
  const { ApiId } = await postern.client.send(new CreateApiCommand({ Name: 'pets', ProtocolType: 'HTTP' }));
  const ask = async (
    signer: keyof typeof signers,
    backend: unknown,
    more: object = { integration: draft },
  ): Promise<number> => {
    const body = JSON.stringify({
      apiId: ApiId,
      ...more,
      request: { method: 'GET', url: '/' },
      backend,
    });
    const host = new URL(postern.management).host;
    const path = '/_postern/workbench';
    const { lines } = await sign(
      { method: 'POST', host, path, body },
      { ...signers[signer], service: 'apigateway' },
    );
    const headers = lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]);
    return (await fetch(`${postern.management}${path}`, { method: 'POST', headers, body })).status;
  };
  assert.deepEqual(
    [
      await ask('reader', {}),
      await ask('reader', 'call'),
      await ask('writer', {}),
      await ask('writer', 'call'),
      await ask('other', {}),
      await ask('explainer', {}),
      await ask('explainer', 'call'),
      await ask('explainer', 'call', { variables: { host: 'a' } }),
      await ask('explainer', 'call', {}),
    ],
    [200, 403, 403, 200, 404, 200, 403, 403, 200],
  );
});

const INVALID = 'Invalid mapping expression specified: Validation Result: warnings : [], errors :';

const ERRORS: readonly (readonly [field: string, message: string])[] = [
  ['IntegrationUri', 'Invalid HTTP endpoint specified for URI'],
  ['TimeoutInMillis', 'Timeout should be between 50 ms and 30000 ms'],
  [
    'RequestParameters["append:header.x-bad"]',
    `${INVALID} [Invalid mapping expression specified: $request.heade.a]`,
  ],
  [
    'RequestParameters["move:header.x"]',
    `${INVALID} [Invalid Request Actioned Parameter destination specified: move:header.x]`,
  ],
  ['ResponseParameters["700"]', `${INVALID} [Status Code 700 is not valid.]`],
];
