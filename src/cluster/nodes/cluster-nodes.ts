// This node among the others: its lease, its links, and how far everybody has come. What others of the cluster's parts ask of nodes, they
// ask here.
import { createHmac } from 'node:crypto';
import { hostname } from 'node:os';
import type { SqlSource } from '../../store/postgres/sql-source.ts';
import type { Log } from '../../telemetry/log.ts';
import { Everywhere, type Progress } from './everywhere.ts';
import { keepLease, lastLease } from './last-lease.ts';
import type { LeaseStanding } from './lease-state.ts';
import { type LeaseTimes, leaseTimes } from './lease-times.ts';
import { derived, type LinkSecurity } from './link-security.ts';
import { Links } from './links.ts';
import { NodeLease } from './node-lease.ts';
import { type BeatAnswer, type BeatCarried, type NodeRow, NodeTable } from './node-table.ts';
import { AWAITS, BEAT, LIVE, MISSES, PROTOCOLS } from './protocol.ts';

/** The forms of documents that this program reads. A new form is written once every living node has its level. */
const LEVEL = 1;
/** How late those hear how far this node has come who do not wait for it: each of many nodes tells all others. */
const TELL_MILLIS = 200;

export interface ClusterNodesMeans {
  readonly sql: SqlSource;
  /** The cluster's id in the store; undefined until PostgreSQL has been reached. */
  readonly cluster: () => string | undefined;
  /** Locked: whoever had it before is dead. */
  readonly data: string;
  readonly program: string;
  readonly leaseSeconds: number;
  readonly writeWaitMillis: number;
  /** Undefined: this node takes no links. */
  readonly links:
    | {
        readonly security: LinkSecurity;
        readonly secret: string;
        readonly listen: Address;
        readonly address: Address | undefined;
      }
    | undefined;
  /** What the configuration says that should be the same on every node. */
  readonly configuration: string;
  /** Open connections by account and region. */
  readonly connections: () => BeatCarried['connections'];
  readonly log: Log;
}

interface Address {
  readonly host: string;
  readonly port: number;
}

/** How a node of the cluster stands, as it is shown. */
export interface ShownNode {
  readonly node: number;
  readonly incarnation: number;
  readonly name: string;
  readonly address: string;
  readonly program: string;
  readonly level: number;
  readonly state: NodeRow['state'];
  readonly live: number;
  readonly silentMillis: number;
  readonly isLinked: boolean;
  readonly isSelf: boolean;
  /** Whether its configuration file says what this node's says. */
  readonly hasSameConfiguration: boolean;
  readonly connections: BeatCarried['connections'];
}

export class ClusterNodes {
  readonly lease: NodeLease;
  readonly links: Links | undefined;
  readonly #means: ClusterNodesMeans;
  readonly #table: NodeTable;
  readonly #times: LeaseTimes;
  readonly #everywhere: Everywhere;
  /** A digest that tells nothing to who does not know the secret. */
  #config = '';
  readonly #onStanding: ((standing: LeaseStanding) => void)[] = [];
  readonly #onEnded: (() => void)[] = [];
  #address = '';
  #live = 0;
  /** The newest change that another node waits for, until it is live here. */
  readonly #awaited = new Map<number, number>();
  #telling: NodeJS.Timeout | undefined;
  /** What the last beat said of it. */
  #said = 0;
  /** The last question who lives, and one that is sent when that is answered. */
  #asked: Promise<unknown> = Promise.resolve();
  #next: Promise<ReadonlySet<number>> | undefined;

