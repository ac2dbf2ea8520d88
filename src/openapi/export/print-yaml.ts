// A definition as YAML, in the form of AWS's exports (spec/openapi.md §10.2): every string in double quotes, keys bare, and
// the items of a list at the indentation of its key.
import type { Tree, TreeMap } from './tree.ts';

const STEP = '  ';

/** Pieces of YAML text, one for each member of the members of the root, as those of JSON. The text ends with a line break. */
export function* printDefinitionYaml(definition: TreeMap): Iterable<string> {
  if (definition.size === 0) yield '{}\n';
  for (const [name, value] of definition) {
    if (value instanceof Map && value.size > 0 && !isLong(printKey(name))) {
      yield `${printKey(name)}:\n`;
      for (const item of value) yield printLines(new Map([item]), STEP);
    } else {
      yield printLines(new Map([[name, value]]), '');
    }
  }
}

function printLines(map: TreeMap, indentation: string): string {
  const lines: string[] = [];
  writeMembers(map, indentation, indentation, lines);
  return `${lines.join('\n')}\n`;
}

/** `lead` is what stands before the first member: the indentation, or the dash of the list item that the map is. */
function writeMembers(map: TreeMap, indentation: string, lead: string, lines: string[]): void {
  let before = lead;
  for (const [key, given] of map) {
    const value = typeof given === 'function' ? given() : given;
    const name = printKey(key);
    if (isLong(name)) lines.push(`${before}? ${name}`);
    const head = isLong(name) ? `${indentation}:` : `${before}${name}:`;
    const inline = printInline(value);
    if (inline !== undefined) {
      lines.push(`${head} ${inline}`);
    } else {
      lines.push(head);
      const inner = indentation + STEP;
      if (value instanceof Map) writeMembers(value, inner, inner, lines);
      else writeItems(value as readonly Tree[], indentation, indentation, lines);
    }
    before = indentation;
  }
}

function writeItems(list: readonly Tree[], indentation: string, lead: string, lines: string[]): void {
  const inner = indentation + STEP;
  let before = lead;
  for (const given of list) {
    const item = typeof given === 'function' ? given() : given;
    const inline = printInline(item);
    if (inline !== undefined) lines.push(`${before}- ${inline}`);
    else if (item instanceof Map) writeMembers(item, inner, `${before}- `, lines);
    else writeItems(item as readonly Tree[], inner, `${before}- `, lines);
    before = indentation;
  }
}

/** What stands on the line of its key; undefined for what has lines of its own. */
function printInline(tree: Tree): string | undefined {
  if (typeof tree === 'string') return quoted(tree);
  if (typeof tree !== 'object') return String(tree);
  if (tree instanceof Map) return tree.size === 0 ? '{}' : undefined;
  return tree.length === 0 ? '[]' : undefined;
}

const MAX_KEY_LENGTH = 1_000;

/** A key of one line has a bound in YAML; a longer one is asked for. */
function isLong(name: string): boolean {
  return name.length > MAX_KEY_LENGTH;
}

const STATUS = /^(?:0|[1-9]\d{0,8})$/;
const BARE = /^[\p{L}_$/](?:[\p{L}\p{N}_$/{}.+:~@!&'()*,;=%-]|(?<=[\p{L}\p{N}]) (?=[\p{L}\p{N}]))*$/u;
/** Not text in YAML 1.2 or 1.1. */
const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

function printKey(key: string): string {
  if (STATUS.test(key)) return key;
  return BARE.test(key) && !key.endsWith(':') && !RESERVED.test(key) ? key : quoted(key);
}

/** What JSON leaves as it is, but YAML takes for a line break or does not allow. */
const UNPRINTABLE = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
