// Starts the whole program in this process, on a port of the system's choice, and an unmodified AWS client for it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import type { Identity } from '../../src/identity/identities.ts';
import { startPostern } from '../../src/main.ts';
import type { IdentityFiles } from '../../src/net/tls/identity-files.ts';
import { NO_SECTIONS, type Sections } from '../../src/settings/sections.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { parsePlace } from '../../src/store/postgres/place.ts';
import { createLog } from '../../src/telemetry/log.ts';

export interface RunningPostern {
  readonly host: string;
  readonly port: number;
  /** Where `client` goes. */
  readonly management: string;
  readonly client: ApiGatewayV2Client;
  /** Log lines of level error: defects. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

export interface PosternOptions {
  readonly codec?: 'fast' | 'reference';
  /** Directory of the store; made and removed when there is none. */
  readonly data?: string;
  /** URL of the store; SQLite without. */
  readonly store?: string;
  /** Gives the doors a port each. With files the gateway's has TLS, of certificates of sections too. */
  readonly separate?: { readonly tls?: IdentityFiles };
  /** What the configuration file says. */
  readonly sections?: Partial<Sections>;
  /** Besides those of `client`; without any, everybody may call. */
  readonly credentials?: readonly Identity[];
  /** With `{apiId}` in it, as `--api-endpoint`. */
  readonly apiEndpoint?: string;
}

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

const LOOPBACK = { host: '127.0.0.1', port: 0 };

const CLIENT: Identity = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', accountId: ACCOUNT };

/** What a program under test is started with. */
export function testSettings(
  data: string,
  { codec, store, separate, sections, credentials = [], apiEndpoint }: PosternOptions = {},
): Settings {
  return Object.freeze({
    doors:
      separate === undefined
        ? { kind: 'shared' as const, address: LOOPBACK }
        : { kind: 'separate' as const, management: LOOPBACK, gateway: LOOPBACK },
    tls: separate?.tls,
    data,
    store: store === undefined ? undefined : parsePlace(store),
    accountId: ACCOUNT,
    region: REGION,
    credentials: credentials.length === 0 ? [] : [CLIENT, ...credentials],
    metrics: undefined,
    apiEndpoint,
    logLevel: 'error' as const,
    logRequests: undefined,
    liveRequests: undefined,
    workers: 1,
    sections: { ...NO_SECTIONS, ...sections },
    ...(codec === undefined ? {} : { codec }),
  });
}

export async function startTestPostern(options: PosternOptions = {}): Promise<RunningPostern> {
  const { data } = options;
  const directory = data ?? (await makeTestDirectory());
  const errors: string[] = [];
  const log = createLog({
    level: 'error',
    pretty: false,
    colour: false,
    output: { write: (line) => errors.push(line) },
  });
  const postern = await startPostern(testSettings(directory, options), log);
  const { hostname, port } = new URL(postern.gateway);
  const client = new ApiGatewayV2Client({
    endpoint: postern.management,
    region: REGION,
    credentials: CLIENT,
    maxAttempts: 1,
  });
  return {
    host: hostname,
    port: Number(port),
    management: postern.management,
    client,
    errors,
    async close() {
      client.destroy();
      await postern.close(2_000);
      if (data === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

/** What the configuration file says to a node of several in this process. */
export const NODE_SECTIONS: Partial<Sections> = {
  cluster: { ...NO_SECTIONS.cluster, secrets: ['of-a-cluster-of-tests-0123456789abc'], listen: LOOPBACK },
};

export function makeTestDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'postern-test-'));
}
