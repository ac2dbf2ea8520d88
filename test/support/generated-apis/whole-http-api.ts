// Generated HTTP APIs as the rules leave them: whole, sound, and of everything that a definition can tell. Two parts that AWS's
// dialect cannot tell are not among them: a second default route (spec/openapi.md Choice O34), and operation names of two routes.
import fc from 'fast-check';
import { parseHttpRouteKey, routeKeyShape } from '../../../src/grammar/route-key.ts';
import type {
  ExportedApi,
  ExportedAuthorizer,
  ExportedIntegration,
  ExportedRoute,
} from '../../../src/openapi/export/exported-api.ts';
import { FUNCTION, INVOCATION, maybe, oneOf, ROLE } from './texts.ts';

/** Stands for a VPC link that is there. */
export const VPC_LINK = 'link12';

/** The shortest of the bounds of names. */
const MAX_NAME_LENGTH = 64;

/** Any text a client may send as a name, with what a printer or a reader could take for something else. */
const text = fc
  .oneof(
    { weight: 4, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }) },
    {
      weight: 3,
      arbitrary: oneOf(
        ...['true', 'null', '~', '1.0', '2', '1e3', '- a', 'a: b', 'a #b', ' a ', 'x-amazon-apigateway-auth'],
        ...[
          '__proto__',
          'NONE',
          'AWS_IAM',
          '"',
          "'",
          '\\',
          '\n',
          '\u2028',
          '日本',
          'Zügè',
          '🦜',
          '$ref',
          '${a}',
          '#/a',
        ],
      ),
    },
  )
  .filter((each) => each.length <= MAX_NAME_LENGTH);

const tagText = fc.oneof(
  fc.stringMatching(/^[a-zA-Zé日 0-9_.:/=+@-]{1,8}$/),
  oneOf('__proto__', 'true', '1.0', 'httpapi:createdBy', 'x-a', '\u00a0'),
);

const api: fc.Arbitrary<ExportedApi['api']> = fc.record({
  Name: text,
  Description: maybe(text),
  Version: maybe(text),
  Tags: fc.dictionary(
    tagText.filter((key) => !/^aws:/i.test(key)),
    fc.oneof(tagText, oneOf('')),
    { maxKeys: 3 },
  ),
  DisableExecuteApiEndpoint: fc.boolean(),
  IpAddressType: oneOf('ipv4', 'dualstack'),
  CorsConfiguration: maybe(
    fc
      .record(
        {
          AllowOrigins: oneOf(['*'], ['https://a.example', 'http://*:8080']),
          AllowMethods: oneOf(['GET', 'POST', 'OPTIONS'], ['*']),
          AllowHeaders: oneOf(['*'], ['x-b', 'x-a']),
          ExposeHeaders: oneOf(['date'], ['*']),
          MaxAge: oneOf(-1, 0, 300, 86_400),
          AllowCredentials: fc.boolean(),
        },
        { requiredKeys: ['AllowCredentials'] },
      )
      .map((cors) =>
        cors.AllowOrigins?.[0] === '*' && cors.AllowCredentials ? { ...cors, AllowCredentials: false } : cors,
      ),
  ),
});

/** `undefined` members are none. */
const defined = <T extends object>(arbitrary: fc.Arbitrary<T>) =>
  arbitrary.map(
    (value) => Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as unknown,
  );

const functionUri = oneOf(INVOCATION, FUNCTION, INVOCATION.replace('pets', '${stageVariables.fn}'));
const identitySource = oneOf(
  ...['$request.header.Authorization', '$request.header.x-b', '$request.querystring.token'],
  ...['$request.querystring.a,b', '$context.identity.sourceIp', '$stageVariables.host'],
);

const jwtAuthorizer = fc.record({
  AuthorizerId: fc.constant(''),
  Name: text,
  AuthorizerType: fc.constant('JWT'),
  IdentitySource: oneOf(['$request.header.Authorization'], ['$request.querystring.a,b']),
  JwtConfiguration: fc.record({
    Issuer: oneOf('https://issuer.example.com', 'https://issuer.example.com/a?b={c}#d'),
    Audience: fc.array(text, { minLength: 1, maxLength: 3 }),
  }),
});

