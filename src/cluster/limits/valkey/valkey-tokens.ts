// Buckets in a Valkey or Redis, by one script: `take-script.ts`. Whatever goes wrong rejects at once or within 100 ms; the library
// connects again by itself.
import { createHash } from 'node:crypto';
import type { Cluster, Redis, RedisOptions } from 'ioredis';
import { within } from '../../../net/within.ts';
import type { ValkeyPlace } from '../../../settings/valkey-url.ts';
import type { TokenAsk, TokenGrant, TokenSource } from '../../../stage/token-source.ts';
import { TAKE_SCRIPT } from './take-script.ts';

export interface ValkeyMeans {
  readonly place: ValkeyPlace;
  /** Of the cluster, in front of every key. */
  readonly name: string;
  /** Who takes: no other process has it. */
  readonly holder: string;
  /** PEM of certificate authorities besides those of Node.js. */
  readonly ca: readonly string[];
  /** What a command may take; 100 when absent. */
  readonly answerMillis?: number;
  /** A connection is there, or gone, or could not be made. */
  readonly onTurn?: () => void;
}

const SCRIPT_HASH = createHash('sha1').update(TAKE_SCRIPT).digest('hex');
/** What the first connection may take before it is said that there is none. */
const FIRST_MILLIS = 1_000;
const MAX_RETRY_MILLIS = 1_000;

/** A stopped server must not hold up anybody, and what is asked anew must be counted once: nothing is queued or sent twice. */
const OPTIONS = {
  lazyConnect: true,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  commandTimeout: 100,
  socketTimeout: 1_000,
  connectTimeout: 500,
  enableAutoPipelining: true,
  retryStrategy: (times: number) => Math.min(50 * times, MAX_RETRY_MILLIS),
} satisfies RedisOptions;

export class ValkeyTokens implements TokenSource {
  readonly #client: Redis | Cluster;
  readonly #holder: string;
  readonly #prefix: string;
  /** Why it is not connected, as far as the library has told. */
  #reason: string | undefined;
  /** The first try to connect, until it has an end. */
  #first: Promise<void> | undefined;

  private constructor(client: Redis | Cluster, { name, holder, onTurn }: ValkeyMeans) {
    this.#client = client;
    this.#holder = holder;
    this.#prefix = `postern:${name}:`;
    client.on('error', (error: Error & { readonly lastNodeError?: Error }) => {
      this.#reason = (error.lastNodeError ?? error).message;
    });
    client.on('ready', () => {
      this.#reason = undefined;
      onTurn?.();
    });
    client.on('close', () => onTurn?.());
    const tried = (): void => {
      this.#first = undefined;
    };
    // Where Sentinels are away the library goes on without an end.
    this.#first = within(FIRST_MILLIS, client.connect()).then(tried, tried);
  }

  /** Begins to connect, and goes on trying. Never rejects for a server that is away. */
  static async open(means: ValkeyMeans): Promise<ValkeyTokens> {
    // Of the bundle's copy a CommonJS module's exports are its default alone.
    const {
      default: { Cluster, Redis },
    } = await import('ioredis');
    const client = connectTo(means, Cluster, Redis);
    return new ValkeyTokens(client, means);
  }

  async take({ bucket, numbers, due, ahead, back, held }: TokenAsk): Promise<TokenGrant> {
    // Without the braces of routes: a cluster would choose the server by what is between them alone.
    const key = this.#prefix + bucket.replaceAll('{', '%7B').replaceAll('}', '%7D');
    const { rateLimit, burstLimit } = numbers;
    const asked = [key, rateLimit / 1_000, burstLimit, due, ahead, back, held, this.#holder];
    let answer: unknown;
    if (this.#first !== undefined) await this.#first;
    try {
      answer = await this.#client.evalsha(SCRIPT_HASH, 1, ...asked);
    } catch (error) {
      if (!String(error).includes('NOSCRIPT')) throw this.#explained(error);
      // It has not had the script since its start.
      answer = await this.#client.eval(TAKE_SCRIPT, 1, ...asked);
    }
    const [granted, emptyForMillis] = answer as [number, number];
    return { granted, emptyForMillis };
  }

  close(): void {
    this.#client.disconnect();
  }

  /** The library says that it has no connection, and its event why. */
  #explained(error: unknown): unknown {
    return this.#reason === undefined ? error : new Error(this.#reason, { cause: error });
  }
}

function connectTo(
  { place, ca, answerMillis = OPTIONS.commandTimeout }: ValkeyMeans,
  ClusterClient: typeof Cluster,
  RedisClient: typeof Redis,
): Redis | Cluster {
  const { kind, hosts, group, isTls, username, password, database } = place;
  const tls = isTls ? { tls: ca.length === 0 ? {} : { ca: [...ca] } } : {};
  const options = {
    ...OPTIONS,
    commandTimeout: answerMillis,
    socketTimeout: Math.max(OPTIONS.socketTimeout, answerMillis),
    ...tls,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
  switch (kind) {
    case 'alone':
      return new RedisClient({ ...options, ...hosts[0]!, db: database });
    case 'sentinel':
      return new RedisClient({
        ...options,
        sentinels: [...hosts],
        name: group!,
        sentinelCommandTimeout: 500,
        ...(isTls ? { enableTLSForSentinelMode: true, sentinelTLS: tls.tls! } : {}),
        sentinelRetryStrategy: (times: number) => Math.min(50 * times, MAX_RETRY_MILLIS),
      });
    default: {
      const { lazyConnect, enableOfflineQueue, enableAutoPipelining, retryStrategy, ...each } = options;
      return new ClusterClient([...hosts], {
        lazyConnect: true,
        enableOfflineQueue: false,
        enableAutoPipelining: true,
        slotsRefreshTimeout: 500,
        clusterRetryStrategy: (times) => Math.min(50 * times, MAX_RETRY_MILLIS),
        redisOptions: each,
      });
    }
  }
}
