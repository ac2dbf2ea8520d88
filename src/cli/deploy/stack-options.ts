// The options of commands about stacks: Postern's own, and those of the tools that people come from (spec/definitions.md §1.2, §1.3).
import {
  type DefinitionCommandName,
  DOOR_SETTINGS,
  ENDPOINT,
  type FlagOption,
  JSON_SWITCH,
  SETTINGS,
} from '../command-options.ts';

const PAIR = /^(?:[^-\s][^\s=]*=|file:\/\/)/s;

/** What says what is deployed, and with which values. */
const DEFINITION: readonly FlagOption[] = [
  {
    flag: 'template-file',
    short: 't',
    placeholder: 'FILE',
    about: 'the same as SOURCE',
    synonyms: ['template'],
  },
  { flag: 'app', short: 'a', placeholder: 'DIR', about: 'the same as SOURCE, for a cloud assembly' },
  { flag: 'stack-name', placeholder: 'NAME', about: 'what the stack is called' },
  {
    flag: 'parameter-overrides',
    placeholder: 'K=V',
    about: 'values of parameters; several may follow, or file://FILE',
    repeatable: true,
    more: PAIR,
  },
  {
    flag: 'parameters',
    placeholder: '[STACK:]K=V',
    about: 'a value of a parameter, of one stack of several',
    repeatable: true,
  },
  {
    flag: 'tags',
    placeholder: 'K=V',
    about: 'tags of the stack; several may follow',
    repeatable: true,
    more: PAIR,
  },
  { flag: 'all', about: 'all stacks of a cloud assembly' },
  { flag: 'exclusively', short: 'e', about: 'without the stacks that these depend on' },
  {
    flag: 'env-vars',
    short: 'n',
    placeholder: 'FILE',
    about: 'environment of functions, in the format of sam local',
  },
  {
    flag: 'config-file',
    placeholder: 'FILE',
    about: 'samconfig.toml, where it is not beside the template',
  },
  { flag: 'config-env', placeholder: 'NAME', about: 'which environment of samconfig.toml (default)' },
];

const STRICT: FlagOption = { flag: 'strict', about: 'refuse what has warnings' };

const OWN: readonly FlagOption[] = [
  {
    flag: 'dry-run',
    about: 'print the plan, and change nothing',
    synonyms: ['no-execute-changeset', 'no-execute'],
  },
  { flag: 'confirm', about: 'print the plan and ask', synonyms: ['confirm-changeset'] },
  STRICT,
  { flag: 'fail', about: 'with --dry-run: exit code 1 when something would change' },
  { flag: 'fail-on-empty-changeset', about: 'exit code 1 when nothing changes' },
  { flag: 'no-fail-on-empty-changeset', about: 'exit code 0 then, as it is without this' },
  {
    flag: 'outputs-file',
    short: 'O',
    placeholder: 'FILE',
    about: 'write outputs to a JSON file, as the CDK does',
  },
  JSON_SWITCH,
  ENDPOINT,
  ...DOOR_SETTINGS,
];

const DEV: readonly FlagOption[] = [
  {
    flag: 'build',
    placeholder: 'COMMAND',
    about: 'a shell command to run before the first deploy, and when something under --watch changes',
  },
  {
    flag: 'watch',
    placeholder: 'PATH',
    about: 'what --build is run for; the directory of SOURCE without it',
    repeatable: true,
  },
  {
    flag: 'debug',
    placeholder: '[PORT]',
    about: 'the inspector of each Node.js function, at ports from 9229 or PORT on',
    usual: { value: '9229', unless: /^\d+$/ },
  },
  {
    flag: 'port',
    short: 'p',
    placeholder: 'N',
    about: 'serve the HTTP API of the stack at the root of http://127.0.0.1:N too',
  },
  { flag: 'api', placeholder: 'ID', about: 'which API, where the stack has several: its logical id' },
  STRICT,
  {
    flag: 'endpoint',
    placeholder: 'URL',
    about: 'the management door of a server that runs already; without it one is started',
  },
];

const switches = (...flags: readonly string[]): readonly FlagOption[] =>
  flags.map((flag) => ({ flag, about: '', isWithoutEffect: true }));

