// What a stack makes of a body is what ImportApi makes of it, and another body makes of the API what a create would make of it
// (spec/definitions.md §5.1.5, §5.2.1, Choice D23).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { meaningOf } from '../../../../test/support/generated-apis/meaning.ts';
import { readApi } from '../../../../test/support/generated-apis/read-api.ts';
import { VPC_LINK, wholeHttpApi } from '../../../../test/support/generated-apis/whole-http-api.ts';
import { exportedDefinition } from '../../../openapi/export/export-definition.ts';
import type { ExportedApi } from '../../../openapi/export/exported-api.ts';
import { printDefinitionJson } from '../../../openapi/export/print-json.ts';
import { readDefinition } from '../../../openapi/read-definition.ts';
import { readTree } from '../../../openapi/read-tree.ts';
import type { Context } from '../../context.ts';
import { applyDefinition } from '../../openapi/apply-definition.ts';
import { vpcLinks } from '../../vpc-link/vpc-link.ts';
import { apiKind } from './api-kind.ts';
import { inStore, storeOfTests } from './kind-stand.test.support.ts';

const RUNS = 50;
const STAMP = '2026-01-11 06:08:40UTC';

function textOf(api: ExportedApi): string {
  const server = { url: 'https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com', basePath: 'prod' };
  const options = { includeExtensions: true, stamp: new Date('2026-01-11T06:08:40Z'), server };
  return [...printDefinitionJson(exportedDefinition(api, options))].join('');
}

/** Everything but ids, and how many integrations there are. */
async function seen(context: Context, apiId: string): Promise<object> {
  const api = await readApi(context, apiId);
  return { ...meaningOf(api, STAMP), integrations: api.integrations.length };
}

async function byApi(context: Context, text: string) {
  const { account, region } = context;
  const means = { account, region, partition: 'aws', basePath: 'ignore' } as const;
  const { apiId, warnings } = await applyDefinition(context, readDefinition(readTree(text), means));
  return { api: await seen(context, apiId), warnings: warnings.map((line) => line.text) };
}

const desired = (text: string) => ({ properties: {}, body: readTree(text) });

const opened = storeOfTests();

test('any body makes in a stack what it makes of its own, after any other body too', async () => {
  const store = await opened();
  await fc.assert(
    fc.asyncProperty(wholeHttpApi, wholeHttpApi, (...apis) =>
      inStore(store, async ({ context }) => {
        const [first, second] = apis.map(textOf) as [string, string];
        const link = { Name: 'link', SubnetIds: ['subnet-1'] };
        await vpcLinks.create(context, link, { VpcLinkId: VPC_LINK });
        const imported = await byApi(context, second);
        const made = await apiKind.create(context, desired(first), undefined);
        const updated = await apiKind.update(context, made, desired(first), desired(second));
        const of = async (apiId: string, findings: readonly { readonly text: string }[]) => ({
          api: await seen(context, apiId),
          warnings: findings.map(({ text }) => text),
        });
        assert.deepEqual(await of(made.physicalId, updated!.findings), imported);
        const created = await apiKind.create(context, desired(second), undefined);
        assert.deepEqual(await of(created.physicalId, created.findings), imported);
        const again = await apiKind.update(context, made, desired(second), desired(second));
        assert.deepEqual([again!.members, again!.changedOutside], [[], undefined]);
      }),
    ),
    { numRuns: RUNS },
  );
});
