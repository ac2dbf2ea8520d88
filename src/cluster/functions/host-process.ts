// The functions host as its primary has it: a process that is started when there are functions, and again when it has died. Whatever
// becomes of it, the functions are those that were said last.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { LambdaFunction } from '../../backends/lambda-function.ts';
import { messageOf } from '../../defect.ts';
import type { FunctionsRunner } from '../../functions/current-functions.ts';
import type { CountedFunctions } from '../../functions/function-counts.ts';
import type { FunctionLists } from '../../functions/local-functions.ts';
import type { FunctionArn } from '../../grammar/arn.ts';
import { type Callable, callsTo } from '../../net/channel/calls.ts';
import { Channel } from '../../net/channel/channel.ts';
import { environmentOfChildren } from '../../settings/settings.ts';
import type { Log } from '../../telemetry/log.ts';
import type { SharedOutput } from '../workers/primary-output.ts';
import { CALL, CHANNEL_FD, FUNCTION_CHANNEL, type HostBeginning, type HostCalls, LINES } from './protocol.ts';
import { RemoteFunctions } from './remote-functions.ts';

export interface HostProcessMeans {
  /** What Node.js runs for it, and with which arguments. */
  readonly program: { readonly exec: string; readonly args: readonly string[] };
  /** Of its socket. */
  readonly path: string;
  readonly beginning: Omit<HostBeginning, 'socket' | 'lists'>;
  readonly log: Log;
  /** Takes lines that functions write, and what else the host logs. */
  readonly output: Pick<SharedOutput, 'write'>;
  readonly onStarted: (pid: number) => Promise<void>;
  readonly onEnded: (pid: number) => Promise<void>;
}

/** Between two tries to have a host, at first and at most. */
const FIRST_PAUSE_MILLIS = 50;
const LONGEST_PAUSE_MILLIS = 1_000;
/** What has run so long is no bad start. */
const SETTLED_MILLIS = 10_000;
const COUNT_MILLIS = 500;
/** Beyond what its calls may take. */
const END_MILLIS = 1_000;

interface Host {
  readonly child: ChildProcess;
  readonly channel: Channel;
  readonly calls: Callable<HostCalls>;
  readonly ended: Promise<string>;
}

export class HostProcess implements FunctionsRunner {
  readonly #means: HostProcessMeans;
  readonly #remote: RemoteFunctions;
  #lists: FunctionLists = { configured: [], deployed: [] };
  /** Once there are functions. */
  #running: Promise<void> | undefined;
  #host: Host | undefined;
  #isClosing = false;

  constructor(means: HostProcessMeans) {
    this.#means = means;
    this.#remote = new RemoteFunctions(means.path, []);
  }

  get names(): readonly string[] {
    return this.#remote.names;
  }

  get revision(): number {
    return this.#remote.revision;
  }

  find(arn: FunctionArn): LambdaFunction | undefined {
    return this.#remote.find(arn);
  }

  /** Resolves once a host takes calls, if there is to be one. Rejects when it does not start. */
  async prepare({ configured, deployed }: FunctionLists): Promise<void> {
    if (this.#running !== undefined || configured.length + deployed.length === 0) return;
    const host = await this.#start();
    this.#running = this.#keep(host);
  }

  /** Never rejects. A host that dies meanwhile begins with them. */
  async replace(lists: FunctionLists): Promise<void> {
    this.#lists = lists;
    await this.#host?.calls.replace(lists).catch(() => undefined);
    this.#remote.replace([...lists.configured, ...lists.deployed].map(({ key }) => key));
  }

  get pid(): number | undefined {
    return this.#host?.child.pid;
  }

  async counts(): Promise<CountedFunctions> {
    const { channel } = this.#host ?? {};
    const calls = channel && callsTo<HostCalls>(channel, CALL, { timeoutMillis: COUNT_MILLIS });
    return (await calls?.counts().catch(() => undefined)) ?? { functions: [] };
  }

  async close(deadlineMillis: number): Promise<void> {
    this.#isClosing = true;
    const host = this.#host;
    if (host !== undefined) {
      const kill = setTimeout(() => host.child.kill('SIGKILL'), deadlineMillis + END_MILLIS);
      await host.calls.close(deadlineMillis).catch(() => undefined);
      host.channel.end();
      await host.ended;
      clearTimeout(kill);
    }
    await this.#running;
    this.#remote.close();
  }

  /** Until `close`. */
  async #keep(first: Host): Promise<void> {
    let millis = FIRST_PAUSE_MILLIS;
    for (let host: Host | undefined = first; !this.#isClosing; ) {
      if (host !== undefined) {
        const since = performance.now();
        const how = await host.ended;
        if (this.#isClosing) return;
        if (performance.now() - since > SETTLED_MILLIS) millis = FIRST_PAUSE_MILLIS;
        this.#means.log('functions-host.ended', { reason: how });
      }
      try {
        host = await this.#start();
        this.#means.log('functions-host.replaced', {});
      } catch (error) {
        if (this.#isClosing) return;
        host = undefined;
        this.#means.log('functions-host.ended', { reason: messageOf(error) });
      }
      await pause(millis);
      millis = Math.min(2 * millis, LONGEST_PAUSE_MILLIS);
    }
  }

  /** Resolves once it takes calls. */
  async #start(): Promise<Host> {
    const { output, program, path, beginning, onStarted, onEnded } = this.#means;
    const child = spawn(process.execPath, [...process.execArgv, program.exec, ...program.args], {
      stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
      env: environmentOfChildren(),
    });
    const onTell = (kind: number, body: Buffer): void => {
      if (kind === LINES) output.write(body);
    };
    // It is silent, or broke the rules: whatever it does still, nobody hears of it.
    const onEnd = (): void => void child.kill('SIGKILL');
    const channel = new Channel(
      child.stdio[CHANNEL_FD] as Duplex,
      { onAsk, onTell, onEnd },
      FUNCTION_CHANNEL,
    );
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) =>
        resolve(signal === null ? `exit code ${code}` : `signal ${signal}`),
      );
    });
    void ended.then(() => {
      this.#host = undefined;
      channel.end();
      if (child.pid !== undefined) void onEnded(child.pid);
    });
    if (child.pid !== undefined) await onStarted(child.pid);
    const lists = this.#lists;
    const calls = callsTo<HostCalls>(channel, CALL);
    const host = { child, channel, calls, ended };
    try {
      await calls.begin({ ...beginning, socket: path, lists });
      if (this.#isClosing) throw new Error('The functions host is not wanted any more.');
      this.#host = host;
      if (lists !== this.#lists) await calls.replace(this.#lists);
      return host;
    } catch (error) {
      child.kill('SIGKILL');
      await ended;
      throw error;
    }
  }
}

function onAsk(): never {
  throw new Error('The functions host asks nothing.');
}
