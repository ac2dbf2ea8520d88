// Auth of an event of a REST API: who may call the operation (spec/definitions.md §8.1).
import {
  get,
  isMap,
  isTruthy,
  made,
  madeMap,
  set,
  setNamed,
  stringOf,
  type Tree,
  type TreeMap,
} from '../editing.ts';
import { type Blame, blameResource, expectList, expectMap, invalidStructure } from '../invalid.ts';
import type { ParameterValues } from '../parameter-values.ts';
import { integratedOperations, pathsOf, securityOf } from '../path-items.ts';
import { pythonStr } from '../python-text.ts';
import { addResourcePolicy } from './resource-policy.ts';
import { addApiKeyScheme, addIamScheme } from './rest-security.ts';

/** What an event makes an operation of. */
export interface ApiOperation {
  readonly apiId: string;
  readonly path: string;
  readonly method: string;
  readonly stage: string;
  readonly offset: number;
  readonly blame: Blame;
}

export function addEventAuth(
  operation: ApiOperation,
  auth: Tree,
  api: TreeMap,
  document: TreeMap,
  parameters: ParameterValues,
): void {
  const { path, method, blame, apiId, stage } = operation;
  const shared = parameters.resolved(get(api, 'Auth'));
  const given = get(auth, 'Authorizer');
  const authorizer = isTruthy(given) ? given : undefined;
  const at = `on API method [${method}] for path [${path}]`;
  const authorizers = get(shared, 'Authorizers');
  if (authorizer !== undefined) {
    if (isTruthy(authorizers)) expectMap(authorizers, 'Auth.Authorizers', blameResource(apiId, api.offset));
    checkAuthorizer(authorizer, authorizers, shared, at, blame);
  }
  const scopes = get(auth, 'AuthorizationScopes');
  if (isTruthy(scopes)) {
    expectList(scopes, 'Auth.AuthorizationScopes', blame);
    if (authorizer === undefined)
      throw blame('AuthorizationScopes works only when Authorizer is set', scopes);
  }
  const key = get(auth, 'ApiKeyRequired');
  if (key !== undefined && !isTruthy(key) && !isTruthy(get(shared, 'ApiKeyRequired'))) {
    throw blame(
      `Unable to set ApiKeyRequired [False] ${at} because the related API does not specify any ApiKeyRequired.`,
      key,
    );
  }
  if (authorizer !== undefined) addAuthorizer(operation, authorizer, scopes, authorizers, document);
  if (key !== undefined) addApiKey(operation, isTruthy(key), document);
  const policy = get(auth, 'ResourcePolicy');
  if (isTruthy(policy)) {
    addResourcePolicy(
      document,
      expectMap(policy, 'Auth.ResourcePolicy', blameResource(operation.apiId)),
      path,
      made(operation.offset, stage),
    );
  }
}

function checkAuthorizer(
  authorizer: Tree,
  authorizers: Tree | undefined,
  shared: Tree | undefined,
  at: string,
  blame: Blame,
): void {
  const name = stringOf(authorizer);
  if (name === 'AWS_IAM') return;
  if (name === 'NONE') {
    if (isTruthy(get(shared, 'DefaultAuthorizer'))) return;
    throw blame(
      `Unable to set Authorizer ${at} because 'NONE' is only a valid value when a DefaultAuthorizer on the API is specified.`,
      authorizer,
    );
  }
  const text = `Unable to set Authorizer [${pythonStr(authorizer)}] ${at}`;
  if (!isTruthy(authorizers)) {
    throw blame(`${text} because the related API does not define any Authorizers.`, authorizer);
  }
  if (name === undefined || !isMap(authorizers)) {
    throw blame(
      `${text}. The method authorizer must be a string with a corresponding dict entry in the api authorizer.`,
      authorizer,
    );
  }
  if (!isTruthy(get(authorizers, name))) {
    throw blame(`${text} because it wasn't defined in the API's Authorizers.`, authorizer);
  }
}

function addAuthorizer(
  { path, method, offset }: ApiOperation,
  authorizer: Tree,
  own: Tree | undefined,
  authorizers: Tree | undefined,
  document: TreeMap,
): void {
  const name = stringOf(authorizer)!;
  const isListed = name !== 'NONE' && isTruthy(authorizers);
  const known = isListed ? get(authorizers, name) : undefined;
  if (known !== undefined && !isMap(known)) {
    throw invalidStructure(`Type of authorizer '${name}' must be a dictionary`, known);
  }
  const scopes = known === undefined ? undefined : (own ?? get(known, 'AuthorizationScopes'));
  for (const operation of integratedOperations(pathsOf(document), path, method)) {
    const entry = madeMap(offset, {});
    setNamed(entry, name, scopes ?? []);
    addSecurity(operation, path, method, entry);
    addIamScheme(document, operation);
  }
}

function addApiKey({ path, method, offset }: ApiOperation, isRequired: boolean, document: TreeMap): void {
  for (const operation of integratedOperations(pathsOf(document), path, method)) {
    if (isRequired) addApiKeyScheme(document);
    addSecurity(operation, path, method, madeMap(offset, { [isRequired ? 'api_key' : 'api_key_false']: [] }));
  }
}

function addSecurity(operation: TreeMap, path: string, method: string, entry: TreeMap): void {
  set(operation, 'security', [...securityOf(operation, path, method), entry]);
}
