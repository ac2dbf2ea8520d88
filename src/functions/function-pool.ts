// The instances of one function: started on demand, the one used last first, calls waiting for them, time-outs, reload
// (decision 0014). What Lambda does where there is one machine; docs/guide/lambda.md says where it differs.
import type { InvocationOutcome } from '../backends/lambda-function.ts';
import type { Log } from '../telemetry/log.ts';
import { exited, initTimedOut, type ProcessExit, timedOut } from './error-document.ts';
import { failureText } from './failure-text.ts';
import type { FunctionInstance, InstanceMeans, StartInstance } from './function-instance.ts';
import { MAX_OUTPUT_LENGTH, OutputBound } from './output-bound.ts';
import type { PendingCall } from './pending-call.ts';
import { EXTENSIONS, type FunctionSettings } from './settings.ts';
import { WaitingCalls } from './waiting-calls.ts';
import { type FileWatch, watchFiles } from './watch-files.ts';

export interface PoolMeans {
  readonly start: StartInstance;
  readonly reaper: InstanceMeans['reaper'];
  /** For one more instance. */
  environment(): Readonly<Record<string, string>>;
  /** As the log calls the function. */
  readonly name: string;
  readonly log: Log;
  /** Where a debugger is to attach: there is one instance then, which is started without a call, and none beside it. */
  readonly debugPort?: number | undefined;
}

/** Lambda's limit of the init phase; the function's own time-out is added, in which Lambda would try again. */
const INIT_MILLIS = 10_000;
/** An instance without work is ended. */
const IDLE_MILLIS = 300_000;
const IDLE_CHECK_MILLIS = 30_000;

interface Slot {
  readonly instance: FunctionInstance;
  readonly output: OutputBound;
  state: 'starting' | 'idle' | 'busy' | 'gone';
  call: PendingCall | undefined;
  /** Of the init phase or of the call. */
  timer: NodeJS.Timeout | undefined;
  /** Takes no further calls. */
  retired: boolean;
  idleSince: number;
  initTimedOut: boolean;
}

export class FunctionPool {
  readonly #settings: FunctionSettings;
  readonly #means: PoolMeans;
  readonly #waiting = new WaitingCalls();
  readonly #slots = new Set<Slot>();
  /** The one used last is last. */
  readonly #idle: Slot[] = [];
  #busy = 0;
  #starting = 0;
  /** Slots that are not retired. */
  #active = 0;
  #watch: FileWatch | undefined;
  #watching: Promise<void> | undefined;
  #idleCheck: NodeJS.Timeout | undefined;
  /** An instance is to be started though no call waits for it. */
  #isAhead = false;
  #closed = false;
  #onEmpty: (() => void) | undefined;

  constructor(settings: FunctionSettings, means: PoolMeans) {
    this.#settings = settings;
    this.#means = means;
  }

