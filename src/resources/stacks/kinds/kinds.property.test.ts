// What a stack makes of properties is what the same call of the management API makes of them, and an update makes what a create would
// make (spec/definitions.md §5.1.5, Choice D23): documents up to ids and dates, refusals in their words.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { generatedApi } from '../../../../test/support/generated-apis/apis.ts';
import { httpAuthorizer, socketAuthorizer } from '../../../../test/support/generated-apis/authorizers.ts';
import { httpIntegration, httpRoute } from '../../../../test/support/generated-apis/http-parts.ts';
import { type Input, maybe, oneOf } from '../../../../test/support/generated-apis/texts.ts';
import {
  integrationResponse,
  model,
  socketIntegration,
  socketRoute,
} from '../../../../test/support/generated-apis/websocket-parts.ts';
import { ACCOUNT } from '../../../../test/support/postern.ts';
import { contextOf } from '../../../../test/support/test-store.ts';
import { convert } from '../../../definitions/schema/convert.ts';
import type { Document, Store } from '../../../store/store.ts';
import type { MapNode } from '../../../tree/node.ts';
import { readText } from '../../../tree/read-text.ts';
import { ServiceError } from '../../../wire/errors.ts';
import { operationNamed } from '../../../wire/operation.ts';
import type { Context } from '../../context.ts';
import { handlers } from '../../handlers.ts';
import { pathKey } from '../../resource-path.ts';
import type { Desired, Made } from '../stack-kind.ts';
import { storeOfTests } from './kind-stand.test.support.ts';
import { kindOf } from './kinds.ts';

const RUNS = 40;
const LATER = new Date('2026-03-02T12:00:00Z');
const CERTIFICATE = `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/12345678-1234-1234-1234-123456789012`;

/** Ids of what there is before. */
interface Ground {
  readonly store: Store;
  readonly HTTP: Record<'ApiId' | 'target' | 'jwt' | 'fn', string>;
  readonly WEBSOCKET: Record<'ApiId' | 'target' | 'fn' | 'route', string>;
}

let ground: Ground;

const openedStore = storeOfTests();

before(async () => {
  const store = await openedStore();
  ground = await store.transact(async (tx) => {
    const context = contextOf(tx);
    const call = (name: string, given: object): Promise<Record<string, string>> =>
      (handlers as never as Record<string, (given: object, context: Context) => Promise<never>>)[name]!(
        given,
        context,
      );
    const api = async (more: object) => (await call('CreateApi', { Name: 'n', ...more })).ApiId!;
    const http = await api({ ProtocolType: 'HTTP' });
    const socket = await api({ ProtocolType: 'WEBSOCKET', RouteSelectionExpression: '$request.body.action' });
    const fn = {
      AuthorizerType: 'REQUEST',
      AuthorizerUri:
        'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:f/invocations',
      Name: 'there',
    };
    const jwt = {
      AuthorizerType: 'JWT',
      Name: 'jwt-there',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: 'https://i.example', Audience: ['a'] },
    };
    for (const Name of ['Pet', 'Order']) await call('CreateModel', { ApiId: socket, Name, Schema: '{}' });
    for (const ApiId of [http, socket]) await call('CreateStage', { ApiId, StageName: 'there' });
    const integration = {
      ApiId: http,
      IntegrationType: 'HTTP_PROXY',
      IntegrationMethod: 'GET',
      IntegrationUri: 'https://a.example',
      PayloadFormatVersion: '1.0',
    };
    await call('CreateDomainName', {
      DomainName: 'there.example',
      DomainNameConfigurations: [{ CertificateArn: CERTIFICATE }],
    });
    return {
      store,
      HTTP: {
        ApiId: http,
        target: (await call('CreateIntegration', integration)).IntegrationId!,
        jwt: (await call('CreateAuthorizer', { ApiId: http, ...jwt })).AuthorizerId!,
        fn: (await call('CreateAuthorizer', { ApiId: http, ...fn, AuthorizerPayloadFormatVersion: '2.0' }))
          .AuthorizerId!,
      },
      WEBSOCKET: {
        ApiId: socket,
        target: (await call('CreateIntegration', { ApiId: socket, IntegrationType: 'MOCK' })).IntegrationId!,
        fn: (await call('CreateAuthorizer', { ApiId: socket, ...fn })).AuthorizerId!,
        route: (await call('CreateRoute', { ApiId: socket, RouteKey: 'there' })).RouteId!,
      },
    };
  });
});

