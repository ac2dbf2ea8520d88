// What `postern explain` tells of one request, as plain data (decision 0017).
import type { HeaderBlock } from '../../net/header-block.ts';
import type { MappingStep } from '../../stage/mapping-step.ts';

/** Of a Lambda integration. */
export interface FunctionCall {
  readonly functionArn: string;
  readonly format: '1.0' | '2.0';
  /** JSON text, at most 65,536 characters. */
  readonly event: string;
  /** What became of the call: `returned`, `functionError`, `refused: …`. */
  readonly outcome: string;
  /** What the function returned, or Lambda's error document, at most 65,536 characters. */
  readonly answer?: string;
}

/** What a route's authorizer asks for: as configured, with the stage's variables put in. Of what the caller sent it has the method
 *  and path in `resource` alone. */
export type AuthorizerStory = JwtStory | LambdaStory | IamStory | DenyingStory;

export interface JwtStory {
  readonly kind: 'jwt';
  readonly name: string;
  readonly issuer: string;
  readonly audience: readonly string[];
  /** `$request.header.Authorization`. */
  readonly identitySource: string;
  /** Of the route; a token needs one of them, when there are any. */
  readonly scopes: readonly string[];
}

export interface LambdaStory {
  readonly kind: 'lambda';
  readonly name: string;
  readonly functionArn: string;
  readonly payloadFormatVersion: '1.0' | '2.0';
  readonly identitySources: readonly string[];
  /** 0: answers are not kept. */
  readonly ttlInSeconds: number;
  readonly simpleResponses: boolean;
}

/** What the caller's policies were asked, or would have been. */
export interface IamStory {
  readonly kind: 'iam';
  readonly action: string;
  /** `arn:aws:execute-api:us-east-1:000000000000:a1b2c3d4e5/prod/GET/pets`. */
  readonly resource: string;
}

/** Of one that lets nobody in. */
export interface DenyingStory {
  readonly kind: 'denying';
  readonly problem: string;
}

/** Everything that happened to one request. */
export interface Trace {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly (readonly [string, string])[];
  };
  readonly requestId: string;
  /** Why a client could not send it to this gateway. */
  readonly notes?: readonly string[];
  /** Behind a custom domain: what of it led to the stage. */
  readonly domain?: {
    /** As configured: `*.example.com`. */
    readonly name: string;
    readonly kind: 'mapping' | 'rule';
    readonly id: string;
    /** The mapping key or the rule's base path; may be empty. */
    readonly basePath: string;
  };
  readonly stage?: {
    readonly apiId: string;
    readonly accountId: string;
    readonly region: string;
    readonly name: string;
    readonly deploymentId: string;
    readonly variables: Readonly<Record<string, string>>;
    /** Decoded path without the stage. */
    readonly path: string;
  };
  readonly route?: {
    readonly key: string;
    readonly routeId: string;
    readonly variables: Readonly<Record<string, string>>;
  };
  readonly authorization?: {
    readonly type: string;
    readonly result: string;
    /** Absent for `NONE`. */
    readonly authorizer?: AuthorizerStory;
  };
  readonly requestMappings: readonly MappingStep[];
  readonly backendRequest?: {
    readonly origin: string;
    readonly line: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly bodyBytes: number;
  };
  readonly functionCall?: FunctionCall;
  /** Of a first-class AWS service integration. */
  readonly serviceCall?: {
    /** `SQS-SendMessage`. */
    readonly operation: string;
    readonly region: string;
    readonly roleArn: string;
    /** Of the SDK's command, bytes in base64. */
    readonly input: unknown;
  };
  readonly backendReply?: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
  };
  readonly responseMappings: readonly MappingStep[];
  /** Why the gateway answered by itself. */
  readonly refused?: string;
  /** The entry that was written to the stage's access log. */
  readonly accessLog?: string;
  readonly reply: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    /** Text of the body, at most 4,096 characters. */
    readonly body: string;
    readonly bodyBytes: number;
  };
  readonly millis: number;
}

/** How an integration called its backend. */
export interface RequestStory {
  /** Without members where the backend was not called. */
  readonly called: Pick<Trace, 'backendRequest' | 'functionCall' | 'serviceCall'>;
  readonly requestMappings: readonly MappingStep[];
}

/** What a route's integration did with a call that is over. */
export interface IntegrationStory extends RequestStory {
  readonly responseMappings: readonly MappingStep[];
}

/** The integration's turn did not come, or it could not run. */
export const NOTHING_DONE: IntegrationStory = { called: {}, requestMappings: [], responseMappings: [] };

/** The reply to the client. */
export interface SentReply {
  readonly status: number;
  readonly headers: HeaderBlock;
}
