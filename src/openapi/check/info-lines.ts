// What a document says that an HTTP API has no use for, in AWS's words (spec/openapi.md §5.2, Choice O27).

import { type MapNode, memberOf, textOf } from '../../tree/node.ts';
import { BoundedLines } from '../bounded-lines.ts';
import { type Line, MAX_OPERATION_NAME } from '../definition.ts';

const OF_PATHS: ReadonlySet<string> = new Set(['summary', 'description', 'servers', 'parameters']);
const OF_OPERATIONS: ReadonlySet<string> = new Set([
  ...['tags', 'summary', 'description', 'externalDocs', 'parameters', 'requestBody', 'responses'],
  ...['callbacks', 'deprecated', 'servers'],
]);
/** In the order of their lines; `trace`, of which the choice does not speak, stands behind the other plain ones. */
const METHODS = [
  ...['post', 'get', 'put', 'patch', 'delete', 'head', 'options', 'trace'],
  'x-amazon-apigateway-any-method',
];
const FIRST_OF_OPERATIONS = ['requestBody', 'responses', 'parameters'];

/**
 * The info lines in the order of Choice O27: root, components, then per path its own keys and its operations by method. Keys that
 * OpenAPI does not know are parse issues; extensions have no line, whether they mean something or not (Choice O18).
 */
export function infoLines(root: MapNode): readonly Line[] {
  const lines = new BoundedLines();
  const addKey = (place: string, key: string, owner: MapNode): void =>
    lines.add(`${place}: key [${key}] will be ignored by API Gateway`, owner.members.get(key)!.keyOffset);

  if (root.members.has('externalDocs')) addKey('openapi', 'externalDocs', root);
  const components = memberOf(root, 'components');
  if (components?.kind === 'map')
    for (const key of components.members.keys())
      if (key !== 'securitySchemes' && !key.startsWith('x-')) addKey('components', key, components);
  const paths = memberOf(root, 'paths');
  if (paths?.kind === 'map')
    for (const [path, { value: item }] of paths.members) {
      if (path.startsWith('x-') || item.kind !== 'map') continue;
      for (const key of item.members.keys()) if (OF_PATHS.has(key)) addKey(`paths.${path}`, key, item);
      for (const method of METHODS) {
        const operation = memberOf(item, method);
        if (operation?.kind !== 'map') continue;
        for (const key of ignoredKeys(operation)) addKey(`paths.${path}.${method}`, key, operation);
      }
    }
  return lines.end((count) => `${count} more keys will be ignored by API Gateway`);
}

function ignoredKeys(operation: MapNode): readonly string[] {
  const first = FIRST_OF_OPERATIONS.filter((key) => operation.members.has(key));
  const rest = Array.from(operation.members.keys()).filter(
    (key) => !FIRST_OF_OPERATIONS.includes(key) && isIgnored(key, operation),
  );
  return [...first, ...rest];
}

function isIgnored(key: string, operation: MapNode): boolean {
  if (key !== 'operationId') return OF_OPERATIONS.has(key);
  return (textOf(memberOf(operation, key)) ?? '').length > MAX_OPERATION_NAME;
}
