// Runs in the process of a Node.js function: loads the handler, takes one call at a time over descriptor 3 and sends back
// what came of it, as Lambda's Node.js runtime does. Arguments: the handler's file, the exported name, and where a debugger may attach.
import { Socket } from 'node:net';
import { argv, env, execPath, exit } from 'node:process';
import { MAX_INVOKE_BYTES } from '../../backends/lambda-function.ts';
import { RESPONSE_TOO_LARGE } from '../error-document.ts';
import { ANSWER, FAILURE, FATAL, frame, READY, readFrames, STDERR, STDOUT } from '../frames.ts';
import { cutOf } from '../output-lines.ts';
import { createContext } from './context.ts';
import { errorDocument } from './error-document.ts';
import { type Handler, loadHandler } from './load-handler.ts';

const CHANNEL = 3;
const MAX_EVENT_BYTES = 8_388_608;
/** Of what the function writes, in characters. */
const MAX_PIECE = 32_768;
/** How many ports are tried, which other programs may have. */
const DEBUG_PORTS = 100;

const [, , file = '', exported = '', debugPort] = argv;
argv.splice(0, argv.length, execPath, file);

const channel = new Socket({ fd: CHANNEL, readable: true, writable: true });
// Whoever started this is gone.
channel.on('close', () => exit(0));
channel.on('error', () => exit(0));
capture(process.stdout, STDOUT);
capture(process.stderr, STDERR);

/** Ends the running call; undefined between calls. */
let settle: ((failed: boolean, payload: string) => void) | undefined;

process.on('uncaughtException', (error, origin) => {
  die(error, origin === 'unhandledRejection' ? 'Runtime.UnhandledPromiseRejection' : undefined);
});
// The function waits for nothing any more, so it will never answer.
process.on('beforeExit', () => {
  if (settle !== undefined) settle(false, 'null');
});

try {
  if (debugPort !== undefined) await openInspector(Number(debugPort));
  const handler = await loadHandler(file, exported, env.LAMBDA_TASK_ROOT ?? '');
  channel.on(
    'data',
    (
      (reader) => (bytes: Buffer) =>
        reader.push(bytes)
    )(
      readFrames(
        MAX_EVENT_BYTES,
        (_, text) => run(handler, text),
        () => exit(1),
      ),
    ),
  );
  channel.write(frame(READY, ''));
} catch (error) {
  die(error, undefined);
}

/** Before the handler is loaded, so that breakpoints of its module count. Node.js says where it listens. */
async function openInspector(first: number): Promise<void> {
  const inspector = await import('node:inspector');
  for (let port = first; port < first + DEBUG_PORTS && inspector.url() === undefined; port++) {
    inspector.open(port, '127.0.0.1');
  }
}

function run(handler: Handler, text: string): void {
  const fields: string[] = [];
  let at = 0;
  for (let i = 0; i < 5; i++) {
    const end = text.indexOf('\n', at);
    fields.push(text.slice(at, end));
    at = end + 1;
  }
  const [awsRequestId, deadline, functionArn, traceId, clientContext] = fields as [
    string,
    string,
    string,
    string,
    string,
  ];
  if (traceId === '') delete env._X_AMZN_TRACE_ID;
  else env._X_AMZN_TRACE_ID = traceId;
  // A call that nothing can end any more is noticed by `beforeExit`, which needs an empty event loop.
  channel.unref();
  const finish = (failed: boolean, payload: string): void => {
    if (settle !== finish) return;
    settle = undefined;
    channel.ref();
    channel.write(
      isTooLarge(payload) ? frame(FAILURE, RESPONSE_TOO_LARGE) : frame(failed ? FAILURE : ANSWER, payload),
    );
  };
  settle = finish;
  const succeed = (value: unknown): void => {
    try {
      finish(false, JSON.stringify(value === undefined ? null : value) ?? 'null');
    } catch {
      fail(new Error('Unable to stringify response body'));
    }
  };
  const fail = (error: unknown): void => {
    finish(true, errorDocument(error));
  };
  const done = (error: unknown, value?: unknown): void => {
    if (error === undefined || error === null) succeed(value);
    else fail(error);
  };
  try {
    const event: unknown = JSON.parse(text.slice(at));
    const call = { awsRequestId, deadline: Number(deadline), functionArn, clientContext };
    const result = handler(event, createContext(call, done), done);
    if (isThenable(result)) result.then(succeed, fail);
  } catch (error) {
    fail(error);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** Nobody caught it: the environment ends, as in Lambda. */
function die(error: unknown, errorType: string | undefined): void {
  settle = undefined;
  const document = errorDocument(error, errorType);
  channel.end(frame(FATAL, isTooLarge(document) ? RESPONSE_TOO_LARGE : document), () => exit(1));
}

function isTooLarge(payload: string): boolean {
  // A character is at most three bytes.
  return payload.length * 3 > MAX_INVOKE_BYTES && Buffer.byteLength(payload) > MAX_INVOKE_BYTES;
}

/** What goes through the stream objects, console among it, goes with the call's frames and so stays in order with them. */
function capture(stream: NodeJS.WriteStream, kind: number): void {
  const write = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | ((error?: Error) => void),
    callback?: (error?: Error) => void,
  ): boolean => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    const then = typeof encoding === 'function' ? encoding : callback;
    let at = 0;
    // In pieces, which the gateway need not hold together.
    while (text.length - at > MAX_PIECE) {
      const end = cutOf(text, at, MAX_PIECE);
      channel.write(frame(kind, text.slice(at, end)));
      at = end;
    }
    const rest = at === 0 ? text : text.slice(at);
    return channel.write(frame(kind, rest), (error) => then?.(error ?? undefined));
  };
  stream.write = write as typeof stream.write;
}
