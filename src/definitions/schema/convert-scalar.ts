// Text, numbers and booleans from how they were written (spec/definitions.md §2.1.3, §4.6.1).
import { unreachable } from '../../defect.ts';
import type { Node, ScalarNode } from '../../tree/node.ts';
import type { Path, Problems } from './problems.ts';
import type { PropertyShape } from './shape.ts';

type ScalarShape = Extract<PropertyShape, { kind: 'text' | 'integer' | 'number' | 'boolean' }>;

const EXPECTED = { text: 'String', integer: 'Integer', number: 'Number', boolean: 'Boolean' } as const;

/** Undefined where the value is wrong, or an empty text that is not there. */
export function convertScalar(
  shape: ScalarShape,
  node: Node,
  path: Path,
  problems: Problems,
): string | number | boolean | undefined {
  const value = node.kind === 'scalar' ? scalarValue(shape, node) : undefined;
  if (value === undefined) {
    problems.wrongType(path, EXPECTED[shape.kind], node);
    return undefined;
  }
  switch (shape.kind) {
    case 'text':
      if (value === '' && shape.emptyIsAbsent === true) return undefined;
      if (shape.values?.includes(String(value)) === false) problems.constraint(path, 'enum', node);
      return value;
    case 'integer':
    case 'number':
      if (shape.least !== undefined && Number(value) < shape.least)
        problems.constraint(path, 'minimum', node);
      if (shape.most !== undefined && Number(value) > shape.most) problems.constraint(path, 'maximum', node);
      return value;
    case 'boolean':
      return value;
    default:
      return unreachable(shape);
  }
}

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,4})?$/;

function scalarValue(shape: ScalarShape, { value, text }: ScalarNode): string | number | boolean | undefined {
  switch (shape.kind) {
    case 'text':
      return typeof value === 'number' ? text : String(value);
    case 'integer':
    case 'number': {
      const number = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
      return shape.kind === 'number' || Number.isInteger(number) ? number : undefined;
    }
    case 'boolean':
      return BOOLEANS.get(String(value).toLowerCase());
    default:
      return unreachable(shape);
  }
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);