  private constructor(means: ClusterNodesMeans, before: number | undefined) {
    this.#means = means;
    this.#times = leaseTimes(means.leaseSeconds);
    const { sql, links, log, data } = means;
    this.configured(means.configuration);
    const table = new NodeTable(sql);
    this.#table = table;
    this.links =
      links && new Links({ security: links.security, times: this.#times, me: () => this.#hello(), log });
    this.lease = new NodeLease({
      table,
      times: this.#times,
      self: () => ({ name: hostname(), address: this.#address, program: means.program, level: LEVEL }),
      before,
      onTaken: (incarnation) => {
        this.links?.endAll();
        return keepLease(data, means.cluster() ?? '', incarnation).catch(() => undefined);
      },
      carried: () => {
        this.#said = this.#live;
        return { applied: this.#live, config: this.#config, connections: means.connections() };
      },
      proxies: {
        isAnybodyThere: () => (this.links?.linked() ?? []).length > 0,
        beat: (incarnation, carried) => this.#beatByOthers(incarnation, carried),
        askWhoMisses: (heard) => this.#askWhoMisses(heard),
      },
      log,
      onAnswer: (answer) => this.#take(answer),
      onStanding: (standing) => {
        for (const listener of this.#onStanding) listener(standing);
      },
    });
    this.#everywhere = new Everywhere({
      own: () => this.lease.incarnation,
      nodes: () => this.lease.nodes,
      isNear: (incarnation) =>
        this.links?.isLinked(incarnation) === true && this.lease.silenceOf(incarnation) < this.#times.missing,
      await: (change) => this.links?.tellAll(AWAITS, String(change)),
      writeWaitMillis: means.writeWaitMillis,
    });
    this.links?.onAsk(MISSES, () => (this.lease.misses ? '1' : '0'));
    this.links?.onAsk(BEAT, async (body) => {
      const { incarnation, ...carried } = JSON.parse(body.toString()) as BeatCarried & {
        incarnation: number;
      };
      return JSON.stringify(await table.beat(incarnation, carried));
    });
    this.links?.onTell(LIVE, (body, from) => this.#everywhere.heard(from, Number(body.toString())));
    this.links?.onTell(AWAITS, (body, from) => this.#takeAwaited(from, Number(body.toString())));
    this.links?.onLinked((incarnation) => {
      this.links?.tell(incarnation, LIVE, String(this.#live));
      this.#everywhere.look();
    });
  }

  /** Begins. There is a lease then, or it comes when PostgreSQL gives one. Rejects when the address for links cannot be had. */
  static async open(means: ClusterNodesMeans): Promise<ClusterNodes> {
    const cluster = means.cluster();
    const before = cluster === undefined ? undefined : await lastLease(means.data, cluster);
    const nodes = new ClusterNodes(means, before);
    const { links } = means;
    if (links !== undefined) {
      const port = await nodes.links!.listen(links.listen.host, links.listen.port);
      const { host, port: said } = links.address ?? links.listen;
      nodes.#address = `${host.includes(':') ? `[${host}]` : host}:${said || port}`;
    }
    await nodes.lease.start();
    return nodes;
  }

  /** How many nodes live, as far as is known here; at least this one. */
  get living(): number {
    return Math.max(1, this.lease.nodes.length);
  }

  /** The numbers of the nodes that live at this moment or later, also of one that has begun since the last beat. One question at a time is
   *  asked for all who want to know. Rejects while PostgreSQL is away. */
  numbersNow(): Promise<ReadonlySet<number>> {
    const ask = (): Promise<ReadonlySet<number>> => {
      this.#next = undefined;
      const answer = this.#table.numbers();
      this.#asked = answer;
      return answer;
    };
    this.#next ??= this.#asked.then(ask, ask);
    return this.#next;
  }

  /** The newest change that is live here. */
  get live(): number {
    return this.#live;
  }

  /** Hears of each other standing of the lease. */
  onStanding(listener: (standing: LeaseStanding) => void): void {
    this.#onStanding.push(listener);
  }

  /** Hears, with each beat, that there are connections of nodes that are not alive, whose ends nobody has told. */
  onEnded(listener: () => void): void {
    this.#onEnded.push(listener);
  }

  /** A change, and all before it, is live in every process of this node. */
  advance(live: number): void {
    const { incarnation } = this.lease;
    if (live <= this.#live || incarnation === undefined) {
      this.#live = Math.max(this.#live, live);
      return;
    }
    this.#live = live;
    this.#everywhere.heard(incarnation, live);
    for (const [waiting, change] of this.#awaited) {
      this.links?.tell(waiting, LIVE, String(live));
      if (change <= live) this.#awaited.delete(waiting);
    }
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      this.links?.tellAll(LIVE, String(this.#live));
    }, TELL_MILLIS).unref();
  }

  /** Waits, a moment at most, until a change that was written here is live on the others. */
  settle(change: number): Promise<void> {
    return this.#everywhere.settle(change);
  }

  /** Resolves once a change is live on every living node, or after `millis`, or when `gone` says that nobody waits: how each stands
   *  then. */
  async reached(change: number, millis: number, gone?: AbortSignal): Promise<readonly Progress[]> {
    const progress = await this.#everywhere.reached(change, millis, gone);
    return progress.length > 0 ? progress : [{ node: -1, name: hostname(), live: this.#live }];
  }

  shown(): readonly ShownNode[] {
    const own = this.lease.incarnation;
    return this.lease.nodes.map((row) => ({
      node: row.number,
      incarnation: row.incarnation,
      name: row.name,
      address: row.address,
      program: row.program,
      level: row.level,
      state: row.state,
      live: row.incarnation === own ? this.#live : row.applied,
      silentMillis: row.silentMillis,
      isLinked: this.links?.isLinked(row.incarnation) ?? false,
      isSelf: row.incarnation === own,
      hasSameConfiguration: row.config === this.#config,
      connections: row.connections,
    }));
  }

  /** The configuration says something else now. */
  configured(text: string): void {
    const secret = this.#means.links?.secret;
    if (secret === undefined) return;
    const key = derived(secret, 'postern configuration 1', 32);
    this.#config = createHmac('sha256', key).update(text).digest('hex');
  }

  drain(): Promise<void> {
    return this.lease.drain();
  }

  async close(): Promise<void> {
    clearTimeout(this.#telling);
    await this.lease.close();
    await this.links?.close();
  }

  #takeAwaited(from: number, change: number): void {
    if (change > this.#live) this.#awaited.set(from, Math.max(change, this.#awaited.get(from) ?? 0));
    else this.links?.tell(from, LIVE, String(this.#live));
  }

  #hello() {
    const { incarnation, number } = this.lease;
    const { program, cluster } = this.#means;
    if (incarnation === undefined || number === undefined) return undefined;
    return { protocols: PROTOCOLS, level: LEVEL, program, cluster: cluster() ?? '', number, incarnation };
  }

  #take({ latest, nodes, ended }: BeatAnswer): void {
    const { incarnation } = this.lease;
    this.#means.sql.note(latest);
    // The store was restored to an earlier state: numbers begin anew there.
    if (latest < this.#said) {
      this.#live = latest;
      this.#everywhere.forget();
    }
    for (const waiting of this.#awaited.keys()) {
      if (!nodes.some((node) => node.incarnation === waiting)) this.#awaited.delete(waiting);
    }
    this.links?.setPeers(nodes.filter((node) => node.incarnation !== incarnation && node.address !== ''));
    if (incarnation !== undefined) this.#everywhere.heard(incarnation, this.#live);
    this.#everywhere.look();
    if (ended.length > 0) for (const listener of this.#onEnded) listener();
  }

  async #beatByOthers(incarnation: number, carried: BeatCarried): Promise<BeatAnswer> {
    const { links } = this;
    const body = JSON.stringify({ incarnation, ...carried });
    const asked = (links?.linked() ?? []).map((other) => links!.ask(other, BEAT, body, this.#times.answer));
    return JSON.parse((await Promise.any(asked)).toString()) as BeatAnswer;
  }

  #askWhoMisses(heard: (incarnation: number, misses: boolean) => void): void {
    for (const other of this.links?.linked() ?? []) {
      this.links!.ask(other, MISSES, '', this.#times.answer).then(
        (body) => heard(other, body.toString() === '1'),
        () => undefined,
      );
    }
  }
}
