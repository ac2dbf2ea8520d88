// AWS::ApiGatewayV2::Stage (spec/definitions.md §5.14).
import { STAGE } from '../../../definitions/type-names.ts';
import { stages } from '../../stage/stage.ts';
import type { StackKind } from '../stack-kind.ts';
import { resourceKind } from './resource-kind.ts';

const kind = resourceKind(STAGE, stages, {
  idMember: 'StageName',
  isTagged: true,
  hidesId: true,
  own: ['CreatedDate', 'LastUpdatedDate', 'LastDeploymentStatusMessage'],
});

export const stageKind: StackKind = {
  ...kind,
  /** A deployment that the template named and names no more goes; one that it never named stays. */
  update(context, made, before, desired) {
    const { DeploymentId } = before.properties;
    if (DeploymentId === undefined || desired.properties.DeploymentId !== undefined) {
      return kind.update(context, made, before, desired);
    }
    const properties = { ...desired.properties, DeploymentId: '' };
    return kind.update(context, made, before, { ...desired, properties });
  },
};
