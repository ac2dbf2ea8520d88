import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CustomDomain, compileDomain } from './custom-domain.ts';
import { type DomainTable, findDomain } from './domain-table.ts';

const domain = (name: string): CustomDomain =>
  compileDomain({
    name,
    accountId: '1',
    region: 'us-east-1',
    tls: { certificateArn: 'arn', securityPolicy: 'TLS_1_2', truststore: undefined },
    usesRules: false,
    usesMappings: true,
    mappings: [],
    rules: [],
  });

const TABLE: DomainTable = {
  exact: new Map([['own.example.com', domain('own.example.com')]]),
  wildcard: new Map([['example.com', domain('*.example.com')]]),
  hasMutualTls: false,
};

describe('the domain of a name (http-api.md §1.4, §1.7)', () => {
  const rows: [name: string, found: string | undefined][] = [
    ['own.example.com', 'own.example.com'],
    ['any.example.com', '*.example.com'],
    ['example.com', undefined],
    ['a.b.example.com', undefined],
    ['.example.com', undefined],
    ['com', undefined],
    ['', undefined],
  ];
  for (const [name, found] of rows) {
    test(`${name || 'no name'} is ${found ?? 'no domain’s'}`, () => {
      assert.equal(findDomain(TABLE, name)?.name, found);
    });
  }
});
