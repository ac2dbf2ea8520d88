// `postern import`: a running server makes an API of an OpenAPI definition, or replaces one by it (spec/openapi.md).
import { isUtf8 } from 'node:buffer';
import type { ImportAnswer, ImportRequest } from '../resources/openapi/import-answer.ts';
import type { Environment } from '../settings/settings.ts';
import { MAX_SIZE } from '../tree/bounds.ts';
import { CommandError } from './command-error.ts';
import type { Command } from './command-line.ts';
import { callDoor, type Door, type DoorSettings, doorOf, messageOf } from './management-call.ts';
import { type Addresses, printAddresses, printImport, printRefusal } from './print-import.ts';
import { readSource, STDIN } from './read-source.ts';
import type { Paint } from './terminal.ts';

export interface ImportOptions {
  readonly command: Extract<Command, { readonly name: 'import' }>;
  readonly settings: DoorSettings;
  readonly environment: Environment;
  readonly output: { write(text: string): unknown };
  readonly errors: { write(text: string): unknown };
  readonly paint: Paint;
}

/** Prints what was made, changed and removed, and what is to be said about the document. Returns the exit code: 1 when
 *  nothing was imported. Throws UsageError and CommandError. */
export async function runImport(options: ImportOptions): Promise<number> {
  const { command, settings, environment, output, errors, paint } = options;
  const { file, api, basePath, failOnWarnings, dryRun } = command;
  const door = doorOf(settings, environment, command.endpoint);
  const asked: ImportRequest = {
    body: await readDefinition(file),
    ...(api === undefined ? {} : { apiId: api }),
    basePath,
    failOnWarnings,
    dryRun,
  };
  const answer = await ask(door, asked);
  const name = nameOf(file);
  if (command.json) output.write(`${JSON.stringify(answer, undefined, 2)}\n`);
  if (answer.outcome === 'refused') {
    if (!command.json) errors.write(printRefusal(answer, name, paint));
    return 1;
  }
  if (command.json) return 0;
  output.write(printImport(answer, { file: name, isNew: api === undefined, paint }));
  const addresses = answer.outcome === 'imported' ? await addressesOf(door, answer.api) : undefined;
  if (addresses !== undefined) output.write(printAddresses(addresses, paint));
  return 0;
}

const nameOf = (file: string): string => (file === STDIN ? '<stdin>' : file);

async function readDefinition(file: string): Promise<string> {
  const bytes = await readSource(file);
  if (bytes.length > MAX_SIZE) {
    throw new CommandError(`${nameOf(file)} has ${bytes.length} bytes: a definition may have ${MAX_SIZE}.`);
  }
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw new CommandError(`${nameOf(file)} is not UTF-8 text, as JSON and YAML are here: save it as UTF-8.`);
}

async function ask(door: Door, asked: ImportRequest): Promise<ImportAnswer> {
  const reply = await callDoor(door, {
    method: 'POST',
    path: '/_postern/import',
    body: JSON.stringify(asked),
  });
  const answer = answerIn(reply.text);
  if (answer !== undefined) return answer;
  throw new CommandError(`The server at ${door.url.origin} imports nothing: ${messageOf(reply)}.`);
}

/** Undefined for what refuses the call rather than the document. */
function answerIn(text: string): ImportAnswer | undefined {
  try {
    const answer: ImportAnswer = JSON.parse(text);
    return answer.outcome === undefined ? undefined : answer;
  } catch {
    return undefined;
  }
}

/** Undefined where the caller may not ask: what was imported is imported. */
async function addressesOf(
  door: Door,
  { apiId, endpoint }: { readonly apiId: string | undefined; readonly endpoint: string | undefined },
): Promise<Addresses | undefined> {
  if (apiId === undefined || endpoint === undefined) return undefined;
  try {
    const path = `/v2/apis/${apiId}`;
    const { disableExecuteApiEndpoint }: { disableExecuteApiEndpoint?: boolean } = await read(door, path);
    const { items }: { items: Addresses['stages'] } = await read(door, `${path}/stages`);
    return { apiId, endpoint, disabled: disableExecuteApiEndpoint === true, stages: items };
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}

async function read<T>(door: Door, path: string): Promise<T> {
  const reply = await callDoor(door, { method: 'GET', path });
  if (reply.status !== 200) throw new CommandError(messageOf(reply));
  return JSON.parse(reply.text);
}
