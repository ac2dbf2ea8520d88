// The operations of a document and the routes they are (spec/openapi.md §6, Choices O32 to O35).

import { type MapNode, type Member, memberOf, textOf } from '../../tree/node.ts';
import {
  type DefinedAuthorization,
  type DefinedIntegration,
  type DefinedOperation,
  MAX_OPERATION_NAME,
} from '../definition.ts';
import { AUTHORIZATION_MEMBERS, readAuthorization } from './authorization.ts';
import { securitySchemesOf } from './authorizers.ts';
import { withBasePath } from './base-path.ts';
import type { DocumentationReader } from './documentation.ts';
import { INTEGRATION, IntegrationReader } from './integrations.ts';
import { flagOf } from './values.ts';

const ANY = 'x-amazon-apigateway-any-method';
/** The order in which routes of one path are made. No route key takes TRACE: its route is refused. */
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', ANY];

/** Paths in the order of the document, methods in that of METHODS. Throws DefinitionError for the first operation of the
 *  document with a malformed integration or several security requirements. */
export function readOperations(
  root: MapNode,
  basePath: string,
  documentation: DocumentationReader,
): readonly DefinedOperation[] {
  const paths = memberOf(root, 'paths');
  if (paths?.kind !== 'map') return [];
  const schemes = securitySchemesOf(root);
  const integrations = new IntegrationReader(root);

  function read(path: string, pathItem: MapNode, method: string, { keyOffset, value }: Member) {
    if (value.kind !== 'map') return undefined;
    const routeKey = routeKeyOf(path, method, value, basePath);
    let integration: DefinedIntegration | undefined;
    let authorization: DefinedAuthorization | undefined;
    // In the order of the document, so that its first error is the one that is thrown.
    for (const [key, member] of value.members) {
      if (key === INTEGRATION) integration = integrations.read(member.value, path);
      else if (AUTHORIZATION_MEMBERS.has(key)) authorization ??= readAuthorization(value, schemes, routeKey);
    }
    return {
      routeKey,
      offset: keyOffset,
      operationName: operationNameOf(value),
      authorization: authorization ?? { kind: 'none' },
      integration,
      documentation: documentation.read(value, pathItem),
    };
  }

  const operations: DefinedOperation[] = [];
  for (const [path, { value: pathItem }] of paths.members) {
    if (pathItem.kind !== 'map' || path.startsWith('x-')) continue;
    const ofPath = new Map<string, DefinedOperation>();
    for (const [method, member] of pathItem.members) {
      const operation = METHODS.includes(method) ? read(path, pathItem, method, member) : undefined;
      if (operation !== undefined) ofPath.set(method, operation);
    }
    for (const method of METHODS) {
      const operation = ofPath.get(method);
      if (operation !== undefined) operations.push(operation);
    }
  }
  return operations;
}

/** The flag decides, whatever the path; the path `$default` can be nothing else (Choice O34). */
function routeKeyOf(path: string, method: string, operation: MapNode, basePath: string): string {
  if (method !== ANY) return `${method.toUpperCase()} ${withBasePath(basePath, path)}`;
  const isDefault = path === '$default' || flagOf(memberOf(operation, 'isDefaultRoute')) === true;
  if (isDefault) return '$default';
  return `ANY ${path === '/$default' ? path : withBasePath(basePath, path)}`;
}

function operationNameOf(operation: MapNode): string | undefined {
  const name = textOf(memberOf(operation, 'operationId'));
  return name === undefined || name === '' || name.length > MAX_OPERATION_NAME ? undefined : name;
}
