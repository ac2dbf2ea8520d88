import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { operationNamed } from '../wire/operation.ts';
import * as keys from './keys.ts';

const PLACE = { account: '000000000000', region: 'us-east-1' };
const API = keys.apiKeyOf(PLACE, 'a1');
const DOMAIN = keys.domainKeyOf(PLACE, 'api.example.com');

describe('every key is where the head of keys.ts has it', () => {
  const rows: readonly (readonly [key: readonly string[], expected: string])[] = [
    [API, '000000000000 us-east-1 apis a1'],
    [keys.authorizerCacheKey(API, 'prod'), '000000000000 us-east-1 apis a1 stages prod -authorizers cache'],
    [keys.frozenKey(API, 'd1'), '000000000000 us-east-1 apis a1 deployments d1 frozen content'],
    [keys.routeShapeKey(API, 'GET /{}'), '000000000000 us-east-1 apis a1 -route-keys GET /{}'],
    [keys.routesTargetingOf(API, 'i1'), '000000000000 us-east-1 apis a1 -targets i1 routes'],
    [keys.automaticDeploymentsKey(API), '000000000000 us-east-1 apis a1 -deployments automatic'],
    [DOMAIN, '000000000000 us-east-1 domainnames api.example.com'],
    [keys.API_INDEX, '- - apis'],
    [keys.DOMAIN_INDEX, '- - domainnames'],
    [keys.domainIndexKey('us-east-1', 'api.example.com'), '- - domainnames us-east-1/api.example.com'],
  ];
  for (const [key, expected] of rows) test(expected, () => assert.equal(key.join(' '), expected));
});

describe('the collections of resources are the paths of the management API', () => {
  const rows = [
    ['CreateApi', keys.apisOf(PLACE)],
    ['CreateRoute', keys.routesOf(API)],
    ['CreateRouteResponse', keys.routeResponsesOf(API, 'r1')],
    ['CreateIntegration', keys.integrationsOf(API)],
    ['CreateIntegrationResponse', keys.integrationResponsesOf(API, 'i1')],
    ['CreateAuthorizer', keys.authorizersOf(API)],
    ['CreateModel', keys.modelsOf(API)],
    ['CreateStage', keys.stagesOf(API)],
    ['CreateDeployment', keys.deploymentsOf(API)],
    ['CreateDomainName', keys.domainNamesOf(PLACE)],
    ['CreateApiMapping', keys.apiMappingsOf(DOMAIN)],
    ['CreateRoutingRule', keys.routingRulesOf(DOMAIN)],
    ['CreateVpcLink', keys.vpcLinksOf(PLACE)],
  ] as const;
  const labels: Readonly<Record<string, string>> = {
    ApiId: 'a1',
    RouteId: 'r1',
    IntegrationId: 'i1',
    DomainName: 'api.example.com',
  };
  for (const [name, collection] of rows) {
    test(name, () => {
      const path = operationNamed(name).path.replace(/\{(\w+)\}/g, (_, label: string) => labels[label]!);
      assert.equal(`/v2/${collection.slice(2).join('/')}`, path);
    });
  }
});

describe('what a key leads to', () => {
  const rows: readonly (readonly [string, readonly string[], api: string | undefined, domain?: string])[] = [
    ['an API', API, 'a1'],
    ['a stage', [...keys.stagesOf(API), 'prod'], 'a1'],
    ['the caches of a stage', keys.authorizerCacheKey(API, 'prod'), 'a1'],
    ['a route', [...keys.routesOf(API), 'r1'], undefined],
    ['what a deployment froze', keys.frozenKey(API, 'd1'), undefined],
    ['an index of an API', keys.routeShapeKey(API, 'GET /'), undefined],
    ['the index of APIs', [...keys.API_INDEX, 'a1'], undefined],
    ['a domain', DOMAIN, undefined, 'api.example.com'],
    ['a mapping', [...keys.apiMappingsOf(DOMAIN), 'm1'], undefined, 'api.example.com'],
    ['the index of domains', keys.domainIndexKey('us-east-1', 'a.example'), undefined],
    ['a VPC link', [...keys.vpcLinksOf(PLACE), 'v1'], undefined],
  ];
  for (const [name, key, apiId, domain] of rows) {
    test(name, () => {
      assert.deepEqual(keys.apiServedBy(key), apiId && { ...PLACE, apiId });
      assert.deepEqual(keys.domainServedBy(key), domain && { ...PLACE, name: domain });
    });
  }
});

test('a key tells the API above it and the collection it is in', () => {
  const key = [...keys.routesOf(API), 'r1'];
  assert.deepEqual([keys.apiKeyAbove(key), keys.collectionOf(key)], [API, keys.routesOf(API)]);
});
