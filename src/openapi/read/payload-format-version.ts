// Payload format versions that are written as numbers (spec/openapi.md Choice O36): JSON that was read and written again
// has 1 for 1.0.

import type { Node } from '../../tree/node.ts';
import type { GivenMembers } from '../definition.ts';
import { givenOf } from './values.ts';

const VERSIONS: ReadonlyMap<unknown, string> = new Map([
  [1, '1.0'],
  [2, '2.0'],
]);

/** `{ [name]: '1.0' }` where the member `written` of `node` is a number that means a version; otherwise nothing. */
export function versionFromNumber(node: Node, written: string, name: string): GivenMembers {
  const value = givenOf(node, written);
  const version = value?.kind === 'scalar' ? VERSIONS.get(value.value) : undefined;
  return version === undefined ? {} : { [name]: version };
}
