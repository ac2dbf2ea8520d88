// Resources of the template that are not SAM's, which an event changed: they are written again.
import { entries, get, stringOf, type TreeMap } from './editing.ts';
import { type Resource, samResource } from './resource.ts';

export function changedResource(logicalId: string, tree: TreeMap): Resource {
  const { attributes, dependsOn, properties, offset } = samResource(logicalId, '', tree);
  return {
    logicalId,
    type: stringOf(get(tree, 'Type')) ?? '',
    attributes,
    dependsOn,
    offset,
    properties: Object.fromEntries(entries(properties)),
  };
}
