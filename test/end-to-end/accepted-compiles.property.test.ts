// The law between the two halves of the program: what the rules of the management API accept, the compiler compiles, whatever
// the stage's variables are. APIs of both kinds are generated, written through the real rules, deployed and compiled; a part
// that the compiler could not read would show as a problem that says so.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import type { FrozenApi } from '../../src/config/frozen.ts';
import { parseStageSettings } from '../../src/config/stage-settings.ts';
import { createUpstreamPools } from '../../src/net/upstream/pool.ts';
import { handlers } from '../../src/resources/handlers.ts';
import { compileSocketStage } from '../../src/snapshot/compile-socket-stage.ts';
import { compileStage } from '../../src/snapshot/compile-stage.ts';
import type { RouteProblem } from '../../src/snapshot/route-problems.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Key, Store, Transaction } from '../../src/store/store.ts';
import { ServiceError } from '../../src/wire/errors.ts';
import { bareStageMeans } from '../support/stage-means.ts';

type Input = Readonly<Record<string, unknown>>;

const IDENTITY = { account: '000000000000', region: 'us-east-1' };
const RUNS = 150;

const VARIABLES = ['host', 'arn', 'path', 'fn', 'empty', 'gone'];
const variable = fc.constantFrom(...VARIABLES).map((name) => `\${stageVariables.${name}}`);
/** Text with pieces of the little languages in it, sound and broken. */
const pieces = (...own: string[]): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...own) },
        { weight: 2, arbitrary: variable },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            '$',
            '{',
            '}',
            '${',
            '[',
            ']',
            '/',
            '?',
            '*',
            "'",
            '.',
            ':',
            '#',
            '\\',
            '%',
            'ü',
            ' ',
          ),
        },
        { weight: 1, arbitrary: fc.string({ maxLength: 4 }) },
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map((parts) => parts.join(''));

/** Mostly sound text, else text that may be anything. */
const mostly = (sound: readonly string[], broken: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...sound) }, { weight: 1, arbitrary: broken });
const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const mapOf = (keys: fc.Arbitrary<string>, values: fc.Arbitrary<string>) =>
  fc.dictionary(keys, values, { maxKeys: 3 });

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:pets';
const INVOCATION = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;
const ROLE = 'arn:aws:iam::000000000000:role/gateway';

const url = mostly(
  [
    'http://127.0.0.1:9',
    'https://backend.example.com/a/{proxy}?x=1',
    'http://${stageVariables.host}/pets/{petId}',
    'http://a/${stageVariables.path}?q=${stageVariables.empty}',
    'https://${stageVariables.gone}',
  ],
  pieces('http://', 'https://', 'backend.example.com', ':8080', '/pets/{petId}', '{proxy}', '?a=b', '[::1]'),
);
const functionUri = mostly(
  [INVOCATION, '${stageVariables.arn}', INVOCATION.replace('pets', '${stageVariables.fn}')],
  pieces('arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/', FUNCTION, '/invocations', ':prod'),
);
const serviceUri = fc.oneof(
  functionUri,
  oneOf(
    'arn:aws:apigateway:us-east-1:sqs:path/000000000000/pets?a=b',
    'arn:aws:apigateway:us-east-1:dynamodb:action/PutItem',
    'arn:aws:apigateway:us-east-1:${stageVariables.path}',
    'arn:aws:apigateway:us-east-1:bucket.s3:path/{key}',
  ),
  mostly(
    [INVOCATION],
    pieces('arn:aws:apigateway:', 'us-east-1:', 'sqs:', 'path/', 'action/', 'PutItem', '000000000000'),
  ),
);
const credentials = maybe(mostly([ROLE, '${stageVariables.arn}'], pieces(ROLE)));
const bodyPath = mostly(
  ['', '.a', '.a.b[0]', '[0]', "['a']", '.a[*]'],
  fc.oneof(
    oneOf(
      '..a',
      '.a[?(@.b==1)]',
      '.a[-1:]',
      '.a[',
      '.',
      '..',
      '.a[]',
      "['a",
      '.a[?(',
      '[0,1]',
      '.length()',
      '[?(@.a =~ /(/)]',
    ),
    pieces('.a', '[0]', "['b']", '..', '[*]', '[?(@.a)]', '[0:1]'),
  ),
);

