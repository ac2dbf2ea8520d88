// The composition root of a worker: the data plane of a primary's store, which does what the primary asks.
import { Socket } from 'node:net';
import { serialize } from 'node:v8';
import { SYSTEM_CLOCK } from './clock.ts';
import { printOutcome } from './cluster/connections/connection-call.ts';
import { ElsewhereByCalls, HOP_MILLIS } from './cluster/connections/elsewhere-by-calls.ts';
import { processNumber } from './cluster/connections/routing.ts';
import { type Held, serveConnectionCall } from './cluster/connections/serve-call.ts';
import { RemoteFunctions } from './cluster/functions/remote-functions.ts';
import { turnsOf } from './cluster/workers/compile-turns.ts';
import { forwardTo } from './cluster/workers/forward.ts';
import { type PrimaryCalls, quotasOf } from './cluster/workers/primary-calls.ts';
import { outputOf } from './cluster/workers/primary-output.ts';
import {
  CALL,
  CHANGED,
  CHANNEL_FD,
  CHANNEL_LIMITS,
  CONNECTION,
  LINES,
  NODE,
  OPEN_CONNECTIONS,
  REQUESTS,
  REQUESTS_END,
} from './cluster/workers/protocol.ts';
import { WorkerRegistry } from './cluster/workers/worker-registry.ts';
import { callsTo, serveCalls } from './net/channel/calls.ts';
import { Channel } from './net/channel/channel.ts';
import { type DataPlane, openDataPlane } from './roles/data-plane.ts';
import { openWorkerLimits } from './roles/limits.ts';
import { LiveSettings } from './roles/live-settings.ts';
import { Opened } from './roles/role.ts';
import { type Beginning, CALL_ERRORS, type WorkerCalls } from './roles/workers/worker-calls.ts';
import type { Settings } from './settings/settings.ts';
import { SqliteFollowing } from './store/sqlite/following.ts';
import { createLog } from './telemetry/log.ts';
import { RequestLog } from './telemetry/request-log.ts';
import type { Hub } from './websocket-api/connections/hub.ts';

const COUNTS_MILLIS = 1_000;

/** Serves until the primary is gone or has had enough. */
export function serveAsWorker(stdout: NodeJS.WriteStream): void {
  const stream = new Socket({ fd: CHANNEL_FD });
  let begun: Promise<Parts> | undefined;
  let latest = 0;
  const place = { node: 0 };
  let documents: SqliteFollowing | undefined;
  /** Of a worker that has begun. */
  const parts = (): Promise<Parts> => begun ?? Promise.reject(new Error('The worker has not begun.'));
  const plane = async (): Promise<DataPlane> => (await parts()).plane;
  const link = async () => (await plane()).link;
  const stops = new Map<number, () => void>();
  let held: Held | undefined;

  const calls: WorkerCalls = {
    async begin(beginning) {
      const { settings, file } = beginning;
      documents = new SqliteFollowing(settings.data, Math.max(latest, beginning.latestChange), file);
      begun = begin(beginning, documents, channel, stdout, place);
      const { plane } = await begun;
      held = plane;
      tellCounts(plane.hub, channel);
      return Object.keys(plane.live) as (keyof typeof plane.live)[];
    },
    listen: async () => void (await (await plane()).listen()),
    async liveUpTo(change) {
      documents?.told(change);
      return (await link()).caughtUp();
    },
    setFunctions: async (names) => (await parts()).functions.replace(names),
    prepareSettings: async (next) => void (await (await parts()).settings.prepare(next)),
    takeSettings: async (next) => void (await (await parts()).settings.take(next)),
    truststoreKept: async (uri, version) => (await plane()).truststoreKept(uri, version),
    reopenLogs: async () => (await plane()).reopenLogs(),
    trouble: async () => (await link()).trouble(),
    digest: async () => (await link()).digest(),
    processes: async () => (await link()).processes(),
    stages: async () => (await link()).stages(),
    counts: async () => (await link()).counts(),
    traffic: async () => (await link()).traffic(),
    domains: async () => (await link()).domains(),
    explain: async (request, account) => (await link()).explain(request, account),
    explainSocket: async (request, account) => (await link()).explainSocket(request, account),
    runDraft: async (run) => (await link()).runDraft(run),
    runSocketDraft: async (run) => (await link()).runSocketDraft(run),
    connections: async (filter) => (await link()).connections(filter),
    requestsMode: async () => (await link()).liveRequests.mode(),
    listRequests: async (filter, limit) => (await link()).liveRequests.list(filter, limit),
    oneRequest: async (id, filter) => (await link()).liveRequests.one(id, filter),
    async subscribe(number, filter) {
      const stop = await (await link()).liveRequests.subscribe(filter, {
        onBatch: (batch) => channel.tell(REQUESTS, serialize([number, batch])),
        onEnd: () => channel.tell(REQUESTS_END, String(number)),
      });
      if (stop !== undefined) stops.set(number, stop);
      return stop !== undefined;
    },
    async unsubscribe(number) {
      stops.get(number)?.();
      stops.delete(number);
    },
    drain: async (deadlineMillis) => (await plane()).drain(deadlineMillis),
    hasten: async (deadlineMillis) => (await plane()).hasten(deadlineMillis),
    tellLost: async (row, code, reason) => (await plane()).tellLost(row, code, reason),
    rowsOf: async (ids) => (await plane()).rowsOf(ids),
    cutOff: async (isTakenOver) => (await plane()).cutOff(isTakenOver),
    tellFor: async (millis) => (await parts()).registry.tellFor(millis),
    async close(deadlineMillis) {
      await (await parts()).opened.close(deadlineMillis);
      stream.once('finish', () => process.exit(0));
      setImmediate(() => channel.end());
    },
  };
  const answer = serveCalls(calls, CALL_ERRORS);
  const channel = new Channel(
    stream,
    {
      onAsk(kind, body) {
        if (kind === CALL) return answer(body);
        if (kind === CONNECTION)
          return held === undefined ? printOutcome('gone') : serveConnectionCall(held, body);
        throw new Error(`The primary asks what nobody knows: ${kind}.`);
      },
      onTell(kind, body) {
        switch (kind) {
          case CHANGED:
            latest = Number(body);
            documents?.told(latest);
            return;
          case OPEN_CONNECTIONS:
            held?.hub.means.accounts.setElsewhere(JSON.parse(body.toString()));
            return;
          case NODE:
            place.node = Number(body);
            return;
          default:
            throw new Error(`The primary tells what nobody knows: ${kind}.`);
        }
      },
      onEnd() {
        if (!stream.writableEnded) process.exit(1);
      },
    },
    CHANNEL_LIMITS,
  );
}

