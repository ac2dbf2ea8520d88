// Access log lines to a Firehose delivery stream by PutRecordBatch, a record a line.
import type { ServiceClient } from '../aws/client/client.ts';
import { type BatchService, RefusedBatch } from './batch-destination.ts';
import type { Line } from './line-queue.ts';

type Models = typeof import('./models.ts');

interface Opened {
  readonly models: Models;
  readonly client: ServiceClient;
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
    const { models, client } = await this.#open();
    const command = new models.PutRecordBatch({
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
      if (error instanceof Error && error.name === 'InvalidArgumentException')
        throw new RefusedBatch(error.message, { cause: error });
      throw error;
    }
  }

  close(): void {
    this.#opened?.client.destroy();
  }

  async #open(): Promise<Opened> {
    if (this.#opened === undefined) {
      const [{ ServiceClient: Client }, models] = await Promise.all([
        import('../aws/client/client.ts'),
        import('./models.ts'),
      ]);
      const endpoint = this.#endpoint === undefined ? {} : { endpoint: this.#endpoint };
      const client = new Client(models.FIREHOSE, { region: this.#region, maxAttempts: 2, ...endpoint });
      this.#opened ??= { models, client };
    }
    return this.#opened;
  }
}