const lambdaAuthorizer = fc
  .record({
    AuthorizerId: fc.constant(''),
    Name: text,
    AuthorizerType: fc.constant('REQUEST'),
    AuthorizerUri: oneOf(INVOCATION, INVOCATION.replace('pets', '${stageVariables.fn}')),
    AuthorizerCredentialsArn: maybe(oneOf(ROLE)),
    IdentitySource: maybe(fc.uniqueArray(identitySource, { minLength: 1, maxLength: 3 })),
    AuthorizerPayloadFormatVersion: oneOf('1.0', '2.0'),
    AuthorizerResultTtlInSeconds: maybe(oneOf(0, 1, 3_600)),
    EnableSimpleResponses: fc.boolean(),
  })
  .map((each) => ({
    ...each,
    EnableSimpleResponses: each.EnableSimpleResponses && each.AuthorizerPayloadFormatVersion === '2.0',
    AuthorizerResultTtlInSeconds:
      each.IdentitySource === undefined ? undefined : each.AuthorizerResultTtlInSeconds,
  }));

const authorizers = fc
  .uniqueArray(
    fc.oneof(defined(jwtAuthorizer), defined(lambdaAuthorizer)) as fc.Arbitrary<ExportedAuthorizer>,
    {
      maxLength: 3,
      selector: ({ Name }) => Name,
    },
  )
  .map((all) => all.map((each, i) => ({ ...each, AuthorizerId: `auth${i}` })));

const value = oneOf(
  ...[
    '$request.header.a',
    '$request.querystring.b',
    '$request.path',
    '$context.requestId',
    '$stageVariables.host',
  ],
  ...['static', 'true', '1.0', '${request.header.a}-${context.apiId}', 'ü: "x" #\\', ' a'],
);
const requestMappings = maybe(
  fc.dictionary(
    oneOf(
      'append:header.x-a',
      'overwrite:header.X-B',
      'append:querystring.q',
      'overwrite:path',
      'overwrite:querystring.a',
    ),
    value,
    { minKeys: 1, maxKeys: 3 },
  ),
);
const responseMappings = maybe(
  fc.dictionary(
    oneOf('200', '404', '503'),
    fc.oneof(
      fc.dictionary(
        oneOf('append:header.x-a', 'overwrite:header.y'),
        oneOf('$response.header.a', 'true', 'é'),
        {
          minKeys: 1,
        },
      ),
      oneOf({ 'overwrite:statuscode': '502', 'remove:header.server': '' }),
    ),
    { minKeys: 1, maxKeys: 2 },
  ),
);
const common = {
  IntegrationId: fc.constant(''),
  Description: maybe(text),
  ResponseParameters: responseMappings,
  TimeoutInMillis: oneOf(30_000, 30_000, 50, 12_000),
};
const httpIntegration = {
  ...common,
  IntegrationType: fc.constant('HTTP_PROXY'),
  IntegrationMethod: oneOf('GET', 'ANY', 'PATCH'),
  PayloadFormatVersion: fc.constant('1.0'),
  RequestParameters: requestMappings,
};
const integration = fc.oneof(
  fc.record({
    ...httpIntegration,
    IntegrationUri: oneOf(
      ...[
        'http://127.0.0.1:9',
        'https://be.example.com/a/{proxy}?x=1',
        'http://${stageVariables.host}/pets/{petId}',
      ],
    ),
    ConnectionType: fc.constant('INTERNET'),
  }),
  fc.record({
    ...httpIntegration,
    IntegrationUri: oneOf(
      'arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/inner/50dc6c495c0c9188/0467ef3c8400ae65',
      'arn:aws:servicediscovery:us-east-1:000000000000:service/srv-1',
    ),
    ConnectionType: fc.constant('VPC_LINK'),
    ConnectionId: fc.constant(VPC_LINK),
    TlsConfig: maybe(oneOf({ ServerNameToVerify: 'inner.example.com' })),
  }),
  fc.record({
    ...common,
    IntegrationType: fc.constant('AWS_PROXY'),
    IntegrationMethod: oneOf('POST', 'POST', 'GET'),
    IntegrationUri: functionUri,
    ConnectionType: fc.constant('INTERNET'),
    PayloadFormatVersion: oneOf('1.0', '2.0'),
    CredentialsArn: maybe(oneOf(ROLE, 'arn:aws:iam::*:user/*', '${stageVariables.arn}')),
    RequestParameters: requestMappings,
  }),
  fc.record({
    ...common,
    IntegrationType: fc.constant('AWS_PROXY'),
    IntegrationSubtype: fc.constant('SQS-SendMessage'),
    ConnectionType: fc.constant('INTERNET'),
    PayloadFormatVersion: fc.constant('1.0'),
    CredentialsArn: oneOf(ROLE),
    RequestParameters: fc
      .record({
        QueueUrl: oneOf('https://sqs.example/q', '$stageVariables.q'),
        DelaySeconds: maybe(oneOf('1')),
      })
      .map(({ QueueUrl, DelaySeconds }) => ({
        ...(DelaySeconds === undefined ? {} : { DelaySeconds }),
        QueueUrl,
        MessageBody: '$request.body',
      })),
  }),
);
const integrations = fc
  .array(defined(integration as fc.Arbitrary<object>) as fc.Arbitrary<ExportedIntegration>, { maxLength: 2 })
  .map((all) => all.map((each, i) => ({ ...each, IntegrationId: `int${i}` })));