  /** At present. */
  get figures(): { readonly running: number; readonly waiting: number; readonly instances: number } {
    return { running: this.#busy, waiting: this.#waiting.size, instances: this.#slots.size };
  }

  /** Takes a call, which gets its outcome by `settle`. `patient` calls are never throttled. */
  take(call: PendingCall, patient: boolean): void {
    if (this.#closed) {
      call.settle({ kind: 'unavailable', status: undefined, message: 'the gateway is stopping' });
      return;
    }
    const slot = this.#idle.pop();
    if (slot !== undefined) {
      this.#run(slot, call);
      return;
    }
    const { concurrency, queue } = this.#settings;
    // Instances that are starting, or could be, have no call yet.
    if (!patient && this.#waiting.size >= queue + concurrency - (this.#active - this.#starting)) {
      call.settle({ kind: 'throttled' });
      return;
    }
    this.#waiting.add(call);
    this.#startMissing();
  }

  /** Starts an instance before there is a call. */
  startAhead(): void {
    this.#isAhead = true;
    this.#startMissing();
  }

  /** Lets running calls finish for at most `deadlineMillis`. */
  close(deadlineMillis: number): Promise<void> {
    this.#closed = true;
    this.#watch?.close();
    clearInterval(this.#idleCheck);
    const gone: InvocationOutcome = {
      kind: 'unavailable',
      status: undefined,
      message: 'the gateway is stopping',
    };
    for (const call of this.#takeWaiting()) call.settle(gone);
    for (const slot of this.#slots) if (slot.state !== 'busy') slot.instance.kill();
    if (this.#slots.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        for (const slot of this.#slots) slot.instance.kill();
      }, deadlineMillis);
      this.#onEmpty = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }

  #startMissing(): void {
    if (this.#watch === undefined && this.#settings.watch.length > 0) {
      // Before the first instance, so that no change is missed.
      this.#watching ??= this.#startWatch();
      return;
    }
    while (
      !this.#closed &&
      (this.#starting < this.#waiting.size || this.#isAhead) &&
      this.#instances < this.#settings.concurrency
    ) {
      this.#isAhead = false;
      this.#start();
    }
  }

  /** Those that are ending have the debugger's port. */
  get #instances(): number {
    return this.#isDebugged ? this.#slots.size : this.#active;
  }

  get #isDebugged(): boolean {
    return this.#means.debugPort !== undefined;
  }

  async #startWatch(): Promise<void> {
    const { runtime, watch } = this.#settings;
    const extensions =
      runtime === 'provided' ? undefined : [...EXTENSIONS[runtime], '.json', '.node', '.wasm', '.so'];
    this.#watch = await watchFiles(watch, { extensions }, () => this.#reload());
    if (this.#closed) this.#watch.close();
    this.#startMissing();
  }

  /** Running calls finish where they are, but those that a debugger may hold. */
  #reload(): void {
    this.#means.log('function.changed', { function: this.#means.name });
    for (const slot of this.#slots) {
      this.#retire(slot);
      if (slot.state !== 'busy' || this.#isDebugged) slot.instance.kill();
    }
    this.#idle.length = 0;
    this.#isAhead = this.#isDebugged;
    this.#startMissing();
  }

  #retire(slot: Slot): void {
    if (slot.retired) return;
    slot.retired = true;
    this.#active--;
    if (slot.state === 'starting') this.#starting--;
  }

  #start(): void {
    const { settings, means } = { settings: this.#settings, means: this.#means };
    const slot: Slot = {
      instance: means.start(
        settings,
        { environment: means.environment(), reaper: means.reaper, debugPort: means.debugPort },
        {
          ready: () => this.#onReady(slot),
          answered: (payload, failed) => this.#onAnswer(slot, payload, failed),
          exited: (exit, document) => this.#onExit(slot, exit, document),
          wrote: (stream, line) => this.#onLine(slot, stream, line),
          debuggable: (url) => means.log('function.debuggable', { function: means.name, url }),
        },
      ),
      output: new OutputBound(),
      state: 'starting',
      call: undefined,
      timer: undefined,
      retired: false,
      idleSince: 0,
      initTimedOut: false,
    };
    slot.timer = setTimeout(() => {
      slot.initTimedOut = true;
      slot.instance.kill();
    }, this.#initMillis);
    this.#slots.add(slot);
    this.#active++;
    this.#starting++;
    if (this.#isDebugged) return;
    this.#idleCheck ??= setInterval(() => this.#endIdle(), IDLE_CHECK_MILLIS).unref();
  }

  get #initMillis(): number {
    return INIT_MILLIS + this.#settings.timeout * 1000;
  }

  #onReady(slot: Slot): void {
    clearTimeout(slot.timer);
    if (slot.retired) return;
    this.#starting--;
    this.#next(slot);
  }

  #onAnswer(slot: Slot, payload: string, failed: boolean): void {
    const { call } = slot;
    if (call === undefined) return;
    this.#release(slot);
    if (failed) this.#fail(call, payload);
    else call.settle({ kind: 'returned', payload, awsRequestId: call.awsRequestId });
    if (slot.retired || this.#closed) slot.instance.kill();
    else this.#next(slot);
  }

  /** The slot can take a call. */
  #next(slot: Slot): void {
    const call = this.#waiting.take();
    if (call !== undefined) {
      this.#run(slot, call);
      return;
    }
    slot.state = 'idle';
    slot.idleSince = performance.now();
    this.#idle.push(slot);
  }

  #run(slot: Slot, call: PendingCall): void {
    const millis = this.#settings.timeout * 1000;
    this.#renewOutput(slot);
    slot.state = 'busy';
    slot.call = call;
    this.#busy++;
    slot.timer = setTimeout(() => this.#onTimeout(slot), millis);
    slot.instance.call({
      awsRequestId: call.awsRequestId,
      deadline: Date.now() + millis,
      functionArn: call.functionArn,
      traceId: call.invocation.traceId,
      clientContext: call.invocation.clientContext,
      event: call.invocation.event,
    });
  }

