// The command line: words → one command with its options. Everything wrong with it is a UsageError.
import { unreachable } from '../defect.ts';
import { suggestion, UsageError } from '../settings/usage-error.ts';
import {
  BASE_PATHS,
  COMMAND_NAMES,
  COMMAND_OPTIONS,
  type CommandName,
  type DefinitionCommandName,
  type FlagOption,
  isDefinitionCommand,
} from './command-options.ts';
import { type Given, readOptions } from './read-options.ts';

export type Flags = ReadonlyMap<string, string>;

export type Command =
  | { readonly name: 'start'; readonly flags: Flags }
  | { readonly name: 'doctor'; readonly flags: Flags; readonly json: boolean }
  | {
      readonly name: 'ready';
      readonly flags: Flags;
      /** Seconds, as written. */
      readonly wait: string | undefined;
      readonly endpoint: string | undefined;
    }
  | {
      readonly name: 'explain';
      readonly flags: Flags;
      readonly json: boolean;
      /** The id of one that was served already; `url` is empty then. */
      readonly request: string | undefined;
      /** undefined for a WebSocket API. */
      readonly method: string | undefined;
      readonly url: string;
      /** `Name: value`, as written. */
      readonly headers: readonly string[];
      readonly data: string | undefined;
      /** Of a WebSocket API: the text of a message, and whether its connection is asked for first. */
      readonly message: string | undefined;
      readonly connect: boolean;
      readonly endpoint: string | undefined;
      /** Whether the exit code tells a refusal. */
      readonly fail: boolean;
    }
  | {
      readonly name: 'tail';
      readonly flags: Flags;
      readonly json: boolean;
      /** Of the list of requests, as written: api, stage, route, status, kind, text. */
      readonly filter: Readonly<Record<string, string>>;
      readonly endpoint: string | undefined;
    }
  | {
      readonly name: 'connections';
      readonly flags: Flags;
      readonly json: boolean;
      readonly api: string | undefined;
      readonly stage: string | undefined;
      readonly endpoint: string | undefined;
    }
  | {
      readonly name: 'template';
      readonly file: string;
      readonly json: boolean;
      /** By option, as written. */
      readonly flags: Flags;
      /** `NAME=VALUE`. */
      readonly stageVariables: readonly string[];
    }
  | {
      readonly name: 'import';
      readonly flags: Flags;
      readonly json: boolean;
      readonly file: string;
      /** The API to replace. */
      readonly api: string | undefined;
      readonly basePath: (typeof BASE_PATHS)[number];
      readonly failOnWarnings: boolean;
      readonly dryRun: boolean;
      readonly endpoint: string | undefined;
    }
  | {
      readonly name: 'export';
      readonly flags: Flags;
      readonly api: string;
      readonly stage: string | undefined;
      readonly yaml: boolean;
      readonly extensions: boolean;
      /** The file to write. */
      readonly output: string | undefined;
      readonly endpoint: string | undefined;
    }
  /** What is about stacks, or a store as a whole, reads its words when it is run. */
  | { readonly name: DefinitionCommandName | 'store'; readonly words: readonly string[] }
  /** What a server starts for itself. */
  | { readonly name: typeof WORKER | typeof FUNCTIONS_HOST }
  | { readonly name: 'help'; readonly topic: CommandName | undefined }
  | { readonly name: 'version' };

/** Said to the processes that a server starts for itself, by nobody else. */
export const WORKER = 'worker';
export const FUNCTIONS_HOST = 'functions-host';

/** Reads the words behind `postern`. */
export function parseCommandLine(words: readonly string[]): Command {
  if (words.some((word) => word === '--help' || word === '-h')) {
    return { name: 'help', topic: COMMAND_NAMES.find((name) => name === words[0]) };
  }
  if (words[0] === WORKER || words[0] === FUNCTIONS_HOST) return { name: words[0] };
  const first = words[0] === 'start' ? words[1] : words[0];
  if (first === '--version' || first === '-v' || words[0] === 'version') return { name: 'version' };
  if (words[0] === 'help') return { name: 'help', topic: COMMAND_NAMES.find((name) => name === words[1]) };
  const name = words[0] === undefined || words[0].startsWith('-') ? 'start' : commandNamed(words[0]);
  const own = words[0] === name ? words.slice(1) : words;
  if (isDefinitionCommand(name) || name === 'store') return { name, words: own };
  const options: readonly FlagOption[] = COMMAND_OPTIONS[name];
  return commandOf(name, readOptions(name === 'start' ? 'postern' : `postern ${name}`, options, own));
}

