// Text in one of the little languages, parsed when it is written: what does not parse is never stored.
import { GrammarError } from '../grammar/grammar-error.ts';
import { badRequest } from '../wire/errors.ts';

/** Returns what `parse` returns; a GrammarError becomes a BadRequestException with its text. */
export function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof GrammarError) throw badRequest(error.message, { cause: error });
    throw error;
  }
}
