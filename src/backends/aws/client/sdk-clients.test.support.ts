// The AWS SDK's clients of the services that ours are compared with, and connections that record (decision 0020).
import { Readable } from 'node:stream';
import { AppConfigClient } from '@aws-sdk/client-appconfig';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { ServiceDiscoveryClient } from '@aws-sdk/client-servicediscovery';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { AwsQueryProtocol } from '@aws-sdk/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { HttpRequest } from '@smithy/types';
import { LAMBDA } from '../../lambda/invoke-model.ts';
import { FIREHOSE, LOGS } from '../../log-destinations/models.ts';
import { CLOUD_MAP } from '../../private-targets/cloud-map-model.ts';
import { SERVICES } from '../../services/models.ts';
import type { EndpointParameters } from './endpoints.ts';
import type { Service } from './service.ts';
import { STS } from './sts.ts';

/** The part of an SDK client that is needed here; the same of all services. */
export interface SdkClient {
  readonly config: { endpointProvider(parameters: EndpointParameters): { readonly url: URL } };
  send(command: unknown): Promise<unknown>;
}

// biome-ignore lint/suspicious/noExplicitAny: commands of many kinds, each with an input of its own.
export type Class<T> = new (input: any) => T;

const sqsSettings = {
  protocol: new AwsQueryProtocol({
    defaultNamespace: 'com.amazonaws.sqs',
    xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
    version: '2012-11-05',
  }),
  md5: false,
  useQueueUrlAsEndpoint: false,
} as const;

/** The SDK's client of a service; SQS with the settings that Postern called it with. */
export const SDK_CLIENTS: readonly (readonly [Service, (settings: object) => SdkClient])[] = [
  [SERVICES.sqs, (settings) => new SQSClient({ ...settings, ...sqsSettings }) as never],
  [SERVICES.eventbridge, (settings) => new EventBridgeClient(settings) as never],
  [SERVICES.kinesis, (settings) => new KinesisClient(settings) as never],
  [SERVICES.sfn, (settings) => new SFNClient(settings) as never],
  [SERVICES.appconfig, (settings) => new AppConfigClient(settings) as never],
  [LAMBDA, (settings) => new LambdaClient(settings) as never],
  [LOGS, (settings) => new CloudWatchLogsClient(settings) as never],
  [FIREHOSE, (settings) => new FirehoseClient(settings) as never],
  [CLOUD_MAP, (settings) => new ServiceDiscoveryClient(settings) as never],
  [STS, (settings) => new STSClient(settings) as never],
];

export const sdkClient = (service: Service, settings: object): SdkClient =>
  SDK_CLIENTS.find(([each]) => each === service)![1](settings);

export const CREDENTIALS = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'token' };

export type Reply =
  | readonly [status: number, body: string, headers?: Readonly<Record<string, string>>]
  | Error;

/** Takes requests in place of a connection; the last reply stays. */
export class Recorder extends NodeHttpHandler {
  readonly requests: HttpRequest[] = [];
  readonly #replies: readonly Reply[];

  constructor(...replies: readonly Reply[]) {
    super();
    this.#replies = replies;
  }

  override async handle(request: HttpRequest): Promise<never> {
    const reply = this.#replies[Math.min(this.requests.length, this.#replies.length - 1)]!;
    this.requests.push({ ...request, headers: { ...request.headers } });
    if (reply instanceof Error) throw reply;
    const [statusCode, body, headers = {}] = reply;
    return {
      response: { statusCode, headers: { ...headers }, body: Readable.from([Buffer.from(body)]) },
    } as never;
  }
}
