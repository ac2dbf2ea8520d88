// The properties of the types that Postern has (spec/definitions.md §5.2 to §5.16, §6.2).
import {
  BOOLEAN,
  CLEARABLE,
  INTEGER,
  jsonMap,
  type Members,
  type PropertyShape,
  type ResourceSchema,
  structure,
  TEXT,
  TEXT_MAP,
  TEXTS,
} from './shape.ts';

const type = (
  members: Members,
  { required, ...more }: Pick<ResourceSchema, 'required' | 'replacing' | 'instead'>,
): ResourceSchema => ({ ...structure(members, required), ...more });

const CORS = structure({
  AllowCredentials: BOOLEAN,
  AllowHeaders: TEXTS,
  AllowMethods: TEXTS,
  AllowOrigins: TEXTS,
  ExposeHeaders: TEXTS,
  MaxAge: INTEGER,
});

const BODY_LOCATION = structure({ Bucket: TEXT, Key: TEXT, Version: TEXT, Etag: TEXT }, ['Bucket', 'Key'], {
  orScalar: 'Path',
});

const ACCESS_LOG_SETTINGS = structure({ DestinationArn: TEXT, Format: TEXT });

const ROUTE_SETTINGS = structure({
  DataTraceEnabled: BOOLEAN,
  DetailedMetricsEnabled: BOOLEAN,
  LoggingLevel: TEXT,
  ThrottlingBurstLimit: INTEGER,
  ThrottlingRateLimit: { kind: 'number' },
});

const PARAMETER = structure({ Required: BOOLEAN }, [], { orScalar: 'Required' });

const RESPONSE_PARAMETERS: PropertyShape = {
  kind: 'entries',
  isOfResponses: true,
  value: structure({
    ResponseParameters: {
      kind: 'list',
      item: structure({ Destination: TEXT, Source: TEXT }, ['Destination', 'Source']),
    },
  }),
};

const RULE_CONDITION = structure({
  MatchBasePaths: structure({ AnyOf: TEXTS }, ['AnyOf']),
  MatchHeaders: structure(
    { AnyOf: { kind: 'list', item: structure({ Header: TEXT, ValueGlob: TEXT }, ['Header', 'ValueGlob']) } },
    ['AnyOf'],
  ),
});

const RULE_ACTION = structure(
  { InvokeApi: structure({ ApiId: TEXT, Stage: TEXT, StripBasePath: BOOLEAN }, ['ApiId', 'Stage']) },
  ['InvokeApi'],
);

const TAG_LIST: PropertyShape = {
  kind: 'list',
  item: structure({ Key: TEXT, Value: TEXT }, ['Key', 'Value']),
};

