// Stage variables (spec/management-api.md §2.8.1).
import { isStageVariableName, isStageVariableValue } from '../../grammar/stage-variable-text.ts';
import { badRequest } from '../../wire/errors.ts';
import { checkCount, checkLength } from '../limits.ts';

type StageVariables = { readonly [name: string]: string };

const MAX_VARIABLES = 100;
const MAX_NAME_LENGTH = 64;
const MAX_VALUE_LENGTH = 512;

/** Throws a BadRequestException for the first variable that there may not be. */
export function checkStageVariables(variables: StageVariables): void {
  checkCount('stageVariables', variables, MAX_VARIABLES);
  for (const [name, value] of Object.entries(variables)) {
    if (!isStageVariableName(name)) {
      throw badRequest(`Invalid stage variable name: ${name}.  Please use names with only word characters.`);
    }
    checkLength('stageVariables key', name, 1, MAX_NAME_LENGTH);
    if (!isStageVariableValue(value)) {
      throw badRequest(
        `Invalid stage variable value: ${value}.  Please use values with alphanumeric characters and the symbols ' ', ` +
          "-', '.', '_', ':', '/', '?', '&', '=', and ','.",
      );
    }
    checkLength('stageVariables value', value, 1, MAX_VALUE_LENGTH);
  }
}
