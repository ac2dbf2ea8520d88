// From the documents of custom domains to the API and stage of a request (spec/http-api.md §1.4 to §1.7). What a domain's own
// rules and keys choose is in custom-domain.test.ts.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openTestStore } from '../../test/support/test-store.ts';
import {
  apiMappingsOf,
  type DomainPlace,
  domainIndexKey,
  domainKeyOf,
  routingRulesOf,
} from '../config/keys.ts';
import { HeaderBlock } from '../net/header-block.ts';
import type { Document, Store } from '../store/store.ts';
import { findDomain, listDomains, NO_DOMAINS, PublishedDomains } from './domain-table.ts';

const REGION = 'us-east-1';

interface Given {
  readonly account?: string;
  readonly region?: string;
  readonly domain?: Document;
  readonly mappings?: readonly Document[];
  readonly rules?: readonly Document[];
}

const place = (name: string, { account = '1', region = REGION }: Given = {}): DomainPlace => ({
  ...{ account, region, name },
});

/** Stores a domain as the rules of its kinds do, its mappings and rules in this order. */
async function put(store: Store, name: string, given: Given = {}): Promise<DomainPlace> {
  const at = place(name, given);
  const { account: Account, region: Region } = at;
  const key = domainKeyOf(at, name);
  const { mappings = [], rules = [] } = given;
  await store.transact(async (tx) => {
    await tx.put(domainIndexKey(Region, name), { Account, Region, DomainName: name });
    await tx.put(key, {
      DomainName: name,
      RoutingMode: 'API_MAPPING_ONLY',
      DomainNameConfigurations: [{ CertificateArn: 'arn', SecurityPolicy: 'TLS_1_2' }],
      ...given.domain,
    });
    for (const [i, each] of mappings.entries()) {
      await tx.put([...apiMappingsOf(key), `m${i}`], { ApiMappingId: `m${i}`, ...each });
    }
    for (const [i, each] of rules.entries()) {
      await tx.put([...routingRulesOf(key), `r${i}`], { RoutingRuleId: `r${i}`, ...each });
    }
  });
  return at;
}

async function published(t: TestContext, domains: Readonly<Record<string, Given>>) {
  const store = await openTestStore(t);
  const live = new PublishedDomains();
  for (const [name, given] of Object.entries(domains)) {
    const at = await put(store, name, given);
    await store.read((tx) => live.refresh(tx, at));
  }
  return { store, live };
}

const OF_NAMES: readonly (readonly [source: string, name: string, found: string | undefined])[] = [
  ['§1.4', 'own.example.com', 'own.example.com'],
  ['§1.4', 'any.example.com', '*.example.com'],
  ['§1.4', 'example.com', undefined],
  ['§1.4', 'a.b.example.com', undefined],
  ['§1.7', '.example.com', undefined],
  ['§1.7', 'com', undefined],
  ['§1.7', '', undefined],
];

test('the domain of a name', async (t) => {
  const { live } = await published(t, { 'own.example.com': {}, '*.example.com': {} });
  for (const [source, name, found] of OF_NAMES) {
    await t.test(`${source}: ${name || 'no name'} is ${found ?? 'no domain’s'}`, () => {
      assert.equal(findDomain(live.table, name)?.name, found);
    });
  }
});

const invoke = (ApiId: string, Stage: string, more: object = {}): Document => ({
  ...{ Actions: [{ InvokeApi: { ApiId, Stage, ...more } }], Conditions: [] },
});
const onPath = (basePath: string) => ({ MatchBasePaths: { AnyOf: [basePath] } });
const onHeader = (Header: string, ValueGlob: string) => ({
  MatchHeaders: { AnyOf: [{ Header, ValueGlob }] },
});
const MAPPINGS = [
  { ApiId: 'root', Stage: 'prod' },
  { ApiId: 'shop', Stage: 'v1', ApiMappingKey: 'shop' },
];
const RULES = [
  { ...invoke('late', 's'), Priority: 20, Conditions: [onPath('shop')] },
  {
    ...invoke('early', 's', { StripBasePath: true }),
    Priority: 10,
    Conditions: [onPath('shop'), onHeader('X-A', 'b*')],
  },
];

/** `kind id api/stage` and how much of the path is taken off. */
type Chosen = readonly [choice: string, taken: number] | undefined;

