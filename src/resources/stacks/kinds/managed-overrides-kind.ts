// AWS::ApiGatewayV2::ApiGatewayManagedOverrides (spec/definitions.md §5.3): what a stack says of the resources that quick create made.
import { apiKeyOf } from '../../../config/keys.ts';
import { templateError } from '../../../definitions/finding.ts';
import { schemaOf } from '../../../definitions/schema/schemas.ts';
import { apis } from '../../api/api.ts';
import type { ApiDocument, ManagedOverrides } from '../../api/api-document.ts';
import { quickCreateOf, rewriteQuickCreate } from '../../api/quick-create.ts';
import type { Context } from '../../context.ts';
import { randomId } from '../../identifiers.ts';
import type { Desired, StackKind } from '../stack-kind.ts';
import { membersBetween } from './members.ts';
import { changedDocuments } from './resource-kind.ts';

const TYPE = 'AWS::ApiGatewayV2::ApiGatewayManagedOverrides';
const ID_LENGTH = 10;

export const managedOverridesKind: StackKind = {
  type: TYPE,
  replacing: schemaOf(TYPE)!.replacing,
  async create(context, { properties }, wishedId = randomId(ID_LENGTH)) {
    const ApiId = String(properties.ApiId);
    const api = await apiOf(context, ApiId);
    if (api?.QuickCreate === undefined) {
      throw templateError(`ApiGatewayManagedOverrides needs an API with Target: ${ApiId} has none`);
    }
    if (api.QuickCreate.Overrides !== undefined) {
      throw templateError(
        `${ApiId} has ApiGatewayManagedOverrides already: one resource says all that is different`,
      );
    }
    await override(context, api, overridesIn(properties));
    return { physicalId: wishedId, attributes: { Id: wishedId }, members: [], findings: [] };
  },
  async update(context, made, before, desired) {
    const api = await apiOf(context, String(desired.properties.ApiId));
    if (api?.QuickCreate?.Overrides === undefined) return undefined;
    const rewritten = await override(context, api, overridesIn(desired.properties));
    const members = membersBetween(before.properties, desired.properties);
    const others = members.length > 0 ? [] : changedDocuments(rewritten);
    return {
      ...made,
      findings: [],
      members: [...members, ...others],
      ...(others.length > 0 ? { changedOutside: true } : {}),
    };
  },
  /** What quick create made is as it made it. */
  async delete(context, _made, { properties }) {
    const api = await apiOf(context, String(properties.ApiId));
    if (api?.QuickCreate !== undefined) await override(context, api, undefined);
  },
};

async function apiOf(context: Context, apiId: string): Promise<ApiDocument | undefined> {
  return (await context.tx.get(apiKeyOf(context, apiId))) as unknown as ApiDocument | undefined;
}

function overridesIn({ Integration, Route, Stage }: Desired['properties']): ManagedOverrides {
  const given = Object.entries({ Integration, Route, Stage }).filter(([, members]) => members !== undefined);
  return Object.fromEntries(given);
}

async function override(
  context: Context,
  { ApiId, QuickCreate }: ApiDocument,
  overrides: ManagedOverrides | undefined,
): ReturnType<typeof rewriteQuickCreate> {
  const { IntegrationId, RouteId } = QuickCreate!;
  const made = { IntegrationId, RouteId, ...(overrides === undefined ? {} : { Overrides: overrides }) };
  await apis.update(context, { ApiId }, { QuickCreate: made });
  return rewriteQuickCreate(context, ApiId, made, await quickCreateOf(context, ApiId, made));
}
