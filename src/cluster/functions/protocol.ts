// What processes of a machine say to its functions host, by the kinds of their frames. Calls of functions are in call-frames.ts.
import { MAX_INVOKE_BYTES } from '../../backends/lambda-function.ts';
import type { CountedFunctions } from '../../functions/function-counts.ts';
import type { FunctionLists } from '../../functions/local-functions.ts';
import { FIRST_KIND } from '../../net/channel/channel.ts';
import type { LogLevel } from '../../telemetry/log.ts';

/** Asked of the host by everybody: a call of a function. Answered with its outcome. */
export const INVOKE = FIRST_KIND;
/** Told by the host: a line that a function wrote, behind the number of the call that listens. */
export const OUTPUT = FIRST_KIND + 1;
/** Told by the host to who has connected: it has taken the connection, and was not killed before it could. */
export const WELCOME = FIRST_KIND + 2;
/** Asked of the host by the primary: a method of HostCalls (`net/channel/calls.ts`). */
export const CALL = FIRST_KIND + 3;
/** Told by the host: whole lines of its output, which the primary writes. */
export const LINES = FIRST_KIND + 4;

/** Where the channel to the primary is in the host: a socket that only the two processes have. */
export const CHANNEL_FD = 3;

/** What the primary asks of the host. */
export interface HostCalls {
  /** First of all. Resolves when the host takes calls. */
  begin(beginning: HostBeginning): Promise<void>;
  /** These are run from now on. */
  replace(lists: FunctionLists): Promise<void>;
  counts(): Promise<CountedFunctions>;
  /** Calls may take `deadlineMillis` before all is ended. */
  close(deadlineMillis: number): Promise<void>;
}

export interface HostBeginning {
  /** Where it takes calls: the path of a Unix socket. */
  readonly socket: string;
  readonly lists: FunctionLists;
  readonly region: string;
  readonly log: { readonly level: LogLevel; readonly pretty: boolean; readonly colour: boolean };
}

/** An event, an answer or a list of functions, with what stands in front of it. */
const MAX_FRAME_BYTES = 4 * MAX_INVOKE_BYTES;

export const FUNCTION_CHANNEL = {
  maxFrameBytes: MAX_FRAME_BYTES,
  maxWaitingBytes: 4 * MAX_FRAME_BYTES,
  // Calls come back from each instance for itself, and waking a process costs more than all else that is done for a call.
  gatheringTurns: 4,
  pingMillis: 1_000,
  deadMillis: 10_000,
};
