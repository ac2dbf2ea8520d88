// The document of a Stage (spec/management-api.md §2.8.1).
import type { Input } from '../../wire/operation.ts';

type Given = Omit<Input<'CreateStage'>, 'ApiId'>;

export interface StageDocument extends Given {
  readonly StageVariables: NonNullable<Given['StageVariables']>;
  readonly DefaultRouteSettings: NonNullable<Given['DefaultRouteSettings']>;
  readonly RouteSettings: NonNullable<Given['RouteSettings']>;
  readonly Tags: NonNullable<Given['Tags']>;
  readonly CreatedDate: string;
  readonly LastUpdatedDate: string;
  readonly LastDeploymentStatusMessage?: string;
  readonly ApiGatewayManaged?: boolean;
}
