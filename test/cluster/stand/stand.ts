// A cluster that is started, loaded, hurt and asked, all from outside.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { freePort } from '../../support/free-port.ts';
import type { Ledger } from '../ledger.ts';
import { CREDENTIALS, managementClient } from '../load/management.ts';
import { openPostgresStand, type PostgresStand } from '../postgres-stand.ts';
import { loopback, type Network } from './network.ts';
import { ClusterNode } from './node.ts';
import { ValkeyStand } from './valkey.ts';

export interface StandOptions {
  readonly ledger: Ledger;
  readonly nodes: number;
  readonly workers: number;
  /** With PostgreSQL; a single node without it has its own SQLite. */
  readonly hasPostgres: boolean;
  /** The program that serves as Valkey; without it nodes share limits by halves. */
  readonly valkey?: string | undefined;
  readonly network?: Network;
  /** The command file of another build. */
  readonly program?: string | undefined;
  /** Files beside the configuration file, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** More of the configuration file. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** So that what takes ten seconds takes two. */
export const LEASE_SECONDS = 2;
const SECRET = 'a secret of the stand, long enough to be one';

export class Stand {
  readonly ledger: Ledger;
  readonly network: Network;
  readonly nodes: readonly ClusterNode[];
  /** Of each node. */
  readonly workers: number;
  readonly postgres: PostgresStand | undefined;
  readonly valkey: ValkeyStand | undefined;
  readonly folder: string;
  readonly #clients = new Map<ClusterNode, ApiGatewayV2Client>();

  private constructor(
    { ledger, workers }: StandOptions,
    network: Network,
    folder: string,
    nodes: readonly ClusterNode[],
    engines: { readonly postgres: PostgresStand | undefined; readonly valkey: ValkeyStand | undefined },
  ) {
    this.ledger = ledger;
    this.network = network;
    this.folder = folder;
    this.nodes = nodes;
    this.workers = workers;
    for (const node of nodes) {
      node.onDeath = (what) => ledger.add({ kind: 'left', what });
      node.onLine = (line) => {
        const isApart = line.includes('"event":"limits.apart"');
        if (isApart || line.includes('"event":"limits.shared"'))
          ledger.add({ kind: 'apart', node: node.name, isApart });
      };
    }
    ({ postgres: this.postgres, valkey: this.valkey } = engines);
  }

  /** Starts the engines; nodes wait for `start`. */
  static async open(options: StandOptions): Promise<Stand> {
    const { nodes: count, workers, network = loopback() } = options;
    const folder = mkdtempSync(join(tmpdir(), 'postern-cluster-'));
    for (const [name, text] of Object.entries(options.files ?? {})) writeFileSync(join(folder, name), text);
    const postgres = options.hasPostgres ? await openPostgres(network) : undefined;
    const valkey =
      options.valkey === undefined
        ? undefined
        : new ValkeyStand(options.valkey, network.valkey, await freePort());
    await valkey?.start();
    const store = postgres === undefined ? [] : ['--store', storeOf(postgres, network)];
    const nodes: ClusterNode[] = [];
    for (let at = 0; at < count; at++) {
      const address = network.addressOf(at);
      const listen = `${address}:${await freePort()}`;
      const cluster = {
        ...{ secret: SECRET, listen, address: listen, leaseSeconds: LEASE_SECONDS },
        ...(valkey === undefined ? {} : { valkey: valkey.url }),
      };
      nodes.push(
        new ClusterNode({
          ...{ name: `node-${at}`, address, port: await freePort(), command: network.commandOf(at), folder },
          program: options.program,
          // A management door by itself, so that who writes is not kept waiting by a worker that stands still.
          managementPort: workers === 1 ? undefined : await freePort(),
          words: [...store, ...(workers === 1 ? [] : ['--workers', String(workers)])],
          config: {
            credentials: [{ ...CREDENTIALS, accountId: '000000000000' }],
            ...(count === 1 ? {} : { cluster }),
            ...options.config,
          },
        }),
      );
    }
    return new Stand(options, network, folder, nodes, { postgres, valkey });
  }

  async start(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.start()));
  }

  client(node: ClusterNode): ApiGatewayV2Client {
    const client = this.#clients.get(node) ?? managementClient(node);
    this.#clients.set(node, client);
    return client;
  }

  /** Ends everything, by force where it has to be; `keepsFolder` leaves logs and data to be looked at. */
  async close({ keepsFolder = false } = {}): Promise<void> {
    for (const client of this.#clients.values()) client.destroy();
    for (const node of this.nodes) {
      node.signalAll('SIGCONT');
      node.kill();
    }
    await this.valkey?.close();
    await this.postgres?.signal('SIGCONT');
    await this.postgres?.close();
    await this.network.close();
    if (!keepsFolder) rmSync(this.folder, { recursive: true, force: true });
  }
}

async function openPostgres(network: Network): Promise<PostgresStand> {
  if (!network.canCut) return openPostgresStand();
  const settings = { listen_addresses: `127.0.0.1,${network.postgres}` };
  const stand = await openPostgresStand({ settings });
  await appendFile(join(stand.data, 'pg_hba.conf'), 'host all all 10.64.0.0/10 scram-sha-256\n');
  await stand.sql('select pg_reload_conf()');
  return stand;
}

function storeOf(postgres: PostgresStand, { postgres: host }: Network): string {
  const url = new URL(postgres.url());
  url.hostname = host;
  return url.href;
}
