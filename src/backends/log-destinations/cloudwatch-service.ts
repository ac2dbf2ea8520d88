// Access log lines to CloudWatch Logs by PutLogEvents. The log group has to be there; the log stream is made.
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { ServiceClient } from '../aws/client/client.ts';
import { type BatchService, RefusedBatch } from './batch-destination.ts';
import type { Line } from './line-queue.ts';

type Models = typeof import('./models.ts');

interface Opened {
  readonly models: Models;
  readonly client: ServiceClient;
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
    const { models, client } = await this.#open();
    const target = { logGroupName: this.#group, logStreamName: this.#stream };
    try {
      if (!this.#hasStream) await this.#makeStream(signal);
      // Events of a batch are in the order of their times; calls end in another.
      const logEvents = lines
        .map(({ text, at }) => ({ message: text, timestamp: at }))
        .sort((a, b) => a.timestamp - b.timestamp);
      await client.send(new models.PutLogEvents({ ...target, logEvents }), { abortSignal: signal });
      return [];
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error.name === 'InvalidParameterException') throw new RefusedBatch(error.message, { cause: error });
      // The stream may have been deleted.
      if (error.name === 'ResourceNotFoundException') this.#hasStream = false;
      throw error;
    }
  }

  close(): void {
    this.#opened?.client.destroy();
  }

  async #makeStream(signal: AbortSignal): Promise<void> {
    const { models, client } = await this.#open();
    const command = new models.CreateLogStream({
      logGroupName: this.#group,
      logStreamName: this.#stream,
    });
    try {
      await client.send(command, { abortSignal: signal });
    } catch (error) {
      if (!(error instanceof Error && error.name === 'ResourceAlreadyExistsException')) throw error;
    }
    this.#hasStream = true;
  }

  async #open(): Promise<Opened> {
    if (this.#opened === undefined) {
      const [{ ServiceClient: Client }, models] = await Promise.all([
        import('../aws/client/client.ts'),
        import('./models.ts'),
      ]);
      const endpoint = this.#endpoint === undefined ? {} : { endpoint: this.#endpoint };
      const client = new Client(models.LOGS, { region: this.#region, maxAttempts: 2, ...endpoint });
      this.#opened ??= { models, client };
    }
    return this.#opened;
  }
}
