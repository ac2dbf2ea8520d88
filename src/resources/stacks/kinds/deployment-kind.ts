// AWS::ApiGatewayV2::Deployment (spec/definitions.md §5.6): made once, of what the API is then.

import { apiKeyOf, deploymentsOf } from '../../../config/keys.ts';
import type { Finding } from '../../../definitions/finding.ts';
import { schemaOf } from '../../../definitions/schema/schemas.ts';
import { DEPLOYMENT } from '../../../definitions/type-names.ts';
import { deployments } from '../../deployment/deployment.ts';
import type { Made, StackKind } from '../stack-kind.ts';
import { membersBetween } from './members.ts';

export const deploymentKind: StackKind = {
  type: DEPLOYMENT,
  replacing: schemaOf(DEPLOYMENT)!.replacing,
  async create(context, { properties }, wishedId) {
    const id = wishedId === undefined ? {} : { DeploymentId: wishedId };
    const { DeploymentId } = await deployments.create(context, properties, id);
    return { ...madeOf(DeploymentId), members: [], findings: [] };
  },
  async update(context, made, before, { properties }) {
    const DeploymentId = made.physicalId;
    const ApiId = String(properties.ApiId);
    const stored = await context.tx.get([...deploymentsOf(apiKeyOf(context, ApiId)), DeploymentId]);
    if (stored === undefined) return undefined;
    const { Description = '' } = properties;
    const after = await deployments.update(context, { ApiId, DeploymentId, Description });
    const members = membersBetween(stored, { ...after });
    const isOther = stored.Description !== before.properties.Description;
    return {
      ...madeOf(DeploymentId),
      members,
      findings: stageNameFindings(before.properties.StageName, properties.StageName),
      ...(members.length > 0 && isOther ? { changedOutside: true } : {}),
    };
  },
  delete: (context, { physicalId }, { properties }, isFollowed = false) =>
    deployments.discard(context, { ApiId: properties.ApiId, DeploymentId: physicalId }, isFollowed),
};

const madeOf = (DeploymentId: string): Made => ({ physicalId: DeploymentId, attributes: { DeploymentId } });

function stageNameFindings(before: unknown, after: unknown): readonly Finding[] {
  if (before === after || after === undefined) return [];
  return [
    {
      severity: 'note',
      text: 'A deployment is made for the StageName that it has when it is made: a change deploys nothing. Rename it.',
    },
  ];
}
