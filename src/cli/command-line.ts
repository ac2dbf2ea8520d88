// The command line: words → one command with its options. Everything wrong with it is a UsageError.
import { SETTING_NAMES, SETTING_OPTIONS } from '../settings/options.ts';
import { suggestion, UsageError } from '../settings/usage-error.ts';

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
  | { readonly name: 'help'; readonly topic: CommandName | undefined }
  | { readonly name: 'version' };

export type CommandName = 'start' | 'doctor' | 'explain' | 'template';

export const COMMAND_NAMES: readonly CommandName[] = ['start', 'doctor', 'explain', 'template'];

export interface FlagOption {
  readonly flag: string;
  readonly short?: string;
  /** Absent for a switch. */
  readonly placeholder?: string;
  readonly about: string;
  readonly repeatable?: true;
}

const CONFIG: FlagOption = { flag: 'config', placeholder: 'FILE', about: 'configuration file (YAML)' };
const JSON_SWITCH: FlagOption = { flag: 'json', about: 'print JSON' };

const SETTINGS: readonly FlagOption[] = [CONFIG, ...SETTING_NAMES.map((name) => SETTING_OPTIONS[name])];

export const COMMAND_OPTIONS: { readonly [N in CommandName]: readonly FlagOption[] } = {
  start: SETTINGS,
  doctor: [...SETTINGS, JSON_SWITCH],
  explain: [
    { flag: 'header', short: 'H', placeholder: "'NAME: VALUE'", about: 'a request header', repeatable: true },
    { flag: 'data', short: 'd', placeholder: 'TEXT', about: 'the request body' },
    { flag: 'endpoint', placeholder: 'URL', about: 'the management door to ask' },
    {
      flag: 'fail',
      about: 'exit code 4 when the gateway refuses it, or a client could not reach the gateway',
    },
    JSON_SWITCH,
    CONFIG,
    ...SETTING_NAMES.filter((name) => name !== 'data').map((name) => SETTING_OPTIONS[name]),
  ],
  template: [
    { flag: 'body', placeholder: 'TEXT', about: 'the payload: a message, or what an integration answered' },
    { flag: 'body-file', placeholder: 'FILE', about: 'the same, from a file' },
    { flag: 'context', placeholder: 'JSON', about: 'what $context holds, as a JSON object' },
    {
      flag: 'stage-variable',
      placeholder: 'NAME=VALUE',
      about: 'a stage variable',
      repeatable: true,
    },
    { flag: 'json', about: 'print JSON, with the overrides that the template set' },
  ],
};

/** Reads the words behind `postern`. */
export function parseCommandLine(words: readonly string[]): Command {
  if (words.some((word) => word === '--help' || word === '-h')) {
    return { name: 'help', topic: COMMAND_NAMES.find((name) => name === words[0]) };
  }
  const first = words[0] === 'start' ? words[1] : words[0];
  if (first === '--version' || first === '-v' || words[0] === 'version') return { name: 'version' };
  if (words[0] === 'help') return { name: 'help', topic: COMMAND_NAMES.find((name) => name === words[1]) };
  const name = words[0] === undefined || words[0].startsWith('-') ? 'start' : commandNamed(words[0]);
  const given = readOptions(name, words[0] === name ? words.slice(1) : words);
  const { flags } = given;
  if (name === 'template') {
    const [file, ...more] = given.operands;
    if (file === undefined || more.length > 0) {
      throw new UsageError(
        `postern template takes one file, for example: postern template reply.vtl --body '{"a": 1}'`,
      );
    }
    return { name, file, json: given.switches.has('json'), flags, stageVariables: given.repeated };
  }
  if (name !== 'explain') {
    const extra = given.operands[0];
    if (extra !== undefined)
      throw new UsageError(`postern ${name} takes no argument, but got ${JSON.stringify(extra)}.`);
    return name === 'start' ? { name, flags } : { name, flags, json: given.switches.has('json') };
  }
  const [method, url, ...rest] = given.operands;
  if (method === undefined || url === undefined || rest.length > 0) {
    throw new UsageError(
      'postern explain takes a method and a URL, for example: postern explain GET http://127.0.0.1:4700/_aws/execute-api/a1b2c3d4e5/prod/pets/1',
    );
  }
  return {
    name,
    flags,
    json: given.switches.has('json'),
    method,
    url,
    headers: given.repeated,
    data: given.flags.get('data'),
    endpoint: given.flags.get('endpoint'),
    fail: given.switches.has('fail'),
  };
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
