// The shape of conformance rows. Rows are data: a configuration, one request as raw text, what the backend got, what the
// client got. Texts use the names of spec/http-api.md §0.3 and §4.16: the runner puts the real ones in their place.
import type {
  CreateApiCommandInput,
  CreateAuthorizerCommandInput,
  CreateIntegrationCommandInput,
  CreateStageCommandInput,
  RoutingMode,
  RoutingRuleCondition,
  UpdateApiCommandInput,
  UpdateIntegrationCommandInput,
  UpdateStageCommandInput,
} from '@aws-sdk/client-apigatewayv2';
import type { InvokeAnswer } from '../support/invoke-server.ts';
import type { Answer } from '../support/recording-backend.ts';

/** Stands for the API's id in every text of a row. */
export const API_ID = 'a1b2c3d4e5';
/** The default host of the row's API. */
export const API_HOST = `${API_ID}.execute-api.us-east-1.amazonaws.com`;
/** Stands for the host and port of the recording backend. */
export const BACKEND = 'backend.example.com';
/** `{this}.example.com` is the recording backend too. */
export const SUB_LABEL = '127';
/** Stands for a host and port where nothing listens. */
export const NOBODY = 'nobody.example.com';
/** Stands for the request id of the row's call. */
export const REQUEST_ID = 'JKx1abcdPHcEJKQ=';

export type Integration = Partial<Omit<CreateIntegrationCommandInput, 'ApiId'>>;
export type Stage = Omit<CreateStageCommandInput, 'ApiId' | 'DeploymentId'>;

export interface Route {
  readonly key: string;
  /** Of `integrations`; none for a route without target. */
  readonly to?: string;
  readonly authorizationType?: 'AWS_IAM';
}

/** An API as created through the SDK. Rows with the same object share one API. */
export interface Setup {
  readonly api?: Partial<CreateApiCommandInput>;
  /** By a name that routes use. HTTP_PROXY, method ANY and `http://backend.example.com` where a row says nothing. */
  readonly integrations: Readonly<Record<string, Integration>>;
  /** Created in this order. */
  readonly routes: readonly Route[];
  /** `$default` alone where a row says nothing. */
  readonly stages?: readonly (Stage & { readonly deployed?: false })[];
  /** Done once the stages are there. */
  readonly afterwards?: readonly Step[];
}

export type Step =
  | { readonly do: 'deploy'; readonly stage?: string }
  | { readonly do: 'createRoute'; readonly route: Route }
  | { readonly do: 'deleteRoute'; readonly key: string }
  | { readonly do: 'updateApi'; readonly with: Omit<UpdateApiCommandInput, 'ApiId'> }
  | { readonly do: 'updateStage'; readonly stage: string; readonly with: Partial<UpdateStageCommandInput> }
  | {
      readonly do: 'createDomain';
      readonly name: string;
      readonly mode?: RoutingMode;
      /** Stages of the API by key. */
      readonly mappings: Readonly<Record<string, string>>;
      readonly rules: readonly DomainRule[];
    }
  | {
      readonly do: 'updateIntegration';
      readonly name: string;
      readonly with: Partial<UpdateIntegrationCommandInput>;
    };

/** A routing rule of a custom domain, to a stage of the row's API. */
export interface DomainRule {
  readonly priority: number;
  readonly conditions: readonly RoutingRuleCondition[];
  readonly stage: string;
  readonly strip?: boolean;
}

export interface ExpectedRequest {
  /** Without ` HTTP/1.1`: `POST /base?x=1`. */
  readonly line: string;
  /** Every header line but those the gateway always writes (Host, Forwarded, Via, X-Amzn-Trace-Id) and the body's length.
   *  A line with one of these names stands in place of the usual one. */
  readonly headers?: readonly string[];
  readonly body?: string;
}

export interface ExpectedReply {
  readonly status: number;
  /** Every header line but Apigw-Requestid, Content-Length, Date and Connection, unless a line here names one of them. */
  readonly headers?: readonly string[];
  /** Names that no line has. */
  readonly absent?: readonly string[];
  readonly body?: string;
}

