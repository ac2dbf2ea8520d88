// What the management API answers of the resources of the workbench: the members that are shown here.
import type { Texts } from './rows.ts';

export interface StoredApi {
  readonly apiId: string;
  readonly name: string;
  readonly protocolType: 'HTTP' | 'WEBSOCKET';
  readonly apiEndpoint?: string;
  readonly routeSelectionExpression?: string;
}

export interface StoredRoute {
  readonly routeId: string;
  readonly routeKey: string;
  /** `integrations/a1b2c3d`. */
  readonly target?: string;
  /** `NONE`, `JWT`, `CUSTOM` or `AWS_IAM`. */
  readonly authorizationType?: string;
}

export interface StoredStage {
  readonly stageName: string;
  readonly autoDeploy?: boolean;
  readonly deploymentId?: string;
  readonly stageVariables?: Texts;
}

export interface StoredIntegration {
  readonly integrationId: string;
  readonly integrationType: 'AWS' | 'AWS_PROXY' | 'HTTP' | 'HTTP_PROXY' | 'MOCK';
  readonly integrationSubtype?: string;
  readonly integrationUri?: string;
  readonly integrationMethod?: string;
  readonly timeoutInMillis?: number;
  readonly payloadFormatVersion?: string;
  readonly requestParameters?: Texts;
  readonly responseParameters?: Readonly<Record<string, Texts>>;
  readonly requestTemplates?: Texts;
  readonly templateSelectionExpression?: string;
  readonly passthroughBehavior?: string;
  readonly contentHandlingStrategy?: string;
}

export interface StoredResponse {
  readonly integrationResponseId: string;
  readonly integrationResponseKey: string;
  readonly responseParameters?: Texts;
  readonly responseTemplates?: Texts;
  readonly templateSelectionExpression?: string;
  readonly contentHandlingStrategy?: string;
}

/** All that is shown of one integration. */
export interface Subject {
  readonly api: StoredApi;
  readonly integration: StoredIntegration;
  /** Of WebSocket APIs. */
  readonly responses: readonly StoredResponse[];
}