function commandOf(
  name: keyof typeof COMMAND_OPTIONS,
  { flags, switches, repeated, operands }: Given,
): Command {
  const json = switches.has('json');
  const endpoint = flags.get('endpoint');
  switch (name) {
    case 'start':
    case 'doctor':
    case 'ready':
    case 'connections':
      if (operands[0] !== undefined) {
        throw new UsageError(`postern ${name} takes no argument, but got ${JSON.stringify(operands[0])}.`);
      }
      if (name === 'connections') {
        return { name, flags, json, endpoint, api: flags.get('api'), stage: flags.get('stage') };
      }
      if (name === 'ready') return { name, flags, endpoint, wait: flags.get('wait') };
      return name === 'start' ? { name, flags } : { name, flags, json };
    case 'explain': {
      const given = {
        message: flags.get('message'),
        connect: switches.has('connect'),
        data: flags.get('data'),
      };
      const request = flags.get('request');
      const headers = repeated.get('header') ?? [];
      const [method, url] =
        request === undefined
          ? explained(operands, given)
          : explainedRequest([...operands, ...headers, given.message, given.data]);
      const fail = switches.has('fail');
      return {
        name,
        flags,
        json,
        request,
        method,
        url,
        headers,
        ...given,
        endpoint,
        fail,
      };
    }
    case 'tail': {
      if (operands[0] !== undefined) {
        throw new UsageError(`postern tail takes no argument, but got ${JSON.stringify(operands[0])}.`);
      }
      const filter = [...flags].filter(([flag]) => TAIL_FILTERS.includes(flag));
      return { name, flags, json, filter: Object.fromEntries(filter), endpoint };
    }
    case 'template': {
      const file = onlyOperand(
        operands,
        `postern template takes one file, for example: postern template reply.vtl --body '{"a": 1}'`,
      );
      return { name, file, json, flags, stageVariables: repeated.get('stage-variable') ?? [] };
    }
    case 'import': {
      const file = onlyOperand(
        operands,
        'postern import takes one file, an OpenAPI definition, for example: postern import pets.yaml',
      );
      return {
        ...{ name, flags, json, file, endpoint },
        api: flags.get('api'),
        basePath: basePathOf(flags.get('base-path')),
        failOnWarnings: switches.has('fail-on-warnings'),
        dryRun: switches.has('dry-run'),
      };
    }
    case 'export': {
      const api = onlyOperand(
        operands,
        'postern export takes the id of an API, for example: postern export a1b2c3d4e5 --yaml',
      );
      return {
        ...{ name, flags, api, endpoint },
        stage: flags.get('stage'),
        yaml: switches.has('yaml'),
        extensions: !switches.has('no-extensions'),
        output: flags.get('output'),
      };
    }
    default:
      return unreachable(name);
  }
}

function onlyOperand([first, ...more]: readonly string[], sentence: string): string {
  if (first === undefined || more.length > 0) throw new UsageError(sentence);
  return first;
}

function basePathOf(written = 'ignore'): (typeof BASE_PATHS)[number] {
  const found = BASE_PATHS.find((each) => each === written);
  if (found !== undefined) return found;
  throw new UsageError(
    `--base-path is ${JSON.stringify(written)}: it is one of ${BASE_PATHS.join(', ')}.${suggestion(written, BASE_PATHS)}`,
  );
}

function commandNamed(word: string): CommandName {
  const name = COMMAND_NAMES.find((each) => each === word);
  if (name !== undefined) return name;
  throw new UsageError(
    `There is no command ${JSON.stringify(word)}.${suggestion(word, COMMAND_NAMES)} "postern --help" lists the commands.`,
  );
}

const SOCKET_URL = /^wss?:/i;

const TAIL_FILTERS = ['api', 'stage', 'route', 'status', 'kind', 'text'];

/** One that was served already is as it was. */
function explainedRequest(others: readonly (string | undefined)[]): [method: undefined, url: string] {
  if (others.every((each) => each === undefined)) return [undefined, ''];
  throw new UsageError(
    'postern explain --request ID takes nothing else about the request: it was served already.',
  );
}

type ExplainCommand = Extract<Command, { readonly name: 'explain' }>;

/** Method and URL of `explain`; a WebSocket API has a URL alone. */
function explained(
  operands: readonly string[],
  { message, connect, data }: Pick<ExplainCommand, 'message' | 'connect' | 'data'>,
): [method: string | undefined, url: string] {
  const [first, second, ...rest] = operands;
  if (first !== undefined && SOCKET_URL.test(first)) {
    if (second !== undefined) {
      throw new UsageError(
        'postern explain takes one URL of a WebSocket API: a message goes behind --message.',
      );
    }
    if (data !== undefined) throw new UsageError('--data is for HTTP APIs: a message goes behind --message.');
    if (connect && message === undefined) {
      throw new UsageError(
        '--connect is for --message: without a message the connect request is what is explained.',
      );
    }
    return [undefined, first];
  }
  if (first === undefined || second === undefined || rest.length > 0) {
    throw new UsageError(
      'postern explain takes a method and a URL, for example: postern explain GET http://127.0.0.1:4700/_aws/execute-api/a1b2c3d4e5/prod/pets/1',
    );
  }
  if (message !== undefined || connect) {
    throw new UsageError(
      '--message and --connect are for WebSocket APIs, whose URLs begin with ws:// and take no method.',
    );
  }
  return [first, second];
}