const values = (flags: readonly string[], more?: RegExp): readonly FlagOption[] =>
  flags.map((flag) => ({
    ...{ flag, placeholder: 'VALUE', about: '', isWithoutEffect: true },
    ...(more === undefined ? {} : { more }),
  }));

const WITHOUT_EFFECT: readonly FlagOption[] = [
  ...values(['capabilities'], /^CAPABILITY_/),
  ...values(['notification-arns'], /^arn:/),
  ...values(['image-repositories', 'metadata', 'signing-profiles'], /^[^-][^=]*=/),
  ...values(['role-arn', 's3-bucket', 's3-prefix', 'kms-key-id', 'image-repository', 'on-failure']),
  ...values(['max-wait-duration', 'require-approval', 'method', 'progress', 'toolkit-stack-name']),
  ...values(['concurrency', 'profile']),
  ...switches('force-upload', 'disable-rollback', 'no-disable-rollback', 'resolve-s3', 'no-resolve-s3'),
  ...switches('resolve-image-repos', 'express', 'no-progressbar', 'use-json', 'language-extensions', 'ci'),
  ...switches('no-rollback', 'force', 'no-confirm-changeset'),
];

/** Those of `sam local start-api`. */
const WITHOUT_EFFECT_IN_DEV: readonly FlagOption[] = [
  ...values(['capabilities'], /^CAPABILITY_/),
  ...values(['host', 'docker-network', 'layer-cache-basedir', 'container-host', 'container-host-interface']),
  ...values(['static-dir', 'warm-containers', 'docker-volume-basedir', 'debugger-path', 'debug-args']),
  ...values(['container-env-vars', 'log-file', 'invoke-image', 'profile', 'require-approval']),
  ...switches('skip-pull-image', 'force-image-build', 'shutdown', 'resolve-s3', 'ci'),
];

const REFUSED_IN_DEV: readonly FlagOption[] = [
  {
    flag: 'disable-authorizer',
    about: '',
    refusal: 'what is deployed is what runs, authorizers among it: call with what they ask for.',
  },
  {
    flag: 'debug-port',
    short: 'd',
    placeholder: 'PORT',
    about: '',
    refusal: 'each function has a port of its own here: --debug PORT says the first of them.',
  },
  {
    flag: 'confirm',
    about: '',
    refusal: 'a saved change is deployed at once. "postern deploy --confirm" asks.',
    synonyms: ['confirm-changeset'],
  },
  {
    flag: 'dry-run',
    about: '',
    refusal: 'nothing would run then. "postern deploy --dry-run" prints the plan.',
    synonyms: ['no-execute-changeset', 'no-execute'],
  },
];

const REFUSED: readonly FlagOption[] = [
  {
    flag: 'guided',
    short: 'g',
    about: '',
    refusal:
      'there is nothing to ask for here. "postern deploy" takes what it needs from the template, and --confirm shows the plan before anything changes.',
  },
  {
    flag: 'hotswap',
    about: '',
    refusal:
      'every deploy here takes effect at once, and changes no more than what is different: leave it out.',
    synonyms: ['hotswap-fallback'],
  },
  {
    flag: 'import-existing-resources',
    about: '',
    refusal:
      'a stack takes over nothing that it did not make. Name what exists already under stacks.NAME.resources of postern.yaml.',
  },
];

export const STACK_OPTIONS: { readonly [N in DefinitionCommandName]: readonly FlagOption[] } = {
  deploy: [...DEFINITION, ...OWN, ...WITHOUT_EFFECT, ...REFUSED],
  dev: [...DEFINITION, ...DEV, ...SETTINGS, ...WITHOUT_EFFECT_IN_DEV, ...REFUSED_IN_DEV, ...REFUSED],
  stacks: [JSON_SWITCH, ENDPOINT, ...DOOR_SETTINGS],
  delete: [
    { flag: 'yes', about: 'do not ask', synonyms: ['no-prompts'] },
    { flag: 'force', about: 'do not ask, and delete what is protected from it too' },
    JSON_SWITCH,
    ENDPOINT,
    ...DOOR_SETTINGS,
  ],
};
