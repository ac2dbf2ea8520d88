// What a deploy makes depends on the template alone, and not on what was there before; deployed again it changes nothing
// (spec/definitions.md §5.1.5, §11.4.3, §11.4.4).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { deleteStack } from './delete-stack.ts';
import { changesIn, StackStand } from './stacks.test.support.ts';
import { describeStack, listStacks } from './tell-stacks.ts';

const RUNS = 12;
const V2 = 'AWS::ApiGatewayV2::';

type Template = { readonly Resources: { readonly [id: string]: object } };

const ref = (id: string): object => ({ Ref: id });
const typed = (type: string, properties: object): object => ({
  Type: V2 + type,
  Properties: JSON.parse(JSON.stringify(properties)),
});
const inApi = (type: string, properties: object): object => typed(type, { ApiId: ref('Api'), ...properties });
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
/** What names are given to, in any order: few, so that they move between resources from one template to the next. */
const namesFor = (ids: readonly string[], names: readonly string[]): fc.Arbitrary<Map<string, string>> =>
  fc
    .tuple(fc.shuffledSubarray([...ids]), fc.shuffledSubarray([...names], { minLength: names.length }))
    .map(([some, order]) => new Map(some.map((id, i) => [id, order[i]!])));

const integration = fc
  .record({
    IntegrationUri: fc.constantFrom('https://a.example', 'https://b.example/{proxy}'),
    IntegrationMethod: fc.constantFrom('GET', 'ANY'),
    TimeoutInMillis: maybe(fc.constantFrom(50, '1000', 30_000)),
    Description: maybe(fc.constantFrom('d', 'e')),
    RequestParameters: maybe(
      fc.constantFrom({ 'append:header.a': '1' }, { 'append:header.b': '2', 'remove:header.c': '' }),
    ),
  })
  .map((given) =>
    inApi('Integration', { IntegrationType: 'HTTP_PROXY', PayloadFormatVersion: '1.0', ...given }),
  );

const templates: fc.Arbitrary<Template> = fc
  .record({
    api: fc.record({
      Description: maybe(fc.constantFrom('d', 'e')),
      CorsConfiguration: maybe(
        fc.constantFrom({ AllowOrigins: ['*'] }, { AllowMethods: ['GET'], MaxAge: 5 }),
      ),
      Tags: maybe(fc.constantFrom({ a: '1' }, { a: '2', b: '3' })),
    }),
    integrations: fc.tuple(integration, maybe(integration)),
    authorizers: namesFor(['A1', 'A2'], ['j', 'k']),
    routes: namesFor(['R1', 'R2', 'R3'], ['GET /a', 'GET /b/{x}', 'GET /b/{y}', '$default']),
    chosen: fc.infiniteStream(fc.nat(5)),
    stages: namesFor(['S1', 'S2'], ['x', 'y']),
    settings: maybe(fc.constantFrom({ ThrottlingRateLimit: 1 }, { DetailedMetricsEnabled: true })),
    deployment: maybe(fc.constantFrom('D1', 'D2')),
    mappings: namesFor(['M1', 'M2'], ['', 'k']),
    order: fc.infiniteStream(fc.nat()),
  })
  .map((given) => {
    const resources = new Map<string, object>();
    const choose = (): number => given.chosen.next().value!;
    resources.set('Api', typed('Api', { Name: 'n', ProtocolType: 'HTTP', ...given.api }));
    const [first, second] = given.integrations;
    resources.set('I1', first);
    if (second !== undefined) resources.set('I2', second);
    for (const [id, Name] of given.authorizers) {
      const JwtConfiguration = { Audience: [`a${choose()}`], Issuer: 'https://i.example' };
      const IdentitySource = ['$request.header.Authorization'];
      resources.set(
        id,
        inApi('Authorizer', { AuthorizerType: 'JWT', Name, JwtConfiguration, IdentitySource }),
      );
    }
    // Two keys of one shape cannot be together.
    const keys = new Map(
      [...given.routes].filter(
        ([, key]) => key !== 'GET /b/{y}' || ![...given.routes.values()].includes('GET /b/{x}'),
      ),
    );
    for (const [id, RouteKey] of keys) {
      const target = choose() < 3 || second === undefined ? 'I1' : 'I2';
      const authorizer = [...given.authorizers.keys()][choose()];
      const access = authorizer && { AuthorizationType: 'JWT', AuthorizerId: ref(authorizer) };
      resources.set(
        id,
        inApi('Route', { RouteKey, Target: { 'Fn::Sub': `integrations/\${${target}}` }, ...access }),
      );
    }
    for (const [id, StageName] of given.stages) {
      const more = { DefaultRouteSettings: given.settings, Description: choose() < 3 ? 'd' : undefined };
      resources.set(id, inApi('Stage', { StageName, AutoDeploy: choose() < 3, ...more }));
    }
    if (given.deployment !== undefined && keys.size > 0) {
      resources.set(given.deployment, inApi('Deployment', {}));
      resources.set('SD', inApi('Stage', { StageName: 'fixed', DeploymentId: ref(given.deployment) }));
    }
    const [stage] = given.stages.keys();
    if (stage !== undefined && given.mappings.size > 0) {
      const DomainNameConfigurations = [
        { CertificateArn: { 'Fn::Sub': 'arn:aws:acm:${AWS::Region}:${AWS::AccountId}:certificate/c' } },
      ];
      resources.set('Dn', typed('DomainName', { DomainName: 'a.example.com', DomainNameConfigurations }));
      for (const [id, ApiMappingKey] of given.mappings) {
        resources.set(id, inApi('ApiMapping', { DomainName: ref('Dn'), Stage: ref(stage), ApiMappingKey }));
      }
    }
    const order = [...resources].map((entry) => ({ entry, at: given.order.next().value! }));
    return { Resources: Object.fromEntries(order.sort((a, b) => a.at - b.at).map(({ entry }) => entry)) };
  });