const segment = fc.oneof(
  {
    weight: 3,
    arbitrary: oneOf('a', 'pets', 'x-a', 'a:', '200', '%20', '$default', "it's", '@me', '*', '~', 'true'),
  },
  { weight: 1, arbitrary: fc.stringMatching(/^[A-Za-z0-9._~:,@!$&'()*+=;%-]{1,4}$/) },
  { weight: 2, arbitrary: oneOf('{id}', '{petId}', '{a.b:c-d}') },
);
const path = fc
  .tuple(fc.uniqueArray(segment, { maxLength: 3 }), fc.boolean())
  .map(([segments, isGreedy]) => `/${[...segments, ...(isGreedy ? ['{proxy+}'] : [])].join('/')}`);
const routeKey = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(oneOf('ANY', 'GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'), path)
      .map(([method, each]) => `${method} ${each}`),
  },
  { weight: 1, arbitrary: oneOf('$default', 'GET /$default', 'ANY /$default') },
);
/** A route before what it names is known: `nat`s choose among what is there. */
const route = fc.record({
  RouteKey: routeKey,
  OperationName: maybe(text),
  target: maybe(fc.nat()),
  access: fc.oneof(oneOf('NONE', 'AWS_IAM'), fc.nat()),
  scopes: fc.uniqueArray(text, { maxLength: 3 }),
});
type Chosen = typeof route extends fc.Arbitrary<infer T> ? T : never;

const routes = fc
  .uniqueArray(route, {
    minLength: 1,
    maxLength: 4,
    selector: ({ RouteKey }) =>
      routeKeyShape(parseHttpRouteKey(RouteKey)).replace('ANY /$default', '$default'),
  })
  .map(withOwnNames);

function withOwnNames(all: readonly Chosen[]): readonly Chosen[] {
  const names = new Set<string>();
  return all.map((each) => {
    const isTaken = each.OperationName === undefined || names.has(each.OperationName);
    if (isTaken) return { ...each, OperationName: undefined };
    names.add(each.OperationName!);
    return each;
  });
}

function routeOf(chosen: Chosen, whole: Omit<ExportedApi, 'routes'>): ExportedRoute {
  const { RouteKey, OperationName, target, access, scopes } = chosen;
  const pick = <T>(all: readonly T[], at: number | undefined): T | undefined =>
    at === undefined || all.length === 0 ? undefined : all[at % all.length];
  const integrationId = pick(whole.integrations, target)?.IntegrationId;
  const authorizer = typeof access === 'number' ? pick(whole.authorizers, access) : undefined;
  const isJwt = authorizer?.AuthorizerType === 'JWT';
  return {
    RouteKey,
    ApiKeyRequired: false,
    ...(OperationName === undefined ? {} : { OperationName }),
    ...(integrationId === undefined ? {} : { Target: `integrations/${integrationId}` }),
    ...(authorizer === undefined
      ? { AuthorizationType: access === 'AWS_IAM' ? 'AWS_IAM' : 'NONE' }
      : { AuthorizationType: isJwt ? 'JWT' : 'CUSTOM', AuthorizerId: authorizer.AuthorizerId }),
    ...(isJwt && scopes.length > 0 ? { AuthorizationScopes: scopes } : {}),
  };
}

export const wholeHttpApi: fc.Arbitrary<ExportedApi> = fc
  .record({ api: defined(api) as fc.Arbitrary<ExportedApi['api']>, authorizers, integrations, routes })
  .map(({ routes: chosen, ...whole }) => ({ ...whole, routes: chosen.map((each) => routeOf(each, whole)) }))
  // Objects as all others are: of a prototype.
  .map((whole) => structuredClone(whole));
