// The command line: words → one command with its options. Everything wrong with it is a UsageError.
import { unreachable } from '../defect.ts';
import { suggestion, UsageError } from '../settings/usage-error.ts';
import { BASE_PATHS, COMMAND_NAMES, COMMAND_OPTIONS, type CommandName } from './command-options.ts';

export type Flags = ReadonlyMap<string, string>;

export type Command =
  | { readonly name: 'start'; readonly flags: Flags }
  | { readonly name: 'doctor'; readonly flags: Flags; readonly json: boolean }
  | {
      readonly name: 'explain';
      readonly flags: Flags;
      readonly json: boolean;
      readonly method: string;
      readonly url: string;
      /** `Name: value`, as written. */
      readonly headers: readonly string[];
      readonly data: string | undefined;
      readonly endpoint: string | undefined;
      /** Whether the exit code tells a refusal. */
      readonly fail: boolean;
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
  | { readonly name: 'help'; readonly topic: CommandName | undefined }
  | { readonly name: 'version' };

/** Reads the words behind `postern`. */
export function parseCommandLine(words: readonly string[]): Command {
  if (words.some((word) => word === '--help' || word === '-h')) {
    return { name: 'help', topic: COMMAND_NAMES.find((name) => name === words[0]) };
  }
  const first = words[0] === 'start' ? words[1] : words[0];
  if (first === '--version' || first === '-v' || words[0] === 'version') return { name: 'version' };
  if (words[0] === 'help') return { name: 'help', topic: COMMAND_NAMES.find((name) => name === words[1]) };
  const name = words[0] === undefined || words[0].startsWith('-') ? 'start' : commandNamed(words[0]);
  return commandOf(name, readOptions(name, words[0] === name ? words.slice(1) : words));
}

function commandOf(name: CommandName, { flags, switches, repeated, operands }: Given): Command {
  const json = switches.has('json');
  const endpoint = flags.get('endpoint');
  switch (name) {
    case 'start':
    case 'doctor':
      if (operands[0] !== undefined) {
        throw new UsageError(`postern ${name} takes no argument, but got ${JSON.stringify(operands[0])}.`);
      }
      return name === 'start' ? { name, flags } : { name, flags, json };
    case 'explain': {
      const [method, url, ...rest] = operands;
      if (method === undefined || url === undefined || rest.length > 0) {
        throw new UsageError(
          'postern explain takes a method and a URL, for example: postern explain GET http://127.0.0.1:4700/_aws/execute-api/a1b2c3d4e5/prod/pets/1',
        );
      }
      const [data, fail] = [flags.get('data'), switches.has('fail')];
      return { name, flags, json, method, url, headers: repeated, data, endpoint, fail };
    }
    case 'template': {
      const file = onlyOperand(
        operands,
        `postern template takes one file, for example: postern template reply.vtl --body '{"a": 1}'`,
      );
      return { name, file, json, flags, stageVariables: repeated };
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

interface Given {
  readonly flags: Map<string, string>;
  readonly switches: Set<string>;
  /** The values of the one repeatable option. */
  readonly repeated: string[];
  readonly operands: string[];
}

function readOptions(name: CommandName, words: readonly string[]): Given {
  const given: Given = { flags: new Map(), switches: new Set(), repeated: [], operands: [] };
  const options = COMMAND_OPTIONS[name];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (!word.startsWith('-') || word === '-') {
      given.operands.push(word);
      continue;
    }
    if (word === '--') {
      given.operands.push(...words.slice(i + 1));
      break;
    }
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const written = equals < 0 ? word : word.slice(0, equals);
    const option = options.find(({ flag, short }) => written === `--${flag}` || written === `-${short}`);
    if (option === undefined) throw unknownOption(name, written);
    if (option.placeholder === undefined) {
      if (equals >= 0) throw new UsageError(`${written} takes no value.`);
      given.switches.add(option.flag);
      continue;
    }
    const value = equals < 0 ? words[++i] : word.slice(equals + 1);
    if (value === undefined) {
      throw new UsageError(`${written} needs a value: ${written} ${option.placeholder}.`);
    }
    if (option.repeatable === true) given.repeated.push(value);
    else if (given.flags.has(option.flag)) throw new UsageError(`${written} is there twice.`);
    else given.flags.set(option.flag, value);
  }
  return given;
}

function unknownOption(name: CommandName, written: string): UsageError {
  const known = COMMAND_OPTIONS[name].map(({ flag }) => `--${flag}`);
  const command = name === 'start' ? 'postern' : `postern ${name}`;
  return new UsageError(
    `${command} has no option ${written}.${suggestion(written, known)} "${command} --help" lists them.`,
  );
}
