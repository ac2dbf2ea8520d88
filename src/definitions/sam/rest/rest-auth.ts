// Auth of a REST API: authorizers, keys and the resource policy, in its document.
import { get, has, isMap, isTruthy, setNamed, stringOf, type Tree, type TreeMap } from '../editing.ts';
import type { Expansion } from '../expansion.ts';
import { type Blame, invalidStructure } from '../invalid.ts';
import { pathsOf } from '../path-items.ts';
import type { SamResource } from '../resource.ts';
import { addResourcePolicy } from './resource-policy.ts';
import { restAuthorizers } from './rest-authorizers.ts';
import { addApiKeyScheme, requireApiKey, setDefaultAuthorizer } from './rest-security.ts';
import { blamed, expectSwagger, inPlaceOfVersion, mapIn, swaggerDocument } from './swagger-document.ts';

const AUTH_MEMBERS = [
  'Authorizers',
  'DefaultAuthorizer',
  'InvokeRole',
  'AddDefaultAuthorizerToCorsPreflight',
  'AddApiKeyRequiredToCorsPreflight',
  'ApiKeyRequired',
  'ResourcePolicy',
  'UsagePlan',
];

export function editRestAuth(
  { properties }: SamResource,
  auth: Tree | undefined,
  body: Tree | undefined,
  version: Tree | undefined,
  { partition }: Expansion,
  blame: Blame,
): void {
  if (!isTruthy(auth)) return;
  if (body === undefined) {
    throw blame("Auth works only with inline Swagger specified in 'DefinitionBody' property.", auth);
  }
  if (!isMap(auth) || [...auth.members.keys()].some((key) => !AUTH_MEMBERS.includes(key))) {
    throw blame("Invalid value for 'Auth' property", auth);
  }
  expectSwagger(body, 'Auth configuration', blame);
  const document = swaggerDocument(body);
  addAuthorizers(document, auth, partition, blame);
  if (isTruthy(get(auth, 'ApiKeyRequired'))) {
    blamed(blame, () => addApiKeyScheme(document));
    requireApiKey(document, isSet(auth, 'AddApiKeyRequiredToCorsPreflight'));
  }
  const policy = get(auth, 'ResourcePolicy');
  if (isTruthy(policy)) {
    if (!isMap(policy))
      throw invalidStructure('ResourcePolicy must be a map (ResourcePolicyStatement).', policy);
    for (const path of pathsOf(document).members.keys()) {
      addResourcePolicy(document, policy, path, get(properties, 'StageName')!);
    }
  }
  inPlaceOfVersion(document, version);
}

function addAuthorizers(document: TreeMap, auth: TreeMap, partition: string, blame: Blame): void {
  const authorizers = restAuthorizers(auth, partition, blame);
  if (authorizers === undefined || authorizers.size === 0) return;
  const schemes = mapIn(document, 'securityDefinitions');
  for (const { name, definition } of authorizers.values()) setNamed(schemes, name, definition());
  const given = get(auth, 'DefaultAuthorizer');
  if (!isTruthy(given)) return;
  const name = stringOf(given);
  if (name === undefined) throw blame('DefaultAuthorizer is not a string.', given);
  if (!authorizers.has(name)) {
    throw blame(`Unable to set DefaultAuthorizer because '${name}' was not defined in 'Authorizers'.`, given);
  }
  const withPreflight = isSet(auth, 'AddDefaultAuthorizerToCorsPreflight');
  setDefaultAuthorizer(document, name, authorizers.get(name)!.scopes, [...authorizers.keys()], withPreflight);
}

/** A switch that is on by default. */
function isSet(auth: TreeMap, name: string): boolean {
  return !has(auth, name) || isTruthy(get(auth, name));
}
