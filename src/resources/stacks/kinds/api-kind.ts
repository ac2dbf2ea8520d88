// AWS::ApiGatewayV2::Api (spec/definitions.md §5.2): with what quick create makes of a target, or with what a body makes.

import { isDeepStrictEqual } from 'node:util';
import { apiKeyOf } from '../../../config/keys.ts';
import { schemaOf } from '../../../definitions/schema/schemas.ts';
import { API } from '../../../definitions/type-names.ts';
import { partitionOf, printExecutionArn } from '../../../grammar/management-arn.ts';
import { BoundedLines } from '../../../openapi/bounded-lines.ts';
import { apis, createWithTarget } from '../../api/api.ts';
import type { ApiDocument } from '../../api/api-document.ts';
import type { Context } from '../../context.ts';
import type { Desired, Made, StackKind } from '../stack-kind.ts';
import {
  type ApiMembers,
  membersOf,
  type ReadBody,
  readBody,
  refuseBesideBody,
  withoutBody,
} from './api-body.ts';
import { applyBody, updateBody } from './body-changes.ts';
import { refuseRemovedTarget, updateTarget } from './quick-create-changes.ts';
import { changesOf } from './resource-kind.ts';

/** Members of the document that only the service says. */
const OWN = ['CreatedDate', 'QuickCreate'] as const satisfies readonly (keyof ApiDocument)[];

export const apiKind: StackKind = {
  type: API,
  replacing: schemaOf(API)!.replacing,
  async create(context, desired, wishedId) {
    const warnings = new BoundedLines();
    const { given, extra, read } = await membersIn(context, desired, warnings);
    const id = wishedId === undefined ? {} : { ApiId: wishedId };
    const api = await createWithTarget(context, given, { ...extra, ...id });
    const findings =
      read === undefined
        ? withoutBody(desired)
        : await applyBody(context, api.ApiId, read, warnings, desired);
    return { ...madeOf(api, context), members: [], findings };
  },
  async update(context, made, before, desired) {
    const ApiId = made.physicalId;
    const stored = (await context.tx.get(apiKeyOf(context, ApiId))) as unknown as ApiDocument | undefined;
    if (stored === undefined) return undefined;
    refuseRemovedTarget(before, desired);
    const { QuickCreate } = stored;
    const warnings = new BoundedLines();
    const { given, extra, read } = await membersIn(context, desired, warnings);
    const rewritten = await apis.rewrite(context, { ...given, ApiId }, { ...extra, QuickCreate });
    const changes = await changesOf(rewritten!, OWN, async () => {
      if (isDeepStrictEqual(before, desired)) return rewritten!.after;
      const expected = await membersIn(context, before, new BoundedLines());
      return apis.settled(context, { ...expected.given, ApiId }, { ...expected.extra, QuickCreate });
    });
    const ofTarget = await updateTarget(context, stored, before, desired);
    const ofBody = await updateBody(context, ApiId, { before, desired, read, warnings });
    return {
      ...madeOf(rewritten!.after, context),
      ...changes,
      ...ofTarget,
      ...ofBody,
      members: [...changes.members, ...ofTarget.members, ...ofBody.members],
    };
  },
  delete: (context, made, _desired, isFollowed = false) =>
    apis.discard(context, { ApiId: made.physicalId }, isFollowed),
};

/** The members of the API itself, and its body. */
async function membersIn(
  context: Context,
  desired: Desired,
  warnings: BoundedLines,
): Promise<ApiMembers & { readonly read?: ReadBody }> {
  const { properties, body, tags } = desired;
  if (body === undefined) return { given: properties, extra: tags === undefined ? {} : { Tags: tags } };
  refuseBesideBody(desired);
  const read = await readBody(context, body, properties);
  return { ...(await membersOf(read.definition, desired, warnings)), read };
}

function madeOf({ ApiId, ProtocolType }: ApiDocument, context: Context): Made {
  const { region, account } = context;
  const arn = { partition: partitionOf(region), region, account, apiId: ApiId, path: '' };
  return {
    physicalId: ApiId,
    attributes: {
      ApiId,
      ApiEndpoint: context.endpoint(ApiId, ProtocolType),
      ExecuteApiArn: printExecutionArn(arn),
    },
  };
}
