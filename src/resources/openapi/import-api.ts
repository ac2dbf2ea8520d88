// ImportApi and ReimportApi: a definition is an API (spec/openapi.md §1.1 to §1.3).
import { type Definition, DefinitionError, type Line } from '../../openapi/definition.ts';
import { badRequest, type ServiceError } from '../../wire/errors.ts';
import type { Output } from '../../wire/operation.ts';
import { apis } from '../api/api.ts';
import type { Context, Handler } from '../context.ts';
import type { Preparation } from '../outside.ts';
import { unlessEmpty } from '../patch.ts';
import { applyDefinition } from './apply-definition.ts';
import { type GivenImport, readImport } from './read-import.ts';

/** The document is read before the transaction, and applied in it. */
export const prepareImport = (given: GivenImport, preparation: Preparation): Promise<Definition> =>
  refusing(readImport(given, preparation));

export const importApi: Handler<'ImportApi', Definition> = ({ FailOnWarnings }, context, definition) =>
  run(context, definition, FailOnWarnings);

export const reimportApi: Handler<'ReimportApi', Definition> = (
  { ApiId, FailOnWarnings },
  context,
  definition,
) => run(context, definition, FailOnWarnings, ApiId);

/** The API as GetApi has it, with what is said of the document, lists that are empty left out (§1.3). */
async function run(
  context: Context,
  definition: Definition,
  failOnWarnings = false,
  replacedId?: string,
): Promise<Output<'ImportApi'>> {
  const { apiId, warnings, info } = await refusing(applyDefinition(context, definition, replacedId));
  if (failOnWarnings && warnings.length > 0) throw warningsError(warnings);
  return {
    ...(await apis.operations.GetApi({ ApiId: apiId }, context)),
    ImportInfo: unlessEmpty(textsOf(info)),
    Warnings: unlessEmpty(textsOf(warnings)),
  };
}

/** What failOnWarnings makes of warnings (§5.3). */
export function warningsError(warnings: readonly Line[]): ServiceError {
  return badRequest(
    `Warnings found during import:${textsOf(warnings)
      .map((text) => `\n\t${text}`)
      .join('')}`,
  );
}

const textsOf = (lines: readonly Line[]): string[] => lines.map(({ text }) => text);

/** A document that is an error is a BadRequestException (§5.5). */
async function refusing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DefinitionError) throw badRequest(error.message, { cause: error });
    throw error;
  }
}
