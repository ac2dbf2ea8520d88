// The OpenAPI document of a REST API, in version 2 or 3 (spec/definitions.md §8.1). REST APIs are not served: their documents are made
// because templates refer to what comes of them, and because what is wrong with them is an error of the template.
import { get, has, isMap, isTruthy, madeMap, set, type Tree, type TreeMap } from '../editing.ts';
import { type Blame, InvalidDocument, invalidStructure } from '../invalid.ts';
import { isVersion3, itemsOf, pathsOf } from '../path-items.ts';

export function swaggerSkeleton(at: number): TreeMap {
  return madeMap(at, {
    swagger: '2.0',
    info: { version: '1.0', title: { Ref: 'AWS::StackName' } },
    paths: {},
  });
}

export function isSwagger(body: Tree | undefined): body is TreeMap {
  if (!isMap(body) || !isMap(get(body, 'paths'))) return false;
  return isTruthy(get(body, 'swagger')) || isVersion3(get(body, 'openapi'));
}

/** What something is to be added to; that it is no document is the fault of one resource. */
export function expectSwagger(body: Tree, what: string, blame: Blame): asserts body is TreeMap {
  if (isSwagger(body)) return;
  throw blame(
    `Unable to add ${what} because 'DefinitionBody' does not contain a valid Swagger definition.`,
    body,
  );
}

/** Paths whose items are known to be maps: each event of an API looks at its document, and adds nothing else. */
const checked = new WeakSet<TreeMap>();

/** The document, whose path items are maps. Throws InvalidDocument. */
export function swaggerDocument(body: Tree | undefined): TreeMap {
  if (!isSwagger(body)) {
    throw invalidStructure(
      "Invalid Swagger document or the Swagger document is not explicitly defined in 'DefinitionBody'.",
      body,
    );
  }
  const paths = pathsOf(body);
  if (!checked.has(paths)) for (const path of paths.members.keys()) itemsOf(paths, path);
  checked.add(paths);
  return body;
}

/** A member of the document that is a map: made when it is not there. */
export function mapIn(document: TreeMap, name: string): TreeMap {
  if (!isTruthy(get(document, name))) set(document, name, madeMap(document.offset, {}));
  const map = get(document, name);
  if (!isMap(map)) throw invalidStructure(`${name} must be a dictionary.`, map);
  return map;
}

/** `Version` is OpenAPI's, of the resource or of the document, where it is the third. */
function isOfVersion3(document: TreeMap, version: Tree | undefined): boolean {
  if (has(document, 'swagger')) return false;
  return isVersion3(version ?? get(document, 'openapi'));
}

/** In version 3, security and models have other places, and headers of answers have schemas. */
export function inPlaceOfVersion(document: TreeMap, version: Tree | undefined): void {
  if (!isOfVersion3(document, version)) return;
  for (const [from, to] of [
    ['securityDefinitions', 'securitySchemes'],
    ['definitions', 'schemas'],
  ] as const) {
    const moved = get(document, from);
    if (!isTruthy(moved)) continue;
    set(mapIn(document, 'components'), to, moved);
    document.members.delete(from);
  }
  for (const [path, { value: item }] of pathsOf(document).members) {
    if (!isMap(item)) {
      throw invalidStructure(`Value of '${path}' path must be a dictionary according to Swagger spec.`, item);
    }
    const options = get(item, 'options');
    if (!isTruthy(options)) continue;
    if (!isMap(options)) {
      throw invalidStructure(
        `Value of options method for path ${path} must be a dictionary according to Swagger spec.`,
        options,
      );
    }
    options.members.delete('produces');
    options.members.delete('consumes');
    const headers = get(get(get(options, 'responses'), '200'), 'headers');
    if (!isMap(headers)) continue;
    for (const [name, { value }] of [...headers.members]) set(headers, name, { schema: value });
  }
}

/** A fault of the structure that is told of one resource. */
export function blamed<T>(blame: Blame, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof InvalidDocument) throw blame(error.message);
    throw error;
  }
}
