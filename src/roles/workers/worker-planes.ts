// The workers as a role: they are started with what is in force, told what changes, and what they ask and tell is answered here.
import { deserialize } from 'node:v8';
import { decodeAsk, encodeGrant } from '../../cluster/limits/token-frames.ts';
import { CompileTurns } from '../../cluster/workers/compile-turns.ts';
import { primaryCalls } from '../../cluster/workers/primary-calls.ts';
import type { SharedOutput } from '../../cluster/workers/primary-output.ts';
import {
  CALL,
  CHANGED,
  CONNECTION,
  LINES,
  OPEN_CONNECTIONS,
  REQUESTS,
  REQUESTS_END,
  TAKE,
  TURN,
  TURN_OVER,
} from '../../cluster/workers/protocol.ts';
import type { RunDirectory } from '../../cluster/workers/run-directory.ts';
import type { WorkerProcess, WorkerProgram } from '../../cluster/workers/worker-process.ts';
import { Workers } from '../../cluster/workers/workers.ts';
import { serveCalls } from '../../net/channel/calls.ts';
import type { Asker } from '../../net/channel/channel.ts';
import type { GatewayTls } from '../../net/listener/gateway-tls.ts';
import type { Settings } from '../../settings/settings.ts';
import type { RequestBatch } from '../../stage/request-summary.ts';
import { Follower } from '../../store/follower.ts';
import type { DocumentSource } from '../../store/store.ts';
import type { Log } from '../../telemetry/log.ts';
import type { ConnectionCounts } from '../../websocket-api/connections/account-connections.ts';
import type { Registry } from '../../websocket-api/connections/registry.ts';
import type { QuotaSource } from '../../websocket-api/quota-source.ts';
import type { DataPlaneLink } from '../data-plane-link.ts';
import type { FunctionsLink } from '../functions-host.ts';
import type { WorkersLimits } from '../limits.ts';
import type { LivePart, LiveParts } from '../live-settings.ts';
import type { NodeConnections } from '../node-connections.ts';
import { AskedWorkers } from './asked-workers.ts';
import type { Beginning } from './worker-calls.ts';
import { WorkerConnections } from './worker-connections.ts';
import { WorkerHolders } from './worker-holders.ts';
import { WorkerRequests } from './worker-requests.ts';
import { workersLink } from './workers-link.ts';

export interface WorkerPlanesMeans {
  /** The connections of other nodes, where there are any. */
  readonly nodes: NodeConnections | undefined;
  readonly log: Log;
  readonly documents: DocumentSource;
  readonly registry: Registry;
  readonly quotas: QuotaSource;
  /** A worker is gone that had these connections. */
  readonly onConnectionsLost: (connectionIds: readonly string[]) => void;
  readonly limits: WorkersLimits;
  readonly run: RunDirectory;
  readonly count: number;
  readonly program: WorkerProgram;
  readonly functions: Pick<FunctionsLink, 'names'>;
  /** Takes lines of workers. */
  readonly output: SharedOutput;
  /** Where they are called: the path of a Unix socket. */
  readonly functionsSocket: string;
  /** Of the gateway's listener: what is asked of certificates and truststores is asked here. */
  readonly tls: GatewayTls;
  /** The settings in force. */
  readonly settings: () => Settings;
  /** What every worker begins with besides. */
  readonly beginning: Pick<Beginning, 'managementSocket' | 'shared' | 'port' | 'output' | 'file'>;
  /** Workers die one after another, and none is left. */
  onFailure(reason: string): void;
}

const NOTHING = Buffer.alloc(0);
/** Who ends has so much more, until it is killed. */
const MORE_MILLIS = 1_000;

export class WorkerPlanes {
  readonly link: DataPlaneLink;
  readonly holders: WorkerHolders;
  readonly #means: WorkerPlanesMeans;
  readonly #serveCalls: (body: Buffer) => Promise<Buffer>;
  readonly #turns: CompileTurns;
  readonly #workers: Workers;
  readonly #asked = new AskedWorkers(() => this.#workers.ready);
  readonly #requests: WorkerRequests;
  readonly connections: WorkerConnections;
  /** Tells workers of every commit, which nothing in the file does. */
  readonly #follower: Follower;
  /** Which settings workers take while they run: those of their data planes. */
  #live: LiveParts = {};
  #applied: Promise<unknown> = Promise.resolve();

