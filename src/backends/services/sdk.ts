// The AWS SDK's clients of the five services: loaded when first needed, and made to give the service's answer as it came
// instead of parsing it (decision 0015).
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { CredentialsProvider } from '../aws/credentials.ts';
import { leaveOutHostPrefix } from '../aws/host-prefix.ts';
import { readAnswer } from './answer.ts';
import type { ServiceName } from './operations.ts';

export interface SdkSettings {
  readonly region: string;
  /** The SDK's standard ones where there are none. */
  readonly credentials?: CredentialsProvider;
  readonly requestHandler: SdkHandler;
  /** AWS calls once; what fails is the client's to repeat. */
  readonly maxAttempts: 1;
}

/** The SDK's HTTP/1.1 client, with its connections. */
export type SdkHandler = NodeHttpHandler;

/** The part of an SDK client that is needed here; the same of all services. */
export interface SdkClient {
  readonly middlewareStack: { add(middleware: Middleware, options: object): void };
  send(command: object, options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
}

type Arguments = { readonly request: unknown };
type Middleware = (next: (args: Arguments) => Promise<{ response: unknown }>) => (args: Arguments) => unknown;

type Command = new (input: never) => object;

export interface Sdk {
  readonly client: (settings: SdkSettings) => SdkClient;
  /** By IntegrationSubtype. */
  readonly commands: Readonly<Record<string, Command>>;
}

const loaders: Readonly<Record<ServiceName, () => Promise<Sdk>>> = {
  async sqs() {
    const [sdk, { AwsQueryProtocol }] = await Promise.all([
      import('@aws-sdk/client-sqs'),
      import('@aws-sdk/core/protocols'),
    ]);
    // With the query protocol SQS answers in the XML that API Gateway's clients get (spec/http-api.md §3.7).
    const protocol = new AwsQueryProtocol({
      defaultNamespace: 'com.amazonaws.sqs',
      xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
      version: '2012-11-05',
    });
    return {
      // A QueueUrl may come from a client's request: it names a queue, never the host that signed requests go to.
      client: (settings) =>
        sdkClient(new sdk.SQSClient({ ...settings, protocol, md5: false, useQueueUrlAsEndpoint: false })),
      commands: {
        'SQS-SendMessage': sdk.SendMessageCommand,
        'SQS-ReceiveMessage': sdk.ReceiveMessageCommand,
        'SQS-DeleteMessage': sdk.DeleteMessageCommand,
        'SQS-PurgeQueue': sdk.PurgeQueueCommand,
      },
    };
  },
  async eventbridge() {
    const sdk = await import('@aws-sdk/client-eventbridge');
    return {
      client: (settings) => sdkClient(new sdk.EventBridgeClient({ ...settings })),
      commands: { 'EventBridge-PutEvents': sdk.PutEventsCommand },
    };
  },
  async kinesis() {
    const sdk = await import('@aws-sdk/client-kinesis');
    return {
      client: (settings) => sdkClient(new sdk.KinesisClient({ ...settings })),
      commands: { 'Kinesis-PutRecord': sdk.PutRecordCommand },
    };
  },
  async sfn() {
    const sdk = await import('@aws-sdk/client-sfn');
    return {
      client(settings) {
        const client = new sdk.SFNClient({ ...settings });
        leaveOutHostPrefix('sync-', client);
        return sdkClient(client);
      },
      commands: {
        'StepFunctions-StartExecution': sdk.StartExecutionCommand,
        'StepFunctions-StartSyncExecution': sdk.StartSyncExecutionCommand,
        'StepFunctions-StopExecution': sdk.StopExecutionCommand,
      },
    };
  },
  async appconfig() {
    const sdk = await import('@aws-sdk/client-appconfig');
    return {
      client: (settings) => sdkClient(new sdk.AppConfigClient({ ...settings })),
      commands: { 'AppConfig-GetConfiguration': sdk.GetConfigurationCommand },
    };
  },
};

const loaded = new Map<ServiceName, Promise<Sdk>>();

/** The SDK of a service. Rejects when it cannot be loaded. */
export function loadSdk(service: ServiceName): Promise<Sdk> {
  let sdk = loaded.get(service);
  if (sdk === undefined) {
    sdk = loaders[service]();
    loaded.set(service, sdk);
  }
  return sdk;
}

const MAX_SOCKETS = 1_024;

/** What makes the handler of all clients. Kinesis' own speaks HTTP/2 only, which emulators do not. */
export async function loadHandler(): Promise<() => SdkHandler> {
  const { NodeHttpHandler: Handler } = await import('@smithy/node-http-handler');
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS };
  return () => new Handler({ httpAgent: agent, httpsAgent: agent });
}

/** Has the client's `send` resolve to `{ answer }`, whatever status it has, in place of parsed output or an error. */
function sdkClient(client: object): SdkClient {
  const { middlewareStack } = client as SdkClient;
  middlewareStack.add(
    (next) => async (args) => {
      const { response } = await next(args);
      return { response, output: { $metadata: {}, answer: await readAnswer(response) } };
    },
    // Takes the place of the SDK's own.
    { name: 'deserializerMiddleware', step: 'deserialize', override: true },
  );
  return client as SdkClient;
}
