// What is told of one event of a WebSocket connection, as plain data (decision 0017).
import type { MappingStep } from '../../stage/mapping-step.ts';
import type { TemplateProblem, TemplateValue } from '../../template/watch-template.ts';

/** A body or a frame. */
export interface ShownBody {
  /** At most 65,536 characters; base64 where the bytes are no text. */
  readonly body: string;
  /** Of the whole. */
  readonly bodyBytes: number;
  readonly isBase64Encoded?: true;
}

type Headers = readonly (readonly [name: string, value: string])[];

/** A template, and what became of it. Without a key there was none to render. */
export interface TemplateStory {
  /** `application/json` or `$default`. */
  readonly templateKey?: string;
  /** As configured. */
  readonly template?: string;
  /** In the order in which they were evaluated, at most 200. */
  readonly values?: readonly TemplateValue[];
  readonly problem?: TemplateProblem;
}

/** How an integration made its request, and what it sent. */
export interface SocketRequestStory extends TemplateStory, Partial<ShownBody> {
  /** Request parameters as configured, then what the template overrode. */
  readonly parameters: readonly MappingStep[];
  /** The URL or ARN that was called; absent where nothing was sent, and for MOCK, which calls nobody. */
  readonly uri?: string;
  readonly headers?: Headers;
}

/** How an integration made a frame of its answer; of proxies there is none, their answers pass as they are. */
export interface SocketResponseStory extends TemplateStory {
  /** The integration response that was chosen: `$default`, `/5\d\d/`; absent where none fits. */
  readonly key?: string;
  readonly parameters: readonly MappingStep[];
}

export type SocketAuthorizerStory =
  | {
      readonly kind: 'lambda';
      readonly functionArn: string;
      /** As configured: `route.request.querystring.token`. */
      readonly identitySources: readonly string[];
    }
  | { readonly kind: 'iam'; readonly action: string; readonly resource: string }
  /** It lets nobody in. */
  | { readonly kind: 'denying'; readonly problem: string };

/** Everything that happened to one event. */
export interface SocketTrace {
  readonly kind: 'connect' | 'message' | 'disconnect';
  readonly requestId: string;
  readonly connectionId: string;
  /** What is known of the client. */
  readonly connection: {
    /** Epoch milliseconds. */
    readonly connectedAt: number;
    readonly sourceIp: string;
    readonly userAgent?: string;
    /** Principal and context of a Lambda authorizer, as `$context.authorizer` has them. */
    readonly authorizer?: Readonly<Record<string, string>>;
    /** Who signed the connect request. */
    readonly userArn?: string;
  };
  readonly stage: {
    readonly apiId: string;
    readonly accountId: string;
    readonly region: string;
    readonly name: string;
    readonly deploymentId: string;
    readonly variables: Readonly<Record<string, string>>;
  };
  /** Of connect events. */
  readonly handshake?: { readonly target: string; readonly headers: Headers };
  /** Of messages. */
  readonly message?: ShownBody;
  /** Of disconnect events: the close frame. */
  readonly disconnect?: { readonly code: number; readonly reason: string };
  /** Of messages: RouteSelectionExpression, and what it came to. */
  readonly selection?: { readonly expression: string; readonly value: string };
  /** Absent where there is none. */
  readonly route?: {
    readonly key: string;
    readonly routeId: string;
    /** Whether clients get an answer. */
    readonly isTwoWay: boolean;
    /** Why it is `$default`. */
    readonly why?: string;
  };
  /** Of connect events with a route. */
  readonly authorization?: {
    readonly type: string;
    readonly result: string;
    /** Absent for `NONE`. */
    readonly authorizer?: SocketAuthorizerStory;
  };
  /** Of messages whose route has models. */
  readonly validation?: {
    /** The name of the model that was selected; absent where none was. */
    readonly model?: string;
    readonly error?: string;
  };
  /** Absent where the integration's turn did not come, or it could not run. */
  readonly request?: SocketRequestStory;
  /** What the backend answered. */
  readonly answer?: ShownBody & { readonly status: number; readonly headers: Headers };
  readonly response?: SocketResponseStory;
  /** What the client got: a frame of a message, the reply to a connect request. Absent where it got nothing. */
  readonly reply?: ShownBody & {
    /** Of the handshake, or the logged one of a message. */
    readonly status: number;
    /** Of a 101. */
    readonly subprotocol?: string;
  };
  /** What was sent to the connection by @connections meanwhile, of connections made for the occasion. */
  readonly posted?: readonly ShownBody[];
  /** What became of the connect request, where that was asked for together with a message. */
  readonly connect?: SocketTrace;
  /** Why the gateway answered by itself. */
  readonly refused?: string;
  /** The entry that was written to the stage's access log. */
  readonly accessLog?: string;
  readonly millis: number;
}

/** What an integration tells of an event that is over; the sender tells the rest. */
export interface IntegrationStory {
  readonly request?: TemplateStory & Pick<SocketRequestStory, 'parameters'>;
  readonly response?: SocketResponseStory;
}
