// Access log lines to a Firehose delivery stream by PutRecordBatch, a record a line.
import type { FirehoseClient } from '@aws-sdk/client-firehose';
import { type BatchService, RefusedBatch } from './batch-destination.ts';
import type { Line } from './line-queue.ts';

type Sdk = typeof import('@aws-sdk/client-firehose');

interface Opened {
  readonly sdk: Sdk;
  readonly client: FirehoseClient;
}

export class FirehoseService implements BatchService {
  readonly name: string;
  // Limits of PutRecordBatch.
  readonly maxLines = 500;
  readonly maxBytes = 4 * 1_048_576;
  /** The line end, which keeps lines apart in what Firehose delivers. */
  readonly overheadBytes = 1;
  readonly #region: string;
  readonly #stream: string;
  readonly #endpoint: string | undefined;
  #opened: Opened | undefined;

  constructor(region: string, stream: string, endpoint: string | undefined) {
    this.name = `delivery stream ${stream} in ${region}`;
    this.#region = region;
    this.#stream = stream;
    this.#endpoint = endpoint;
  }

  async send(lines: readonly Line[], signal: AbortSignal): Promise<readonly Line[]> {
    const { sdk, client } = await this.#open();
    const command = new sdk.PutRecordBatchCommand({
      DeliveryStreamName: this.#stream,
      Records: lines.map(({ text }) => ({ Data: Buffer.from(`${text}\n`, 'utf8') })),
    });
    try {
      const { FailedPutCount = 0, RequestResponses = [] } = await client.send(command, {
        abortSignal: signal,
      });
      if (FailedPutCount === 0) return [];
      return lines.filter((_, i) => RequestResponses[i]?.ErrorCode !== undefined);
    } catch (error) {
      if (error instanceof sdk.InvalidArgumentException)
        throw new RefusedBatch(error.message, { cause: error });
      throw error;
    }
  }

  close(): void {
    this.#opened?.client.destroy();
  }

  async #open(): Promise<Opened> {
    if (this.#opened === undefined) {
      const sdk = await import('@aws-sdk/client-firehose');
      const endpoint = this.#endpoint === undefined ? {} : { endpoint: this.#endpoint };
      const client = new sdk.FirehoseClient({ region: this.#region, maxAttempts: 2, ...endpoint });
      this.#opened ??= { sdk, client };
    }
    return this.#opened;
  }
}
