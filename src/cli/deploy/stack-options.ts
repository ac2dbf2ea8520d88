// The options of commands about stacks: Postern's own, and those of the tools that people come from (spec/definitions.md §1.2, §1.3).
import {
  DOOR_SETTINGS,
  ENDPOINT,
  type FlagOption,
  JSON_SWITCH,
  type StackCommandName,
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

const OWN: readonly FlagOption[] = [
  {
    flag: 'dry-run',
    about: 'print the plan, and change nothing',
    synonyms: ['no-execute-changeset', 'no-execute'],
  },
  { flag: 'confirm', about: 'print the plan and ask', synonyms: ['confirm-changeset'] },
  { flag: 'strict', about: 'refuse what has warnings' },
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

export const STACK_OPTIONS: { readonly [N in StackCommandName]: readonly FlagOption[] } = {
  deploy: [...DEFINITION, ...OWN, ...WITHOUT_EFFECT, ...REFUSED],
  stacks: [JSON_SWITCH, ENDPOINT, ...DOOR_SETTINGS],
  delete: [
    { flag: 'yes', about: 'do not ask', synonyms: ['no-prompts'] },
    { flag: 'force', about: 'do not ask, and delete what is protected from it too' },
    JSON_SWITCH,
    ENDPOINT,
    ...DOOR_SETTINGS,
  ],
};
