import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NO_DOMAINS } from '../snapshot/domain-table.ts';
import type { DeployedApi, Snapshot } from '../snapshot/snapshot.ts';
import { Hosts, ownNames } from './addressing.ts';

const API: DeployedApi = {
  apiId: 'a1',
  accountId: '000000000000',
  region: 'eu-west-1',
  kind: 'http',
  stages: new Map(),
};
const SNAPSHOT: Snapshot = { apis: new Map([['a1', API]]), domains: NO_DOMAINS };

describe('host names', () => {
  const rows: [host: string, endpoint: string | undefined, found: boolean][] = [
    ['a1.execute-api.localhost', undefined, true],
    ['a1.execute-api.localhost:4700', undefined, true],
    ['A1.Execute-Api.LocalHost:4700', undefined, true],
    ['a1.execute-api.eu-west-1.localhost', undefined, true],
    ['a1.execute-api.us-east-1.localhost', undefined, false],
    ['a1.execute-api.eu-west-1.amazonaws.com', undefined, true],
    ['b2.execute-api.localhost', undefined, false],
    ['localhost:4700', undefined, false],
    ['[::1]:4700', undefined, false],
    ['', undefined, false],
    ['a1.api.example.com', undefined, false],
    ['a1.api.example.com', 'https://{apiId}.api.example.com', true],
    ['A1.api.Example.com:443', 'https://{apiId}.API.example.com:443', true],
    ['gw-a1.example.com', 'https://gw-{apiId}.example.com/base', true],
    ['x.a1.api.example.com', 'https://{apiId}.api.example.com', false],
    ['api.example.com', 'https://{apiId}.api.example.com', false],
    ['a1.execute-api.localhost', 'https://{apiId}.api.example.com', true],
    ['a1', 'https://example.com/_aws/execute-api/{apiId}', false],
  ];
  for (const [host, endpoint, found] of rows) {
    test(`${host || 'no host'} with ${endpoint ?? 'the default endpoint'} is ${found ? 'the API' : 'no API'}`, () => {
      const hosts = new Hosts(SNAPSHOT, endpoint === undefined ? undefined : ownNames(endpoint));
      assert.equal(hosts.find(host).api, found ? API : undefined);
      assert.equal(hosts.find(host).api, found ? API : undefined, 'the second time too');
    });
  }
});
