// The role of a node: this process, or the primary of several, among others that have the same store in PostgreSQL. Loaded where the store is
// there.
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { ClusterNodes, type ShownNode } from '../cluster/nodes/cluster-nodes.ts';
import { keepDuties } from '../cluster/nodes/duties.ts';
import { securityByCertificates, securityBySecret } from '../cluster/nodes/link-security.ts';
import type { NodeProgress } from '../management/postern/fence-route.ts';
import type { Address } from '../settings/address.ts';
import { printAddress } from '../settings/address.ts';
import { CLUSTER_SECRET_VARIABLE } from '../settings/options.ts';
import type { ClusterSettings } from '../settings/sections/cluster.ts';
import type { Settings } from '../settings/settings.ts';
import type { Postgres } from '../store/postgres/postgres-store.ts';
import type { Replica } from '../store/replica/replica.ts';
import type { ConnectionFilter, ConnectionList } from '../websocket-api/connections/connection-list.ts';
import type { DataPlaneLink } from './data-plane-link.ts';
import { StartError } from './listening.ts';
import { NodeConnections } from './node-connections.ts';
import type { RoleMeans } from './role.ts';

export interface NodesMeans extends RoleMeans {
  readonly postgres: Postgres;
  readonly replica: Replica;
}

/** What the control role asks of nodes. */
export interface NodesLink {
  /** The open connections of all nodes. */
  connections(filter: ConnectionFilter): Promise<ConnectionList>;
  /** Waits, a moment at most, until a change that was written here is live on the others. */
  settle(change: number): Promise<void>;
  /** Resolves once a change is live on every node, or after `millis`, or when `gone` says that nobody waits: how each stands then. */
  reached(change: number, millis: number, gone: AbortSignal): Promise<readonly NodeProgress[]>;
  shown(): readonly ShownNode[];
  /** What is wrong between nodes, a sentence each. */
  problems(): readonly string[];
  /** What is worth knowing, a sentence each. */
  notes(): readonly string[];
}

/** Resolves with true once all that is committed now is live in it. */
type LivePlace = Pick<DataPlaneLink, 'caughtUp'>;

export interface NodesRole {
  readonly nodes: ClusterNodes;
  /** Those of the other nodes, and those of this one for them. */
  readonly connections: NodeConnections;
  readonly link: NodesLink;
  /** Tells the others, from now on, what is live in all parts of this node. */
  follow(parts: readonly LivePlace[]): void;
  /** Other settings are in force. */
  configured(settings: Settings): void;
  /** Nobody waits for this node any more. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

const DEFAULT_LISTEN: Address = Object.freeze({ host: '127.0.0.1', port: 4702 });
const AGAIN_MILLIS = 200;
/** Beats after which one that has not moved is taken for dead by who starts alone. */
const BEATS_TO_SEE = 3;

/** Throws StartError. */
export async function openNodes(means: NodesMeans): Promise<NodesRole> {
  const { settings, log, postgres, replica } = means;
  const { cluster } = settings.sections;
  const { version } = await import('../cli/version.ts');
  const listen = cluster.listen ?? DEFAULT_LISTEN;
  let connections: NodeConnections | undefined;
  const nodes = await ClusterNodes.open({
    sql: postgres.sql,
    cluster: () => postgres.cluster,
    data: settings.data,
    program: version(),
    leaseSeconds: cluster.leaseSeconds,
    writeWaitMillis: cluster.writeWaitMillis,
    links: await linksOf(cluster, listen),
    configuration: configurationOf(settings),
    connections: () => connections?.counts ?? {},
    log,
  }).catch((error: unknown) => {
    throw refusalOf(error, listen);
  });
  if (cluster.secrets.length === 0) await requireAlone(nodes, cluster);
  const across = new NodeConnections(nodes);
  connections = across;
  const stop = new AbortController();
  const endDuties = keepDuties(postgres.sql);
  let following: Promise<void> = Promise.resolve();
  return {
    nodes,
    connections: across,
    link: {
      connections: (filter) => across.list(filter),
      settle: (change) => nodes.settle(change),
      reached: (change, millis, gone) => nodes.reached(change, millis, gone),
      shown: () => nodes.shown(),
      problems: () => [...problemsBetween(nodes.shown()), ...problemsOf(postgres)],
      notes: () => notesOf(nodes.living, cluster),
    },
    follow(parts) {
      following = follow(nodes, replica, parts, stop.signal);
    },
    configured: (next) => nodes.configured(configurationOf(next)),
    drain: () => nodes.drain(),
    async close() {
      stop.abort();
      endDuties();
      across.close();
      await following;
      await nodes.close();
    },
  };
}

/** What settings say that should be the same on every node. */
function configurationOf({ sections, credentials }: Settings): string {
  const { listen: _listen, address: _address, ...cluster } = sections.cluster;
  const said = { ...sections, cluster, credentials };
  return JSON.stringify(said, (_name, value: unknown) => (value instanceof Map ? [...value] : value));
}

/** Until `signal`: says after each change that was applied here how far this node has come. */
async function follow(
  nodes: ClusterNodes,
  replica: Replica,
  parts: readonly LivePlace[],
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const { applied } = replica;
      const at = await replica.latestChange();
      const areLive = await Promise.all(parts.map((part) => part.caughtUp()));
      if (!areLive.includes(false)) nodes.advance(applied);
      if (replica.applied === applied) await replica.moved(at, signal);
    } catch {
      // What is wrong with the replica or the data plane, they tell.
      await pause(AGAIN_MILLIS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}

async function linksOf({ secrets, address, tls }: ClusterSettings, listen: Address) {
  const [secret] = secrets;
  if (secret === undefined) return undefined;
  if (tls === undefined) return { security: securityBySecret(secrets), secret, listen, address };
  const [cert, key] = await Promise.all([readPem(tls.cert, 'cert'), readPem(tls.key, 'key')]);
  return { security: securityByCertificates({ cert, key, ca: tls.ca }), secret, listen, address };
}

async function readPem(file: string, what: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new StartError(`cluster.tls.${what} names the file ${file}, which cannot be read (${error.code}).`);
  });
}

