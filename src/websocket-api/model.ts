// Models: JSON Schema draft 4, compiled (spec/websocket-api.md §2.5). Unknown keywords are ignored, `format` is not enforced,
// patterns and `uniqueItems` take time linear in the message.
import { createRequire } from 'node:module';
import type { Ajv, Options } from 'ajv';
import { patternOf } from '../template/regex.ts';
import { Budget, MAX_STEPS } from '../template/values.ts';
import { draft4Of, isMultipleOf, isUnique } from './model-keywords.ts';

/** What is wrong with a value; undefined for one that fits. */
export type ModelCheck = (value: unknown) => string | undefined;

/** The text is no JSON Schema. */
export class ModelError extends Error {}

// Loaded by the first model.
let draft04: (new (options: Options) => Ajv) | undefined;

/** Compiles the text of a schema. Throws ModelError. */
export function compileModel(schema: string): ModelCheck {
  draft04 ??= (createRequire(import.meta.url)('ajv-draft-04') as { default: typeof draft04 }).default;
  try {
    const parsed: unknown = JSON.parse(schema);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
      throw new ModelError('A schema is a JSON object');
    }
    const ajv = ownKeywords(
      // The first error is told, not all: a message could have one for each of its items.
      new draft04!({
        strict: false,
        validateFormats: false,
        ignoreKeywordsWithRef: true,
        ownProperties: true,
        logger: false,
        code: { regExp: linearRegExp },
      }),
    );
    const validate = ajv.compile(draft4Of(parsed) as object);
    return (value) => {
      try {
        return validate(value) === true ? undefined : ajv.errorsText(validate.errors, { dataVar: 'body' });
      } catch (error) {
        // A schema may refer to itself, as deep as a message goes.
        if (error instanceof RangeError) return 'body is nested too deeply';
        throw error;
      }
    };
  } catch (error) {
    if (error instanceof ModelError) throw error;
    throw new ModelError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Those of the library divide with rounding, and compare every item with every other. */
function ownKeywords(ajv: Ajv): Ajv {
  ajv.removeKeyword('multipleOf').addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    validate: (divisor: number, value: number) => isMultipleOf(value, divisor),
    error: { message: ({ schema }) => `must be multiple of ${String(schema)}` },
  });
  ajv.removeKeyword('uniqueItems').addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    validate: (isAsked: boolean, items: readonly unknown[]) => !isAsked || isUnique(items),
    error: { message: 'must NOT have duplicate items' },
  });
  return ajv;
}

/** A pattern as ajv wants it: found anywhere in the text. */
function linearRegExp(source: string): { test(text: string): boolean } {
  // Malformed patterns show when the model is written.
  patternOf(source, false, 0, new Budget(MAX_STEPS));
  return {
    test: (text) => patternOf(source, false, text.length, new Budget(MAX_STEPS)).matcher(text).find(),
  };
}
linearRegExp.code = 'linearRegExp';
