// Tags, driven by the unmodified AWS SDK (spec/management-api.md §2.14, §8.23, §1.3).
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';
import { deployableApi, httpApi } from '../../support/management-seeds.ts';
import { REGION, startManagementServer } from '../../support/management-server.ts';
import { testRefusals } from '../../support/refusal-rows.ts';

async function start(t: TestContext): Promise<ApiGatewayV2> {
  const server = await startManagementServer();
  t.after(() => server.close());
  return server.client();
}

const apiArn = (apiId: string): string => `arn:aws:apigateway:${REGION}::/apis/${apiId}`;

test('tags of APIs and stages are added, replaced and removed', async (t) => {
  const sdk = await start(t);
  const { ApiId } = await httpApi(sdk);
  await sdk.createStage({ ApiId, StageName: '$default' });
  for (const ResourceArn of [apiArn(ApiId), `${apiArn(ApiId)}/stages/$default`]) {
    assert.deepEqual((await sdk.getTags({ ResourceArn })).Tags, {});
    const tagged = await sdk.tagResource({ ResourceArn, Tags: { a: '1', 'b:c/d=e+f-g@h_i.j': 'ü x' } });
    assert.equal(tagged.$metadata.httpStatusCode, 201);
    await sdk.tagResource({ ResourceArn, Tags: { a: '2', k: '' } });
    const all = { a: '2', 'b:c/d=e+f-g@h_i.j': 'ü x', k: '' };
    assert.deepEqual((await sdk.getTags({ ResourceArn })).Tags, all);
    const untagged = await sdk.untagResource({ ResourceArn, TagKeys: ['b:c/d=e+f-g@h_i.j', 'k', 'unknown'] });
    assert.equal(untagged.$metadata.httpStatusCode, 204);
    assert.deepEqual((await sdk.getTags({ ResourceArn })).Tags, { a: '2' });
  }
  const encoded = `${apiArn(ApiId)}/stages/%24default`;
  assert.deepEqual((await sdk.getTags({ ResourceArn: encoded })).Tags, { a: '2' });
  assert.deepEqual((await sdk.getApi({ ApiId })).Tags, { a: '2' });
  assert.deepEqual((await sdk.getStage({ ApiId, StageName: '$default' })).Tags, { a: '2' });
  // An update does not touch them.
  assert.deepEqual((await sdk.updateApi({ ApiId, Name: 'n' })).Tags, { a: '2' });
});

const NOT_FOUND = 'Invalid resource ARN specified';
const MALFORMED = 'Invalid ARN specified in the request';

testRefusals('tags', deployableApi, [
  {
    source: '§8.23',
    name: 'malformed ARN',
    call: (sdk) => sdk.getTags({ ResourceArn: 'arn:nothing' }),
    text: MALFORMED,
  },
  {
    source: '§8.23',
    name: 'ARN of another service',
    call: (sdk) => sdk.getTags({ ResourceArn: 'arn:aws:sqs:eu-west-1:111111111111:q' }),
    text: MALFORMED,
  },
  {
    source: '§8.23',
    name: 'API that is not there',
    exception: 'NotFound',
    call: (sdk) => sdk.getTags({ ResourceArn: apiArn('nothere') }),
    text: NOT_FOUND,
  },
  {
    source: '§8.23',
    name: 'API of another region',
    exception: 'NotFound',
    call: (sdk, { ApiId }) => sdk.getTags({ ResourceArn: apiArn(ApiId).replace(REGION, 'us-east-1') }),
    text: NOT_FOUND,
  },
  {
    source: '§8.23',
    name: 'a resource without tags',
    exception: 'NotFound',
    call: (sdk, { ApiId, RouteId }) =>
      sdk.tagResource({ ResourceArn: `${apiArn(ApiId)}/routes/${RouteId}`, Tags: { a: 'b' } }),
    text: NOT_FOUND,
  },
  {
    source: '§2.14',
    name: 'reserved key',
    call: (sdk, { ApiId }) => sdk.tagResource({ ResourceArn: apiArn(ApiId), Tags: { 'aws:a': 'b' } }),
    text: 'Tag keys that begin with aws: are reserved: aws:a',
  },
  {
    source: '§2.14',
    name: 'long key',
    call: (sdk, { ApiId }) =>
      sdk.tagResource({ ResourceArn: apiArn(ApiId), Tags: { ['k'.repeat(129)]: 'b' } }),
    text: `Invalid tag key specified: ${'k'.repeat(129)}`,
  },
  {
    source: '§2.14',
    name: 'key of other characters',
    call: (sdk, { ApiId }) => sdk.tagResource({ ResourceArn: apiArn(ApiId), Tags: { 'a!': 'b' } }),
    text: 'Invalid tag key specified: a!',
  },
  {
    source: '§2.14',
    name: 'long value',
    call: (sdk, { ApiId }) => sdk.tagResource({ ResourceArn: apiArn(ApiId), Tags: { a: 'v'.repeat(257) } }),
    text: 'Invalid value specified for tag a',
  },
  {
    source: '§2.14',
    name: 'more than 50 in all',
    call: async (sdk, { ApiId }) => {
      const tags = (prefix: string) =>
        Object.fromEntries(Array.from({ length: 26 }, (_, i) => [`${prefix}${i}`, '']));
      await sdk.tagResource({ ResourceArn: apiArn(ApiId), Tags: tags('a') });
      return sdk.tagResource({ ResourceArn: apiArn(ApiId), Tags: tags('b') });
    },
    text: 'tags must have at most 50 entries',
  },
]);
