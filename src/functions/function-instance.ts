// The contract of one environment of a function: a process that takes one event at a time and keeps its memory between
// them. node-instance.ts and runtime-api-instance.ts implement it; function-pool.ts decides when there is one.
//
//   starting ──ready──▶ idle ◀──answered── busy          every state ──exited──▶ gone
//                         └────call────────▶┘
import type { ProcessExit } from './error-document.ts';
import type { FunctionSettings } from './settings.ts';

export interface FunctionCall {
  readonly awsRequestId: string;
  /** Epoch milliseconds at which the function is stopped. */
  readonly deadline: number;
  readonly functionArn: string;
  readonly traceId: string | undefined;
  /** JSON text of one line. */
  readonly clientContext: string | undefined;
  /** JSON text. */
  readonly event: string;
}

/** Whoever runs the instance. */
export interface InstanceObserver {
  /** It can take calls. Called once, or never. */
  ready(): void;
  /** The running call has ended. `payload` is the answer, or the error document when `failed`. */
  answered(payload: string, failed: boolean): void;
  /** The process is gone. `document` is what it said about why, an error document. Called once, last. */
  exited(exit: ProcessExit, document: string | undefined): void;
  /** It wrote a line, without its end. */
  wrote(stream: 'stdout' | 'stderr', line: string): void;
  /** A debugger can attach at this WebSocket URL. */
  debuggable(url: string): void;
}

export interface FunctionInstance {
  /** Only when idle. */
  call(call: FunctionCall): void;
  /** Ends the process at once, whatever it does; `exited` follows. */
  kill(): void;
}

/** What starting an instance takes besides the settings. */
export interface InstanceMeans {
  /** All of the process's environment variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends the process group when Postern dies. */
  readonly reaper: { watch(pid: number): void; forget(pid: number): void };
  /** Where a debugger is to attach, the next free port counting; nowhere when undefined. Of Node.js alone. */
  readonly debugPort?: number | undefined;
}

export type StartInstance = (
  settings: FunctionSettings,
  means: InstanceMeans,
  observer: InstanceObserver,
) => FunctionInstance;