const httpSource = fc.oneof(
  mostly(
    [
      '$request.header.a',
      '$request.querystring.b',
      '$request.path',
      '$request.path.petId',
      '$context.requestId',
      '$stageVariables.host',
      'static',
      '${request.header.a}-${context.apiId}',
      '$context.authorizer.claims.sub',
      '$context.identity.sourceIp',
    ],
    pieces('$request.header.a', '$context.stage', '$request.body.a', '$stageVariables.fn'),
  ),
  bodyPath.map((path) => `$request.body${path}`),
);
const httpTarget = mostly(
  [
    'append:header.x',
    'overwrite:header.X-Y_Z',
    'remove:header.a.b',
    'append:querystring.q',
    'overwrite:querystring.a',
    'remove:querystring.b',
    'overwrite:path',
  ],
  pieces('append', 'set', ':header.', ':path', 'authorization', 'x'),
);
const responseTarget = mostly(
  ['append:header.x', 'overwrite:header.y', 'remove:header.z', 'overwrite:statuscode'],
  pieces('overwrite:', 'header.x', 'statuscode'),
);
const responseSource = mostly(
  ['$response.header.a', '$context.requestId', '404', '${response.header.a}', '$response.body.a'],
  pieces('$response.header.a', '$stageVariables.host', '200'),
);
const responses = fc.dictionary(
  mostly(['200', '404', '500'], oneOf('199', 'x')),
  mapOf(responseTarget, responseSource),
  { maxKeys: 2 },
);

const httpIntegration: fc.Arbitrary<Input> = fc.oneof(
  fc.record({
    IntegrationType: fc.constant('HTTP_PROXY'),
    IntegrationMethod: oneOf('GET', 'ANY', 'POST'),
    IntegrationUri: url,
    PayloadFormatVersion: fc.constant('1.0'),
    RequestParameters: mapOf(httpTarget, httpSource),
    ResponseParameters: responses,
  }),
  fc.record({
    IntegrationType: fc.constant('AWS_PROXY'),
    IntegrationUri: functionUri,
    PayloadFormatVersion: oneOf('1.0', '2.0'),
    CredentialsArn: credentials,
    RequestParameters: mapOf(httpTarget, httpSource),
    ResponseParameters: responses,
  }),
  fc.record({
    IntegrationType: fc.constant('AWS_PROXY'),
    IntegrationSubtype: mostly(['SQS-SendMessage'], fc.constant('EventBridge-PutEvents')),
    PayloadFormatVersion: fc.constant('1.0'),
    CredentialsArn: mostly([ROLE, '${stageVariables.arn}'], pieces(ROLE)),
    RequestParameters: fc
      .tuple(
        httpSource,
        httpSource,
        mapOf(mostly(['DelaySeconds', 'Region', 'MessageGroupId'], fc.constant('Nope')), httpSource),
      )
      .map(([QueueUrl, MessageBody, others]) => ({ QueueUrl, MessageBody, ...others })),
    ResponseParameters: responses,
  }),
);

