// Members of a document as members of an input of the management API: which is which is a table that is typed by the model,
// and what a value becomes follows from the shape that the model has for it (spec/openapi.md §7.1, Choice O38).

import { type Node, plainOf, textOf } from '../../tree/node.ts';
import { type Input, type OperationName, operationNamed } from '../../wire/operation.ts';
import type { Shape } from '../../wire/shape.ts';
import type { GivenMembers } from '../definition.ts';
import { flagOf, givenOf, wholeNumberOf } from './values.ts';

/** A member of a document and the member of the input that it is. */
export interface MemberRow {
  readonly written: string;
  readonly name: string;
  readonly shape: Shape;
}

/** The rows of a table from a document's names to those of an operation's input. */
export function memberRows<N extends OperationName>(
  operation: N,
  table: { readonly [written: string]: keyof Input<N> & string },
): readonly MemberRow[] {
  const shapes = new Map(operationNamed(operation).body.map(({ name, shape }) => [name, shape]));
  return Object.entries(table).map(([written, name]) => ({ written, name, shape: shapes.get(name)! }));
}

/** Those members of `node` that the rows know. None when it is no map. */
export function readMembers(node: Node | undefined, rows: readonly MemberRow[]): GivenMembers {
  const given: Record<string, unknown> = {};
  for (const { written, name, shape } of rows) {
    const value = givenOf(node, written);
    if (value !== undefined) given[name] = converted(value, shape);
  }
  return given;
}

/** A value in its shape where the conversion is exact; otherwise as it is, for the create operation to refuse. */
function converted(node: Node, shape: Shape): unknown {
  switch (shape.kind) {
    case 'string':
      return textOf(node) ?? plainOf(node);
    case 'boolean':
      return flagOf(node) ?? plainOf(node);
    case 'integer':
      return wholeNumberOf(node) ?? plainOf(node);
    case 'list':
      return node.kind === 'list' ? node.items.map((item) => converted(item, shape.item)) : plainOf(node);
    case 'map':
      return node.kind === 'map' ? convertedMap(node, shape.value) : plainOf(node);
    case 'structure': {
      const rows = shape.members.map((each) => ({
        written: each.jsonName,
        name: each.name,
        shape: each.shape,
      }));
      return node.kind === 'map' ? readMembers(node, rows) : plainOf(node);
    }
    default:
      return plainOf(node);
  }
}

function convertedMap(node: Node & { kind: 'map' }, shape: Shape): unknown {
  const entries = Array.from(node.members.keys(), (key) => [key, givenOf(node, key)] as const);
  // fromEntries defines each key, `__proto__` too; assignment would not.
  return Object.fromEntries(
    entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, converted(value, shape)]])),
  );
}
