import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AuthorizerStory, Trace } from '../http-api/explain/trace.ts';
import { printTrace } from './print-trace.ts';
import { createPaint, printable, wantsColour } from './terminal.ts';

const TRACE: Trace = {
  request: {
    method: 'GET',
    url: 'http://a1.execute-api.localhost:4700/prod/pets/42',
    headers: [
      ['Host', 'a1.execute-api.localhost:4700'],
      ['X-Old', 'v1'],
    ],
  },
  requestId: 'AbCdEfGhIjKlMno=',
  stage: {
    apiId: 'a1',
    accountId: '000000000000',
    region: 'us-east-1',
    name: 'prod',
    deploymentId: 'd1',
    variables: { backend: 'pets.internal' },
    path: '/pets/42',
  },
  route: { key: 'GET /pets/{petId}', routeId: 'r1', variables: { petId: '42' } },
  authorization: { type: 'NONE', result: 'not required' },
  requestMappings: [
    { key: 'remove:header.x-old', before: 'v1' },
    { key: 'append:header.x-request-id', value: '$context.requestId', result: 'AbC', after: 'AbC' },
    {
      key: 'overwrite:path',
      value: '/v2/$request.path.petId',
      result: '/v2/42',
      before: '/pets/42',
      after: '/v2/42',
    },
    { key: 'append:header.x-no', value: '$request.header.nope' },
    { key: 'overwrite:header.x-me', value: '$context.identity.user', cleared: true, before: 'forged' },
  ],
  backendRequest: {
    origin: 'http://127.0.0.1:9000',
    line: 'GET /v2/42 HTTP/1.1',
    headers: [['x-request-id', 'AbC']],
    bodyBytes: 0,
  },
  backendReply: { status: 500, headers: [['Server', 'backend']] },
  responseMappings: [
    { key: 'overwrite:statuscode', value: '403', result: '403', before: '500', after: '403' },
  ],
  reply: { status: 403, headers: [['Content-Type', 'text/plain']], body: 'no\nentry \x1b[2J', bodyBytes: 13 },
  millis: 3.2,
};

// Golden: what a person sees without colour.
const PRINTED = `Request        GET http://a1.execute-api.localhost:4700/prod/pets/42  AbCdEfGhIjKlMno=
               Host: a1.execute-api.localhost:4700
               X-Old: v1

Stage          prod  API a1, account 000000000000, us-east-1, deployment d1
               path = /pets/42
               backend = pets.internal

Route          GET /pets/{petId}  r1
               petId = 42

Authorization  NONE  not required

Mapped         5 changes
               remove:header.x-old                                  v1       → nothing
               append:header.x-request-id  $context.requestId       nothing  → AbC
               overwrite:path              /v2/$request.path.petId  /pets/42 → /v2/42
               append:header.x-no          $request.header.nope     its value does not exist
               overwrite:header.x-me       $context.identity.user   forged   → nothing

Backend        GET /v2/42 HTTP/1.1  to http://127.0.0.1:9000
               x-request-id: AbC

Backend reply  500
               Server: backend

Mapped         1 change
               overwrite:statuscode  403  500 → 403

Reply          403  3.2 ms
               Content-Type: text/plain

               no
               entry \\x1b[2J
`;