/** The same in YAML, with everything in another order. */
function inOtherClothes({ Resources }: Template): string {
  const turned = (value: unknown): unknown =>
    typeof value !== 'object' || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(
          Object.entries(value)
            .map(([key, each]) => [key, turned(each)] as const)
            .reverse(),
        );
  return stringify({ Resources: turned(Resources) });
}

/** Everything that a stack made as the management API shows it, with logical ids for ids and without dates. */
async function seen(stand: StackStand): Promise<unknown> {
  const { resources } = await describeStack('pets', stand.means);
  const ApiId = await stand.idOf('Api');
  const domains = resources.some(({ type }) => type === `${V2}DomainName`);
  const shown = {
    api: await stand.call('GetApi', { ApiId }),
    integrations: (await stand.call('GetIntegrations', { ApiId })).Items,
    authorizers: (await stand.call('GetAuthorizers', { ApiId })).Items,
    routes: (await stand.call('GetRoutes', { ApiId })).Items,
    stages: (await stand.call('GetStages', { ApiId })).Items!.map(
      ({ DeploymentId, AutoDeploy, ...stage }) => ({
        ...stage,
        AutoDeploy,
        // Which automatic deployment a stage has, or had when it ceased to follow, no template says.
        ...(resources.some(({ physicalId }) => physicalId === DeploymentId) && { DeploymentId }),
        LastDeploymentStatusMessage: undefined,
      }),
    ),
    domains: domains && (await stand.call('GetDomainNames', {})).Items!.map(({ DomainName }) => DomainName),
    mappings: domains && (await stand.call('GetApiMappings', { DomainName: 'a.example.com' })).Items,
  };
  let text = JSON.stringify(shown);
  for (const { logicalId, physicalId, type } of resources) {
    if (![`${V2}Stage`, `${V2}DomainName`].includes(type)) text = text.replaceAll(physicalId, logicalId);
  }
  text = text.replaceAll(stand.means.region, 'REGION').replaceAll(/"\w+Date":"[^"]*",?/g, '');
  text = text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'UUID');
  const data = JSON.parse(text.replaceAll(',}', '}'), inOrder) as Record<string, unknown>;
  const sorted = (list: unknown): unknown =>
    Array.isArray(list) ? list.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : list;
  return Object.fromEntries(Object.entries(data).map(([name, list]) => [name, sorted(list)]));
}

/** Members of a document are in the order in which they came to be there, which means nothing. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

test('a template makes the same whatever was there, and deployed again changes nothing', async (t) => {
  const stand = await StackStand.open(t);
  const afresh = stand.with({ region: 'eu-west-1' });
  await fc.assert(
    fc.asyncProperty(templates, templates, async (before, after) => {
      await stand.deploy({ template: before });
      const first = await stand.store.latestChange();
      assert.equal((await stand.deploy({ template: before })).outcome, 'unchanged');
      const planned = await stand.deploy({ template: after, dryRun: true });
      assert.equal(await stand.store.latestChange(), first, 'nothing is written');
      const done = await stand.deploy({ template: after });
      assert.deepEqual(changesIn(planned), changesIn(done), 'what is planned is done');
      assert.equal((await stand.deploy({ template: inOtherClothes(after) })).outcome, 'unchanged');
      await afresh.deploy({ template: after });
      assert.equal(
        JSON.stringify(await seen(stand), undefined, 1),
        JSON.stringify(await seen(afresh), undefined, 1),
      );
      for (const each of [stand, afresh]) {
        await deleteStack('pets', each.means);
        assert.deepEqual(await listStacks(each.means), []);
        assert.deepEqual((await each.call('GetApis', {})).Items, []);
        assert.deepEqual((await each.call('GetDomainNames', {})).Items, []);
      }
    }),
    { numRuns: RUNS, includeErrorInReport: true },
  );
});
