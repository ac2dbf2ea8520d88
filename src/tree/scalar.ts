// Scalars from how they were written.
import { unreachable } from '../defect.ts';
import type { ScalarNode } from './node.ts';

export type ScalarType = 'string' | 'number' | 'boolean' | 'null';

/** The scalar that was written as `text`. Numbers that are none in JSON, infinite ones, stay text. */
export function scalarOf(type: ScalarType, text: string, offset: number): ScalarNode {
  return { kind: 'scalar', offset, value: valueWritten(type, text), text };
}

function valueWritten(type: ScalarType, text: string): ScalarNode['value'] {
  switch (type) {
    case 'number': {
      // JavaScript spells all numbers of JSON and of YAML's core schema alike: `1.`, `0x1F`, `0o17`.
      const value = Number(text);
      return Number.isFinite(value) ? value : text;
    }
    case 'boolean':
      return text.toLowerCase() === 'true';
    case 'null':
      return null;
    case 'string':
      return text;
    default:
      return unreachable(type);
  }
}