/** A kind with two sets of members of its CreateX. */
interface Pair {
  readonly kind: string;
  readonly members: readonly [Input, Input];
  /** Members that name what there is. */
  readonly path: (ground: Ground) => Input;
}

const pair = (kind: string, members: fc.Arbitrary<Input>, path: Pair['path']): fc.Arbitrary<Pair> =>
  fc.record({ kind: fc.constant(kind), members: fc.tuple(members, members), path: fc.constant(path) });

const inHttp: Pair['path'] = ({ HTTP: { ApiId } }) => ({ ApiId });
const inSocket: Pair['path'] = ({ WEBSOCKET: { ApiId } }) => ({ ApiId });

const tags = maybe(fc.dictionary(oneOf('a', 'b'), oneOf('1', '2'), { maxKeys: 2 }));
const texts = maybe(oneOf('', 'x', 'y'));

const access = fc.record({
  authorization: oneOf('none', 'iam', 'jwt', 'fn'),
  AuthorizationScopes: maybe(oneOf([], ['a'], ['b', 'c'])),
  OperationName: texts,
  hasTarget: fc.boolean(),
});

/** Routes name what there is, which is known when the property runs: `resolved`. */
const route = (of: fc.Arbitrary<Input>) =>
  fc
    .tuple(of, access)
    .map(([{ target, authorizer, AuthorizationType, ...members }, more]) => ({ ...members, ...more }));

const stage: fc.Arbitrary<Input> = fc
  .tuple(
    oneOf('HTTP' as const, 'WEBSOCKET' as const).chain((protocol) =>
      generatedApi(protocol).map((api) => api.stage),
    ),
    fc.record({
      AutoDeploy: maybe(fc.boolean()),
      Description: texts,
      Tags: tags,
      RouteSettings: maybe(
        oneOf(
          {},
          { there: { ThrottlingRateLimit: 1 } },
          { there: { ThrottlingBurstLimit: 2, DataTraceEnabled: true } },
        ),
      ),
    }),
  )
  .map(([members, more]) => ({ StageName: 'made', ...members, ...more }));

const api = (protocol: 'HTTP' | 'WEBSOCKET'): fc.Arbitrary<Input> =>
  fc
    .tuple(
      generatedApi(protocol).map((each) => each.api),
      fc.record({
        Name: oneOf('a', 'b'),
        Description: texts,
        Version: maybe(oneOf('1', '2')),
        IpAddressType: maybe(oneOf('ipv4', 'dualstack')),
        Tags: tags,
      }),
      protocol === 'HTTP'
        ? fc.record({
            Target: oneOf('https://t.example', 'arn:aws:lambda:us-east-1:000000000000:function:f'),
            RouteKey: maybe(oneOf('GET /a', '$default')),
          })
        : fc.constant({}),
      fc.boolean(),
    )
    .map(([members, more, target, isQuick]) => ({
      ProtocolType: protocol,
      ...members,
      ...more,
      ...(isQuick ? target : {}),
    }));

const domain: fc.Arbitrary<Input> = fc.record({
  DomainName: fc.constant('made.example'),
  DomainNameConfigurations: fc
    .record({
      CertificateArn: fc.constant(CERTIFICATE),
      EndpointType: maybe(oneOf('REGIONAL', 'EDGE')),
      IpAddressType: maybe(oneOf('ipv4', 'dualstack')),
      SecurityPolicy: maybe(fc.constant('TLS_1_2')),
    })
    .map((each) => [each]),
  MutualTlsAuthentication: maybe(
    oneOf({ TruststoreUri: 's3://bucket/a' }, { TruststoreUri: 's3://bucket/b', TruststoreVersion: '1' }),
  ),
  RoutingMode: maybe(oneOf('API_MAPPING_ONLY', 'ROUTING_RULE_ONLY')),
  Tags: tags,
});

const rule: fc.Arbitrary<Input> = fc.record({
  Priority: oneOf(1, 2, 50),
  Conditions: oneOf<object[]>(
    [],
    [{ MatchBasePaths: { AnyOf: ['a'] } }],
    [{ MatchHeaders: { AnyOf: [{ Header: 'x', ValueGlob: '*' }] } }],
  ),
  StripBasePath: maybe(fc.boolean()),
});

/** A template's schema is JSON of a map. */
function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** A status without mappings is none in a template (§5.8.1). */
const withMappings = ({ ResponseParameters = {}, ...members }: Input): Input => {
  const statuses = Object.entries(ResponseParameters as object);
  return {
    ...members,
    ResponseParameters: Object.fromEntries(statuses.filter(([, each]) => Object.keys(each).length > 0)),
  };
};

