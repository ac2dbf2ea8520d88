// Which function an integration or authorizer calls, and with whose rights, with the stage's variables put in
// (spec/http-api.md §3.6.1, Choice C14).
import { type Credentials, type FunctionArn, parseCredentialsArn, parseFunctionUri } from '../grammar/arn.ts';
import { parseStageVariableText } from '../grammar/stage-variable-text.ts';

export interface FunctionTarget {
  readonly arn: FunctionArn;
  readonly credentials: Credentials | undefined;
}

/** The target, or the sentence that says why there is none. */
export function resolveFunction(
  uri: string,
  credentialsArn: string | undefined,
  stageVariables: ReadonlyMap<string, string>,
): FunctionTarget | string {
  const uriText = withVariables(uri, stageVariables);
  if (uriText.missing !== undefined) return `The stage variable ${uriText.missing} in the URI is not defined`;
  const arn = parsed(() => parseFunctionUri(uriText.text).function);
  if (arn === undefined) return `The URI names no Lambda function: ${uriText.text}`;
  if (credentialsArn === undefined) return { arn, credentials: undefined };
  const roleText = withVariables(credentialsArn, stageVariables);
  if (roleText.missing !== undefined) {
    return `The stage variable ${roleText.missing} in CredentialsArn is not defined`;
  }
  const credentials = parsed(() => parseCredentialsArn(roleText.text));
  if (credentials === undefined) return `CredentialsArn names no role: ${roleText.text}`;
  return { arn, credentials };
}

export interface Resolved {
  readonly text: string;
  /** A variable that the stage does not have. */
  readonly missing?: string;
}

/** A text with the stage's variables put in. */
export function withVariables(text: string, stageVariables: ReadonlyMap<string, string>): Resolved {
  let resolved = '';
  for (const part of parseStageVariableText(text)) {
    const value = part.kind === 'literal' ? part.text : stageVariables.get(part.name);
    if (value === undefined) return { text, missing: part.kind === 'literal' ? '' : part.name };
    resolved += value;
  }
  return { text: resolved };
}

function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