const SCHEMAS: { readonly [type: string]: ResourceSchema } = {
  'AWS::ApiGatewayV2::Api': type(
    {
      ApiKeySelectionExpression: TEXT,
      BasePath: TEXT,
      Body: { kind: 'document' },
      BodyS3Location: BODY_LOCATION,
      CorsConfiguration: CORS,
      CredentialsArn: TEXT,
      Description: TEXT,
      DisableExecuteApiEndpoint: BOOLEAN,
      DisableSchemaValidation: BOOLEAN,
      FailOnWarnings: BOOLEAN,
      IpAddressType: TEXT,
      Name: TEXT,
      ProtocolType: TEXT,
      RouteKey: TEXT,
      RouteSelectionExpression: TEXT,
      Tags: TEXT_MAP,
      Target: TEXT,
      Version: TEXT,
    },
    {
      required: ['Name', 'ProtocolType'],
      replacing: ['ProtocolType'],
      instead: {
        names: ['Body', 'BodyS3Location'],
        both: 'Specify either Body or BodyS3Location and not both.',
      },
    },
  ),
  'AWS::ApiGatewayV2::ApiGatewayManagedOverrides': type(
    {
      ApiId: TEXT,
      Integration: structure({
        Description: TEXT,
        IntegrationMethod: TEXT,
        PayloadFormatVersion: TEXT,
        TimeoutInMillis: INTEGER,
      }),
      Route: structure({
        AuthorizationScopes: TEXTS,
        AuthorizationType: TEXT,
        AuthorizerId: TEXT,
        OperationName: TEXT,
        Target: TEXT,
      }),
      Stage: structure({
        AccessLogSettings: ACCESS_LOG_SETTINGS,
        AutoDeploy: BOOLEAN,
        DefaultRouteSettings: ROUTE_SETTINGS,
        Description: TEXT,
        RouteSettings: jsonMap(ROUTE_SETTINGS),
        StageVariables: jsonMap(TEXT),
      }),
    },
    { required: ['ApiId'], replacing: ['ApiId'] },
  ),
  'AWS::ApiGatewayV2::ApiMapping': type(
    { ApiId: TEXT, ApiMappingKey: TEXT, DomainName: TEXT, Stage: TEXT },
    { required: ['DomainName', 'ApiId', 'Stage'], replacing: ['DomainName'] },
  ),
  'AWS::ApiGatewayV2::Authorizer': type(
    {
      ApiId: TEXT,
      AuthorizerCredentialsArn: TEXT,
      AuthorizerPayloadFormatVersion: TEXT,
      AuthorizerResultTtlInSeconds: INTEGER,
      AuthorizerType: TEXT,
      AuthorizerUri: TEXT,
      EnableSimpleResponses: BOOLEAN,
      IdentitySource: TEXTS,
      IdentityValidationExpression: TEXT,
      JwtConfiguration: structure({ Audience: TEXTS, Issuer: TEXT }),
      Name: TEXT,
    },
    { required: ['ApiId', 'AuthorizerType', 'Name'], replacing: ['ApiId'] },
  ),
  'AWS::ApiGatewayV2::Deployment': type(
    { ApiId: TEXT, Description: TEXT, StageName: TEXT },
    { required: ['ApiId'], replacing: ['ApiId'] },
  ),
  'AWS::ApiGatewayV2::DomainName': type(
    {
      DomainName: TEXT,
      DomainNameConfigurations: {
        kind: 'list',
        item: structure({
          CertificateArn: TEXT,
          CertificateName: TEXT,
          EndpointType: TEXT,
          IpAddressType: TEXT,
          OwnershipVerificationCertificateArn: TEXT,
          SecurityPolicy: TEXT,
        }),
      },
      MutualTlsAuthentication: structure({ TruststoreUri: TEXT, TruststoreVersion: TEXT }),
      RoutingMode: {
        kind: 'text',
        values: ['API_MAPPING_ONLY', 'ROUTING_RULE_THEN_API_MAPPING', 'ROUTING_RULE_ONLY'],
      },
      Tags: TEXT_MAP,
    },
    { required: ['DomainName'], replacing: ['DomainName'] },
  ),
  'AWS::ApiGatewayV2::Integration': type(
    {
      ApiId: TEXT,
      ConnectionId: CLEARABLE,
      ConnectionType: CLEARABLE,
      ContentHandlingStrategy: CLEARABLE,
      CredentialsArn: TEXT,
      Description: CLEARABLE,
      IntegrationMethod: CLEARABLE,
      IntegrationSubtype: CLEARABLE,
      IntegrationType: TEXT,
      IntegrationUri: CLEARABLE,
      PassthroughBehavior: CLEARABLE,
      PayloadFormatVersion: CLEARABLE,
      RequestParameters: TEXT_MAP,
      RequestTemplates: TEXT_MAP,
      ResponseParameters: RESPONSE_PARAMETERS,
      TemplateSelectionExpression: CLEARABLE,
      TimeoutInMillis: INTEGER,
      TlsConfig: structure({ ServerNameToVerify: TEXT }),
    },
    { required: ['ApiId', 'IntegrationType'], replacing: ['ApiId'] },
  ),
  'AWS::ApiGatewayV2::IntegrationResponse': type(
    {
      ApiId: TEXT,
      ContentHandlingStrategy: TEXT,
      IntegrationId: TEXT,
      IntegrationResponseKey: TEXT,
      ResponseParameters: jsonMap(TEXT),
      ResponseTemplates: jsonMap(TEXT),
      TemplateSelectionExpression: TEXT,
    },
    {
      required: ['ApiId', 'IntegrationId', 'IntegrationResponseKey'],
      replacing: ['ApiId', 'IntegrationId'],
    },
  ),
  'AWS::ApiGatewayV2::Model': type(
    { ApiId: TEXT, ContentType: TEXT, Description: TEXT, Name: TEXT, Schema: { kind: 'json text' } },
    { required: ['ApiId', 'Name', 'Schema'], replacing: ['ApiId'] },
  ),
  'AWS::ApiGatewayV2::PortalProduct': type(
    { Description: TEXT, DisplayName: TEXT, Tags: TAG_LIST },
    { required: ['DisplayName'], replacing: [] },
  ),
  'AWS::ApiGatewayV2::Route': type(
    {
      ApiId: TEXT,
      ApiKeyRequired: BOOLEAN,
      AuthorizationScopes: TEXTS,
      AuthorizationType: TEXT,
      AuthorizerId: TEXT,
      ModelSelectionExpression: TEXT,
      OperationName: TEXT,
      RequestModels: jsonMap(TEXT),
      RequestParameters: jsonMap(PARAMETER),
      RouteKey: TEXT,
      RouteResponseSelectionExpression: TEXT,
      Target: TEXT,
    },
    { required: ['ApiId', 'RouteKey'], replacing: ['ApiId'] },
  ),
  'AWS::ApiGatewayV2::RouteResponse': type(
    {
      ApiId: TEXT,
      ModelSelectionExpression: TEXT,
      ResponseModels: jsonMap(TEXT),
      ResponseParameters: jsonMap(structure({ Required: BOOLEAN }, ['Required'], { orScalar: 'Required' })),
      RouteId: TEXT,
      RouteResponseKey: TEXT,
    },
    { required: ['ApiId', 'RouteId', 'RouteResponseKey'], replacing: ['ApiId', 'RouteId'] },
  ),
  'AWS::ApiGatewayV2::RoutingRule': type(
    {
      Actions: { kind: 'list', item: RULE_ACTION },
      Conditions: { kind: 'list', item: RULE_CONDITION },
      DomainNameArn: TEXT,
      Priority: { kind: 'integer', least: 1, most: 1_000_000 },
    },
    { required: ['DomainNameArn', 'Priority', 'Conditions', 'Actions'], replacing: ['DomainNameArn'] },
  ),
  'AWS::ApiGatewayV2::Stage': type(
    {
      AccessLogSettings: ACCESS_LOG_SETTINGS,
      AccessPolicyId: {
        kind: 'refused',
        text: 'AccessPolicyId of a stage has no meaning that AWS documents: remove it',
      },
      ApiId: TEXT,
      AutoDeploy: BOOLEAN,
      ClientCertificateId: TEXT,
      DefaultRouteSettings: ROUTE_SETTINGS,
      DeploymentId: TEXT,
      Description: TEXT,
      RouteSettings: jsonMap(ROUTE_SETTINGS),
      StageName: TEXT,
      StageVariables: jsonMap(TEXT),
      Tags: jsonMap(TEXT),
    },
    { required: ['ApiId', 'StageName'], replacing: ['ApiId', 'StageName'] },
  ),
  'AWS::ApiGatewayV2::VpcLink': type(
    { Name: TEXT, SecurityGroupIds: TEXTS, SubnetIds: TEXTS, Tags: TEXT_MAP },
    { required: ['Name', 'SubnetIds'], replacing: ['SubnetIds', 'SecurityGroupIds'] },
  ),
  // What of a function has an effect here (§7.3).
  'AWS::Lambda::Function': type(
    {
      Code: structure(
        { ImageUri: TEXT, S3Bucket: TEXT, S3Key: TEXT, S3ObjectVersion: TEXT, ZipFile: TEXT },
        [],
        {
          orScalar: 'Path',
        },
      ),
      Environment: structure({ Variables: TEXT_MAP }),
      FunctionName: TEXT,
      Handler: TEXT,
      MemorySize: { kind: 'integer', least: 128, most: 10_240 },
      PackageType: { kind: 'text', values: ['Zip', 'Image'] },
      ReservedConcurrentExecutions: { kind: 'integer', least: 0 },
      Runtime: TEXT,
      Timeout: { kind: 'integer', least: 1, most: 900 },
    },
    { required: ['Code'], replacing: ['FunctionName'] },
  ),
  'AWS::ApiGateway::VpcLink': type(
    { Description: TEXT, Name: TEXT, Tags: TAG_LIST, TargetArns: TEXTS },
    { required: ['Name', 'TargetArns'], replacing: ['TargetArns'] },
  ),
};

/** Undefined for a type that Postern does not have. */
export function schemaOf(type: string): ResourceSchema | undefined {
  return Object.hasOwn(SCHEMAS, type) ? SCHEMAS[type] : undefined;
}
