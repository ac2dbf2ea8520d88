// `postern export`: prints an API of a running server as an OpenAPI definition (spec/openapi.md §10).
import { writeFile } from 'node:fs/promises';
import type { Environment } from '../settings/settings.ts';
import { CommandError } from './command-error.ts';
import type { Command } from './command-line.ts';
import { callDoor, type DoorSettings, doorOf, messageOf } from './management-call.ts';

export interface ExportOptions {
  readonly command: Extract<Command, { readonly name: 'export' }>;
  readonly settings: DoorSettings;
  readonly environment: Environment;
  readonly output: { write(text: string): unknown };
}

/** Prints the document, or writes it to a file. Throws UsageError and CommandError. */
export async function runExport({ command, settings, environment, output }: ExportOptions): Promise<number> {
  const { api, stage, yaml, extensions } = command;
  const door = doorOf(settings, environment, command.endpoint);
  const reply = await callDoor(door, {
    method: 'GET',
    path: `/v2/apis/${encodeURIComponent(api)}/exports/OAS30`,
    query: {
      includeExtensions: String(extensions),
      outputType: yaml ? 'YAML' : 'JSON',
      ...(stage === undefined ? {} : { stageName: stage }),
    },
  });
  if (reply.status !== 200) {
    throw new CommandError(`The server at ${door.url.origin} exports nothing: ${messageOf(reply)}.`);
  }
  const document = reply.text.endsWith('\n') ? reply.text : `${reply.text}\n`;
  if (command.output === undefined) output.write(document);
  else await write(command.output, document);
  return 0;
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const reason = code === 'EISDIR' ? 'is a directory' : `cannot be written (${code})`;
    throw new CommandError(`The file ${file} ${reason}.`, { cause: error });
  }
}
