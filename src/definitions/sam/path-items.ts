// Paths and operations of an OpenAPI document in a template, each of which may be under a condition: `Fn::If` of two of them.
import {
  get,
  has,
  isList,
  isMap,
  isTruthy,
  madeMap,
  set,
  setNamed,
  stringOf,
  type Tree,
  type TreeMap,
} from './editing.ts';
import { isNoValue, onlyIf } from './intrinsics.ts';
import { invalidStructure } from './invalid.ts';

export const INTEGRATION = 'x-amazon-apigateway-integration';
export const ANY_METHOD = 'x-amazon-apigateway-any-method';

/** Version 3 of OpenAPI: `3.0`, `3.0.1`. */
export function isVersion3(version: Tree | undefined): boolean {
  return version?.kind === 'scalar' && /^3\.\d(\.\d)?$/.test(version.text);
}

/** What stands under `Fn::If`, or the tree itself. */
export function alternatives(tree: Tree | undefined): (Tree | undefined)[] {
  if (!has(tree, 'Fn::If')) return [tree];
  const choice = get(tree, 'Fn::If');
  if (!isList(choice)) throw invalidStructure('Value of Fn::If must be a list.', choice ?? tree);
  return choice.items.slice(1).filter((item) => !isNoValue(item));
}

export function normalizedMethod(method: string): string {
  const lower = method.toLowerCase();
  return lower === 'any' ? ANY_METHOD : lower;
}

/** The item of a path, or those under its condition. Throws where one is no map. */
export function itemsOf(paths: TreeMap, path: string): TreeMap[] {
  return alternatives(get(paths, path)).map((item) => {
    if (isMap(item)) return item;
    throw invalidStructure(
      `Value of '${path}' path must be a dictionary according to Swagger spec.`,
      item ?? paths,
    );
  });
}

/** An operation, or those under its condition. Throws where one is no map. */
export function operationsOf(operation: Tree | undefined, path: string, method: string, at: Tree): TreeMap[] {
  return alternatives(operation).map((each) => {
    if (isMap(each)) return each;
    throw invalidStructure(
      `Definition of method '${method}' for path '${path}' should be a map.`,
      each ?? at,
    );
  });
}

export function hasIntegration(operation: TreeMap): boolean {
  return isTruthy(get(operation, INTEGRATION));
}

/** The operations of a path and method that have an integration. */
export function integratedOperations(paths: TreeMap, path: string, method: string): TreeMap[] {
  return allOperations(paths, path, method).filter(hasIntegration);
}

export function allOperations(paths: TreeMap, path: string, method: string): TreeMap[] {
  return itemsOf(paths, path).flatMap((item) =>
    operationsOf(get(item, normalizedMethod(method)), path, method, item),
  );
}

/** Each alternative of the path has an operation of the method with an integration. */
export function isIntegrated(paths: TreeMap, path: string, method: string): boolean {
  const name = normalizedMethod(method);
  if (!has(paths, path)) return false;
  const items = alternatives(get(paths, path));
  if (!items.every((item) => isMap(item) && item.members.has(name))) return false;
  return items.every((item) => {
    const operation = get(item, name);
    return isMap(operation) && operationsOf(operation, path, name, operation).some(hasIntegration);
  });
}

/** Adds an empty operation where there is none. */
export function addOperation(paths: TreeMap, path: string, method: string): void {
  if (!has(paths, path)) setNamed(paths, path, {});
  const item = get(paths, path);
  if (!isMap(item)) {
    throw invalidStructure(
      `Value of '${path}' path must be a dictionary according to Swagger spec.`,
      item ?? paths,
    );
  }
  const name = normalizedMethod(method);
  for (const each of alternatives(item)) {
    if (isMap(each) && !each.members.has(name)) setNamed(each, name, {}, name === ANY_METHOD);
  }
}

/** Adds the integration to the operation of each alternative of the path, all of it under the condition if there is one. */
export function addIntegration(
  paths: TreeMap,
  path: string,
  method: string,
  at: number,
  condition: Tree | undefined,
  fill: (operation: TreeMap, integration: TreeMap) => void,
): void {
  const name = normalizedMethod(method);
  addOperation(paths, path, method);
  for (const item of itemsOf(paths, path)) {
    const given = get(item, name);
    const operation = isMap(given) ? given : madeMap(at, {});
    const integration = madeMap(at, {});
    set(operation, INTEGRATION, integration);
    fill(operation, integration);
    if (!has(operation, 'responses')) set(operation, 'responses', madeMap(at, {}));
    set(item, name, condition === undefined ? operation : onlyIf(condition, operation));
  }
}

export function makeConditional(paths: TreeMap, path: string, condition: string): void {
  const item = get(paths, path);
  if (item !== undefined) set(paths, path, onlyIf(condition, item));
}

/** `security` of an operation, which must be a list. */
export function securityOf(operation: TreeMap, path: string, method: string): Tree[] {
  const security = get(operation, 'security');
  if (security === undefined && !has(operation, 'security')) return [];
  if (isList(security)) return security.items;
  throw invalidStructure(
    `Type of security for path ${path} method ${method} must be a list`,
    security ?? operation,
  );
}

/** Names of REST APIs that become `*` in sources of permissions. */
export const REST_NAMES = /\{(?:[a-zA-Z0-9._-]+\+?|proxy\+)\}/g;

export function withoutLastSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** The names in braces become `*`, as sources of permissions have them. */
export function withStars(path: string, names: RegExp): string {
  return path.replace(names, '*');
}

/** The text of `Fn::Sub` in an integration's URI begins with a function's ARN: its logical id. */
export function functionOfUri(uri: Tree | undefined): string | undefined {
  const arn = stringOf(get(uri, 'Fn::Sub'));
  return arn === undefined ? undefined : /([A-Za-z0-9]+)\.Arn/.exec(arn)?.[1];
}

export function pathsOf(document: TreeMap): TreeMap {
  return get(document, 'paths') as TreeMap;
}
