// The data planes of the workers, as one: what the control role asks is asked of one of them or of all, and put together.
import { deserialize } from 'node:v8';
import { ElsewhereByCalls } from '../cluster/connections/elsewhere-by-calls.ts';
import { decodeAsk, encodeGrant } from '../cluster/limits/token-frames.ts';
import { primaryCalls } from '../cluster/workers/primary-calls.ts';
import type { SharedOutput } from '../cluster/workers/primary-output.ts';
import {
  CALL,
  CHANGED,
  CONNECTION,
  LINES,
  OPEN_CONNECTIONS,
  REQUESTS,
  REQUESTS_END,
  TAKE,
} from '../cluster/workers/protocol.ts';
import type { RunDirectory } from '../cluster/workers/run-directory.ts';
import type { WorkerProcess, WorkerProgram } from '../cluster/workers/worker-process.ts';
import { Workers } from '../cluster/workers/workers.ts';
import type { Processes, WorkerLook } from '../findings/processes.ts';
import { type Callable, callsTo, serveCalls } from '../net/channel/calls.ts';
import { type Asker, ChannelError } from '../net/channel/channel.ts';
import type { GatewayTls } from '../net/listener/gateway-tls.ts';
import type { Settings } from '../settings/settings.ts';
import type { RequestBatch } from '../stage/request-summary.ts';
import { Follower } from '../store/follower.ts';
import type { DocumentSource } from '../store/store.ts';
import type { Log } from '../telemetry/log.ts';
import type { ConnectionCounts } from '../websocket-api/connections/account-connections.ts';
import { isConnectionId } from '../websocket-api/connections/connection-id.ts';
import type { Registry } from '../websocket-api/connections/registry.ts';
import type { QuotaSource } from '../websocket-api/quota-source.ts';
import { ServiceError } from '../wire/errors.ts';
import type { DataPlaneLink } from './data-plane-link.ts';
import type { FunctionsLink } from './functions-host.ts';
import type { WorkersLimits } from './limits.ts';
import type { LivePart, LiveParts } from './live-settings.ts';
import { LiveWait } from './live-wait.ts';
import type { NodeConnections } from './node-connections.ts';
import { sumOfTraffic } from './sums.ts';
import { type Beginning, CALL_ERRORS, type WorkerCalls } from './worker-calls.ts';
import { WorkerConnections } from './worker-connections.ts';
import { WorkerCounts } from './worker-counts.ts';
import { WorkerHolders } from './worker-holders.ts';
import { type Served, WorkerRequests } from './worker-requests.ts';

type Calls = Callable<WorkerCalls>;

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

/** What is read and not answered in this time is not waited for. */
const READ_MILLIS = 1_000;
/** Who scrapes has no patience. */
const COUNT_MILLIS = 500;
const COMPILE_MILLIS = 30_000;

export class WorkerPlanes implements Served {
  readonly link: DataPlaneLink;
  readonly holders: WorkerHolders;
  readonly #means: WorkerPlanesMeans;
  readonly #serveCalls: (body: Buffer) => Promise<Buffer>;
  readonly #workers: Workers;
  readonly #calls = new WeakMap<WorkerProcess, Calls>();
  readonly #requests: WorkerRequests;
  readonly #counts: WorkerCounts<WorkerProcess>;
  readonly connections: WorkerConnections;
  /** Of all workers: none is here. */
  readonly #elsewhere = new ElsewhereByCalls((call, asker) => this.connections.route(call, asker));
  readonly #wait = new LiveWait<WorkerProcess>();
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
    this.#requests = new WorkerRequests(this);
    this.holders = new WorkerHolders(this);
    this.#counts = new WorkerCounts(means.count);
    this.link = this.#linkOf(means);
    const { count, program, run, log } = means;
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
    this.connections = new WorkerConnections(this.#workers, means.nodes);
  }

  /** Resolves once all serve. Throws StartError and StoreError. */
  async start(): Promise<void> {
    await this.#follower.start();
    await this.#workers.start();
  }

  get live(): LiveParts {
    return this.#live;
  }