const template = fc.oneof(
  oneOf(
    '{"a": $input.json(\'$.a\')}',
    '#set($a = 1)$a',
    '#if($a)x#end',
    '#if(',
    '#foreach($x in $y)$x#end',
    '$util.parseJson(',
    '#end',
    '"$context.requestId"',
    '#macro(a)',
    '{"statusCode": 200}',
  ),
  pieces(
    '$input.json("$")',
    '#if(true)',
    '#end',
    '#set($x = ',
    '"a"',
    ')',
    '$!{x}',
    '#foreach($i in [1..3])',
  ),
);
const selection = fc.oneof(
  mostly(
    ['$request.body.action', '${request.body.a}-${request.header.b}', '$context.connectionId', '200'],
    oneOf('$default', '\\$default', '$integration.response.statuscode'),
  ),
  bodyPath.map((path) => `$request.body${path}`),
  pieces('$request.body.a', '${request.body.b}', '${context.eventType}', '${integration.response.header.x}'),
);
const routeSelection = mostly(
  ['$request.body.action', '${request.body.a}/${request.body.b[0]}', '$request.body'],
  selection,
);
const socketSource = fc.oneof(
  {
    weight: 3,
    arbitrary: oneOf(
      "'static'",
      'route.request.header.a',
      'route.request.querystring.b',
      'method.request.multivalueheader.c',
      'route.request.path.x',
      'context.connectionId',
      'stageVariables.host',
      'route.request.body',
    ),
  },
  { weight: 3, arbitrary: bodyPath.map((path) => `route.request.body${path}`) },
  { weight: 1, arbitrary: pieces('route.request.body', '.a', "'x'", 'context.', 'stageVariables.host') },
);
const socketTarget = mostly(
  ['header.x', 'header.Content-Length', 'header.host', 'querystring.a.b', 'path.x'].map(
    (name) => `integration.request.${name}`,
  ),
  oneOf('integration.request.body.x', 'integration.request.header.', 'x'),
);
const templates = fc.dictionary(oneOf('$default', 'default', '200', 'a'), template, { maxKeys: 2 });

const socketIntegration: fc.Arbitrary<Input> = fc
  .record({
    IntegrationType: oneOf('MOCK', 'HTTP', 'HTTP_PROXY', 'AWS', 'AWS_PROXY'),
    IntegrationMethod: mostly(['GET', 'ANY', 'POST'], fc.constant('FETCH')),
    http: url,
    aws: serviceUri,
    CredentialsArn: credentials,
    RequestParameters: mapOf(socketTarget, socketSource),
    RequestTemplates: templates,
    TemplateSelectionExpression: maybe(selection),
    PassthroughBehavior: maybe(oneOf('WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES', 'NEVER')),
    ContentHandlingStrategy: maybe(oneOf('CONVERT_TO_BINARY', 'CONVERT_TO_TEXT')),
  })
  .map(({ http, aws, ...rest }) => {
    const IntegrationUri = rest.IntegrationType.startsWith('HTTP') ? http : aws;
    return rest.IntegrationType === 'MOCK' ? rest : { ...rest, IntegrationUri };
  });
const integrationResponse: fc.Arbitrary<Input> = fc.record({
  IntegrationResponseKey: mostly(
    ['$default', '/200/', '/4\\d\\d/', '/.*Error.*/'],
    pieces('/', '4', '\\d', '(', '.*'),
  ),
  ResponseTemplates: templates,
  TemplateSelectionExpression: maybe(selection),
  ContentHandlingStrategy: maybe(oneOf('CONVERT_TO_BINARY', 'CONVERT_TO_TEXT')),
  ResponseParameters: mapOf(
    oneOf('route.response.header.Sec-WebSocket-Protocol', 'method.response.header.x'),
    fc.oneof(
      oneOf("'a'", 'integration.response.header.b'),
      bodyPath.map((path) => `integration.response.body${path}`),
    ),
  ),
});

const model: fc.Arbitrary<Input> = fc.record({
  Name: oneOf('Pet', 'Order'),
  ContentType: maybe(fc.constant('application/json')),
  Schema: mostly(
    [
      '{"$schema":"http://json-schema.org/draft-04/schema#","type":"object","required":["a"]}',
      '{"anyOf":[{"type":"number","multipleOf":0.1},{"enum":[1,null]}]}',
      '{"definitions":{"a":{"properties":{"b":{"$ref":"#/definitions/a"}}}},"$ref":"#/definitions/a"}',
      '{}',
    ],
    fc.oneof(
      oneOf(
        '{"type":"string","pattern":"^a("}',
        '{"definitions":{"a":{"$ref":"#/definitions/a"}},"$ref":"#/definitions/a"}',
        '{"$ref":"#/nowhere"}',
        '{"type":"nothing"}',
        '[',
      ),
      fc.json({ maxDepth: 2 }),
    ),
  ),
});

const identitySource = (sound: readonly string[]) =>
  mostly(sound, pieces('$request.header.', 'a', '$context.', 'route.request.'));