const CHOICES: readonly (readonly [
  source: string,
  mode: string,
  path: string,
  headers: readonly string[],
  chosen: Chosen,
])[] = [
  ['§1.5', 'API_MAPPING_ONLY', '/', [], ['mapping m0 root/prod', 0]],
  ['§1.5', 'API_MAPPING_ONLY', '/shops', [], ['mapping m0 root/prod', 0]],
  ['§1.5', 'API_MAPPING_ONLY', '/shop/1', ['x-a', 'bc'], ['mapping m1 shop/v1', 5]],
  ['§1.6', 'ROUTING_RULE_ONLY', '/shop/1', ['x-a', 'bc'], ['rule r1 early/s', 5]],
  ['§1.6', 'ROUTING_RULE_ONLY', '/shop/1', ['x-a', 'c'], ['rule r0 late/s', 0]],
  ['§1.6', 'ROUTING_RULE_ONLY', '/other', [], undefined],
  ['§1.6', 'ROUTING_RULE_THEN_API_MAPPING', '/shop', [], ['rule r0 late/s', 0]],
  ['§1.6', 'ROUTING_RULE_THEN_API_MAPPING', '/other', ['x-a', 'b'], ['mapping m0 root/prod', 0]],
];

test('the API and stage that a domain leads a request to', async (t) => {
  for (const [source, RoutingMode, path, headers, chosen] of CHOICES) {
    await t.test(`${source}: ${RoutingMode}, ${path} ${headers.join(': ')}`.trimEnd(), async (t) => {
      const { live } = await published(t, {
        'a.example': { domain: { RoutingMode }, mappings: MAPPINGS, rules: RULES },
      });
      const choice = live.table.exact.get('a.example')!.choose(path, HeaderBlock.fromPairs(headers));
      assert.deepEqual(
        choice && [`${choice.kind} ${choice.id} ${choice.apiId}/${choice.stage}`, choice.taken],
        chosen,
      );
    });
  }
});

test('a name that two regions have is that of the domain created first (§1.4)', async (t) => {
  const { store, live } = await published(t, {});
  for (const region of ['eu-west-1', 'us-east-1']) {
    const at = await put(store, 'a.example', { region });
    await store.read((tx) => live.refresh(tx, at));
  }
  assert.equal(findDomain(live.table, 'a.example')?.region, 'eu-west-1');
  live.keepOnly([place('a.example')]);
  assert.equal(findDomain(live.table, 'a.example')?.region, 'us-east-1');
});

const TRUSTSTORE = { MutualTlsAuthentication: { TruststoreUri: 's3://b/k', TruststoreVersion: '7' } };
const MUTUAL_TLS: readonly (readonly [
  name: string,
  domains: Readonly<Record<string, Given>>,
  hasMutualTls: boolean,
])[] = [
  ['no domain', {}, false],
  ['domains without truststore', { 'a.example': {}, '*.example': {} }, false],
  ['an exact domain with one', { 'a.example': { domain: TRUSTSTORE } }, true],
  ['a wildcard domain with one', { 'b.example': {}, '*.example': { domain: TRUSTSTORE } }, true],
];

test('whether clients are asked for certificates (§1.7)', async (t) => {
  for (const [name, domains, hasMutualTls] of MUTUAL_TLS) {
    await t.test(name, async (t) => {
      assert.equal((await published(t, domains)).live.table.hasMutualTls, hasMutualTls);
    });
  }
});

test('what changes is compiled anew, and nothing else', async (t) => {
  const { store, live } = await published(t, { 'a.example': { mappings: MAPPINGS }, 'b.example': {} });
  const before = live.table;
  const at = await put(store, 'a.example', {
    mappings: MAPPINGS,
    domain: { RoutingMode: 'ROUTING_RULE_ONLY' },
  });
  assert.equal(live.table, before, 'a table is made when it is read behind a change');
  await store.read((tx) => live.refresh(tx, at));
  assert.deepEqual(live.table.exact.get('a.example')?.apiIds, []);
  assert.deepEqual(before.exact.get('a.example')?.apiIds, ['shop', 'root']);
  assert.equal(live.table.exact.get('b.example'), before.exact.get('b.example'));
});

test('a domain that is deleted is gone; one that cannot be compiled stays as it was', async (t) => {
  const { store, live } = await published(t, { 'a.example': {}, 'b.example': {} });
  await store.transact((tx) => tx.delete(domainKeyOf(place('a.example'), 'a.example')));
  await store.read((tx) => live.refresh(tx, place('a.example')));
  const before = live.table.exact.get('b.example');
  const damaged = await put(store, 'b.example', { rules: [{ Priority: 1, Conditions: [], Actions: [] }] });
  await assert.rejects(store.read((tx) => live.refresh(tx, damaged)));
  assert.deepEqual([...live.table.exact], [['b.example', before]]);
  live.keepOnly([]);
  assert.deepEqual(live.table, NO_DOMAINS);
});

test('every domain is listed in the order of creation, whoever has it', async (t) => {
  const { store } = await published(t, {
    'b.example': { account: '2' },
    '*.example': { region: 'eu-west-1' },
    'a.example': {},
  });
  assert.deepEqual(await store.read(listDomains), [
    place('b.example', { account: '2' }),
    place('*.example', { region: 'eu-west-1' }),
    place('a.example'),
  ]);
});