function refusalOf(error: unknown, listen: Address): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND'].includes(code)) return error;
  const other = printAddress({ host: listen.host, port: listen.port > 65_000 ? 4712 : listen.port + 10 });
  return new StartError(
    `Links of other nodes cannot arrive at ${printAddress(listen)} (${code}). Stop what listens there, or choose another address, for example --cluster-listen ${other}.`,
    { cause: error },
  );
}

/** Without a secret it must be the only one. Throws StartError when another node on the same store is alive. */
async function requireAlone(nodes: ClusterNodes, { leaseSeconds }: ClusterSettings): Promise<void> {
  const own = (): number | undefined => nodes.lease.incarnation;
  const others = () => nodes.lease.nodes.filter(({ incarnation }) => incarnation !== own());
  const first = new Map(others().map(({ incarnation, beatAt }) => [incarnation, beatAt]));
  if (first.size === 0) return;
  await pause(BEATS_TO_SEE * leaseSeconds * 100);
  const alive = others().find(({ incarnation, beatAt }) => first.get(incarnation) !== beatAt);
  if (alive === undefined) return;
  await nodes.close();
  throw new StartError(
    `Node ${alive.number} (${alive.name}) uses the same store, and this one has no secret to be linked by. Set cluster.secret or ${CLUSTER_SECRET_VARIABLE} to the same on all nodes, or stop that one.`,
  );
}

function problemsBetween(nodes: readonly ShownNode[]): readonly string[] {
  const self = nodes.find(({ isSelf }) => isSelf);
  const others = nodes.filter(({ isSelf }) => !isSelf);
  const called = ({ node, name }: ShownNode): string => `node ${node} (${name})`;
  if (self === undefined) return ['This node has no lease: it does not reach PostgreSQL.'];
  return [
    ...others
      .filter(({ hasSameConfiguration }) => !hasSameConfiguration)
      .map((each) => `The configuration file of ${called(each)} is not that of ${called(self)}.`),
    ...others
      .filter(({ isLinked }) => !isLinked)
      .map(
        (each) =>
          `There is no link between ${called(self)} and ${called(each)}, which is called at ${each.address}.`,
      ),
  ];
}

function notesOf(living: number, { valkey }: ClusterSettings): readonly string[] {
  if (living === 1 || valkey !== undefined) return [];
  return [
    `Rate limits are approximate: each of ${living} nodes has an equal share of them. cluster.valkey makes them exact.`,
  ];
}

function problemsOf({ watch }: Postgres): readonly string[] {
  if (watch.problem !== undefined) return ['PostgreSQL is not there.'];
  if (!watch.isDeaf) return [];
  return [
    'Notifications of PostgreSQL do not arrive here, so it is asked ten times a second: see whether a pooler stands before it.',
  ];
}
