// The configuration file as a whole: the settings that flags and variables can say too, credentials, and sections.
import { ACCOUNT } from './forms.ts';
import { IDENTITY_MEMBERS, type IdentityMembers } from './identity-members.ts';
import {
  SETTING_NAMES,
  SETTING_OPTIONS,
  type SettingName,
  type Written,
  type WrittenCredentials,
} from './options.ts';
import { SECTIONS, type Sections, sectionsOf } from './sections.ts';
import {
  defaulted,
  into,
  listOf,
  type Member,
  type Members,
  needed,
  objectOf,
  optional,
  type Schema,
  type Shape,
  said,
  text,
} from './shape.ts';

export interface ConfigFile {
  readonly settings: ReadonlyMap<SettingName, Written>;
  readonly credentials: readonly WrittenCredentials[];
  readonly sections: Sections;
}

/** What is read again with those of flags and variables. */
function written(schema: Schema = {}): Shape<Written> {
  return into(text, (value, node) => ({ value, where: node.where }), schema);
}

const credentials = listOf(
  into(
    objectOf({
      accessKeyId: needed('The access key id that requests are signed with.', written()),
      secretAccessKey: needed('Its secret.', written()),
      accountId: optional('The account it is of; accountId, when not said.', written(ACCOUNT.schema)),
      ...IDENTITY_MEMBERS,
    }),
    ({ accessKeyId, secretAccessKey, accountId, ...rest }): WrittenCredentials => {
      const identity: IdentityMembers = said(rest);
      return { accessKeyId, secretAccessKey, accountId, identity };
    },
  ),
);

/** What settings with a common first key are about. */
const GROUPS: { readonly [key: string]: string } = { tls: 'The certificate of the gateway door.' };

/** The settings that no section has, by their first keys. */
const SETTINGS: Members = membersBelow([]);

function membersBelow(path: readonly string[]): Members {
  const keys = SETTING_NAMES.map((name) => SETTING_OPTIONS[name].key)
    .filter((key) => path.every((part, i) => key[i] === part))
    .map((key) => key[path.length]!)
    .filter((key) => path.length > 0 || !Object.hasOwn(SECTIONS, key));
  return Object.fromEntries(keys.map((key) => [key, settingAt([...path, key])]));
}

function settingAt(path: readonly string[]): Member<unknown> {
  const name = SETTING_NAMES.find((each) => SETTING_OPTIONS[each].key.join('.') === path.join('.'));
  if (name === undefined) return optional(GROUPS[path[0]!]!, objectOf(membersBelow(path)));
  const { about, form } = SETTING_OPTIONS[name];
  return optional(`${about.charAt(0).toUpperCase()}${about.slice(1)}.`, written(form?.schema));
}

const members = objectOf({
  ...SETTINGS,
  credentials: defaulted(
    'Who may call the management door and AWS_IAM routes; without any, whoever reaches them.',
    credentials,
    [],
  ),
  ...SECTIONS,
});

export const FILE: Shape<ConfigFile> = into(members, (value: { readonly [name: string]: unknown }) => {
  const settings = new Map<SettingName, Written>();
  for (const name of SETTING_NAMES) {
    const { key } = SETTING_OPTIONS[name];
    if (Object.hasOwn(SECTIONS, key[0]!)) continue;
    const found = key.reduce((at: unknown, part) => (at as typeof value | undefined)?.[part], value);
    if (found !== undefined) settings.set(name, found as Written);
  }
  return {
    settings,
    credentials: value.credentials as readonly WrittenCredentials[],
    sections: sectionsOf((name) => value[name]),
  };
});
