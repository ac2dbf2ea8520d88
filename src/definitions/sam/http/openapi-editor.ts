// What the expansion changes in the OpenAPI document of an HTTP API (spec/definitions.md §8.4, §8.5.4, §8.6). The document is changed in
// place.

import {
  areEqual,
  entries,
  get,
  has,
  isList,
  isMap,
  isTruthy,
  made,
  madeMap,
  type Plain,
  set,
  type Tree,
  type TreeList,
  type TreeMap,
} from '../editing.ts';
import { onlyIf } from '../intrinsics.ts';
import { type Blame, type Invalid, InvalidDocument, invalidStructure } from '../invalid.ts';
import {
  ANY_METHOD,
  addIntegration,
  allOperations,
  alternatives,
  functionOfUri,
  hasIntegration,
  INTEGRATION,
  integratedOperations,
  isIntegrated,
  isVersion3,
  itemsOf,
  normalizedMethod,
  operationsOf,
  pathsOf,
  securityOf,
} from '../path-items.ts';
import { pythonStr, pythonType } from '../python-text.ts';

const DEFAULT_PATH = '$default';
const STACK_NAME = made(0, { Ref: 'AWS::StackName' });

export function openApiSkeleton(at: number): TreeMap {
  return madeMap(at, {
    openapi: '3.0.1',
    info: { version: '1.0', title: { Ref: 'AWS::StackName' } },
    paths: {},
  });
}

/** §8.4.3. */
export function isOpenApi(body: Tree | undefined): body is TreeMap {
  return isMap(body) && isMap(get(body, 'paths')) && isVersion3(get(body, 'openapi'));
}

/** The document, whose parts are of the right kinds. Throws InvalidDocument. */
export function openApiDocument(body: Tree | undefined): TreeMap {
  if (!isOpenApi(body)) {
    throw invalidStructure(
      "Invalid OpenApi document. Invalid values or missing keys for 'openapi' or 'paths' in 'DefinitionBody'.",
      body,
    );
  }
  const components = get(body, 'components');
  if (components !== undefined && !isMap(components)) {
    throw invalidStructure("Invalid OpenApi document: The value of 'components' should be a map", components);
  }
  return body;
}

/** The same, where the fault is one resource's. */
export function openApiDocumentOf(body: Tree | undefined, blame: Blame): TreeMap {
  try {
    return openApiDocument(body);
  } catch (error) {
    if (error instanceof InvalidDocument) throw blame(error.message, body);
    throw error;
  }
}

/** A member of a member; throws where what should have it is no map. */
export function deepMember(
  document: Tree,
  outer: string,
  inner: string,
  wrong: (text: string) => Invalid,
): Tree | undefined {
  const holder = get(document, outer);
  if (holder !== undefined && !isMap(holder)) throw wrong(`The value of '${outer}' should be a map`);
  return get(holder, inner);
}

export interface LambdaOperation {
  readonly path: string;
  readonly method: string;
  readonly uri: Plain;
  readonly condition: Tree | undefined;
  /** Of the event. */
  readonly offset: number;
}

/** §8.5.4. An operation that has an integration keeps it. */
export function addLambdaOperation(document: TreeMap, operation: LambdaOperation): void {
  const { path, method, condition, offset } = operation;
  const paths = pathsOf(document);
  if (isIntegrated(paths, path, method)) return;
  const uri: Plain = condition === undefined ? operation.uri : onlyIf(condition, operation.uri);
  addIntegration(paths, path, method, offset, condition, (filled, integration) => {
    set(integration, 'type', 'aws_proxy');
    set(integration, 'httpMethod', 'POST');
    set(integration, 'payloadFormatVersion', '2.0');
    set(integration, 'uri', made(offset, uri!));
    if (path === DEFAULT_PATH && normalizedMethod(method) === ANY_METHOD) set(filled, 'isDefaultRoute', true);
  });
}

export function setIntegrationMember(
  document: TreeMap,
  { path, method }: LambdaOperation,
  name: string,
  value: Tree,
): void {
  for (const operation of integratedOperations(pathsOf(document), path, method)) {
    set(get(operation, INTEGRATION) as TreeMap, name, value);
  }
}

/** A parameter for each name in braces; what the user's document says of one stays, but that it is required and in the path. */
export function addPathParameters(document: TreeMap, { path, method, offset }: LambdaOperation): void {
  const names = Array.from(path.matchAll(/\{(.*?)\}/g), ([, name]) => name!);
  if (names.length === 0) return;
  for (const operation of integratedOperations(pathsOf(document), path, method)) {
    if (!isList(get(operation, 'parameters'))) set(operation, 'parameters', made(offset, []));
    const parameters = get(operation, 'parameters') as TreeList;
    for (const name of names) {
      const given = parameters.items.find((each) => areEqual(get(each, 'name'), made(offset, name)));
      const parameter = isMap(given) ? given : madeMap(offset, { name });
      set(parameter, 'in', made(offset, 'path'));
      set(parameter, 'required', made(offset, true));
      if (given === undefined) parameters.items.push(parameter);
    }
  }
}

