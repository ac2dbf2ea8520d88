// How Lambda's operations name a function: by name, ARN or partial ARN, with or without version or alias
// (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html, FunctionName).
import { type FunctionArn, type Place, parseFunctionUri, printFunctionUri } from './arn.ts';
import { GrammarError } from './grammar-error.ts';

const PARTIAL = /^(?:([0-9]{12}):)?(?:function:)?([A-Za-z0-9_-]+)(?::(\$LATEST|[A-Za-z0-9_-]+))?$/;

/** Parses `hello`, `hello:prod`, `123456789012:function:hello`, `arn:aws:lambda:…:function:hello:prod`. What the text leaves
 *  open is `place`'s. Throws GrammarError. */
export function parseFunctionName(text: string, place: Place): FunctionArn {
  if (text.startsWith('arn:')) {
    const uri = parseFunctionUri(text);
    if (uri.form === 'function') return uri.function;
  }
  const match = PARTIAL.exec(text);
  if (match === null) throw new GrammarError('Invalid function name');
  const [, account = place.account, name, qualifier] = match;
  return { ...place, account, name: name!, qualifier };
}

/** The function's ARN, with its version or alias. */
export function printFunctionArn(arn: FunctionArn): string {
  return printFunctionUri({ form: 'function', function: arn });
}

/** The ARN without version or alias. */
export function unqualified(arn: FunctionArn): string {
  return printFunctionArn({ ...arn, qualifier: undefined });
}

/** The keys under which settings may have a function, the most exact first. */
export function keysOfFunction(arn: FunctionArn): readonly string[] {
  const { name, qualifier } = arn;
  return [printFunctionArn(arn), unqualified(arn), `${name}:${qualifier}`, name];
}
