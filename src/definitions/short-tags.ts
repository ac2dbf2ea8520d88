// The short forms of functions in YAML (spec/definitions.md §2.1.4): `!Sub x` is `{ Fn::Sub: x }`.
import type { Node } from '../tree/node.ts';
import { scalarOf } from '../tree/scalar.ts';

const FULL_NAMES = new Map([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...[
    ...['GetAtt', 'Sub', 'Join', 'Select', 'Split', 'If', 'Equals', 'Not', 'And', 'Or', 'FindInMap'],
    ...['ImportValue', 'Base64', 'Cidr', 'GetAZs', 'Transform', 'Length', 'ToJsonString', 'Contains'],
    ...['EachMemberEquals', 'EachMemberIn', 'RefAll', 'ValueOf', 'ValueOfAll'],
  ].map((name) => [`!${name}`, `Fn::${name}`] as const),
]);

/** Undefined for a tag that is none of them. */
export function fullForm(tag: string, value: Node): Node | undefined {
  const name = FULL_NAMES.get(tag);
  if (name === undefined) return undefined;
  const argument = name === 'Fn::GetAtt' ? idAndAttribute(value) : value;
  const { offset } = value;
  return { kind: 'map', offset, members: new Map([[name, { keyOffset: offset, value: argument }]]) };
}

/** `A.B.C` is the attribute `B.C` of `A`. */
function idAndAttribute(value: Node): Node {
  const dot = value.kind === 'scalar' ? value.text.indexOf('.') : -1;
  if (value.kind !== 'scalar' || dot === -1) return value;
  const { text, offset } = value;
  const items = [
    scalarOf('string', text.slice(0, dot), offset),
    scalarOf('string', text.slice(dot + 1), offset + dot + 1),
  ];
  return { kind: 'list', offset, items };
}
