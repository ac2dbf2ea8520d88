// `{{resolve:service:…}}` in texts (spec/definitions.md §4.3).
import { unreachable } from '../../defect.ts';
import type { Node } from '../../tree/node.ts';
import type { DynamicReference } from '../scope.ts';
import { textNode } from './plain-text.ts';

const START = '{{resolve:';
const SERVICES = new Set<string>(['ssm', 'ssm-secure', 'secretsmanager']);

/** The tree with every reference in its texts replaced by what `resolve` says; the same tree where there is none. */
export function withResolved(
  node: Node,
  resolve: (reference: DynamicReference, offset: number) => string,
): Node {
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'string' && node.value.includes(START)
        ? textNode(
            resolvedText(node.value, (reference) => resolve(reference, node.offset)),
            node.offset,
          )
        : node;
    case 'list': {
      const items = node.items.map((item) => withResolved(item, resolve));
      return items.some((item, at) => item !== node.items[at]) ? { ...node, items } : node;
    }
    case 'map': {
      let isChanged = false;
      const members = Array.from(node.members, ([key, member]) => {
        const value = withResolved(member.value, resolve);
        if (value === member.value) return [key, member] as const;
        isChanged = true;
        return [key, { ...member, value }] as const;
      });
      return isChanged ? { ...node, members: new Map(members) } : node;
    }
    default:
      return unreachable(node);
  }
}

/** What a reference gives is not looked through for others. */
function resolvedText(text: string, resolve: (reference: DynamicReference) => string): string {
  let result = '';
  let from = 0;
  for (let open = text.indexOf(START); open !== -1; open = text.indexOf(START, from)) {
    const close = text.indexOf('}}', open);
    if (close === -1) break;
    const reference = parseReference(text.slice(open + 2, close));
    result +=
      text.slice(from, open) + (reference === undefined ? text.slice(open, close + 2) : resolve(reference));
    from = close + 2;
  }
  return result + text.slice(from);
}

/** Undefined for another service: such a text is no reference. */
function parseReference(text: string): DynamicReference | undefined {
  const [, service = '', ...rest] = text.split(':');
  if (!SERVICES.has(service) || rest.length === 0) return undefined;
  if (service !== 'secretsmanager')
    return { service: service as 'ssm', name: rest[0]!, jsonKey: undefined, text };
  // An ARN has six colons of its own.
  const parts = rest[0] === 'arn' ? [rest.slice(0, 7).join(':'), ...rest.slice(7)] : rest;
  return {
    service: 'secretsmanager',
    name: parts[0]!,
    jsonKey: parts[2] === '' ? undefined : parts[2],
    text,
  };
}
