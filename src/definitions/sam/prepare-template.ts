// What is done with the template before its resources are expanded (spec/definitions.md §8.2): documents of APIs that have none,
// implicit APIs, Globals.
import { entries, get, isMap, isTruthy, madeMap, set, stringOf, type Tree, type TreeMap } from './editing.ts';
import type { Expansion } from './expansion.ts';
import { readGlobals } from './globals.ts';
import { isOpenApi, openApiSkeleton } from './http/openapi-editor.ts';
import { addImplicitApi, type ImplicitKind } from './implicit-apis.ts';
import { blameResource, InvalidDocument, invalidStructure } from './invalid.ts';
import { isVersion3 } from './path-items.ts';
import { isSwagger, swaggerSkeleton } from './rest/swagger-document.ts';

/** The types that Globals, implicit APIs and the checks of the template know. */
const TYPES = [
  'Api',
  'Function',
  'SimpleTable',
  'Application',
  'LayerVersion',
  'HttpApi',
  'WebSocketApi',
  'StateMachine',
  'CapacityProvider',
].map((name) => `AWS::Serverless::${name}`);

const HTTP: ImplicitKind = {
  eventType: 'HttpApi',
  apiType: 'AWS::Serverless::HttpApi',
  idProperty: 'ApiId',
  logicalId: 'ServerlessHttpApi',
  properties: (at) => madeMap(at, { DefinitionBody: openApiSkeleton(at) }),
  isDocument: isOpenApi,
};

const REST: ImplicitKind = {
  eventType: 'Api',
  apiType: 'AWS::Serverless::Api',
  idProperty: 'RestApiId',
  logicalId: 'ServerlessRestApi',
  properties: (at) => madeMap(at, { StageName: 'Prod', DefinitionBody: swaggerSkeleton(at) }),
  isDocument: isSwagger,
};

/** The section, whose resources are maps, and their properties too where they are of SAM. */
export function checkResources(section: Tree | undefined): TreeMap {
  if (!isMap(section) || section.members.size === 0) {
    throw invalidStructure("'Resources' section is required", section);
  }
  for (const [, resource] of section.members) {
    if (isMap(resource.value)) continue;
    throw invalidStructure(
      "All 'Resources' must be Objects. If you're using YAML, this may be an indentation issue.",
      resource.value,
    );
  }
  for (const [logicalId, resource] of entries(section)) checkResource(logicalId, resource as TreeMap);
  return section;
}

function checkResource(logicalId: string, resource: TreeMap): void {
  const condition = get(resource, 'Condition');
  if (isTruthy(condition) && stringOf(condition) === undefined) {
    throw invalidStructure('Every Condition member must be a string.', condition);
  }
  const properties = get(resource, 'Properties');
  if (isSam(resource) && resource.members.has('Properties') && !isMap(properties)) {
    const blame = blameResource(logicalId, resource.offset);
    throw new InvalidDocument([blame("Attribute 'Properties' should be a map.", properties)]);
  }
}

function isSam(resource: Tree): boolean {
  return TYPES.includes(stringOf(get(resource, 'Type')) ?? '');
}

/** @param isHashed whether AWS SAM goes through the events of this template in the order of a hash table */
export function prepareTemplate(expansion: Expansion, isHashed: boolean): void {
  const { resources, globals, managed } = expansion;
  for (const [logicalId, resource] of entries(resources)) {
    if (!isMap(resource) || !isSam(resource)) continue;
    if (!resource.members.has('Properties')) set(resource, 'Properties', madeMap(resource.offset, {}));
    const properties = get(resource, 'Properties') as TreeMap;
    const skeleton = skeletonOf(stringOf(get(resource, 'Type'))!);
    const isGiven = isTruthy(get(properties, 'DefinitionBody')) || isTruthy(get(properties, 'DefinitionUri'));
    if (skeleton === undefined || isGiven) continue;
    set(properties, 'DefinitionBody', skeleton(resource.offset));
    managed.add(logicalId);
  }
  addImplicitApi(expansion, REST, isHashed);
  addImplicitApi(expansion, HTTP, isHashed);
  const withGlobals = readGlobals(globals);
  for (const [logicalId, resource] of entries(resources)) {
    if (!isMap(resource) || !isSam(resource)) continue;
    const type = stringOf(get(resource, 'Type'))!;
    set(
      resource,
      'Properties',
      withGlobals(type, logicalId, resource, get(resource, 'Properties') as TreeMap),
    );
    if (type === 'AWS::Serverless::Api' && managed.has(logicalId))
      takeVersion(get(resource, 'Properties') as TreeMap);
  }
}

function skeletonOf(type: string): ((at: number) => TreeMap) | undefined {
  if (type === 'AWS::Serverless::Api') return swaggerSkeleton;
  return type === 'AWS::Serverless::HttpApi' ? openApiSkeleton : undefined;
}

/** The version that the API asks for is that of the document that is made for it. */
function takeVersion(properties: TreeMap): void {
  const version = get(properties, 'OpenApiVersion');
  const body = get(properties, 'DefinitionBody');
  if (version?.kind !== 'scalar' || !isVersion3(version) || !isMap(body)) return;
  const text: Tree = { ...version, value: version.text };
  set(properties, 'OpenApiVersion', text);
  set(body, 'openapi', text);
  body.members.delete('swagger');
}
