// The Transform of a template: which macros it names, and in which order (spec/definitions.md §2.3).
import { type MapNode, memberOf, type Node } from '../../tree/node.ts';
import { plainText } from '../evaluate/plain-text.ts';
import { templateError } from '../finding.ts';
import { isKnownMacro, LANGUAGE_EXTENSIONS, noTransform, SERVERLESS } from './known-macros.ts';

export interface Transform {
  readonly name: string;
  /** A text, or a map with `Name` and `Parameters`. */
  readonly node: Node;
}

/** Throws TemplateError for a macro that is not here, and for an order that AWS does not have. */
export function transformsOf(root: MapNode, account: string): readonly Transform[] {
  const section = memberOf(root, 'Transform');
  if (section === undefined) return [];
  const transforms = (section.kind === 'list' ? section.items : [section]).map((node) => {
    const name = plainText(node.kind === 'map' ? memberOf(node, 'Name') : node) ?? '';
    if (!isKnownMacro(name))
      throw templateError(noTransform(name, account), { offset: node.offset, path: 'Transform' });
    return { name, node };
  });
  const at = (name: string): number => transforms.findIndex((transform) => transform.name === name);
  const [extensions, serverless] = [at(LANGUAGE_EXTENSIONS), at(SERVERLESS)];
  if (serverless !== -1 && extensions > serverless)
    throw templateError(`${LANGUAGE_EXTENSIONS} has to stand before ${SERVERLESS} in Transform`, {
      offset: transforms[extensions]!.node.offset,
      path: 'Transform',
    });
  return transforms;
}