const PAIRS: { readonly [name: string]: fc.Arbitrary<Pair> } = {
  'Api, HTTP': pair('Api', api('HTTP'), () => ({})),
  'Api, WebSocket': pair('Api', api('WEBSOCKET'), () => ({})),
  'Integration, HTTP': pair('Integration', httpIntegration.map(withMappings), inHttp),
  'Integration, WebSocket': pair('Integration', socketIntegration, inSocket),
  IntegrationResponse: pair(
    'IntegrationResponse',
    integrationResponse,
    ({ WEBSOCKET: { ApiId, target } }) => ({ ApiId, IntegrationId: target }),
  ),
  'Route, HTTP': pair('Route', route(httpRoute), inHttp),
  'Route, WebSocket': pair('Route', route(socketRoute), inSocket),
  RouteResponse: pair(
    'RouteResponse',
    fc.record({
      RouteResponseKey: oneOf('$default', 'x'),
      ResponseModels: maybe(oneOf({}, { $default: 'Pet' })),
      ModelSelectionExpression: texts,
      ResponseParameters: maybe(oneOf({}, { a: { Required: true } })),
    }),
    ({ WEBSOCKET: { ApiId, route: RouteId } }) => ({ ApiId, RouteId }),
  ),
  'Authorizer, HTTP': pair('Authorizer', httpAuthorizer, inHttp),
  'Authorizer, WebSocket': pair('Authorizer', socketAuthorizer, inSocket),
  Model: pair(
    'Model',
    model.filter(({ Schema }) => isObject(String(Schema))).map((each) => ({ ...each, Name: 'Made' })),
    inSocket,
  ),
  'Stage, HTTP': pair('Stage', stage, inHttp),
  'Stage, WebSocket': pair('Stage', stage, inSocket),
  VpcLink: pair(
    'VpcLink',
    fc.record({ Name: oneOf('a', 'b', ''), SubnetIds: fc.constant(['subnet-1']), Tags: tags }),
    () => ({}),
  ),
  DomainName: pair('DomainName', domain, () => ({})),
  ApiMapping: pair(
    'ApiMapping',
    fc.record({
      ApiMappingKey: maybe(oneOf('', '(none)', 'a', 'a/b', '/a')),
      Stage: oneOf('there', 'nowhere'),
    }),
    ({ HTTP: { ApiId } }) => ({ ApiId, DomainName: 'there.example' }),
  ),
  RoutingRule: pair('RoutingRule', rule, () => ({ DomainName: 'there.example' })),
};

/** The members as a client of the management API gives them, with the ids of what there is. */
function given({ kind, path }: Pair, members: Input): Input {
  const { authorization, hasTarget, StripBasePath, ...rest } = members;
  const input: Record<string, unknown> = { ...path(ground), ...rest };
  if (kind === 'Route') {
    const of = input.ApiId === ground.HTTP.ApiId ? ground.HTTP : ground.WEBSOCKET;
    if (hasTarget === true) input.Target = `integrations/${of.target}`;
    input.AuthorizationType = { none: undefined, iam: 'AWS_IAM', jwt: 'JWT', fn: 'CUSTOM' }[
      String(authorization)
    ];
    input.AuthorizerId =
      authorization === 'jwt' && 'jwt' in of ? of.jwt : authorization === 'fn' ? of.fn : undefined;
  }
  if (kind === 'RoutingRule')
    input.Actions = [{ InvokeApi: { ApiId: ground.HTTP.ApiId, Stage: 'there', StripBasePath } }];
  return JSON.parse(JSON.stringify(input)) as Input;
}

/** The same as a template's properties, converted. */
function desired(kind: string, input: Input): Desired {
  const { ResponseParameters, DomainName, ...rest } = input;
  const properties: Record<string, unknown> = { ...rest };
  if (kind === 'RoutingRule')
    properties.DomainNameArn = `arn:aws:apigateway:us-east-1::/domainnames/${String(DomainName)}`;
  else if (DomainName !== undefined) properties.DomainName = DomainName;
  if (ResponseParameters !== undefined) {
    properties.ResponseParameters =
      kind !== 'Integration'
        ? ResponseParameters
        : Object.fromEntries(
            Object.entries(ResponseParameters as Record<string, Record<string, string>>).map(
              ([status, mappings]) => [
                status,
                {
                  ResponseParameters: Object.entries(mappings).map(([Destination, Source]) => ({
                    Destination,
                    Source,
                  })),
                },
              ],
            ),
          );
  }
  return convert(readText(JSON.stringify(properties)) as MapNode, { type: typeOf(kind), logicalId: 'R' })!;
}

