// `postern tail`: one line for each request of a running server, as it comes (docs/guide/live-requests.md).
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Environment } from '../settings/settings.ts';
import { UsageError } from '../settings/usage-error.ts';
import type { RequestSummary } from '../stage/request-summary.ts';
import { type EventOfStream, readEvents } from '../wire/event-stream.ts';
import { CommandError } from './command-error.ts';
import type { Command } from './command-line.ts';
import {
  type Door,
  type DoorSettings,
  doorOf,
  messageOf,
  openDoor,
  refuseUnsigned,
} from './management-call.ts';
import { printRequest } from './print-request.ts';
import { textOf } from './send-request.ts';
import { harmlessJson, type Paint } from './terminal.ts';

export interface TailOptions {
  readonly command: Extract<Command, { readonly name: 'tail' }>;
  readonly settings: DoorSettings;
  readonly environment: Environment;
  readonly output: { write(text: string): unknown };
  readonly errors: { write(text: string): unknown };
  /** Whether the output is one. */
  readonly isTerminal: boolean;
  readonly paint: Paint;
}

/** Between two tries to reach a server that has gone. */
const RETRY_MILLIS = 500;

/** Prints until the program ends. Throws UsageError and CommandError. */
export async function runTail(options: TailOptions): Promise<never> {
  const { command, settings, environment, errors } = options;
  const door = doorOf(settings, environment, command.endpoint);
  let response = await openStream(door, command.filter);
  for (;;) {
    await readEvents(Readable.toWeb(response), (event) => printEvent(event, options));
    errors.write(`The server at ${door.url.origin} has ended the stream: waiting for it to come back.\n`);
    response = await openAgain(door, command.filter);
    errors.write(`The server at ${door.url.origin} is back.\n`);
  }
}

function printEvent({ type, data }: EventOfStream, options: TailOptions): void {
  const { command, output, isTerminal, paint } = options;
  const isJson = command.json || !isTerminal;
  if (type === 'requests') {
    for (const request of JSON.parse(data) as readonly RequestSummary[])
      output.write(isJson ? `${harmlessJson(request)}\n` : printRequest(request, paint));
  } else if (type === 'skipped') {
    const { count } = JSON.parse(data) as { readonly count: number };
    output.write(isJson ? `${harmlessJson({ skipped: count })}\n` : paint.dim(`… and ${count} more\n`));
  }
}

async function openStream(door: Door, filter: Readonly<Record<string, string>>): Promise<IncomingMessage> {
  const response = await openDoor(door, {
    method: 'GET',
    path: '/_postern/requests/stream',
    query: filter,
  });
  const status = response.statusCode!;
  if (status === 200) return response;
  const reply = { status, text: await textOf(response) };
  refuseUnsigned(door, reply);
  if (status === 400) throw new UsageError(`${messageOf(reply)}.`);
  throw new CommandError(`The server at ${door.url.origin} shows no requests: ${messageOf(reply)}.`);
}

/** Waits for a server that has gone; what it refuses when it is there is an end. */
async function openAgain(door: Door, filter: Readonly<Record<string, string>>): Promise<IncomingMessage> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
    const isThere = await openDoor(door, { method: 'GET', path: '/_postern/health' }).then(
      (response) => {
        response.destroy();
        return true;
      },
      () => false,
    );
    if (isThere) return openStream(door, filter);
  }
}
