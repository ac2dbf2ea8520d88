// A call of a function and what becomes of it, between a process and the functions host of its machine. The hot path: fields in front of
// the text, which is as it is, so that one string is written and read for each.
import type { Invocation, InvocationOutcome } from '../../backends/lambda-function.ts';

export interface FunctionCall {
  /** The function's, as the caller names it. */
  readonly arn: string;
  readonly invocation: Invocation;
}

const EVENT = 'E';
const REQUEST = 'R';
const RETURNED = 'r';
const FUNCTION_ERROR = 'e';

/** What the host answers that has no such function. */
export const GONE = '';

/** `listens` is the number of a call whose caller wants to hear its output, and 0 where nobody does. The text is
 *  `E or R, milliseconds \n listens \n request's id \n trace's id \n client context \n ARN \n event`: none of the fields has a line break,
 *  and what is absent is empty. */
export function printCall(arn: string, invocation: Invocation, listens: number): string {
  const { event, type, timeoutInMillis, requestId, traceId = '', clientContext = '' } = invocation;
  const kind = type === 'Event' ? EVENT : REQUEST;
  return `${kind}${timeoutInMillis}\n${listens}\n${requestId}\n${traceId}\n${clientContext}\n${arn}\n${event}`;
}

export function readCall(body: Buffer, onOutput: (call: number, line: string) => void): FunctionCall {
  const text = body.toString();
  const millisEnd = text.indexOf('\n');
  const listensEnd = text.indexOf('\n', millisEnd + 1);
  const requestEnd = text.indexOf('\n', listensEnd + 1);
  const traceEnd = text.indexOf('\n', requestEnd + 1);
  const contextEnd = text.indexOf('\n', traceEnd + 1);
  const arnEnd = text.indexOf('\n', contextEnd + 1);
  const listens = Number(text.slice(millisEnd + 1, listensEnd));
  return {
    arn: text.slice(contextEnd + 1, arnEnd),
    invocation: {
      event: text.slice(arnEnd + 1),
      type: text[0] === EVENT ? 'Event' : 'RequestResponse',
      timeoutInMillis: Number(text.slice(1, millisEnd)),
      requestId: text.slice(listensEnd + 1, requestEnd),
      traceId: text.slice(requestEnd + 1, traceEnd) || undefined,
      clientContext: text.slice(traceEnd + 1, contextEnd) || undefined,
      onOutput: listens === 0 ? undefined : (line) => onOutput(listens, line),
    },
  };
}

/** `r or e, Lambda's id of the request \n payload`; of an outcome without a payload its JSON. */
export function printOutcome(outcome: InvocationOutcome): string {
  switch (outcome.kind) {
    case 'returned':
      return `${RETURNED}${outcome.awsRequestId}\n${outcome.payload}`;
    case 'functionError':
      return `${FUNCTION_ERROR}${outcome.awsRequestId}\n${outcome.payload}`;
    default:
      return JSON.stringify(outcome);
  }
}

/** Undefined: GONE. */
export function readOutcome(body: Buffer): InvocationOutcome | undefined {
  const text = body.toString();
  if (text === GONE) return undefined;
  const kind = text[0];
  if (kind !== RETURNED && kind !== FUNCTION_ERROR) return JSON.parse(text) as InvocationOutcome;
  const end = text.indexOf('\n');
  const awsRequestId = text.slice(1, end);
  const payload = text.slice(end + 1);
  return { kind: kind === RETURNED ? 'returned' : 'functionError', payload, awsRequestId };
}

export function printOutput(call: number, line: string): string {
  return `${call}\n${line}`;
}

export function readOutput(body: Buffer): readonly [call: number, line: string] {
  const text = body.toString();
  const end = text.indexOf('\n');
  return [Number(text.slice(0, end)), text.slice(end + 1)];
}