/** Tells how many connections there are, whenever there are others than a second ago. */
function tellCounts({ means: { accounts } }: Hub, channel: Channel): void {
  let said = '{}';
  setInterval(() => {
    const counts = JSON.stringify(accounts.counts);
    if (counts !== said) channel.tell(OPEN_CONNECTIONS, counts);
    said = counts;
  }, COUNTS_MILLIS).unref();
}

interface Parts {
  readonly plane: DataPlane;
  readonly functions: RemoteFunctions;
  readonly registry: WorkerRegistry;
  readonly settings: LiveSettings;
  readonly opened: Opened;
}

/** Throws StartError and StoreError. */
async function begin(
  beginning: Beginning,
  documents: SqliteFollowing,
  channel: Channel,
  stdout: NodeJS.WriteStream,
  place: { readonly node: number },
): Promise<Parts> {
  const { output, slot, shared, managementSocket } = beginning;
  const settings = withPort(beginning.settings, beginning.port);
  const lines = outputOf(stdout, channel, LINES);
  const style = { ...output, output: lines };
  const log = createLog({ level: settings.logLevel, ...style });
  const requestLog = output.logsRequests ? new RequestLog({ ...style, log }) : undefined;
  process.on('uncaughtException', (err) => {
    requestLog?.flush();
    // Nobody else would get to write it.
    createLog({ level: settings.logLevel, ...output, output: stdout })('program.failed', { err });
    process.exit(1);
  });
  const means = { settings, log, requestLog, clock: SYSTEM_CLOCK };
  const opened = new Opened();
  opened.push(() => requestLog?.flush());
  opened.push(() => documents.close());
  const functions = new RemoteFunctions(beginning.functions.socket, beginning.functions.names);
  opened.push(() => functions.close());
  const registry = new WorkerRegistry(channel);
  const plane = await openDataPlane({
    ...means,
    ...{ documents, functions, shared, output: lines, sharers: settings.workers },
    registry,
    inTurn: turnsOf(channel),
    limits: await openWorkerLimits(opened, means, channel),
    quotas: quotasOf(callsTo<PrimaryCalls>(channel, CALL)),
    processNumber: () => processNumber(place.node, slot),
    elsewhere: new ElsewhereByCalls((call, asker) => channel.askFor(asker, CONNECTION, call, HOP_MILLIS)),
    serveManagement:
      managementSocket === undefined ? undefined : (exchange) => forwardTo(managementSocket, exchange),
  });
  opened.push((deadlineMillis) => plane.close(deadlineMillis));
  const live = new LiveSettings(settings, [plane.live], () => plane.recompile());
  return { plane, functions, registry, settings: live, opened };
}

/** The gateway's port in place of 0. */
function withPort(settings: Settings, port: number): Settings {
  const { doors } = settings;
  const at = <A extends object>(address: A) => ({ ...address, port });
  return {
    ...settings,
    doors:
      doors.kind === 'shared'
        ? { kind: 'shared', address: at(doors.address) }
        : { ...doors, gateway: at(doors.gateway) },
  };
}
