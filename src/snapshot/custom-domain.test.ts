import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { DomainConfig, MappingConfig, RuleConfig } from '../config/domain.ts';
import { HeaderBlock } from '../net/header-block.ts';
import { compileDomain } from './custom-domain.ts';

const TLS = { certificateArn: 'arn', securityPolicy: 'TLS_1_2', truststore: undefined };
const BASE: DomainConfig = {
  name: 'api.example.com',
  accountId: '1',
  region: 'us-east-1',
  tls: TLS,
  usesRules: true,
  usesMappings: true,
  mappings: [],
  rules: [],
};

const mapping = (key: string): MappingConfig => ({ id: `m:${key}`, apiId: 'a', stage: 's', key });

const rule = (id: string, priority: number, members: Partial<RuleConfig> = {}): RuleConfig => ({
  id,
  priority,
  apiId: 'a',
  stage: 's',
  headers: [],
  basePath: undefined,
  stripsBasePath: false,
  ...members,
});

const choose = (config: Partial<DomainConfig>, path: string, headers: readonly string[] = []) =>
  compileDomain({ ...BASE, ...config }).choose(path, HeaderBlock.fromPairs(headers));

describe('header conditions (http-api.md §1.6, fourth bullet)', () => {
  const rows: [glob: string, values: string[], matches: boolean][] = [
    ['a', ['a'], true],
    ['a', ['A'], false],
    ['a', ['ab'], false],
    ['a', [''], false],
    ['a', [], false],
    ['a*', ['a'], true],
    ['a*', ['ab'], true],
    ['a*', ['ba'], false],
    ['*a', ['ba'], true],
    ['*a', ['ab'], false],
    ['*a*', ['bab'], true],
    ['*a*', ['b'], false],
    ['*', [''], true],
    ['*', ['x'], true],
    ['*', [], false],
    ['**', ['x'], true],
    ['a?', ['ab'], false],
    ['a?', ['a?'], true],
    ['a', ['a', 'b'], false],
    ['*b', ['a', 'b'], true],
  ];
  for (const [ValueGlob, values, matches] of rows) {
    test(`${ValueGlob} ${matches ? 'matches' : 'does not match'} ${JSON.stringify(values)}`, () => {
      const rules = [rule('r', 1, { headers: [{ Header: 'X-A', ValueGlob }] })];
      const sent = values.flatMap((value) => ['x-a', value]);
      assert.equal(choose({ rules }, '/', sent)?.id, matches ? 'r' : undefined);
    });
  }
});

describe('base paths of rules (http-api.md §1.6)', () => {
  const rows: [basePath: string, path: string, matches: boolean][] = [
    ['a', '/a', true],
    ['a', '/a/', true],
    ['a', '/a/b', true],
    ['a', '/ab', false],
    ['a', '/A', false],
    ['a', '/', false],
    ['a/b', '/a/b/c', true],
    ['a/b', '/a', false],
    ['a/b', '/a/bc', false],
  ];
  for (const [basePath, path, matches] of rows) {
    test(`${basePath} ${matches ? 'matches' : 'does not match'} ${path}`, () => {
      const choice = choose({ rules: [rule('r', 1, { basePath, stripsBasePath: true })] }, path);
      assert.equal(choice?.taken, matches ? basePath.length + 1 : undefined);
    });
  }
});

describe('routing modes (http-api.md §1.6, first and last bullet)', () => {
  const rules = [rule('second', 2), rule('first', 1, { basePath: 'a' })];
  const mappings = [mapping('')];
  const rows: [usesRules: boolean, usesMappings: boolean, path: string, id: string | undefined][] = [
    [true, true, '/a', 'first'],
    [true, true, '/b', 'second'],
    [false, true, '/a', 'm:'],
    [true, false, '/a', 'first'],
  ];
  for (const [usesRules, usesMappings, path, id] of rows) {
    test(`rules ${usesRules}, mappings ${usesMappings}: ${path} takes ${id}`, () => {
      assert.equal(choose({ rules, mappings, usesRules, usesMappings }, path)?.id, id);
    });
  }
  test('a rule that does not match leaves the request to the mappings only where they are used', () => {
    const [, first] = rules;
    assert.equal(choose({ rules: [first!], mappings }, '/b')?.id, 'm:');
    assert.equal(choose({ rules: [first!], mappings, usesMappings: false }, '/b'), undefined);
  });
});

const segment = fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 3 });
const path = fc
  .tuple(fc.array(segment, { maxLength: 4 }), fc.boolean())
  .map(([segments, slash]) => `/${segments.join('/')}${slash && segments.length > 0 ? '/' : ''}`);
const keysOf = (maxSegments: number) =>
  fc.uniqueArray(
    fc.array(segment, { maxLength: maxSegments }).map((segments) => segments.join('/')),
    { maxLength: 8 },
  );

describe('API mappings (http-api.md §1.5)', () => {
  const chosen = (keys: readonly string[], of: string) =>
    choose({ mappings: keys.map(mapping) }, of)?.basePath;

  test('the longest key that is a prefix wins once one key has two levels', () => {
    fc.assert(
      fc.property(keysOf(3), path, (keys, of) => {
        fc.pre(keys.some((key) => key.includes('/')));
        const matching = keys.filter((key) => key === '' || of.startsWith(`/${key}`));
        const longest = matching.reduce<string | undefined>(
          (best, key) => (best === undefined || key.length > best.length ? key : best),
          undefined,
        );
        assert.equal(chosen(keys, of), longest);
      }),
    );
  });

  test('among single-level keys the first segment decides, else the empty key', () => {
    fc.assert(
      fc.property(keysOf(1), path, (keys, of) => {
        const first = of.split('/')[1]!;
        const expected = first !== '' && keys.includes(first) ? first : keys.includes('') ? '' : undefined;
        assert.equal(chosen(keys, of), expected);
      }),
    );
  });
});
