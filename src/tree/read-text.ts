// Which of the two forms a definition has shows in its text (spec/openapi.md §2).

import { MAX_SIZE, tooLarge, unusable } from './bounds.ts';
import type { Node } from './node.ts';
import { NotJson, readJson } from './read-json.ts';
import { readYaml } from './read-yaml.ts';

/** Reads at once, however long it takes. The tree's root is a map. Throws TextError. */
export function readText(text: string): Node {
  const size = Buffer.byteLength(text);
  if (size > MAX_SIZE) throw tooLarge(`${size} bytes of UTF-8; ${MAX_SIZE} may be`);
  if (text.trim() === '') throw unusable(0, 'the text is empty');
  const root = looksLikeJson(text) ? readJsonOrYaml(text) : readYaml(text);
  if (root.kind === 'map') return root;
  throw unusable(root.offset, root.kind === 'list' ? 'a list and no map' : 'one value and no map');
}

const BYTE_ORDER_MARK = 0xfeff;

function looksLikeJson(text: string): boolean {
  return /^\ufeff?[ \t\r\n]*[{[]/.test(text);
}

/** YAML has such brackets too. Where the text is neither, it was meant as what its first key is written in. */
function readJsonOrYaml(text: string): Node {
  try {
    return readJson(text, text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0);
  } catch (notJson) {
    if (!(notJson instanceof NotJson)) throw notJson;
    try {
      return readYaml(text);
    } catch (notYaml) {
      throw /^[^{["]*[{[][ \t\r\n]*"/.test(text) ? notJson : notYaml;
    }
  }
}
