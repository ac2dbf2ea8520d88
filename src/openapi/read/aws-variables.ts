// `${AWS::AccountId}`, `${AWS::Partition}` and `${AWS::Region}` in the texts of a document (spec/openapi.md §2, Choice O9).
import { unreachable } from '../../defect.ts';
import type { MapNode, Node } from '../../tree/node.ts';

export interface AwsValues {
  readonly account: string;
  readonly partition: string;
  readonly region: string;
}

const VARIABLE = /\$\{AWS::(?:AccountId|Partition|Region)\}/g;

/** The document with the variables in all its string values replaced; keys, other `${…}` and offsets stay. Parts in which
 *  nothing changes are the same nodes. */
export function withAwsVariables(root: MapNode, { account, partition, region }: AwsValues): MapNode {
  const values = new Map([
    ['${AWS::AccountId}', account],
    ['${AWS::Partition}', partition],
    ['${AWS::Region}', region],
  ]);
  const replaced = (text: string): string => text.replace(VARIABLE, (variable) => values.get(variable)!);

  function ofMap(map: MapNode): MapNode {
    const members = new Map<string, { keyOffset: number; value: Node }>();
    let isSame = true;
    for (const [key, { keyOffset, value }] of map.members) {
      const next = of(value);
      isSame &&= next === value;
      members.set(key, { keyOffset, value: next });
    }
    return isSame ? map : { ...map, members };
  }

  function of(node: Node): Node {
    switch (node.kind) {
      case 'map':
        return ofMap(node);
      case 'list': {
        const items = node.items.map(of);
        return items.every((item, i) => item === node.items[i]) ? node : { ...node, items };
      }
      case 'scalar':
        if (typeof node.value !== 'string' || !node.value.includes('${AWS::')) return node;
        return { ...node, value: replaced(node.value), text: replaced(node.text) };
      default:
        return unreachable(node);
    }
  }

  return ofMap(root);
}
