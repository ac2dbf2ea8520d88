// What processes of a machine say to its functions host, by the kinds of their frames. A call is the hot path: its bodies are a line of
// little JSON and, behind it, the event or the answer as it is.
import { type Invocation, type InvocationOutcome, MAX_INVOKE_BYTES } from '../../backends/lambda-function.ts';
import type { FunctionLists } from '../../functions/local-functions.ts';
import { FIRST_KIND } from '../../net/channel/channel.ts';
import type { LogLevel } from '../../telemetry/log.ts';

/** Asked of the host by everybody: a call of a function. Answered with its outcome. */
export const INVOKE = FIRST_KIND;
/** Told by the host: a line that a function wrote, behind the number of the call that listens. */
export const OUTPUT = FIRST_KIND + 1;
/** Told by the host to who has connected: it has taken the connection, and was not killed before it could. */
export const WELCOME = FIRST_KIND + 2;
/** Asked of the host by the primary, first of all: a HostBeginning. Answered when the host takes calls. */
export const BEGIN = FIRST_KIND + 3;
/** Asked of the host by the primary: FunctionLists, which are run from now on. */
export const REPLACE = FIRST_KIND + 4;
/** Asked of the host by the primary. Answered with CountedFunctions. */
export const COUNT = FIRST_KIND + 5;
/** Asked of the host by the primary: milliseconds that calls may take before all is ended. */
export const CLOSE = FIRST_KIND + 6;

/** Told by the host: whole lines of its output, which the primary writes. */
export const LINES = FIRST_KIND + 7;

/** Where the channel to the primary is in the host: a socket that only the two processes have. */
export const CHANNEL_FD = 3;

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
  pingMillis: 1_000,
  deadMillis: 10_000,
};

/** Of an invocation what is not its event. */
interface CallHead {
  /** The function's, as the caller names it. */
  readonly arn: string;
  readonly type: Invocation['type'];
  readonly timeout: number;
  readonly requestId: string;
  readonly traceId?: string | undefined;
  readonly context?: string | undefined;
  /** The number under which output is told; absent where nobody listens. */
  readonly listens?: number | undefined;
}

/** `listens` is the number of a call whose caller wants to hear its output. */
export function printCall(arn: string, invocation: Invocation, listens: number | undefined): string {
  const { event, type, timeoutInMillis: timeout, requestId, traceId, clientContext: context } = invocation;
  const head: CallHead = { arn, type, timeout, requestId, traceId, context, listens };
  return `${JSON.stringify(head)}\n${event}`;
}

export function readCall(
  body: Buffer,
  onOutput: (call: number, line: string) => void,
): { readonly arn: string; readonly invocation: Invocation } {
  const [line, event] = halvesOf(body);
  const { arn, type, timeout, requestId, traceId, context, listens } = JSON.parse(line) as CallHead;
  return {
    arn,
    invocation: {
      event,
      type,
      timeoutInMillis: timeout,
      requestId,
      traceId,
      ...(context === undefined ? {} : { clientContext: context }),
      ...(listens === undefined ? {} : { onOutput: (text) => onOutput(listens, text) }),
    },
  };
}

export function printOutput(call: number, line: string): string {
  return `${call}\n${line}`;
}

export function readOutput(body: Buffer): readonly [call: number, line: string] {
  const [number, line] = halvesOf(body);
  return [Number(number), line];
}

/** Payloads are as they are; undefined where the host has no such function. */
export function printOutcome(outcome: InvocationOutcome | undefined): string {
  if (outcome === undefined) return '\n';
  if (!('payload' in outcome)) return `${JSON.stringify(outcome)}\n`;
  const { payload, ...head } = outcome;
  return `${JSON.stringify(head)}\n${payload}`;
}

export function readOutcome(body: Buffer): InvocationOutcome | undefined {
  const [line, payload] = halvesOf(body);
  if (line === '') return undefined;
  const head = JSON.parse(line) as InvocationOutcome;
  return head.kind === 'returned' || head.kind === 'functionError' ? { ...head, payload } : head;
}

/** What is in front of the first line break, and behind it. */
function halvesOf(body: Buffer): readonly [string, string] {
  const end = body.indexOf(0x0a);
  return [body.toString('utf8', 0, end), body.toString('utf8', end + 1)];
}
