// Stands in for the AWS CLI where guides are run, because the CLI need not be installed: `aws apigatewayv2 …`,
// `aws apigatewaymanagementapi …`, `aws cloudformation …` and `aws lambda invoke`, carried out by the AWS SDK. What it does not know
// it refuses.
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as connections from '@aws-sdk/client-apigatewaymanagementapi';
import * as gateway from '@aws-sdk/client-apigatewayv2';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { operations } from '../../src/wire/operation.ts';
import type { Member, Shape } from '../../src/wire/shape.ts';
import { cloudFormationCommand } from './cloudformation-command.ts';
import { parsedValue } from './shorthand.ts';

export interface CommandLine {
  readonly words: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Sends a command of a client's module, whose names are known at run time alone. */
type Send = (input: object) => Promise<object>;

const pascal = (kebab: string): string =>
  kebab.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Standard output. Throws what the CLI would print as an error. */
export async function awsCommand({ words, cwd, environment }: CommandLine): Promise<string> {
  const [service = '', command = '', ...rest] = words;
  const { given, outfile } = optionsOf(rest);
  const take = (name: string): string | undefined => {
    const value = given.get(name)?.[0];
    given.delete(name);
    return value;
  };
  const read = (path: string): Promise<string> => readFile(resolve(cwd, path), 'utf8');
  const settings = {
    endpoint:
      take('endpoint-url') ??
      environment[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ??
      environment.AWS_ENDPOINT_URL ??
      refuse('no --endpoint-url'),
    region: take('region') ?? environment.AWS_DEFAULT_REGION ?? refuse('You must specify a region'),
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? refuse('Unable to locate credentials'),
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? refuse('Unable to locate credentials'),
    },
    maxAttempts: 1,
  };
  const query = take('query');
  const output = take('output') ?? 'json';
  const json = take('cli-input-json');
  const whole =
    json === undefined ? {} : JSON.parse(json.startsWith('file://') ? await read(json.slice(7)) : json);
  for (const [name, values] of given) {
    given.set(
      name,
      await Promise.all(values.map((value) => (value.startsWith('file://') ? read(value.slice(7)) : value))),
    );
  }
  const [members, send] = operationOf(service, pascal(command), settings, cwd);
  const input: Record<string, unknown> = { ...whole };
  for (const [name, values] of given) {
    const no = /^no-(.*)/.exec(name);
    const member = memberNamed(members, no === null ? name : no[1]!);
    if (member === undefined) throw new Error(`Unknown options: --${name}`);
    input[member.name] = no === null ? parsedValue(values, member.shape) : false;
  }
  for (const { name, required } of members) {
    if (required && input[name] === undefined)
      throw new Error(`the following arguments are required: ${name}`);
  }
  const { $metadata: _, Payload, ...answer } = (await send(input)) as Record<string, unknown>;
  if (outfile !== undefined)
    await writeFile(resolve(cwd, outfile), (Payload as Uint8Array | undefined) ?? '');
  const shown = query === undefined ? answer : queried(answer, query);
  if (output === 'text') return `${String(shown ?? 'None')}\n`;
  return shown === undefined || Object.keys(Object(shown)).length === 0
    ? ''
    : `${JSON.stringify(shown, null, 4)}\n`;
}

function optionsOf(words: readonly string[]) {
  const given = new Map<string, string[]>();
  let last: string[] | undefined;
  let outfile: string | undefined;
  for (const word of words) {
    if (word.startsWith('--')) {
      last = [];
      given.set(word.slice(2), last);
    } else if (last === undefined) outfile = word;
    else last.push(word);
  }
  // The file that `aws lambda invoke` writes stands last, behind the value of an option.
  if (words[0] !== undefined && given.has('function-name')) outfile ??= last?.pop();
  return { given, outfile };
}

const text: Shape = { kind: 'string' };
const member = (name: string): Member => ({ name, jsonName: name, shape: text, required: true });

function operationOf(
  service: string,
  name: string,
  settings: object,
  cwd: string,
): [readonly Member[], Send] {
  if (service === 'apigatewayv2') {
    const operation = operations.find((each) => each.name === name);
    if (operation === undefined) throw new Error(`argument operation: Invalid choice: ${name}`);
    const { labels, query, body } = operation;
    // The names of commands are those of operations.
    const Command = (gateway as unknown as Record<string, new (input: object) => never>)[`${name}Command`]!;
    const client = new gateway.ApiGatewayV2Client(settings);
    return [
      [...labels.map(member), ...query, ...body],
      (input) => client.send(new Command(input)) as Promise<object>,
    ];
  }
  if (service === 'apigatewaymanagementapi') {
    const Command = (connections as unknown as Record<string, new (input: object) => never>)[
      `${name}Command`
    ]!;
    const client = new connections.ApiGatewayManagementApiClient(settings);
    const data = name === 'PostToConnection' ? [member('Data')] : [];
    return [[member('ConnectionId'), ...data], (input) => client.send(new Command(input)) as Promise<object>];
  }
  if (service === 'lambda' && name === 'Invoke') {
    const client = new LambdaClient(settings);
    const optional = { ...member('Payload'), required: false };
    const send = (input: object) => client.send(new InvokeCommand(input as { FunctionName: string }));
    return [[member('FunctionName'), optional], send as unknown as Send];
  }
  if (service === 'cloudformation') {
    const known = cloudFormationCommand(name, settings, cwd);
    if (known !== undefined) return [known.members, known.send];
  }
  throw new Error(`the stand-in for the AWS CLI does not know ${service} ${name}`);
}

const memberNamed = (members: readonly Member[], kebab: string): Member | undefined =>
  members.find(({ name }) => name.toLowerCase() === kebab.replaceAll('-', '').toLowerCase());

/** `A.B`, `A[0].B` and `A[].B`: what guides ask for. */
function queried(answer: unknown, query: string): unknown {
  let value: unknown = answer;
  for (const step of query.matchAll(/([A-Za-z]+)|\[(\d+)\]/g)) {
    value = Object(value)[step[1] ?? Number(step[2])];
  }
  return value;
}

function refuse(sentence: string): never {
  throw new Error(sentence);
}