/** Whether the default route leads to the function with this logical id. */
export function ownsDefaultRoute(document: TreeMap, logicalId: string): boolean {
  const paths = pathsOf(document);
  if (!isIntegrated(paths, DEFAULT_PATH, ANY_METHOD)) return false;
  return allOperations(paths, DEFAULT_PATH, ANY_METHOD).every((operation) => {
    const integration = get(operation, INTEGRATION);
    if (integration !== undefined && !isMap(integration)) {
      throw invalidStructure(
        `Value of '${INTEGRATION}' must be a dictionary according to Swagger spec.`,
        integration,
      );
    }
    const uri = get(integration, 'uri');
    return isMap(uri) && alternatives(uri).every((each) => functionOfUri(each) === logicalId);
  });
}

/** `security` of one operation: the scheme is added behind those that are there. */
export function addSecurity(
  document: TreeMap,
  operation: LambdaOperation,
  scheme: string,
  scopes: Plain,
): void {
  for (const each of integratedOperations(pathsOf(document), operation.path, operation.method)) {
    const before = securityOf(each, operation.path, operation.method);
    const entry = madeMap(operation.offset, {});
    set(entry, scheme, made(operation.offset, scopes ?? []));
    set(each, 'security', made(operation.offset, [...before, entry]));
  }
}

/** On every operation that has an integration and no security of its own, except OPTIONS (§8.6). */
export function setDefaultSecurity(document: TreeMap, scheme: string, scopes: Plain): void {
  const paths = pathsOf(document);
  for (const path of paths.members.keys()) {
    for (const item of itemsOf(paths, path)) {
      for (const [method, given] of entries(item)) {
        const name = normalizedMethod(method);
        if (name === 'parameters' || name === 'options') continue;
        if (!item.members.has(name)) {
          throw invalidStructure(`Could not find ${name} in ${path} within DefinitionBody.`, given);
        }
        for (const operation of operationsOf(given, path, method, item)) {
          if (!hasIntegration(operation) || isTruthy(get(operation, 'security'))) continue;
          const entry = madeMap(operation.offset, {});
          set(entry, scheme, made(operation.offset, scopes ?? []));
          set(operation, 'security', [entry]);
        }
      }
    }
  }
}

export function addSecuritySchemes(document: TreeMap, schemes: TreeMap): void {
  if (schemes.members.size === 0) return;
  if (!isTruthy(get(document, 'components'))) set(document, 'components', {});
  const components = get(document, 'components') as TreeMap;
  if (!isTruthy(get(components, 'securitySchemes'))) set(components, 'securitySchemes', {});
  const known = get(components, 'securitySchemes');
  if (!isMap(known)) {
    throw invalidStructure(
      "Invalid OpenApi document: The value of 'components.securitySchemes' should be a map",
      known,
    );
  }
  for (const [name, scheme] of entries(schemes)) set(known, name, scheme);
}

const TAG_VALUE = 'x-amazon-apigateway-tag-value';

export function addTags(document: TreeMap, tags: TreeMap): void {
  if (!isTruthy(get(document, 'tags'))) set(document, 'tags', []);
  const known = get(document, 'tags')!;
  for (const [name, value] of entries(tags)) {
    if (!isList(known)) {
      throw invalidStructure(
        `Tags in OpenApi DefinitionBody needs to be a list. ${pythonStr(known)} is a ${pythonType(known)} not a list.`,
        known,
      );
    }
    const given = known.items.find((each) => areEqual(get(each, 'name'), made(0, name)));
    if (isMap(given)) set(given, TAG_VALUE, value);
    else known.items.push(madeMap(value.offset, { name, [TAG_VALUE]: value }));
  }
}

/** @param disabled `disableExecuteApiEndpoint` */
export function addEndpointConfiguration(document: TreeMap, disabled: Tree): void {
  const name = 'x-amazon-apigateway-endpoint-configuration';
  if (!has(document, 'servers')) set(document, 'servers', [{}]);
  const servers = get(document, 'servers');
  const items = isList(servers)
    ? servers.items
    : isMap(servers)
      ? [...servers.members.values()].map(() => servers)
      : [];
  for (const server of items) {
    if (!isMap(server) || server === servers) {
      throw invalidStructure(
        "Value of 'servers' item must be a dictionary according to Swagger spec.",
        server,
      );
    }
    if (!isMap(get(server, name))) set(server, name, {});
    set(get(server, name) as TreeMap, 'disableExecuteApiEndpoint', disabled);
  }
}

/** Whether the title is that of the skeleton. */
export function isSkeletonTitle(title: Tree | undefined): boolean {
  return areEqual(title, STACK_NAME);
}

export function setInfo(document: TreeMap, name: 'title' | 'description', value: Tree): void {
  if (!isMap(get(document, 'info'))) set(document, 'info', {});
  set(get(document, 'info') as TreeMap, name, value);
}
