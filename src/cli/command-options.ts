// The commands of the program and the options that each takes: what help, parsing and shell users see.
import { SETTING_NAMES, SETTING_OPTIONS } from '../settings/options.ts';

export type CommandName = keyof typeof COMMAND_OPTIONS | DefinitionCommandName | 'store';

/** Commands that ask a running server about stacks. */
export type StackCommandName = 'deploy' | 'stacks' | 'delete';

/** Commands whose options are in `deploy/stack-options.ts`, which a start does not load. */
export type DefinitionCommandName = StackCommandName | 'dev';

export const COMMAND_NAMES: readonly CommandName[] = [
  'start',
  'doctor',
  'ready',
  'explain',
  'connections',
  'tail',
  'template',
  'import',
  'export',
  'deploy',
  'dev',
  'stacks',
  'delete',
  'store',
];

export function isDefinitionCommand(name: CommandName): name is DefinitionCommandName {
  return name === 'deploy' || name === 'dev' || name === 'stacks' || name === 'delete';
}

export interface FlagOption {
  readonly flag: string;
  readonly short?: string;
  /** Absent for a switch. */
  readonly placeholder?: string;
  readonly about: string;
  readonly repeatable?: true;
  /** What further words of its value look like: `--tags A=1 B=2`. */
  readonly more?: RegExp;
  /** The value of one that is a switch too, where the next word does not look like this: `--debug`, `--debug 9230`. */
  readonly usual?: { readonly value: string; readonly unless: RegExp };
  /** The same under other names. */
  readonly synonyms?: readonly string[];
  /** Taken for scripts that were written for other tools, and told not to have an effect. */
  readonly isWithoutEffect?: true;
  /** Known from other tools, and refused with this sentence. */
  readonly refusal?: string;
}

const CONFIG: FlagOption = { flag: 'config', placeholder: 'FILE', about: 'configuration file (YAML)' };
export const JSON_SWITCH: FlagOption = { flag: 'json', about: 'print JSON' };

export const ENDPOINT: FlagOption = {
  flag: 'endpoint',
  placeholder: 'URL',
  about: 'the management door to ask',
};

/** Of a command that starts a server. */
export const SETTINGS: readonly FlagOption[] = [
  CONFIG,
  ...SETTING_NAMES.map((name) => SETTING_OPTIONS[name]),
];

/** What becomes of the base path of a definition (spec/openapi.md §6.3). */
export const BASE_PATHS = ['ignore', 'prepend', 'split'] as const;

/** They say nothing of where a server is, or who asks it. */
const OF_A_SERVER_ALONE: readonly string[] = ['data', 'store', 'clusterValkey'];

/** Of a command that asks a running server: they say where it is and who asks. */
export const DOOR_SETTINGS: readonly FlagOption[] = [
  CONFIG,
  ...SETTING_NAMES.filter((name) => !OF_A_SERVER_ALONE.includes(name)).map((name) => SETTING_OPTIONS[name]),
];

export const COMMAND_OPTIONS = {
  start: SETTINGS,
  doctor: [...SETTINGS, JSON_SWITCH],
  ready: [
    {
      flag: 'wait',
      placeholder: 'SECONDS',
      about: 'wait for it so long; without it the answer is that of now',
    },
    ENDPOINT,
    ...DOOR_SETTINGS,
  ],
  explain: [
    { flag: 'request', placeholder: 'ID', about: 'explain this one, which the server has served and kept' },
    { flag: 'header', short: 'H', placeholder: "'NAME: VALUE'", about: 'a request header', repeatable: true },
    { flag: 'data', short: 'd', placeholder: 'TEXT', about: 'the request body' },
    { flag: 'message', short: 'm', placeholder: 'TEXT', about: 'a message to a WebSocket API' },
    { flag: 'connect', about: 'serve the connect request before the message' },
    ENDPOINT,
    {
      flag: 'fail',
      about: 'exit code 4 when the gateway refuses it, or a client could not reach the gateway',
    },
    JSON_SWITCH,
    ...DOOR_SETTINGS,
  ],
  connections: [
    { flag: 'api', placeholder: 'ID', about: 'those of one API' },
    { flag: 'stage', placeholder: 'NAME', about: 'those of stages of this name' },
    JSON_SWITCH,
    ENDPOINT,
    ...DOOR_SETTINGS,
  ],
  tail: [
    { flag: 'api', placeholder: 'ID', about: 'of this API alone' },
    { flag: 'stage', placeholder: 'NAME', about: 'of this stage alone' },
    { flag: 'route', placeholder: 'KEY', about: "of this route alone: 'GET /pets/{petId}'" },
    { flag: 'status', placeholder: 'STATUS', about: 'with this status alone: 404, or 5xx' },
    { flag: 'kind', placeholder: 'KIND', about: 'http, connect, message, disconnect or post (@connections)' },
    { flag: 'text', placeholder: 'TEXT', about: 'with this text in the path, the host, the failure, …' },
    { flag: 'json', about: 'print JSON lines, as it does where the output is no terminal' },
    ENDPOINT,
    ...DOOR_SETTINGS,
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
  import: [
    { flag: 'api', placeholder: 'ID', about: 'the API that the definition replaces; a new one without it' },
    {
      flag: 'base-path',
      placeholder: BASE_PATHS.join('|'),
      about: 'what becomes of the base path in servers (ignore)',
    },
    { flag: 'fail-on-warnings', about: 'make and change nothing when there is a warning' },
    { flag: 'dry-run', about: 'say what would be made and changed, and do nothing' },
    JSON_SWITCH,
    ENDPOINT,
    ...DOOR_SETTINGS,
  ],
  export: [
    {
      flag: 'stage',
      placeholder: 'NAME',
      about: 'what is deployed to this stage; the current state without it',
    },
    { flag: 'yaml', about: 'YAML instead of JSON' },
    { flag: 'no-extensions', about: 'leave out what is not plain OpenAPI; such a document is for readers' },
    {
      flag: 'output',
      short: 'o',
      placeholder: 'FILE',
      about: 'the file to write; standard output without it',
    },
    ENDPOINT,
    ...DOOR_SETTINGS,
  ],
} satisfies Readonly<Record<string, readonly FlagOption[]>>;