/** What the Invoke API got, and what it answers. */
export interface LambdaCase {
  /** Not there: status 200 with body `ok`. */
  readonly answer?: InvokeAnswer;
  /** `null`: the function is not called. */
  readonly called?: null;
  /** As the Invoke call names it, with `:QUALIFIER`. */
  readonly function?: string;
  /** The whole event. `TIME` and 0 stand for the time of the request. */
  readonly event?: object;
  /** Members of the event by path: `headers/x-a`; `undefined` for one that is not there. */
  readonly has?: Readonly<Record<string, unknown>>;
  /** Header lines of the Invoke call, by lower-case name. */
  readonly invokeHeaders?: Readonly<Record<string, string>>;
}

/** One call. */
export interface CallCase {
  readonly name: string;
  readonly statements: readonly string[];
  readonly setup: Setup;
  /** Raw text of the request. */
  readonly request: string;
  readonly backend?: Answer | readonly Answer[];
  /** Of a row whose integration is a function. */
  readonly lambda?: LambdaCase;
  /** `undefined` (not there): exactly one backend request is made, whatever it is. `null`: none is. */
  readonly sent?: ExpectedRequest | null;
  /** Of several backend requests, their number. */
  readonly sentTimes?: number;
  /** Not there: 200, `ok`, no header of its own. */
  readonly got?: ExpectedReply;
  /** Whether bodies come with a length or in chunks is the codec's choice (docs/decisions/0001-streaming.md). */
  readonly anyFraming?: true;
  readonly only?: { readonly codec: 'fast'; readonly because: string };
}

export type Creation =
  | { readonly create: 'vpcLink'; readonly with: { readonly SubnetIds: readonly string[] } }
  | { readonly create: 'deployment' }
  | { readonly create: 'api'; readonly with: Partial<CreateApiCommandInput> }
  | { readonly create: 'authorizer'; readonly with: Partial<CreateAuthorizerCommandInput> }
  | { readonly create: 'integration'; readonly with: Integration }
  | { readonly create: 'stage'; readonly with: Partial<CreateStageCommandInput> }
  | {
      readonly create: 'route';
      readonly with: { readonly RouteKey: string } & Readonly<Record<string, unknown>>;
    };

/** Something that the management API refuses, or takes. */
export interface CreationCase {
  readonly name: string;
  readonly statements: readonly string[];
  readonly creation: Creation;
  /** Done first, in the same API. */
  readonly before?: readonly Creation[];
  /** Not there: it is taken. */
  readonly refused?: { readonly name: string; readonly message: string | RegExp };
}

/** An integration after an update. */
export interface UpdateCase {
  readonly name: string;
  readonly statements: readonly string[];
  /** With IntegrationType: all its members; without: of a public HTTP integration. */
  readonly stored: Integration;
  readonly update: Integration;
  readonly refused?: { readonly name: string; readonly message: string | RegExp };
  /** Members as read back, `undefined` for those that are not there. Both maps are always compared. */
  readonly reads: Integration;
}

/** Raw request text: start line, Host, further lines, length and body where there is one. */
export function request(
  methodAndTarget: string,
  lines: readonly string[] = [],
  body?: string,
  host: string = API_HOST,
): string {
  const length = body === undefined ? [] : [`Content-Length: ${body.length}`];
  return [`${methodAndTarget} HTTP/1.1`, `Host: ${host}`, ...lines, ...length, '', body ?? ''].join('\r\n');
}

/** Raw reply text. */
export function answer(statusLine: string, lines: readonly string[] = [], body = ''): string {
  return [`HTTP/1.1 ${statusLine}`, ...lines, `Content-Length: ${body.length}`, '', body].join('\r\n');
}

const MESSAGES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** The gateway's own reply (spec/http-api.md §14). */
export function gatewayError(status: number, headers: readonly string[] = []): ExpectedReply {
  const body = JSON.stringify({ message: MESSAGES[status] });
  return { status, headers: ['Content-Type: application/json', ...headers], body };
}

export const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:hello';

/** An integration of a function. */
export function lambdaIntegration(format: '1.0' | '2.0', integration: Integration = {}): Integration {
  return {
    IntegrationType: 'AWS_PROXY',
    IntegrationMethod: 'POST',
    IntegrationUri: FUNCTION,
    PayloadFormatVersion: format,
    ...integration,
  };
}

/** One integration behind one route. */
export function simple(integration: Integration = {}, key = '$default', stage?: Stage): Setup {
  return {
    integrations: { it: integration },
    routes: [{ key, to: 'it' }],
    ...(stage === undefined ? {} : { stages: [stage] }),
  };
}