  async one<T>(ask: (calls: Calls) => Promise<T>, millis = READ_MILLIS): Promise<T> {
    for (const worker of this.#workers.ready) {
      const answer = await within(millis, ask(this.#callsOf(worker)));
      if (answer.isThere) return answer.value;
    }
    throw new ServiceError('ServiceUnavailableException', 503, 'No worker answers at present.');
  }

  async all<T>(ask: (calls: Calls) => Promise<T>): Promise<readonly T[]> {
    const answers = await Promise.all(
      this.#workers.ready.map((worker) => within(READ_MILLIS, ask(this.#callsOf(worker)))),
    );
    return answers.flatMap((answer) => (answer.isThere ? [answer.value] : []));
  }

  /** Resolves once all workers have made live what was applied last. */
  async recompile(): Promise<void> {
    await this.#applied;
  }

  /** The functions of this machine are others. Resolves once all workers know them. */
  async setFunctions(): Promise<void> {
    const { names } = this.#means.functions;
    await this.all((calls) => calls.setFunctions(names));
  }

  reopenLogs(): void {
    void this.all((calls) => calls.reopenLogs());
  }

  hasten(deadlineMillis: number): void {
    void this.all((calls) => calls.hasten(deadlineMillis));
  }

  async drain(deadlineMillis: number): Promise<void> {
    await Promise.allSettled(
      this.#workers.ready.map((worker) => this.#callsOf(worker).drain(deadlineMillis)),
    );
  }

  async close(deadlineMillis: number): Promise<void> {
    this.holders.close();
    await this.#follower.close();
    const { ready } = this.#workers;
    void Promise.allSettled(ready.map((worker) => this.#callsOf(worker).close(deadlineMillis)));
    await this.#workers.close(deadlineMillis + READ_MILLIS);
  }

  #callsOf(worker: WorkerProcess): Calls {
    let calls = this.#calls.get(worker);
    if (calls === undefined) {
      calls = callsTo<WorkerCalls>(worker.channel, CALL, { errors: CALL_ERRORS });
      this.#calls.set(worker, calls);
    }
    return calls;
  }

  async #begin(worker: WorkerProcess): Promise<void> {
    const calls = this.#callsOf(worker);
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
    const calls = this.#callsOf(worker);
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
        this.#workers.ready.map(async (worker) => {
          try {
            await this.#callsOf(worker).prepareSettings(next);
          } catch (error) {
            if (!worker.isGone) throw error;
          }
        }),
      );
    },
    apply: (next) => {
      this.#applied = Promise.all(
        this.#workers.ready.map((worker) =>
          this.#callsOf(worker)
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

  /** Undefined where it does not answer. */
  async #askOne<T>(
    worker: WorkerProcess,
    ask: (calls: Calls) => Promise<T>,
    millis = READ_MILLIS,
  ): Promise<T | undefined> {
    const answer = await within(millis, ask(this.#callsOf(worker)));
    return answer.isThere ? answer.value : undefined;
  }

  async #processes(): Promise<Processes> {
    const { beginning, count, documents } = this.#means;
    const found = new Map(this.#workers.ready.map((worker) => [worker.slot, worker] as const));
    const looks = Array.from({ length: count }, async (_, number): Promise<WorkerLook> => {
      const worker = found.get(number);
      if (worker === undefined) return { number, pid: undefined, isUp: false, isServing: false };
      const own = (await this.#askOne(worker, (calls) => calls.processes()))?.workers[0];
      const isServing = own?.isServing === true && documents.isFilled !== false;
      return { number, pid: worker.pid, isUp: own !== undefined, isServing, trouble: own?.trouble };
    });
    return {
      accepts: beginning.shared === undefined ? 'roundRobin' : 'reusePort',
      workers: await Promise.all(looks),
    };
  }

  async #caughtUp(): Promise<boolean> {
    const change = await this.#means.documents.latestChange();
    return this.#wait.waitFor(this.#workers.ready, (worker) => this.#callsOf(worker).liveUpTo(change));
  }

  #linkOf({ tls, limits }: WorkerPlanesMeans): DataPlaneLink {
    return {
      caughtUp: () => this.#caughtUp(),
      trouble: async () => (await this.all((calls) => calls.trouble())).find((each) => each !== undefined),
      digest: () => this.one((calls) => calls.digest()),
      processes: () => this.#processes(),
      // Those that nobody has called are compiled for it.
      stages: () => this.one((calls) => calls.stages(), COMPILE_MILLIS),
      counts: async () => ({
        ...(await this.#counts.take(this.#workers.ready, (worker) =>
          this.#askOne(worker, (calls) => calls.counts(), COUNT_MILLIS),
        )),
        limitsAreShared: limits.areShared,
      }),
      traffic: async () => sumOfTraffic(await this.all((calls) => calls.traffic())),
      domains: () => this.one((calls) => calls.domains()),
      explain: (request, account) => this.#first.explain(request, account),
      explainSocket: (request, account) => this.#first.explainSocket(request, account),
      runDraft: (run) => this.#first.runDraft(run),
      runSocketDraft: (run) => this.#first.runSocketDraft(run),
      connections: async (filter) => {
        const lists = await this.all((calls) => calls.connections(filter));
        return {
          count: lists.reduce((sum, { count }) => sum + count, 0),
          connections: lists
            .flatMap(({ connections }) => connections)
            .sort((one, other) => other.connectedAt - one.connectedAt)
            .slice(0, filter.limit),
        };
      },
      postToConnection: async (target, data) =>
        isConnectionId(target.connectionId) ? this.#elsewhere.send(target, data) : 'gone',
      closeConnection: async (target) =>
        isConnectionId(target.connectionId) ? this.#elsewhere.end(target) : 'gone',
      liveRequests: this.#requests,
      readTruststore: async (uri, version) => {
        const reading = await tls.readTruststore(uri, version);
        await this.all((calls) => calls.truststoreKept(uri, version));
        return reading;
      },
      certificateCovers: (arn, domainName) => tls.certificateCovers(arn, domainName),
    };
  }

  /** What is really served, once, whatever it takes. */
  get #first(): Calls {
    const [worker] = this.#workers.ready;
    if (worker !== undefined) return this.#callsOf(worker);
    throw new ServiceError('ServiceUnavailableException', 503, 'No worker answers at present.');
  }
}

type Answer<T> = { readonly isThere: true; readonly value: T } | { readonly isThere: false };

/** An answer that is refused or takes too long is none. Errors of what was asked are thrown. */
async function within<T>(millis: number, asked: Promise<T>): Promise<Answer<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Answer<T>>((resolve) => {
    timer = setTimeout(() => resolve({ isThere: false }), millis);
  });
  try {
    return await Promise.race([asked.then((value) => ({ isThere: true, value }) as const), late]);
  } catch (error) {
    if (error instanceof ChannelError) return { isThere: false };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
