// `postern explain`: has a running server serve one request and prints every step of it (decision 0017).
import type { Trace } from '../http-api/explain/trace.ts';
import type { Environment } from '../settings/settings.ts';
import { UsageError } from '../settings/usage-error.ts';
import type { SocketTrace } from '../websocket-api/explain/trace.ts';
import { CommandError } from './command-error.ts';
import type { Command } from './command-line.ts';
import { callDoor, type Door, type DoorSettings, doorOf, messageOf } from './management-call.ts';
import { printSocketTrace } from './print-socket-trace.ts';
import { printTrace } from './print-trace.ts';
import { harmlessJson, type Paint } from './terminal.ts';

export interface ExplainOptions {
  readonly command: Extract<Command, { readonly name: 'explain' }>;
  readonly settings: DoorSettings;
  readonly environment: Environment;
  readonly output: { write(text: string): unknown };
  readonly paint: Paint;
}

/** Prints the trace. Returns the exit code. Throws UsageError and CommandError. */
export async function runExplain(options: ExplainOptions): Promise<number> {
  const { command, settings, environment, output, paint } = options;
  const door = doorOf(settings, environment, command.endpoint);
  const trace =
    command.request === undefined ? await served(door, command) : await kept(door, command.request);
  const isOfSocket = 'connectionId' in trace;
  if (command.json) output.write(`${harmlessJson(trace, 2)}\n`);
  else output.write(isOfSocket ? printSocketTrace(trace, paint) : printTrace(trace, paint));
  const isFailed = isOfSocket ? isSocketRefused(trace) : isRefused(trace);
  return command.fail && isFailed ? REFUSED_EXIT_CODE : 0;
}

/** Has one served. */
async function served(door: Door, command: ExplainOptions['command']): Promise<Trace | SocketTrace> {
  const headers = command.headers.map(parseHeader);
  const body = JSON.stringify(
    command.method === undefined
      ? { url: parseUrl(command.url), headers, message: command.message, connect: command.connect }
      : {
          method: command.method.toUpperCase(),
          url: parseUrl(command.url),
          headers,
          body: command.data ?? '',
        },
  );
  const reply = await callDoor(door, { method: 'POST', path: '/_postern/explain', body });
  if (reply.status === 400) throw new UsageError(`${messageOf(reply)}.`);
  if (reply.status !== 200) {
    throw new CommandError(`The server at ${door.url.origin} could not explain: ${messageOf(reply)}.`);
  }
  return JSON.parse(reply.text);
}

/** Of one that was served already. */
async function kept(door: Door, id: string): Promise<Trace | SocketTrace> {
  const reply = await callDoor(door, { method: 'GET', path: `/_postern/requests/${encodeURIComponent(id)}` });
  if (reply.status === 200) return JSON.parse(reply.text).trace;
  const advice =
    reply.status === 404
      ? '. Requests are kept while somebody looks ("postern tail"), or with --live-requests always: the latest 2,000 of them.'
      : '.';
  throw new CommandError(`The server at ${door.url.origin} says: ${messageOf(reply)}${advice}`);
}

/** With --fail. */
const REFUSED_EXIT_CODE = 4;

/** By the gateway, whose answers to preflights are none, or because no client gets there. */
function isRefused({ notes, refused, reply }: Trace): boolean {
  return notes !== undefined || (refused !== undefined && reply.status >= 400);
}

/** By the gateway, or as a client by the integration of `$connect`. */
function isSocketRefused({ kind, refused, reply }: SocketTrace): boolean {
  return refused !== undefined || (kind === 'connect' && reply?.status !== 101);
}

function parseUrl(text: string): string {
  if (/^(?:http|ws)s?:\/\/./i.test(text) && URL.canParse(text)) return text;
  throw new UsageError(
    `${JSON.stringify(text)} is not a whole URL: write it with http:// or ws:// and the host of an API, as its ApiEndpoint has them.`,
  );
}

function parseHeader(text: string): [name: string, value: string] {
  const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\0]*?)[ \t]*$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new UsageError(`--header is ${JSON.stringify(text)}: a header is 'Name: value'.`);
}
