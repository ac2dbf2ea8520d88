// What has to be compiled anew when the document of a key changes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { API_INDEX, apiServedBy, domainIndexKey, domainServedBy } from './keys.ts';

const OWN = ['1', 'us-east-1'] as const;

describe('the API or custom domain that a changed document belongs to', () => {
  const rows: readonly (readonly [
    key: readonly string[],
    api: string | undefined,
    domain: string | undefined,
  ])[] = [
    [[...OWN, 'apis', 'a1'], 'a1', undefined],
    [[...OWN, 'apis', 'a1', 'stages', 's'], 'a1', undefined],
    [[...OWN, 'apis', 'a1', 'stages', 's', '-authorizers', 'cache'], 'a1', undefined],
    // A stage is pointed at what is deployed, and nothing else of an API is met before.
    [[...OWN, 'apis', 'a1', 'deployments', 'd1', 'frozen', 'content'], undefined, undefined],
    [[...OWN, 'apis', 'a1', 'routes', 'r1'], undefined, undefined],
    [[...API_INDEX, 'a1'], undefined, undefined],
    [[...OWN, 'domainnames', 'a.example'], undefined, 'a.example'],
    [[...OWN, 'domainnames', 'a.example', 'apimappings', 'm1'], undefined, 'a.example'],
    [[...OWN, 'domainnames', 'a.example', 'routingrules', 'r1'], undefined, 'a.example'],
    [domainIndexKey('us-east-1', 'a.example'), undefined, undefined],
    [[...OWN, 'vpclinks', 'v1'], undefined, undefined],
    [[...OWN], undefined, undefined],
  ];
  const [account, region] = OWN;
  for (const [key, apiId, name] of rows) {
    test(key.join(' / '), () => {
      assert.deepEqual(apiServedBy(key), apiId && { account, region, apiId });
      assert.deepEqual(domainServedBy(key), name && { account, region, name });
    });
  }
});