describe('the printed trace', () => {
  test('shows every step, before and after in columns', () => {
    assert.equal(
      printTrace(TRACE, createPaint(false)),
      PRINTED.replace(/nothing {2}→ AbC/, 'nothing  → AbC'),
    );
  });

  test('coloured, says the same', () => {
    const coloured = printTrace(TRACE, createPaint(true));
    assert.notEqual(coloured, printTrace(TRACE, createPaint(false)));
    assert.equal(coloured.replace(/\x1b\[\d+m/g, ''), printTrace(TRACE, createPaint(false)));
  });

  test('a refused request has no more steps than it took', () => {
    const refused = printTrace(
      {
        request: TRACE.request,
        requestId: 'x',
        requestMappings: [],
        responseMappings: [],
        refused: 'no route matches',
        reply: { ...TRACE.reply, status: 404 },
        millis: 1,
      },
      createPaint(false),
    );
    assert.deepEqual([...refused.matchAll(/^[A-Z][a-z]+/gm)].map(String), ['Request', 'Gateway', 'Reply']);
  });

  test('shows what of a custom domain led to the stage', () => {
    const domain = { name: '*.example.com', kind: 'rule', id: 'r1', basePath: 'shop/v1' } as const;
    const printed = printTrace({ ...TRACE, domain }, createPaint(false));
    assert.match(printed, /^Domain {9}\*\.example\.com {2}routing rule r1 for \/shop\/v1\n\nStage {10}prod/m);
    const root = { ...domain, kind: 'mapping', basePath: '' } as const;
    assert.match(printTrace({ ...TRACE, domain: root }, createPaint(false)), / {2}API mapping r1\n/);
  });

  const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:who';
  const lambda: AuthorizerStory = {
    kind: 'lambda',
    name: 'who',
    functionArn: ARN,
    payloadFormatVersion: '2.0',
    identitySources: ['$request.header.A', '$context.routeKey'],
    ttlInSeconds: 300,
    simpleResponses: true,
  };
  const jwt: AuthorizerStory = {
    kind: 'jwt',
    name: 'login',
    issuer: 'https://login.example.com',
    audience: ['pets', 'dogs'],
    identitySource: '$request.header.Authorization',
    scopes: ['read', 'write'],
  };
  const authorizers: readonly [what: string, authorizer: AuthorizerStory, lines: readonly string[]][] = [
    [
      'a JWT authorizer',
      jwt,
      [
        'login: a token in $request.header.Authorization, with one of the scopes read write',
        'of https://login.example.com for pets or dogs',
      ],
    ],
    [
      'a JWT authorizer without scopes',
      { ...jwt, audience: ['pets'], scopes: [] },
      ['login: a token in $request.header.Authorization', 'of https://login.example.com for pets'],
    ],
    [
      'a Lambda authorizer',
      lambda,
      [
        `who: asks ${ARN}, format 2.0, simple responses`,
        'by $request.header.A, $context.routeKey; answers are kept for 300 s',
      ],
    ],
    [
      'a Lambda authorizer that looks at everything',
      { ...lambda, simpleResponses: false, identitySources: [], ttlInSeconds: 0 },
      [`who: asks ${ARN}, format 2.0, policies`, 'by no identity source; answers are not kept'],
    ],
    [
      'AWS_IAM',
      { kind: 'iam', action: 'execute-api:Invoke', resource: 'arn:aws:execute-api:\x07' },
      ['execute-api:Invoke on arn:aws:execute-api:\\x07'],
    ],
    [
      'an authorizer that cannot run',
      { kind: 'denying', problem: 'The route has no JWT authorizer' },
      ['lets nobody in: The route has no JWT authorizer'],
    ],
  ];
  for (const [what, authorizer, lines] of authorizers) {
    test(`shows what ${what} asks for`, () => {
      const authorization = { type: 'ANY', result: 'granted', authorizer };
      const printed = printTrace({ ...TRACE, authorization }, createPaint(false));
      const block = /^Authorization .+\n(?: .+\n)*/m.exec(printed)![0].trimEnd().split('\n');
      assert.deepEqual(block, [
        'Authorization  ANY  granted',
        ...lines.map((line) => `               ${line}`),
      ]);
    });
  }

  test('shows the event of a function and its answer, over several lines', () => {
    const { backendRequest: _, ...trace } = TRACE;
    const functionCall = {
      functionArn: 'arn:f',
      format: '2.0',
      event: '{"version":"2.0","body":"\\u001b"}',
      outcome: 'functionError',
      answer: 'no JSON \x07',
    } as const;
    const printed = printTrace({ ...trace, functionCall }, createPaint(false));
    assert.match(printed, /^Function {7}arn:f {2}format 2\.0\n {15}\{\n {17}"version": "2\.0",$/m);
    assert.match(printed, /^Answer {9}functionError\n {15}no JSON /m);
    assert.ok(!printed.includes('\x07'));
  });

  test('shows the call of an AWS service', () => {
    const { backendRequest: _, ...trace } = TRACE;
    const input = { QueueUrl: 'https://q', MessageBody: 'hi \x07' };
    const serviceCall = { operation: 'SQS-SendMessage', region: 'us-east-1', roleArn: 'arn:r', input };
    const printed = printTrace({ ...trace, serviceCall }, createPaint(false));
    assert.match(
      printed,
      /^AWS service {4}SQS-SendMessage {2}in us-east-1 as arn:r\n {15}\{"QueueUrl":"https:\/\/q"/m,
    );
    assert.ok(!printed.includes('\x07'));
  });

  test('shows the access log entry, printable', () => {
    const printed = printTrace({ ...TRACE, accessLog: 'abc 200 \x07' }, createPaint(false));
    assert.match(printed, /^Access log {5}abc 200 [^\x07]+$/m);
  });

  test('a long body is cut and says how long it is', () => {
    const printed = printTrace(
      { ...TRACE, reply: { ...TRACE.reply, body: 'x\n'.repeat(100), bodyBytes: 5000 } },
      createPaint(false),
    );
    assert.equal(printed.match(/^ +x$/gm)?.length, 20);
    assert.match(printed, /… 5000 bytes in all\n$/);
  });
});

describe('what the terminal is given', () => {
  const colours: [boolean, Record<string, string>, boolean][] = [
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ];
  for (const [terminal, environment, expected] of colours) {
    test(`colour on ${terminal ? 'a terminal' : 'a pipe'} with ${JSON.stringify(environment)}`, () => {
      assert.equal(wantsColour(terminal, environment), expected);
    });
  }

  test('control characters of others become visible', () => {
    assert.equal(
      printable('a\x1b]0;title\x07b\r\x9b\u202e ü😀\tx'),
      'a\\x1b]0;title\\x07b\\x0d\\x9b\\x202e ü😀\tx',
    );
  });
});
