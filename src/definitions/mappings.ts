// Mappings: two levels of keys, and texts or lists of texts (spec/definitions.md §3.2).
import type { Node } from '../tree/node.ts';
import { plainText } from './evaluate/plain-text.ts';
import type { Finding } from './finding.ts';

export function checkMappings(mappings: ReadonlyMap<string, Node>): readonly Finding[] {
  const findings: Finding[] = [];
  const error = (text: string, offset: number, path: string): void => {
    findings.push({ severity: 'error', text, offset, path });
  };
  const maps = (node: Node, path: string): readonly (readonly [string, Node])[] => {
    if (node.kind === 'map') return Array.from(node.members, ([key, { value }]) => [`${path}.${key}`, value]);
    error('Template format error: Every Mappings member must be a mapping of mappings.', node.offset, path);
    return [];
  };
  for (const [name, mapping] of mappings)
    for (const [path, second] of maps(mapping, `Mappings.${name}`))
      for (const [valuePath, value] of maps(second, path))
        if (!isValue(value))
          error(
            'Template format error: Every Mappings attribute must be a String or a List.',
            value.offset,
            valuePath,
          );
  return findings;
}

function isValue(node: Node): boolean {
  return node.kind === 'list'
    ? node.items.every((item) => plainText(item) !== undefined)
    : plainText(node) !== undefined;
}
