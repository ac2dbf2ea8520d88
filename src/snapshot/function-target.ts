// Which function an integration or authorizer calls, and with whose rights, with the stage's variables put in
// (spec/http-api.md §3.6.1, Choice C14).

import type { LambdaFunction } from '../backends/lambda-function.ts';
import {
  type Credentials,
  type FunctionArn,
  parseCredentialsArn,
  parseFunctionUri,
  printFunctionUri,
} from '../grammar/arn.ts';
import { parseStageVariableText } from '../grammar/stage-variable-text.ts';
import { type Callee, functionCallee } from '../stage/callee.ts';
import type { StageIdentity } from '../stage/stage-identity.ts';
import { isForeign } from './own-account.ts';
import type { StageMeans } from './stage-means.ts';

export interface FunctionTarget {
  readonly arn: FunctionArn;
  readonly credentials: Credentials | undefined;
  readonly function: LambdaFunction;
}

interface Scope {
  readonly identity: StageIdentity;
  readonly means: Pick<StageMeans, 'functions' | 'identities'>;
}

/** The target, or the sentence that says why there is none. */
export function resolveFunction(
  uri: string,
  credentialsArn: string | undefined,
  scope: Scope,
): FunctionTarget | string {
  const { identity, means } = scope;
  const uriText = withVariables(uri, identity.variables);
  if (uriText.missing !== undefined) return `The stage variable ${uriText.missing} in the URI is not defined`;
  const arn = parsed(() => parseFunctionUri(uriText.text).function);
  if (arn === undefined) return `The URI names no Lambda function: ${uriText.text}`;
  const asking = means.identities.isEmpty ? undefined : identity.accountId;
  const target = (credentials: Credentials | undefined): FunctionTarget => ({
    arn,
    credentials,
    function: means.functions.find(arn, credentials, asking),
  });
  if (credentialsArn === undefined) return target(undefined);
  const roleText = withVariables(credentialsArn, identity.variables);
  if (roleText.missing !== undefined) {
    return `The stage variable ${roleText.missing} in CredentialsArn is not defined`;
  }
  const credentials = parsed(() => parseCredentialsArn(roleText.text));
  if (credentials === undefined) return `CredentialsArn names no role: ${roleText.text}`;
  if (credentials.kind === 'role' && isForeign(credentials.account, scope)) return foreignRole(roleText.text);
  return target(credentials);
}

/** What spans say of a target. */
export function calleeOf({ arn }: FunctionTarget): Callee {
  return functionCallee(printFunctionUri({ form: 'function', function: arn }));
}

/** Why a role is not used. */
export function foreignRole(roleArn: string): string {
  return `Cross-account pass role is not allowed: ${roleArn}`;
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
