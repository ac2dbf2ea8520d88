// Models: JSON Schema draft 4, compiled (spec/websocket-api.md §2.5). Unknown keywords are ignored, `format` is not enforced,
// and no message takes more than a bounded number of steps.
import { isObject } from '../../grammar/json-object.ts';
import { Budget } from '../../template/values.ts';
import { parseJson } from '../../wire/json.ts';
import { checkValue, MAX_STEPS } from './json-schema/check.ts';
import { compileSchema } from './json-schema/compile-schema.ts';
import { SchemaError } from './json-schema/schema-error.ts';

/** What is wrong with a value; undefined for one that fits. */
export type ModelCheck = (value: unknown) => string | undefined;

const DIALECT = /^https?:\/\/json-schema\.org\/draft-04\/schema#?$/;

/** Compiles the text of a schema. Throws SchemaError. */
export function compileModel(text: string): ModelCheck {
  const schema = parsed(text);
  if (!isObject(schema)) throw new SchemaError('a schema is a JSON object');
  if (typeof schema.$schema === 'string' && !DIALECT.test(schema.$schema)) {
    throw new SchemaError('$schema must be http://json-schema.org/draft-04/schema#');
  }
  const root = compileSchema(schema);
  return (value) => checkValue(root, value, 'body', new Budget(MAX_STEPS));
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new SchemaError(`the schema is no JSON: ${(error as Error).message}`, { cause: error });
  }
}
