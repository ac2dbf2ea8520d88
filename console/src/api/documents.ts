// What the management API says of an API, as far as it is shown here (JSON, members in lower camel case).

export interface ApiDocument {
  readonly apiId: string;
  readonly name: string;
  readonly description?: string;
  readonly protocolType: 'HTTP' | 'WEBSOCKET';
  readonly apiEndpoint: string;
  readonly routeSelectionExpression?: string;
  readonly corsConfiguration?: Cors;
  readonly disableExecuteApiEndpoint?: boolean;
  readonly version?: string;
  readonly createdDate: string;
}

export interface Cors {
  readonly allowOrigins?: readonly string[];
  readonly allowMethods?: readonly string[];
  readonly allowHeaders?: readonly string[];
  readonly exposeHeaders?: readonly string[];
  readonly maxAge?: number;
  readonly allowCredentials?: boolean;
}

export interface RouteDocument {
  readonly routeId: string;
  readonly routeKey: string;
  /** `integrations/a1b2c3d`. */
  readonly target?: string;
  readonly operationName?: string;
  /** `NONE`, `JWT`, `CUSTOM` or `AWS_IAM`. */
  readonly authorizationType?: string;
  readonly authorizerId?: string;
  readonly authorizationScopes?: readonly string[];
  readonly apiKeyRequired?: boolean;
  readonly routeResponseSelectionExpression?: string;
}

type Texts = Readonly<Record<string, string>>;

export interface IntegrationDocument {
  readonly integrationId: string;
  readonly integrationType: 'AWS' | 'AWS_PROXY' | 'HTTP' | 'HTTP_PROXY' | 'MOCK';
  readonly integrationSubtype?: string;
  readonly integrationMethod?: string;
  readonly integrationUri?: string;
  readonly connectionType?: string;
  readonly connectionId?: string;
  readonly payloadFormatVersion?: string;
  readonly timeoutInMillis?: number;
  readonly description?: string;
  readonly requestParameters?: Texts;
  /** By status. */
  readonly responseParameters?: Readonly<Record<string, Texts>>;
  readonly requestTemplates?: Texts;
  readonly templateSelectionExpression?: string;
  readonly passthroughBehavior?: string;
  readonly contentHandlingStrategy?: string;
}

export interface StageDocument {
  readonly stageName: string;
  readonly description?: string;
  readonly deploymentId?: string;
  readonly autoDeploy?: boolean;
  readonly stageVariables?: Texts;
  readonly defaultRouteSettings?: RouteSettings;
  readonly routeSettings?: Readonly<Record<string, RouteSettings>>;
  readonly accessLogSettings?: { readonly destinationArn?: string; readonly format?: string };
  readonly lastUpdatedDate?: string;
  readonly lastDeploymentStatusMessage?: string;
  readonly apiGatewayManaged?: boolean;
}

export interface RouteSettings {
  readonly throttlingBurstLimit?: number;
  readonly throttlingRateLimit?: number;
  readonly detailedMetricsEnabled?: boolean;
}

export interface DeploymentDocument {
  readonly deploymentId: string;
  readonly description?: string;
  readonly createdDate: string;
  readonly autoDeployed?: boolean;
  readonly deploymentStatus?: string;
  readonly deploymentStatusMessage?: string;
}

export interface AuthorizerDocument {
  readonly authorizerId: string;
  readonly name: string;
  readonly authorizerType: string;
  readonly authorizerUri?: string;
  readonly authorizerPayloadFormatVersion?: string;
  readonly authorizerResultTtlInSeconds?: number;
  readonly enableSimpleResponses?: boolean;
  readonly identitySource?: readonly string[];
  readonly jwtConfiguration?: { readonly issuer?: string; readonly audience?: readonly string[] };
}

export interface MappingDocument {
  readonly apiMappingId: string;
  readonly apiMappingKey?: string;
  readonly apiId: string;
  readonly stage: string;
}
