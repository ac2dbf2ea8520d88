// The configuration file: YAML read with positions, so that every complaint says line and column.
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Document, isScalar, LineCounter, parseDocument } from 'yaml';
import { ConfigNode } from './config-node.ts';
import { IDENTITY_MEMBERS, readIdentityMembers } from './identity-members.ts';
import {
  SETTING_NAMES,
  SETTING_OPTIONS,
  type SettingName,
  type Written,
  type WrittenCredentials,
} from './options.ts';
import { readSections, SECTION_NAMES, type SectionName, type Sections } from './sections.ts';
import { UsageError } from './usage-error.ts';

export interface ConfigFile {
  readonly settings: ReadonlyMap<SettingName, Written>;
  readonly credentials: readonly WrittenCredentials[];
  readonly sections: Sections;
}

/** Reads a configuration file; `name` is what messages call it, `where` who named it. Throws UsageError. */
export async function readConfigFile(path: string, where: string, name: string): Promise<ConfigFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why =
      code === 'ENOENT'
        ? 'does not exist'
        : code === 'EISDIR'
          ? 'is a directory'
          : `cannot be read (${code})`;
    throw new UsageError(`${where} names the configuration file ${name}, which ${why}.`);
  }
  return parseConfig(text, name, dirname(path));
}

/** Reads the text of a configuration file; `name` is its name in messages, its relative paths start in `directory`.
 *  Throws UsageError. */
export function parseConfig(text: string, name: string, directory: string): ConfigFile {
  const lines = new LineCounter();
  const document: Document.Parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const error = document.errors[0];
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new UsageError(`${name}:${line}:${col}: this is not YAML: ${error.message}.`);
  }
  const root = document.contents;
  const file = {
    settings: new Map<SettingName, Written>(),
    credentials: [] as readonly WrittenCredentials[],
    sections: new Map<SectionName, ConfigNode>(),
  };
  // An empty file, or only comments, has no root.
  if (root !== null && !(isScalar(root) && root.value === null)) {
    readRoot(new ConfigNode({ name, lines, directory }, root, ''), file);
  }
  return { ...file, sections: readSections(file.sections) };
}

interface FileParts {
  readonly settings: Map<SettingName, Written>;
  readonly sections: Map<SectionName, ConfigNode>;
  credentials: readonly WrittenCredentials[];
}

/** `lambda` is both: a setting stands in its section. */
const KEYS = [...new Set([...keysBelow([]), 'credentials', ...SECTION_NAMES])];

function readRoot(root: ConfigNode, file: FileParts): void {
  for (const [key, node] of root.members(KEYS)) {
    const section = SECTION_NAMES.find((each) => each === key);
    if (key === 'credentials') file.credentials = readCredentials(node);
    else if (section === undefined) readSettings(node, [key], file.settings);
    else file.sections.set(section, node);
  }
}

function readSettings(node: ConfigNode, path: readonly string[], settings: Map<SettingName, Written>): void {
  const name = SETTING_NAMES.find((each) => SETTING_OPTIONS[each].key.join('.') === path.join('.'));
  if (name !== undefined) settings.set(name, written(node));
  else
    for (const [key, below] of node.members(keysBelow(path))) readSettings(below, [...path, key], settings);
}

function keysBelow(prefix: readonly string[]): string[] {
  const keys = SETTING_NAMES.map((name) => SETTING_OPTIONS[name].key)
    .filter((key) => prefix.every((part, i) => key[i] === part))
    .map((key) => key[prefix.length]!);
  return [...new Set(keys)];
}

function readCredentials(list: ConfigNode): WrittenCredentials[] {
  return list.items().map((entry) => {
    const members = entry.members(['accessKeyId', 'secretAccessKey', 'accountId', ...IDENTITY_MEMBERS]);
    const [accessKeyId, secretAccessKey] = [members.get('accessKeyId'), members.get('secretAccessKey')];
    if (accessKeyId === undefined || secretAccessKey === undefined) {
      throw new UsageError(
        `${entry.place}: an entry of credentials needs both accessKeyId and secretAccessKey.`,
      );
    }
    const accountId = members.get('accountId');
    return {
      accessKeyId: written(accessKeyId),
      secretAccessKey: written(secretAccessKey),
      accountId: accountId === undefined ? undefined : written(accountId),
      identity: readIdentityMembers(members),
    };
  });
}

function written(node: ConfigNode): Written {
  return { value: node.text(), where: node.where };
}
