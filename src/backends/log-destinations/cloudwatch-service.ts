// Access log lines to CloudWatch Logs by PutLogEvents. The log group has to be there; the log stream is made.
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { type BatchService, RefusedBatch } from './batch-destination.ts';
import type { Line } from './line-queue.ts';

type Sdk = typeof import('@aws-sdk/client-cloudwatch-logs');

interface Opened {
  readonly sdk: Sdk;
  readonly client: CloudWatchLogsClient;
}

export class CloudWatchService implements BatchService {
  readonly name: string;
  // Limits of PutLogEvents.
  readonly maxLines = 10_000;
  readonly maxBytes = 1_048_576;
  readonly overheadBytes = 26;
  readonly #region: string;
  readonly #group: string;
  readonly #endpoint: string | undefined;
  /** One writer, one stream. */
  readonly #stream = `${hostname().replace(/[:*]/g, '-')}/${randomBytes(8).toString('hex')}`;
  #opened: Opened | undefined;
  #hasStream = false;

  constructor(region: string, group: string, endpoint: string | undefined) {
    this.name = `log group ${group} in ${region}`;
    this.#region = region;
    this.#group = group;
    this.#endpoint = endpoint;
  }

  async send(lines: readonly Line[], signal: AbortSignal): Promise<readonly Line[]> {
    const { sdk, client } = await this.#open();
    const target = { logGroupName: this.#group, logStreamName: this.#stream };
    try {
      if (!this.#hasStream) await this.#makeStream(signal);
      // Events of a batch are in the order of their times; calls end in another.
      const logEvents = lines
        .map(({ text, at }) => ({ message: text, timestamp: at }))
        .sort((a, b) => a.timestamp - b.timestamp);
      await client.send(new sdk.PutLogEventsCommand({ ...target, logEvents }), { abortSignal: signal });
      return [];
    } catch (error) {
      if (error instanceof sdk.InvalidParameterException)
        throw new RefusedBatch(error.message, { cause: error });
      // The stream may have been deleted.
      if (error instanceof sdk.ResourceNotFoundException) this.#hasStream = false;
      throw error;
    }
  }

  close(): void {
    this.#opened?.client.destroy();
  }

  async #makeStream(signal: AbortSignal): Promise<void> {
    const { sdk, client } = await this.#open();
    const command = new sdk.CreateLogStreamCommand({
      logGroupName: this.#group,
      logStreamName: this.#stream,
    });
    try {
      await client.send(command, { abortSignal: signal });
    } catch (error) {
      if (!(error instanceof sdk.ResourceAlreadyExistsException)) throw error;
    }
    this.#hasStream = true;
  }

  async #open(): Promise<Opened> {
    if (this.#opened === undefined) {
      const sdk = await import('@aws-sdk/client-cloudwatch-logs');
      const endpoint = this.#endpoint === undefined ? {} : { endpoint: this.#endpoint };
      const client = new sdk.CloudWatchLogsClient({ region: this.#region, maxAttempts: 2, ...endpoint });
      this.#opened ??= { sdk, client };
    }
    return this.#opened;
  }
}
