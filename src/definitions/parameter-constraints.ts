// What a template asks of the values of its parameters (spec/definitions.md §3.1.4).
import { javaPattern } from '../template/regex/regex.ts';
import { Budget, MAX_STEPS, TemplateError as PatternError } from '../template/values.ts';
import { memberOf } from '../tree/node.ts';
import { plainText } from './evaluate/plain-text.ts';
import { isListType } from './parameter-types.ts';
import type { ParameterDeclaration } from './template.ts';

const NUMBER = /^\s*[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?\s*$/;
/** Of any value; AWS allows 4,096. */
const MAX_LENGTH = 65_536;

export function itemsOf(value: string): readonly string[] {
  return value === '' ? [] : value.split(',').map((item) => item.trim());
}

/** What is wrong with a value, in AWS's words; undefined when nothing is. */
export function brokenConstraint(declaration: ParameterDeclaration, value: string): string | undefined {
  const { name, node, type } = declaration;
  if (value.length > MAX_LENGTH) return `Parameter '${name}' must contain at most ${MAX_LENGTH} characters`;
  const broken = isListType(type)
    ? itemsOf(value)
        .map((item) => brokenBy(declaration, item))
        .find((text) => text !== undefined)
    : brokenBy(declaration, value);
  const description = plainText(memberOf(node, 'ConstraintDescription'));
  if (broken === undefined || description === undefined) return broken;
  return `Parameter ${name} failed to satisfy constraint: ${description}`;
}

function brokenBy({ name, node, type }: ParameterDeclaration, value: string): string | undefined {
  const limit = (key: string): number | undefined => {
    const text = plainText(memberOf(node, key));
    return text === undefined ? undefined : Number(text);
  };
  const isNumber = type === 'Number' || type === 'List<Number>';
  if (isNumber && !NUMBER.test(value)) return `Parameter '${name}' must be a number`;
  const allowed = memberOf(node, 'AllowedValues');
  if (allowed?.kind === 'list' && !allowed.items.some((item) => plainText(item) === value))
    return `Parameter '${name}' must be one of AllowedValues`;
  if (isNumber) {
    const [least, most] = [limit('MinValue'), limit('MaxValue')];
    if (least !== undefined && Number(value) < least)
      return `Parameter '${name}' must be a number not less than ${least}`;
    if (most !== undefined && Number(value) > most)
      return `Parameter '${name}' must be a number not greater than ${most}`;
    return undefined;
  }
  const [shortest, longest] = [limit('MinLength'), limit('MaxLength')];
  if (shortest !== undefined && value.length < shortest)
    return `Parameter '${name}' must contain at least ${shortest} characters`;
  if (longest !== undefined && value.length > longest)
    return `Parameter '${name}' must contain at most ${longest} characters`;
  const pattern = plainText(memberOf(node, 'AllowedPattern'));
  return pattern === undefined ? undefined : brokenPattern(name, pattern, value);
}

/** The whole value has to match (§3.1.5). */
function brokenPattern(name: string, pattern: string, value: string): string | undefined {
  try {
    const matches = javaPattern(pattern, false, value.length, new Budget(MAX_STEPS)).matches(value);
    return matches ? undefined : `Parameter '${name}' must match pattern ${pattern}`;
  } catch (error) {
    if (error instanceof PatternError) return `Parameter '${name}': AllowedPattern: ${error.message}`;
    throw error;
  }
}
