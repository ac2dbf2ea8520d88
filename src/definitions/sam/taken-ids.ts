// Ids that the expansion makes may be taken (spec/definitions.md §8.2.7).
import { get, stringOf, type TreeMap } from './editing.ts';
import { Invalid } from './invalid.ts';
import type { Resource } from './resource.ts';

/** Whose id a resource may have: that of what it came from, or its own from before. */
const HEIRS = new Map<string, readonly string[]>([
  ['AWS::Lambda::Function', ['AWS::Serverless::Function']],
  ['AWS::Lambda::LayerVersion', ['AWS::Serverless::LayerVersion']],
  ['AWS::ApiGateway::RestApi', ['AWS::Serverless::Api']],
  ['AWS::ApiGatewayV2::Api', ['AWS::Serverless::HttpApi', 'AWS::Serverless::WebSocketApi']],
  ['AWS::S3::Bucket', ['AWS::S3::Bucket']],
  ['AWS::SNS::Topic', ['AWS::SNS::Topic']],
  ['AWS::DynamoDB::Table', ['AWS::Serverless::SimpleTable']],
  ['AWS::CloudFormation::Stack', ['AWS::Serverless::Application']],
  ['AWS::Cognito::UserPool', ['AWS::Cognito::UserPool']],
  ['AWS::ApiGateway::DomainName', ['AWS::ApiGateway::DomainName']],
  ['AWS::ApiGateway::BasePathMapping', ['AWS::ApiGateway::BasePathMapping']],
  ['AWS::ApiGateway::DomainNameV2', ['AWS::ApiGateway::DomainNameV2']],
  ['AWS::ApiGateway::BasePathMappingV2', ['AWS::ApiGateway::BasePathMappingV2']],
  ['AWS::StepFunctions::StateMachine', ['AWS::Serverless::StateMachine']],
]);

export function takenId(
  originId: string,
  { logicalId, type, offset }: Pick<Resource, 'logicalId' | 'type' | 'offset'>,
): Invalid {
  return new Invalid(
    `Transforming resource with id [${originId}] attempts to create a new resource with id [${logicalId}] and type "${type}". A resource with that id already exists within this template. Please use a different id for that resource.`,
    offset,
    originId,
  );
}

/** @param resources of the template, before any was expanded */
export function isFree({ logicalId, type }: Resource, resources: TreeMap): boolean {
  const taken = get(resources, logicalId);
  return taken === undefined || (HEIRS.get(type)?.includes(stringOf(get(taken, 'Type')) ?? '') ?? false);
}
