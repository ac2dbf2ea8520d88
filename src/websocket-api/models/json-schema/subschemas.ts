// Where schemas stand in a schema of draft 4.
import { isObject } from '../../../grammar/json-object.ts';

export type RawSchema = { readonly [keyword: string]: unknown };

const ONE: readonly string[] = ['not', 'additionalItems', 'additionalProperties', 'items'];
const LISTS: readonly string[] = ['allOf', 'anyOf', 'oneOf', 'items'];
const BY_NAME: readonly string[] = ['definitions', 'properties', 'patternProperties', 'dependencies'];

/** The schemas directly in a schema. */
export function subschemas(schema: RawSchema): RawSchema[] {
  const found: unknown[] = ONE.map((keyword) => schema[keyword]);
  for (const keyword of LISTS) {
    const list = schema[keyword];
    if (Array.isArray(list)) found.push(...(list as unknown[]));
  }
  for (const keyword of BY_NAME) {
    const schemas = schema[keyword];
    if (isObject(schemas)) found.push(...Object.values(schemas));
  }
  return found.filter(isObject);
}

/** The URI that a schema refers to; nothing else in it counts then. */
export function referenceOf(schema: RawSchema): string | undefined {
  const reference = Object.hasOwn(schema, '$ref') ? schema.$ref : undefined;
  return typeof reference === 'string' ? reference : undefined;
}