  #release(slot: Slot): void {
    clearTimeout(slot.timer);
    this.#renewOutput(slot);
    slot.call = undefined;
    slot.state = 'gone';
    this.#busy--;
  }

  #onTimeout(slot: Slot): void {
    const { call } = slot;
    if (call === undefined) return;
    this.#release(slot);
    this.#retire(slot);
    this.#fail(call, timedOut(call.awsRequestId, this.#settings.timeout));
    slot.instance.kill();
    this.#startMissing();
  }

  #onExit(slot: Slot, exit: ProcessExit, document: string | undefined): void {
    const { state, call } = slot;
    clearTimeout(slot.timer);
    const wasRetired = slot.retired;
    this.#retire(slot);
    this.#slots.delete(slot);
    if (call !== undefined) {
      this.#release(slot);
      this.#fail(call, document ?? exited(call.awsRequestId, exit));
    } else if (state === 'idle') {
      const at = this.#idle.indexOf(slot);
      if (at !== -1) this.#idle.splice(at, 1);
      // Nobody caught it, and no call ran.
      if (document !== undefined) this.#logFailure(document);
    } else if (state === 'starting' && !wasRetired) this.#onInitFailure(slot, exit, document);
    this.#renewOutput(slot);
    slot.state = 'gone';
    if (this.#slots.size === 0) this.#onEmpty?.();
    this.#startMissing();
  }

  /** Calls that wait hear of it. With no instance that works there is none to wait for, so all of them do. */
  #onInitFailure(slot: Slot, exit: ProcessExit, document: string | undefined): void {
    const works = this.#busy > 0 || this.#idle.length > 0;
    for (const call of this.#takeWaiting(works ? 1 : Number.POSITIVE_INFINITY)) {
      const { awsRequestId } = call;
      const why = slot.initTimedOut ? initTimedOut(awsRequestId, this.#initMillis) : document;
      this.#fail(call, why ?? exited(awsRequestId, exit));
    }
  }

  #takeWaiting(count = Number.POSITIVE_INFINITY): PendingCall[] {
    const taken: PendingCall[] = [];
    while (taken.length < count) {
      const call = this.#waiting.take();
      if (call === undefined) break;
      taken.push(call);
    }
    return taken;
  }

  #fail(call: PendingCall, payload: string): void {
    const { awsRequestId, invocation } = call;
    const text = this.#logFailure(payload, { requestId: invocation.requestId, awsRequestId });
    for (const line of text.split('\n')) invocation.onOutput?.(line);
    call.settle({ kind: 'functionError', payload, awsRequestId });
  }

  /** One record, whatever was thrown. Returns its text. */
  #logFailure(document: string, ids: Ids = {}): string {
    const { name, log } = this.#means;
    const { reason, stack } = failureText(document);
    log('function.failed', { function: name, ...ids, reason, ...(stack === undefined ? {} : { stack }) });
    return stack ?? reason;
  }

  #onLine(slot: Slot, stream: 'stdout' | 'stderr', line: string): void {
    const { name, log } = this.#means;
    if (slot.output.admits(line.length)) {
      log('function.output', { function: name, ...idsOf(slot), stream, line });
    }
    slot.call?.invocation.onOutput?.(line);
  }

  /** A call begins or ends, or the instance has ended: says what its output before was over the limit. */
  #renewOutput(slot: Slot): void {
    const dropped = slot.output.renew();
    if (dropped === undefined) return;
    const { name, log } = this.#means;
    log('function.output-dropped', {
      function: name,
      ...idsOf(slot),
      ...dropped,
      limit: MAX_OUTPUT_LENGTH,
    });
  }

  #endIdle(): void {
    const before = performance.now() - IDLE_MILLIS;
    while (this.#idle[0] !== undefined && this.#idle[0].idleSince < before) {
      const slot = this.#idle.shift()!;
      this.#retire(slot);
      slot.state = 'gone';
      slot.instance.kill();
    }
  }
}

interface Ids {
  readonly requestId?: string;
  readonly awsRequestId?: string;
}

/** Of the call that runs. */
function idsOf({ call }: Slot): Ids {
  if (call === undefined) return {};
  return { requestId: call.invocation.requestId, awsRequestId: call.awsRequestId };
}
