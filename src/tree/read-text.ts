// Which of the two forms a definition has shows in its text (spec/openapi.md §2).

import { OF_DEFINITIONS, type TextRules, tooLarge, unusable } from './bounds.ts';
import type { MapNode, Node } from './node.ts';
import { NotJson, readJson } from './read-json.ts';
import { readYaml } from './read-yaml.ts';

/** Reads at once, however long it takes. The tree's root is a map. Throws TextError. */
export function readText(text: string, rules: TextRules = OF_DEFINITIONS): MapNode {
  const size = Buffer.byteLength(text);
  if (size > rules.maxSize) throw tooLarge(`${size} bytes of UTF-8; ${rules.maxSize} may be`);
  if (text.trim() === '') throw unusable(0, 'the text is empty');
  const root = looksLikeJson(text) ? readJsonOrYaml(text, rules) : readYaml(text, rules);
  if (root.kind === 'map') return root;
  throw unusable(root.offset, root.kind === 'list' ? 'a list and no map' : 'one value and no map');
}

const BYTE_ORDER_MARK = 0xfeff;

function looksLikeJson(text: string): boolean {
  return /^\ufeff?[ \t\r\n]*[{[]/.test(text);
}

/** YAML has such brackets too. Where the text is neither, it was meant as what its first key is written in. */
function readJsonOrYaml(text: string, rules: TextRules): Node {
  try {
    return readJson(text, text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0, rules);
  } catch (notJson) {
    if (!(notJson instanceof NotJson)) throw notJson;
    try {
      return readYaml(text, rules);
    } catch (notYaml) {
      throw /^[^{["]*[{[][ \t\r\n]*"/.test(text) ? notJson : notYaml;
    }
  }
}