  constructor(means: WorkerPlanesMeans) {
    this.#means = means;
    this.#follower = new Follower({
      documents: means.documents,
      readAll: async () => this.#tellChange(await means.documents.latestChange()),
      take: async (batch) => this.#tellChange(batch.at(-1)?.number ?? 0),
      // Whoever asks for what is live is told what is wrong with the store.
      onError: () => undefined,
    });
    this.#serveCalls = serveCalls(primaryCalls(means));
    this.#requests = new WorkerRequests(this.#asked);
    this.holders = new WorkerHolders(this.#asked);
    const { count, program, run, log } = means;
    this.#turns = new CompileTurns(count);
    this.#workers = new Workers({
      ...{ count, program, run, log },
      onFailure: (reason) => means.onFailure(reason),
      begin: (worker) => this.#begin(worker),
      serve: (worker) => this.#serve(worker),
      registry: means.registry,
      onConnectionsLost: (ids) => means.onConnectionsLost(ids),
      handlersOf: (slot) => ({
        onAsk: (kind, body, asker) => this.#onAsk(slot, kind, body, asker),
        onTell: (kind, body) => this.#onTell(slot, kind, body),
      }),
    });
    this.connections = new WorkerConnections(this.#workers, this.#asked, means.nodes);
    this.link = workersLink({
      ...means,
      asked: this.#asked,
      requests: this.#requests,
      connections: this.connections,
      accepts: means.beginning.shared === undefined ? 'roundRobin' : 'reusePort',
    });
  }

  /** Resolves once all serve. Throws StartError and StoreError. */
  async start(): Promise<void> {
    await this.#follower.start();
    await this.#workers.start();
  }

  get live(): LiveParts {
    return this.#live;
  }

  /** Resolves once all workers have made live what was applied last. */
  async recompile(): Promise<void> {
    await this.#applied;
  }

  /** The functions of this machine are others. Resolves once all workers know them. */
  async setFunctions(): Promise<void> {
    const { names } = this.#means.functions;
    await this.#asked.all((calls) => calls.setFunctions(names));
  }

  reopenLogs(): void {
    void this.#asked.all((calls) => calls.reopenLogs());
  }

  hasten(deadlineMillis: number): void {
    void this.#asked.all((calls) => calls.hasten(deadlineMillis));
  }

  async drain(deadlineMillis: number): Promise<void> {
    await Promise.allSettled(
      this.#asked.ready.map((worker) => this.#asked.callsOf(worker).drain(deadlineMillis)),
    );
  }

  async close(deadlineMillis: number): Promise<void> {
    this.holders.close();
    await this.#follower.close();
    const { ready } = this.#asked;
    void Promise.allSettled(ready.map((worker) => this.#asked.callsOf(worker).close(deadlineMillis)));
    await this.#workers.close(deadlineMillis + MORE_MILLIS);
  }

  async #begin(worker: WorkerProcess): Promise<void> {
    // Whoever was in its place is gone.
    this.#turns.over(worker.slot);
    const calls = this.#asked.callsOf(worker);
    const { documents, functions, functionsSocket, beginning } = this.#means;
    const keys = await calls.begin({
      ...beginning,
      slot: worker.slot,
      settings: this.#means.settings(),
      latestChange: await documents.latestChange(),
      functions: { names: functions.names, socket: functionsSocket },
    });
    const part = this.#part;
    this.#live = Object.fromEntries(keys.map((key) => [key, part]));
  }

  /** It hears of everything that changes by now; what has changed while it began it is told once more. */
  async #serve(worker: WorkerProcess): Promise<void> {
    const calls = this.#asked.callsOf(worker);
    const { documents, functions } = this.#means;
    this.connections.begin(worker);
    await calls.setFunctions(functions.names);
    await this.#requests.begin(calls);
    await calls.takeSettings(this.#means.settings());
    await calls.liveUpTo(await documents.latestChange());
    await calls.listen();
  }

  /** All or nothing, over all workers. One that is gone meanwhile comes again with what is in force then. */
  readonly #part: LivePart = {
    prepare: async (next) => {
      await Promise.all(
        this.#asked.ready.map(async (worker) => {
          try {
            await this.#asked.callsOf(worker).prepareSettings(next);
          } catch (error) {
            if (!worker.isGone) throw error;
          }
        }),
      );
    },
    apply: (next) => {
      this.#applied = Promise.all(
        this.#asked.ready.map((worker) =>
          this.#asked
            .callsOf(worker)
            .takeSettings(next)
            // It was tried before: who cannot take them now is replaced by one that begins with them.
            .catch(() => worker.kill()),
        ),
      );
    },
  };

  #tellChange(number: number): void {
    for (const { channel } of this.#workers.running) channel.tell(CHANGED, String(number));
  }

  #onAsk(slot: number, kind: number, body: Buffer, asker: Asker): Promise<Buffer> | undefined {
    switch (kind) {
      case TAKE:
        return this.#take(slot, body);
      case TURN:
        return this.#turns.take(slot).then(() => NOTHING);
      case CONNECTION:
        this.connections.route(body, asker);
        return undefined;
      case CALL:
        return this.#serveCalls(body);
      default:
        throw new Error(`A worker asks what nobody knows: ${kind}.`);
    }
  }

  async #take(slot: number, body: Buffer): Promise<Buffer> {
    return encodeGrant(await this.#means.limits.take(String(slot), decodeAsk(body)));
  }

  #onTell(slot: number, kind: number, body: Buffer): void {
    switch (kind) {
      case OPEN_CONNECTIONS:
        this.connections.setCounts(slot, JSON.parse(body.toString()) as ConnectionCounts);
        return;
      case REQUESTS: {
        const [number, batch] = deserialize(body) as [number, RequestBatch];
        this.#requests.onBatch(number, batch);
        return;
      }
      case TURN_OVER:
        this.#turns.over(slot);
        return;
      case LINES:
        this.#means.output.write(body);
        return;
      case REQUESTS_END:
        this.#requests.onEnd(Number(body));
        return;
      default:
        throw new Error(`A worker tells what nobody knows: ${kind}.`);
    }
  }
}