const typeOf = (kind: string): string => `AWS::ApiGatewayV2::${kind}`;

/** Members that only the service says. */
const OWN = ['CreatedDate', 'LastUpdatedDate', 'LastDeploymentStatusMessage', 'QuickCreate'];

/** Without ids, dates and what else only the service says. */
function compared(kind: string, document: Document): object {
  const gone = new Set([...OWN, ...(kind === 'DomainName' ? [] : [idMemberOf(kind)])]);
  // What it serves, and whose it is.
  if (document.AutoDeploy === true) gone.add('DeploymentId');
  const left = Object.entries(document).filter(([name]) => !gone.has(name));
  return Object.fromEntries(
    left.map(([name, value]) => [
      name,
      name === 'DomainNameConfigurations'
        ? (value as object[]).map((each) => without(each, 'ApiGatewayDomainName'))
        : value,
    ]),
  );
}

const idMemberOf = (kind: string): string => operationNamed(`Get${kind}` as never).labels.at(-1)!;

function without(members: object, name: string): object {
  return Object.fromEntries(Object.entries(members).filter(([each]) => each !== name));
}

class RolledBack extends Error {}

/** What comes of some work: a document as it is compared, or a refusal. */
async function outcome(work: (context: Context) => Promise<object>): Promise<unknown> {
  let found: unknown;
  try {
    await ground.store.transact(async (tx) => {
      found = await work(contextOf(tx));
      throw new RolledBack();
    });
  } catch (error) {
    if (error instanceof ServiceError) return `${error.status} ${error.message}`;
    if (!(error instanceof RolledBack)) throw error;
  }
  return found;
}

async function documentOf(context: Context, kind: string, ids: Input): Promise<Document> {
  return (await context.tx.get(pathKey(operationNamed(`Get${kind}` as never), ids, context)))!;
}

async function byApi(context: Context, kind: string, input: Input): Promise<Document> {
  const create = (handlers as never as Record<string, (given: object, context: Context) => Promise<object>>)[
    `Create${kind}`
  ]!;
  return documentOf(context, kind, { ...input, ...(await create(input, context)) });
}

async function byStack(context: Context, kind: string, input: Input, made: Made): Promise<Document> {
  const id = kind === 'RoutingRule' ? made.attributes.RoutingRuleId : made.physicalId;
  return documentOf(context, kind, { ...input, [idMemberOf(kind)]: id });
}

for (const [name, pairs] of Object.entries(PAIRS)) {
  test(`${name}: a stack makes what the management API makes, and its update what its create makes`, async () => {
    await fc.assert(
      fc.asyncProperty(pairs, async (each) => {
        const { kind, members } = each;
        const stackKind = kindOf(typeOf(kind))!;
        const [first, second] = members.map((some) => given(each, some)) as [Input, Input];
        const isQuick = 'Target' in first || 'Target' in second;
        const createdByApi = await outcome(async (context) =>
          compared(kind, await byApi(context, kind, second)),
        );
        const created = await outcome(async (context) => {
          const made = await stackKind.create(context, desired(kind, second), undefined);
          return compared(kind, await byStack(context, kind, second, made));
        });
        assert.deepEqual(created, createdByApi);
        if (kind === 'Api' && isQuick && 'Target' in first !== 'Target' in second) return;
        const before = desired(kind, first);
        const after = desired(kind, second);
        if (
          stackKind.replacing.some((property) => before.properties[property] !== after.properties[property])
        )
          return;
        const isMade =
          typeof (await outcome((context) => stackKind.create(context, before, undefined))) !== 'string';
        if (!isMade) return;
        const updated = await outcome(async (context) => {
          const made = await stackKind.create(context, before, undefined);
          const wasMade = await byStack(context, kind, first, made);
          const written = await stackKind.update({ ...context, now: LATER }, made, before, after);
          assert.equal(written!.physicalId, made.physicalId);
          assert.equal(written!.changedOutside, undefined);
          const is = await byStack(context, kind, second, made);
          assert.equal(is.CreatedDate, wasMade.CreatedDate);
          const again = await stackKind.update({ ...context, now: LATER }, made, after, after);
          assert.deepEqual(again!.members, []);
          assert.deepEqual(await byStack(context, kind, second, made), is);
          assert.equal(
            written!.members.length === 0,
            isDeepStrictEqual(compared(kind, is), compared(kind, wasMade)),
          );
          return compared(kind, is);
        });
        assert.deepEqual(updated, created);
      }),
      { numRuns: RUNS },
    );
  });
}
