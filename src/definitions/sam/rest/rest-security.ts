// Security of a REST API's operations: the default authorizer, and keys.
import {
  entries,
  get,
  has,
  isList,
  isMap,
  madeMap,
  set,
  setNamed,
  type Tree,
  type TreeMap,
} from '../editing.ts';
import { invalidStructure } from '../invalid.ts';
import {
  hasIntegration,
  itemsOf,
  normalizedMethod,
  operationsOf,
  pathsOf,
  securityOf,
} from '../path-items.ts';
import { pythonStr } from '../python-text.ts';
import { mapIn } from './swagger-document.ts';

const NOT_METHODS = ['summary', 'description', 'parameters'];

export function addApiKeyScheme(document: TreeMap): void {
  const schemes = mapIn(document, 'securityDefinitions');
  if (!has(schemes, 'api_key')) {
    set(schemes, 'api_key', madeMap(document.offset, { type: 'apiKey', name: 'x-api-key', in: 'header' }));
  }
}

/** Where the first requirement of an operation is AWS_IAM. */
export function addIamScheme(document: TreeMap, operation: TreeMap): void {
  const security = get(operation, 'security');
  if (!isList(security) || !has(security.items[0], 'AWS_IAM')) return;
  const schemes = mapIn(document, 'securityDefinitions');
  if (has(schemes, 'AWS_IAM')) return;
  set(
    schemes,
    'AWS_IAM',
    madeMap(document.offset, {
      'x-amazon-apigateway-authtype': 'awsSigv4',
      type: 'apiKey',
      name: 'Authorization',
      in: 'header',
    }),
  );
}

/** Each operation with an integration, once the path items are known to be maps. */
function operations(document: TreeMap): { path: string; method: string; operation: TreeMap }[] {
  const paths = pathsOf(document);
  return [...paths.members.keys()].flatMap((path) =>
    itemsOf(paths, path).flatMap((item) =>
      entries(item)
        .filter(([name]) => !NOT_METHODS.includes(name))
        .flatMap(([name, given]) =>
          operationsOf(given, path, name, item)
            .filter(hasIntegration)
            .map((operation) => ({ path, method: normalizedMethod(name), operation })),
        ),
    ),
  );
}

function requirements(operation: TreeMap, path: string, method: string): TreeMap[] {
  return securityOf(operation, path, method).map((each) => {
    if (isMap(each)) return each;
    throw invalidStructure(
      `${pythonStr(each)} in Security for path ${path} method ${method} is not a valid dictionary.`,
      each,
    );
  });
}

/** NONE takes it away; other requirements than those of authorizers stay. */
export function setDefaultAuthorizer(
  document: TreeMap,
  name: string,
  scopes: Tree | undefined,
  authorizers: readonly string[],
  withPreflight: boolean,
): void {
  const names = ['AWS_IAM', ...authorizers];
  for (const { path, method, operation } of operations(document)) {
    if (method === 'options' && !withPreflight) continue;
    const given = requirements(operation, path, method);
    const isAuthorizers = (each: TreeMap): boolean =>
      names.some((authorizer) => each.members.has(authorizer));
    const own = given.filter(isAuthorizers);
    const others = given.filter((each) => !isAuthorizers(each));
    const none = others.findIndex((each) => each.members.has('NONE'));
    if (none !== -1) others.splice(none, 1);
    else if (own.length === 0) {
      const entry = madeMap(operation.offset, {});
      setNamed(entry, name, scopes ?? []);
      own.push(entry);
    }
    const security = [...others, ...(none === -1 ? own : [])];
    if (security.length === 0) continue;
    set(operation, 'security', security);
    addIamScheme(document, operation);
  }
}

export function requireApiKey(document: TreeMap, withPreflight: boolean): void {
  for (const { path, method, operation } of operations(document)) {
    const given = requirements(operation, path, method);
    const isKey = (each: TreeMap): boolean =>
      each.members.has('api_key') || each.members.has('api_key_false');
    const others = given.filter((each) => !isKey(each));
    const isRefused = given.some((each) => each.members.has('api_key_false'));
    const isLeftOut = method === 'options' && !withPreflight;
    const added = isRefused || isLeftOut ? [] : [madeMap(operation.offset, { api_key: [] })];
    const isSame = given.length === others.length && added.length === 0;
    if (!isSame) set(operation, 'security', [...others, ...added]);
  }
}
