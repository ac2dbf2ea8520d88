// Which types connectors join, and by what (spec/definitions.md §8.1).

/** A policy of the role of one side. */
interface RoleProfile {
  readonly kind: 'role';
  readonly roleOf: 'Source' | 'Destination';
  readonly permissions: readonly string[];
  /** The only sets of permissions that are taken. */
  readonly together?: readonly (readonly string[])[];
  /** What waits for the policy. */
  readonly awaitedBy?: 'event source mapping' | 'source';
}

/** A policy of the queue or the topic, or the permission of the function, that is the destination. */
interface DestinationProfile {
  readonly kind: 'queue' | 'topic' | 'function';
  readonly principal: string;
  readonly permissions: readonly string[];
  /** On whose behalf: a pattern of an ARN with `%` for the id, or the source's own ARN. */
  readonly sourceArn?: string;
  readonly isOfAccount?: boolean;
}

export type ConnectorProfile = RoleProfile | DestinationProfile;

const READ = ['Read'];
const WRITE = ['Write'];
const BOTH = ['Read', 'Write'];
const EXECUTE_API =
  'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${SourceResourceId}/${SourceQualifier}';

const bySource = (permissions: readonly string[]): RoleProfile => ({
  kind: 'role',
  roleOf: 'Source',
  permissions,
});
const calls = (principal: string, sourceArn?: string): DestinationProfile => ({
  kind: 'function',
  principal,
  permissions: WRITE,
  ...(sourceArn !== undefined && { sourceArn }),
});
const byMapping = (
  permissions: readonly string[],
  together?: readonly (readonly string[])[],
): RoleProfile => ({
  kind: 'role',
  roleOf: 'Destination',
  permissions,
  awaitedBy: 'event source mapping',
  ...(together !== undefined && { together }),
});

/** By the types of the source and of the destination. */
const PROFILES = new Map<string, Map<string, ConnectorProfile>>(
  Object.entries({
    'AWS::DynamoDB::Table': { 'AWS::Lambda::Function': byMapping(READ) },
    'AWS::SQS::Queue': { 'AWS::Lambda::Function': byMapping(['Write', 'Read'], [BOTH]) },
    'AWS::Events::Rule': {
      'AWS::SNS::Topic': { kind: 'topic', principal: 'events.amazonaws.com', permissions: WRITE },
      'AWS::Events::EventBus': bySource(WRITE),
      'AWS::StepFunctions::StateMachine': bySource(WRITE),
      'AWS::Lambda::Function': calls('events.amazonaws.com'),
      'AWS::SQS::Queue': { kind: 'queue', principal: 'events.amazonaws.com', permissions: WRITE },
    },
    'AWS::Lambda::Function': {
      'AWS::Lambda::Function': bySource(WRITE),
      'AWS::S3::Bucket': bySource(BOTH),
      'AWS::DynamoDB::Table': bySource(BOTH),
      'AWS::SQS::Queue': bySource(BOTH),
      'AWS::SNS::Topic': bySource(WRITE),
      'AWS::StepFunctions::StateMachine': bySource(['Write', 'Read']),
      'AWS::Events::EventBus': bySource(WRITE),
      'AWS::Location::PlaceIndex': bySource(READ),
    },
    'AWS::ApiGatewayV2::Api': { 'AWS::Lambda::Function': calls('apigateway.amazonaws.com', EXECUTE_API) },
    'AWS::ApiGateway::RestApi': { 'AWS::Lambda::Function': calls('apigateway.amazonaws.com', EXECUTE_API) },
    'AWS::SNS::Topic': {
      'AWS::SQS::Queue': { kind: 'queue', principal: 'sns.amazonaws.com', permissions: WRITE },
      'AWS::Lambda::Function': calls('sns.amazonaws.com'),
    },
    'AWS::S3::Bucket': { 'AWS::Lambda::Function': { ...calls('s3.amazonaws.com'), isOfAccount: true } },
    'AWS::StepFunctions::StateMachine': {
      'AWS::Lambda::Function': bySource(WRITE),
      'AWS::SNS::Topic': bySource(WRITE),
      'AWS::SQS::Queue': bySource(WRITE),
      'AWS::S3::Bucket': bySource(BOTH),
      'AWS::DynamoDB::Table': bySource(BOTH),
      'AWS::StepFunctions::StateMachine': {
        ...bySource(BOTH),
        together: [READ, BOTH],
        awaitedBy: 'source',
      },
      'AWS::Events::EventBus': bySource(WRITE),
    },
    'AWS::AppSync::DataSource': {
      'AWS::DynamoDB::Table': bySource(BOTH),
      'AWS::Lambda::Function': bySource(WRITE),
      'AWS::Events::EventBus': bySource(WRITE),
    },
    'AWS::AppSync::GraphQLApi': {
      'AWS::Lambda::Function': calls(
        'appsync.amazonaws.com',
        'arn:${AWS::Partition}:appsync:${AWS::Region}:${AWS::AccountId}:apis/${SourceResourceId}',
      ),
    },
  } satisfies Record<string, Record<string, ConnectorProfile>>).map(([source, destinations]) => [
    source,
    new Map(Object.entries(destinations)),
  ]),
);

export function connectorProfile(source: string, destination: string): ConnectorProfile | undefined {
  return PROFILES.get(source)?.get(destination);
}

/** What a resource of a type is known by. */
export interface ConnectedType {
  /** The property that names its role. */
  readonly role?: string;
  readonly arn: 'Ref' | 'Arn';
  readonly id?: 'Ref' | 'ApiId';
  readonly url?: 'Ref';
  readonly qualifier?: string;
}

export const CONNECTED_TYPES = new Map<string, ConnectedType>([
  ['AWS::ApiGateway::RestApi', { arn: 'Arn', id: 'Ref', qualifier: '*' }],
  ['AWS::ApiGatewayV2::Api', { arn: 'Arn', id: 'Ref', qualifier: '*' }],
  ['AWS::AppSync::DataSource', { arn: 'Ref', role: 'ServiceRoleArn' }],
  ['AWS::AppSync::GraphQLApi', { arn: 'Ref', id: 'ApiId' }],
  ['AWS::DynamoDB::Table', { arn: 'Arn' }],
  ['AWS::Events::EventBus', { arn: 'Arn' }],
  ['AWS::Events::Rule', { arn: 'Arn' }],
  ['AWS::Lambda::Function', { arn: 'Arn', role: 'Role' }],
  ['AWS::Location::PlaceIndex', { arn: 'Arn' }],
  ['AWS::S3::Bucket', { arn: 'Arn' }],
  ['AWS::SNS::Topic', { arn: 'Ref' }],
  ['AWS::SQS::Queue', { arn: 'Arn', url: 'Ref' }],
  ['AWS::StepFunctions::StateMachine', { arn: 'Ref', role: 'RoleArn' }],
]);
