// What a test gets of `startPostern`. These types are the package's own word to its users: they name nothing of the rest of src.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** A line of the log: its event, level and text (docs/reference/log-events.md), and the fields of the event. */
export interface LogLine {
  readonly level: LogLevel;
  readonly event: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface StartOptions {
  /** What a `postern.yaml` would say, as an object; paths are relative to the working directory. Where to listen and to keep
   *  data is not asked: ports are free ones, and nothing is kept. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** A configuration file instead. */
  readonly config?: string;
  /** Silent when absent. A level writes its lines and graver ones to standard error; a function hears every line. */
  readonly logs?: LogLevel | ((line: LogLine) => void);
}

export interface DeployOptions {
  /** Of a file, what `postern deploy` would call it when absent; `test` of an object. */
  readonly stackName?: string;
  /** Which stack of a cloud assembly, with those that it depends on; of one with a single stack that one when absent. */
  readonly stack?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Variables of functions: a file as `sam local` has it. */
  readonly variablesFile?: string;
  /** Warnings are errors. */
  readonly strict?: boolean;
}

export interface DeployedStack {
  readonly stackName: string;
  /** By name; addresses are those of this machine. An output whose value nobody knows is not among them. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The stages of all APIs of the stack. */
  readonly apis: readonly DeployedApi[];
  /** The address of a stage by the logical id of its API; neither needs to be said where there is only one. Throws where it is not
   *  one. */
  url(logicalId?: string, stage?: string): string;
  /** Warnings, each with its place. */
  readonly warnings: readonly string[];
  /** What is without effect here, and what else there is to know. */
  readonly notes: readonly string[];
}

export interface DeployedApi {
  readonly logicalId: string;
  readonly apiId: string;
  readonly protocolType: 'HTTP' | 'WEBSOCKET';
  readonly stage: string;
  readonly url: string;
}

/** A Postern in the test's own process. */
export interface TestPostern {
  /** The endpoint of the management API: `http://127.0.0.1:40123`. */
  readonly management: string;
  /** Where requests to APIs go; the same as `management` unless the settings give the doors listeners of their own. */
  readonly gateway: string;
  /** What clients of the AWS SDK are made with: `new ApiGatewayV2Client(postern.awsConfig)`. */
  readonly awsConfig: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Deploys a definition: the path of a template, an OpenAPI document, a cloud assembly or a Serverless package, or a template as an
   *  object. Throws an Error with all that is wrong with it. */
  deploy(source: string | object, options?: DeployOptions): Promise<DeployedStack>;
  /** The address of a stage of an HTTP API; of `$default` when absent. It has no slash at its end. */
  url(apiId: string, stage?: string): string;
  /** The address of a stage of a WebSocket API. */
  wsUrl(apiId: string, stage: string): string;
  readonly clock: TestClock;
  readonly faults: Faults;
  /** Gives what is configured now a name that `reset` takes. The same name again means the new point. */
  mark(point: string): void;
  /** Back to the start, or to a point that was marked: what is configured is what it was then. Connections are closed, throttles,
   *  quotas and what authorizers decided begin anew, the clock is the system's again, and no fault is on. Requests that are
   *  running end as they began, and are better awaited before. */
  reset(point?: string): Promise<void>;
  /** Ends it. May be called twice. */
  close(): Promise<void>;
}

/** What throttles, lifetimes and limits of connections go by. It runs with the system's. */
export interface TestClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Sets it ahead. What is due by then happens at once, or with the next request. */
  advance(millis: number): void;
  /** From here on only `advance` moves it. */
  stop(): void;
  /** It runs again, from where it is. */
  start(): void;
}

/** Which calls of integrations a fault is for: those that are in all of these. Without any, all calls. */
export interface FaultPlace {
  /** ApiId. */
  readonly api?: string;
  /** StageName. */
  readonly stage?: string;
  /** RouteKey. */
  readonly route?: string;
  /** IntegrationId. */
  readonly integration?: string;
}

/** What becomes of a call. Times are by the clock. */
export interface Fault {
  /** Milliseconds until the integration is called, or until the fault's own answer. The integration's time-out ends it. */
  readonly delay?: number;
  /** The backend is not called: it answers with this status, or cannot be reached. */
  readonly error?: number | 'connection';
  /** The body of an answer with a status. */
  readonly body?: string;
  /** The backend is not called, and nobody answers until the integration's time-out. */
  readonly drop?: boolean;
  /** How many calls it is for; without, all. */
  readonly times?: number;
}

/** A fault that was set. */
export interface FaultSwitch {
  /** Calls that have met it. */
  readonly calls: number;
  off(): void;
}

export interface Faults {
  /** From here on the calls of a place meet a fault. Where several are for a call, it meets the last one. Throws TypeError. */
  set(place: FaultPlace, fault: Fault): FaultSwitch;
  /** Turns all off. */
  clear(): void;
}
