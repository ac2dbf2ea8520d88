// AWS::ApiGatewayV2::Api (spec/definitions.md §5.2): with what quick create makes of a target, or with a body.
import { isDeepStrictEqual } from 'node:util';
import { apiKeyOf } from '../../../config/keys.ts';
import { templateError } from '../../../definitions/finding.ts';
import { schemaOf } from '../../../definitions/schema/schemas.ts';
import { partitionOf, printExecutionArn } from '../../../grammar/management-arn.ts';
import { apis, createWithTarget } from '../../api/api.ts';
import type { ApiDocument } from '../../api/api-document.ts';
import { QUICK_CREATE_MEMBERS, type QuickCreate, rewriteQuickCreate } from '../../api/quick-create.ts';
import type { Context } from '../../context.ts';
import type { Extra } from '../../resource.ts';
import type { Desired, Made, StackKind, Written } from '../stack-kind.ts';
import { membersBetween } from './members.ts';
import { changedDocuments, changesOf } from './resource-kind.ts';

const TYPE = 'AWS::ApiGatewayV2::Api';

/** Members of the document that only the service says. */
const OWN = ['CreatedDate', 'QuickCreate'] as const satisfies readonly (keyof ApiDocument)[];

export const apiKind: StackKind = {
  type: TYPE,
  replacing: schemaOf(TYPE)!.replacing,
  async create(context, desired, wishedId) {
    const id = wishedId === undefined ? {} : { ApiId: wishedId };
    const api = await createWithTarget(context, desired.properties, { ...extraOf(desired), ...id });
    return { ...madeOf(api, context), members: [], findings: [] };
  },
  async update(context, made, before, desired) {
    const ApiId = made.physicalId;
    const stored = (await context.tx.get(apiKeyOf(context, ApiId))) as unknown as ApiDocument | undefined;
    if (stored === undefined) return undefined;
    refuseRemovedTarget(before, desired);
    const extra = { QuickCreate: stored.QuickCreate };
    const rewritten = await apis.rewrite(
      context,
      { ...desired.properties, ApiId },
      { ...extraOf(desired), ...extra },
    );
    const changes = await changesOf(rewritten!, OWN, () =>
      isDeepStrictEqual(before, desired)
        ? rewritten!.after
        : apis.settled(context, { ...before.properties, ApiId }, { ...extraOf(before), ...extra }),
    );
    const ofTarget = await updateTarget(context, stored, before, desired);
    return {
      ...madeOf(rewritten!.after, context),
      findings: [],
      ...changes,
      ...ofTarget,
      members: [...changes.members, ...ofTarget.members],
    };
  },
  delete: (context, made, _desired, isFollowed = false) =>
    apis.discard(context, { ApiId: made.physicalId }, isFollowed),
};

const extraOf = ({ tags }: Desired): Extra<ApiDocument> => (tags === undefined ? {} : { Tags: tags });

function madeOf({ ApiId, ProtocolType }: ApiDocument, context: Context): Made {
  const { region, account } = context;
  return {
    physicalId: ApiId,
    attributes: {
      ApiId,
      ApiEndpoint: context.endpoint(ApiId, ProtocolType),
      ExecuteApiArn: printExecutionArn({
        partition: partitionOf(region),
        region,
        account,
        apiId: ApiId,
        path: '',
      }),
    },
  };
}

function refuseRemovedTarget(before: Desired, desired: Desired): void {
  if (before.properties.Target === undefined || desired.properties.Target !== undefined) return;
  throw templateError('Target can be changed but not removed; give the API another logical id');
}

/** Makes what quick create made as the target says. */
async function updateTarget(
  context: Context,
  { ApiId, QuickCreate: made }: ApiDocument,
  before: Desired,
  desired: Desired,
): Promise<Pick<Written, 'members' | 'changedOutside'>> {
  if (made === undefined) return { members: [] };
  const rewritten = await rewriteQuickCreate(context, ApiId, made, desired.properties as QuickCreate);
  const members = membersBetween(targetIn(before), targetIn(desired));
  if (members.length > 0) return { members };
  const others = changedDocuments(rewritten);
  return others.length === 0 ? { members } : { members: others, changedOutside: true };
}

function targetIn({ properties }: Desired): Desired['properties'] {
  return Object.fromEntries(
    Object.entries(properties).filter(([name]) => QUICK_CREATE_MEMBERS.includes(name)),
  );
}