const httpIdentity = identitySource([
  '$request.header.Authorization',
  '$request.querystring.token',
  '$context.identity.sourceIp',
  '$stageVariables.host',
]);
const socketIdentity = identitySource([
  'route.request.header.Auth',
  'route.request.querystring.q',
  'context.connectionId',
  'stageVariables.host',
]);
const jwtAuthorizer: fc.Arbitrary<Input> = fc.record({
  Name: fc.constant('jwt'),
  AuthorizerType: fc.constant('JWT'),
  IdentitySource: fc.array(identitySource(['$request.header.Authorization', '$request.querystring.token']), {
    minLength: 1,
    maxLength: 1,
  }),
  JwtConfiguration: fc.record({
    Issuer: mostly(
      ['https://issuer.example.com', 'https://issuer.example.com/a'],
      oneOf('not a url', 'https://a?b'),
    ),
    Audience: fc.array(oneOf('a', 'b'), { minLength: 1, maxLength: 2 }),
  }),
});
const lambdaAuthorizer = (
  source: fc.Arbitrary<string>,
  more: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<Input> =>
  fc.record({
    Name: fc.constant('fn'),
    AuthorizerType: fc.constant('REQUEST'),
    AuthorizerUri: functionUri,
    AuthorizerCredentialsArn: credentials,
    IdentitySource: fc.array(source, { minLength: 1, maxLength: 2 }),
    ...more,
  });
const httpAuthorizer = fc.oneof(
  jwtAuthorizer,
  lambdaAuthorizer(httpIdentity, {
    AuthorizerPayloadFormatVersion: oneOf('1.0', '2.0'),
    AuthorizerResultTtlInSeconds: maybe(oneOf(0, 300)),
    EnableSimpleResponses: maybe(fc.boolean()),
  }),
);
const socketAuthorizer = lambdaAuthorizer(socketIdentity, {});

const httpRoute: fc.Arbitrary<Input> = fc.record({
  RouteKey: mostly(
    ['GET /', 'ANY /pets/{petId}', 'POST /{proxy+}', '$default', 'GET /pets/{petId}/{x+}', 'PATCH /a/{b}/c'],
    pieces('GET ', '/pets', '/{petId}', '{proxy+}', '$default'),
  ),
  target: fc.nat(3),
  authorizer: maybe(fc.nat(1)),
  AuthorizationType: oneOf('NONE', 'AWS_IAM'),
});
const socketRoute: fc.Arbitrary<Input> = fc.record({
  RouteKey: mostly(['$connect', '$disconnect', '$default', 'a', 'b c', 'd'], pieces('a', '$connect')),
  target: fc.nat(3),
  authorizer: maybe(fc.nat(1)),
  AuthorizationType: oneOf('NONE', 'AWS_IAM'),
  RouteResponseSelectionExpression: maybe(oneOf('$default', '\\$default')),
  ModelSelectionExpression: maybe(selection),
  RequestModels: fc.dictionary(oneOf('$default', 'a'), oneOf('Pet', 'Order'), { maxKeys: 2 }),
  RequestParameters: fc.dictionary(
    oneOf('route.request.querystring.q', 'route.request.header.h', 'route.request.multivalueheader.m'),
    fc.record({ Required: fc.boolean() }),
    { maxKeys: 2 },
  ),
});

const format = mostly(
  [
    '$context.requestId',
    '{"id":"$context.requestId","e":"$context.error.message"}',
    '$context.requestId $context.authorizer.claims.sub $context.nothing.at.all $$ ${x}',
  ],
  pieces('$context.requestId', '$context.status', '$context.integration.error'),
);
const throttled = fc.record(
  {
    ThrottlingBurstLimit: oneOf(0, 5),
    ThrottlingRateLimit: oneOf(0, 0.5, 100),
    DetailedMetricsEnabled: fc.boolean(),
    LoggingLevel: oneOf('OFF', 'ERROR', 'INFO'),
  },
  { requiredKeys: [] },
);
const stage: fc.Arbitrary<Input> = fc.record({
  StageVariables: fc.dictionary(
    fc.constantFrom(...VARIABLES.filter((name) => name !== 'gone')),
    fc.oneof(
      oneOf(
        '127.0.0.1:9',
        FUNCTION,
        ROLE.replace('/gateway', '/g'),
        'sqs:path/1/pets',
        'dynamodb:action/PutItem',
        'pets',
        '???',
        ':::',
        '//',
        'a:99999999',
        '.',
      ),
      fc.stringMatching(/^[A-Za-z0-9\-._:/?&=,]{1,12}$/),
    ),
    { maxKeys: 5 },
  ),
  DefaultRouteSettings: maybe(throttled),
  AccessLogSettings: maybe(
    fc.record({
      DestinationArn: fc.constant('arn:aws:logs:us-east-1:000000000000:log-group:pets'),
      Format: format,
    }),
  ),
});

const api = (protocol: 'HTTP' | 'WEBSOCKET') =>
  fc.record({
    protocol: fc.constant(protocol),
    api: fc.record(
      {
        RouteSelectionExpression:
          protocol === 'HTTP' ? fc.constant('$request.method $request.path') : routeSelection,
        ApiKeySelectionExpression: oneOf(
          '$request.header.x-api-key',
          '$context.authorizer.usageIdentifierKey',
        ),
        DisableExecuteApiEndpoint: fc.boolean(),
        ...(protocol === 'HTTP'
          ? {
              CorsConfiguration: fc.record(
                {
                  AllowOrigins: oneOf(['*'], ['https://a.example', 'http://*']),
                  AllowHeaders: oneOf([], ['*'], ['X-A']),
                  MaxAge: oneOf(-1, 0, 60),
                },
                { requiredKeys: [] },
              ),
            }
          : {}),
      },
      { requiredKeys: protocol === 'HTTP' ? [] : ['RouteSelectionExpression'] },
    ),
    models: fc.array(model, { maxLength: 2 }),
    authorizers: fc.array(protocol === 'HTTP' ? httpAuthorizer : socketAuthorizer, { maxLength: 2 }),
    integrations: fc.array(protocol === 'HTTP' ? httpIntegration : socketIntegration, {
      minLength: 1,
      maxLength: 4,
    }),
    responses: fc.array(integrationResponse, { maxLength: 3 }),
    routes: fc.array(protocol === 'HTTP' ? httpRoute : socketRoute, { minLength: 1, maxLength: 6 }),
    stage,
  });

type GeneratedApi = ReturnType<typeof api> extends fc.Arbitrary<infer T> ? T : never;

/** Undoes what a run has written. */
class Undo extends Error {}

describe('what management accepts, the compiler compiles', () => {
  let directory = '';
  let store: Store;
  const pools = createUpstreamPools();
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'postern-law-'));
    store = await openSqliteStore({ directory });
  });
  after(async () => {
    await pools.close();
    await store.close();
    await rm(directory, { recursive: true });
  });

  /** Writes an API through the rules and compiles its stage. Returns the problems of its routes and what was accepted. */
  async function deploy(
    given: GeneratedApi,
  ): Promise<{ problems: readonly RouteProblem[]; accepted: readonly string[] }> {
    const accepted: string[] = [];
    let problems: readonly RouteProblem[] = [];
    await store
      .transact(async (tx) => {
        problems = await written(tx, given, accepted);
        throw new Undo();
      })
      .catch((error: unknown) => {
        if (!(error instanceof Undo)) throw error;
      });
    return { problems, accepted };
  }

  async function written(
    tx: Transaction,
    given: GeneratedApi,
    accepted: string[],
  ): Promise<readonly RouteProblem[]> {
    const context = { tx, ...IDENTITY, now: new Date(0), endpoint: () => 'http://api.example' };
    const call = async (
      name: keyof typeof handlers,
      input: Input,
    ): Promise<Record<string, unknown> | undefined> => {
      const present = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
      try {
        const output = await (handlers[name] as (input: unknown, context: unknown) => Promise<unknown>)(
          present,
          context,
        );
        accepted.push(`${given.protocol} ${name}`);
        return output as Record<string, unknown>;
      } catch (error) {
        if (error instanceof ServiceError) return undefined;
        throw error;
      }
    };
    const made = await call('CreateApi', { Name: 'law', ProtocolType: given.protocol, ...given.api });
    if (made === undefined) return [];
    const ApiId = String(made.ApiId);
    for (const each of given.models) await call('CreateModel', { ApiId, ...each });
    const authorizers: Input[] = [];
    for (const each of given.authorizers) {
      const authorizer = await call('CreateAuthorizer', { ApiId, ...each });
      if (authorizer === undefined) continue;
      const type = each.AuthorizerType === 'JWT' ? 'JWT' : 'CUSTOM';
      authorizers.push({ AuthorizerId: authorizer.AuthorizerId, AuthorizationType: type });
    }
    const integrations: unknown[] = [];
    for (const each of given.integrations) {
      const integration = await call('CreateIntegration', { ApiId, ...each });
      if (integration === undefined) continue;
      integrations.push(integration.IntegrationId);
      if (given.protocol === 'HTTP') continue;
      for (const response of given.responses) {
        await call('CreateIntegrationResponse', {
          ApiId,
          IntegrationId: integration.IntegrationId,
          ...response,
        });
      }
    }
    for (const { target, authorizer: index, ...each } of given.routes) {
      const IntegrationId = integrations[Number(target) % integrations.length];
      const isConnect = each.RouteKey === '$connect';
      const authorized = given.protocol === 'HTTP' || isConnect;
      const route = await call('CreateRoute', {
        ApiId,
        ...each,
        AuthorizationType: authorized ? each.AuthorizationType : undefined,
        RequestParameters: isConnect ? each.RequestParameters : undefined,
        ...(IntegrationId === undefined ? {} : { Target: `integrations/${IntegrationId}` }),
        ...(authorized ? authorizers[Number(index)] : {}),
      });
      if (route !== undefined && each.RouteResponseSelectionExpression !== undefined) {
        await call('CreateRouteResponse', { ApiId, RouteId: route.RouteId, RouteResponseKey: '$default' });
      }
    }
    const deployment = await call('CreateDeployment', { ApiId });
    if (deployment === undefined) return [];
    const DeploymentId = String(deployment.DeploymentId);
    const created = await call('CreateStage', { ApiId, StageName: 'law', DeploymentId, ...given.stage });
    if (created === undefined) return [];
    const key: Key = [IDENTITY.account, IDENTITY.region, 'apis', ApiId];
    const frozen = (await tx.get([
      ...key,
      'deployments',
      DeploymentId,
      'frozen',
      'content',
    ])) as unknown as FrozenApi;
    const document = (await tx.get([...key, 'stages', 'law']))!;
    const identity = {
      accountId: IDENTITY.account,
      region: IDENTITY.region,
      apiId: ApiId,
      name: 'law',
      deploymentId: DeploymentId,
      variables: new Map(Object.entries((document.StageVariables ?? {}) as Record<string, string>)),
    };
    const settings = parseStageSettings(document);
    const compile = given.protocol === 'HTTP' ? compileStage : compileSocketStage;
    const compiled = compile(frozen, identity, bareStageMeans(pools), { settings });
    compiled.release();
    accepted.push(`${given.protocol} compiled`);
    return compiled.problems;
  }

  for (const protocol of ['HTTP', 'WEBSOCKET'] as const) {
    test(`${protocol} APIs`, async () => {
      const counts = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(api(protocol), async (given) => {
          const { problems, accepted } = await deploy(given);
          for (const what of accepted) counts.set(what, (counts.get(what) ?? 0) + 1);
          assert.deepEqual(
            problems.filter(({ reason }) => reason.startsWith('It cannot be compiled')),
            [],
          );
        }),
        { numRuns: RUNS },
      );
      // Else the law would hold of nothing.
      for (const what of ['CreateApi', 'CreateIntegration', 'CreateRoute', 'CreateAuthorizer', 'compiled']) {
        assert.ok(
          (counts.get(`${protocol} ${what}`) ?? 0) >= RUNS / 10,
          `${what}: ${JSON.stringify([...counts])}`,
        );
      }
    });
  }
});
