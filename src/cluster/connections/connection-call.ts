// What is asked of a connection that another process holds, on its way there and back. It passes through primaries, which look at
// the id alone, and between nodes of neighbouring versions, so its form stays as it is:
//
//   [u8 what][16 characters: the connection's id][u8 length][API's id][u8 length][stage's name][what is posted]
//
// The answer is one byte, and for `info` the JSON of a ConnectionInfo behind it.
import { processOf } from '../../websocket-api/connections/connection-id.ts';
import type { ConnectionInfo, ConnectionPlace } from '../../websocket-api/connections/elsewhere.ts';

/** The last three are of those who run the program: an account, or nothing, stands where the API's id does. */
export type ConnectionQuestion =
  | 'postText'
  | 'postBytes'
  | 'info'
  | 'close'
  | 'sendText'
  | 'sendBytes'
  | 'end';

export type ConnectionOutcome = 'done' | 'full' | 'gone' | 'unreachable';

export interface ConnectionCall {
  readonly question: ConnectionQuestion;
  readonly place: ConnectionPlace;
  /** What is posted: UTF-8 of a text. */
  readonly data: Buffer;
}

const QUESTIONS: readonly ConnectionQuestion[] = [
  ...(['postText', 'postBytes', 'info', 'close'] as const),
  ...(['sendText', 'sendBytes', 'end'] as const),
];
const OUTCOMES: readonly ConnectionOutcome[] = ['done', 'full', 'gone', 'unreachable'];

const ID_AT = 1;
const ID_END = ID_AT + 16;

export function printCall(
  question: ConnectionQuestion,
  { id, apiId, stageName }: ConnectionPlace,
  data: string | Buffer = '',
): Buffer {
  const dataAt = ID_END + 2 + apiId.length + stageName.length;
  const bytes = Buffer.allocUnsafe(dataAt + Buffer.byteLength(data));
  bytes[0] = QUESTIONS.indexOf(question);
  bytes.write(id, ID_AT, 'latin1');
  let at = printName(bytes, ID_END, apiId);
  at = printName(bytes, at, stageName);
  if (typeof data === 'string') bytes.write(data, at);
  else bytes.set(data, at);
  return bytes;
}

/** Undefined for what is no call. */
export function readCall(bytes: Buffer): ConnectionCall | undefined {
  const question = QUESTIONS[bytes[0] ?? QUESTIONS.length];
  const apiAt = ID_END + 1;
  const apiEnd = apiAt + (bytes[ID_END] ?? Infinity);
  const stageAt = apiEnd + 1;
  const stageEnd = stageAt + (bytes[apiEnd] ?? Infinity);
  if (question === undefined || stageEnd > bytes.length) return undefined;
  const place = {
    id: bytes.toString('latin1', ID_AT, ID_END),
    apiId: bytes.toString('latin1', apiAt, apiEnd),
    stageName: bytes.toString('latin1', stageAt, stageEnd),
  };
  return { question, place, data: bytes.subarray(stageEnd) };
}

/** Whom a call is for. */
export function holderOf(call: Buffer): number {
  return processOf(call.toString('latin1', ID_AT, ID_END));
}

const PRINTED = Object.fromEntries(OUTCOMES.map((outcome, i) => [outcome, Buffer.of(i)])) as {
  readonly [O in ConnectionOutcome]: Buffer;
};

export function printOutcome(outcome: ConnectionOutcome): Buffer {
  return PRINTED[outcome];
}

export function printInfo(info: ConnectionInfo): Buffer {
  return Buffer.concat([PRINTED.done, Buffer.from(JSON.stringify(info))]);
}

/** What is none counts as no answer. */
export function readOutcome(answer: Buffer): ConnectionOutcome {
  return OUTCOMES[answer[0] ?? OUTCOMES.length] ?? 'unreachable';
}

export function readInfo(answer: Buffer): ConnectionInfo {
  return JSON.parse(answer.toString('utf8', 1));
}

function printName(bytes: Buffer, at: number, name: string): number {
  bytes[at] = name.length;
  bytes.write(name, at + 1, 'latin1');
  return at + 1 + name.length;
}
