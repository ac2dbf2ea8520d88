// VPC links (spec/management-api.md §2.13, §6.1): stored, and available at once. There is no network to attach to here, so
// subnets and security groups are kept as given.
import { apiKeyOf, apisOf, integrationsOf, routesOf } from '../../config/keys.ts';
import { printRouteTarget } from '../../grammar/route-target.ts';
import { badRequest } from '../../wire/errors.ts';
import { timestamp } from '../context.ts';
import { listAll } from '../document-list.ts';
import { checkLength } from '../limits.ts';
import { resource } from '../resource.ts';
import type { Draft, Scope } from '../rules.ts';
import { addedTags, checkTags, type Tags } from '../tags/tag-rules.ts';

interface VpcLinkDocument {
  readonly VpcLinkId: string;
  readonly Name: string;
  readonly SubnetIds: readonly string[];
  readonly SecurityGroupIds: readonly string[];
  readonly Tags: Tags;
  readonly CreatedDate: string;
  readonly VpcLinkStatus: 'AVAILABLE';
  readonly VpcLinkStatusMessage: string;
  readonly VpcLinkVersion: 'V2';
}

type VpcLinkScope = Scope<VpcLinkDocument, readonly []>;

export const vpcLinks = resource<'VpcLink', VpcLinkDocument, readonly []>('VpcLink', {
  idLength: 6,
  patch: { Tags: addedTags },
  settle,
  refuseDelete: refuseUsedLink,
});

async function settle(draft: Draft<VpcLinkDocument>, scope: VpcLinkScope): Promise<VpcLinkDocument> {
  const { context, id, given } = scope;
  const previous = scope.previous ?? scope.rewritten;
  const { Name = '', SubnetIds = [] } = draft;
  checkLength('name', Name, 1, 128);
  if (SubnetIds.length === 0) throw badRequest('SubnetIds for a vpc link cannot be empty');
  checkTags(draft.Tags, given.Tags);
  return {
    VpcLinkId: id,
    Name,
    SubnetIds,
    SecurityGroupIds: draft.SecurityGroupIds ?? [],
    Tags: draft.Tags ?? {},
    CreatedDate: previous?.CreatedDate ?? timestamp(context),
    VpcLinkStatus: 'AVAILABLE',
    VpcLinkStatusMessage: 'VPC link is ready to route traffic',
    VpcLinkVersion: 'V2',
  };
}

/** A link that an integration of the account uses is not deleted; AWS names the routes of that integration (§2.13). */
async function refuseUsedLink(_link: VpcLinkDocument, { context, id }: VpcLinkScope): Promise<void> {
  const { tx } = context;
  for (const api of await listAll(tx, apisOf(context))) {
    const apiKey = apiKeyOf(context, String(api.ApiId));
    const using = (await listAll(tx, integrationsOf(apiKey)))
      .filter(({ ConnectionType, ConnectionId }) => ConnectionType === 'VPC_LINK' && ConnectionId === id)
      .map(({ IntegrationId }) => printRouteTarget(String(IntegrationId)));
    if (using.length === 0) continue;
    const routes = (await listAll(tx, routesOf(apiKey))).filter(({ Target }) =>
      using.includes(String(Target)),
    );
    const references = routes.length > 0 ? routes.map(({ RouteId }) => `ANY:${RouteId}`) : using;
    throw badRequest(
      `Cannot delete vpc link. Vpc link '${id}', is referenced in [${references.join(', ')}] in format of [Method:Resource].`,
    );
  }
}
