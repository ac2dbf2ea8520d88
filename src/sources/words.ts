// `KEY=VALUE` in the forms that the tools of others take (spec/definitions.md §1.2).
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../settings/usage-error.ts';
import { memberOf, type Node, textOf } from '../tree/node.ts';
import { nameOf, problemOf, textOf as textOfBytes, treeOf } from './read-file.ts';

export const FILE_PREFIX = 'file://';

/** What `--parameter-overrides` and `--tags` are for. */
export interface Kind {
  /** `--parameter-overrides`, for sentences. */
  readonly option: string;
  /** How a pair begins, and its second half: `ParameterKey` and `ParameterValue`. */
  readonly key: string;
  readonly value: string;
}

export const PARAMETERS: Kind = {
  option: '--parameter-overrides',
  key: 'ParameterKey',
  value: 'ParameterValue',
};
export const TAGS: Kind = { option: '--tags', key: 'Key', value: 'Value' };

export type Pair = readonly [key: string, value: string];

/** The pairs of all words, the last of a key counting. Throws UsageError and SourceError. */
export async function pairsOf(
  words: readonly string[],
  kind: Kind,
  cwd: string,
): Promise<Readonly<Record<string, string>>> {
  const pairs: Pair[] = [];
  for (const word of words) {
    pairs.push(
      ...(word.startsWith(FILE_PREFIX) ? await pairsOfFile(word, kind, cwd) : pairsOfText(word, kind)),
    );
  }
  return Object.fromEntries(pairs);
}

/** `A=1 B="two words"`: a value goes on until the next `KEY=`. Throws UsageError. */
export function pairsOfText(text: string, kind: Kind): readonly Pair[] {
  return piecesOf(text).map((piece) => {
    const prefix = `${kind.key}=`;
    if (piece.startsWith(prefix)) {
      const middle = piece.indexOf(`,${kind.value}=`);
      if (middle > 0) {
        const value = piece.slice(middle + kind.value.length + 2);
        return [piece.slice(prefix.length, middle), unquoted(value).replaceAll('\\,', ',')] as const;
      }
    }
    const equals = piece.indexOf('=');
    if (equals > 0) return [piece.slice(0, equals), unquoted(piece.slice(equals + 1))] as const;
    throw new UsageError(
      `${kind.option} has ${JSON.stringify(piece)}: it is KEY=VALUE, or ${kind.key}=KEY,${kind.value}=VALUE, or file://FILE.`,
    );
  });
}

/** Cuts at blanks outside of quotes that another `KEY=` follows. */
function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"' && text[at - 1] !== '\\') isQuoted = !isQuoted;
    if (isQuoted || !isBlank(character) || !beginsPair(text, at + 1)) continue;
    pieces.push(text.slice(start, at).trim());
    start = at + 1;
  }
  pieces.push(text.slice(start).trim());
  return pieces.filter((piece) => piece !== '');
}

const isBlank = (character: string): boolean => character === ' ' || character === '\t' || character === '\n';

function beginsPair(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && /[A-Za-z0-9_:./-]/.test(text[at]!)) at++;
  return at > from && text[at] === '=';
}

function unquoted(value: string): string {
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value;
  return value.slice(1, -1).replaceAll('\\"', '"');
}

/** A list of `{ParameterKey, ParameterValue}`, a list of `K=V`, or `{Parameters: {…}}`. */
async function pairsOfFile(word: string, kind: Kind, cwd: string): Promise<readonly Pair[]> {
  const path = resolve(cwd, word.slice(FILE_PREFIX.length));
  const name = nameOf(path, cwd);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new UsageError(`${kind.option}: ${name} ${problemOf(error)}.`, { cause: error });
  });
  const text = textOfBytes(bytes, name);
  // The root of a tree is a map.
  const root: Node | undefined = /^\s*\[/.test(text)
    ? memberOf(treeOf({ name, text: `{"list":${text}}` }), 'list')
    : memberOf(treeOf({ name, text }), 'Parameters');
  const pairs = root === undefined ? undefined : pairsOfTree(root, kind);
  if (pairs !== undefined) return pairs;
  throw new UsageError(
    `${kind.option}: ${name} is none of these: a list of {"${kind.key}": …, "${kind.value}": …}, a list of "KEY=VALUE", {"Parameters": {"KEY": "VALUE"}}.`,
  );
}

function pairsOfTree(root: Node, kind: Kind): readonly Pair[] | undefined {
  const pairs =
    root.kind === 'map'
      ? Array.from(root.members, ([key, { value }]) => [key, textOf(value)] as const)
      : root.kind === 'list'
        ? root.items.flatMap((item) => pairsOfItem(item, kind))
        : [[undefined, undefined] as const];
  return pairs.every((pair): pair is Pair => pair[0] !== undefined && pair[1] !== undefined)
    ? pairs
    : undefined;
}

function pairsOfItem(item: Node, kind: Kind): readonly (readonly [string | undefined, string | undefined])[] {
  const text = textOf(item);
  if (text !== undefined) return pairsOfText(text, kind);
  return [[textOf(memberOf(item, kind.key)), textOf(memberOf(item, kind.value))]];
}
