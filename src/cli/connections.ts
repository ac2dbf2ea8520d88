// `postern connections`: lists the WebSocket connections that are open on a running server.
import type { Environment } from '../settings/settings.ts';
import {
  type ConnectionList,
  type ConnectionSummary,
  missingSentence,
} from '../websocket-api/connections/connection-list.ts';
import { ageOf, table } from './columns.ts';
import { CommandError } from './command-error.ts';
import type { Command } from './command-line.ts';
import { callDoor, type DoorSettings, doorOf, messageOf } from './management-call.ts';
import { oneLine, type Paint } from './terminal.ts';

export interface ConnectionsOptions {
  readonly command: Extract<Command, { readonly name: 'connections' }>;
  readonly settings: DoorSettings;
  readonly environment: Environment;
  readonly output: { write(text: string): unknown };
  readonly paint: Paint;
}

/** Prints the list. Returns the exit code. Throws UsageError and CommandError. */
export async function runConnections(options: ConnectionsOptions): Promise<number> {
  const { command, settings, environment, output, paint } = options;
  const { api, stage, json } = command;
  const door = doorOf(settings, environment, command.endpoint);
  const reply = await callDoor(door, {
    method: 'GET',
    path: '/_postern/connections',
    query: { ...(api === undefined ? {} : { api }), ...(stage === undefined ? {} : { stage }) },
  });
  if (reply.status !== 200) {
    throw new CommandError(`The server at ${door.url.origin} does not tell: ${messageOf(reply)}.`);
  }
  const list: ConnectionList = JSON.parse(reply.text);
  output.write(json ? `${JSON.stringify(list, undefined, 2)}\n` : printConnections(list, Date.now(), paint));
  return 0;
}

function printConnections(list: ConnectionList, now: number, paint: Paint): string {
  const { count, connections, unanswered } = list;
  const missing = unanswered === undefined ? '' : `${paint.yellow(oneLine(missingSentence(unanswered)))}\n`;
  if (connections.length === 0) return missing || 'Nobody is connected.\n';
  const rows = connections.map((each) => [
    paint.bold(each.connectionId),
    `${each.apiId}/${oneLine(each.stage)}`,
    `connected ${ageOf(now - each.connectedAt)} ago`,
    `active ${ageOf(now - each.lastActiveAt)} ago`,
    `${each.messagesIn} in, ${each.messagesOut} out`,
    whoIs(each),
  ]);
  const more = count - connections.length;
  return table(rows) + (more === 0 ? '' : paint.dim(`… ${count} in all\n`)) + missing;
}

function whoIs({ sourceIp, identity, userAgent }: ConnectionSummary): string {
  const words = [identity, sourceIp, userAgent].filter((each) => each !== undefined);
  return words.map(oneLine).join('  ');
}
