// Which backends an integration's URI and credentials may name (spec/management-api.md §2.3.2, §2.3.3, §8.8). Stage
// variables may stand in them; what they make of it shows when a request is served.
import {
  isFunctionUri,
  parseCredentialsArn,
  parseFunctionUri,
  parsePrivateTarget,
  parseServiceUri,
} from '../../grammar/arn.ts';
import { parseStageVariableText } from '../../grammar/stage-variable-text.ts';
import { parsed } from '../syntax.ts';

/** Throws unless the URI names a Lambda function, for an integration of an HTTP API. */
export function checkFunctionUri(uri: string): void {
  checkUnlessVariable(uri, parseFunctionUri);
}

/** Throws unless the URI names a Lambda function, for an AWS_PROXY integration of a WebSocket API. */
export function checkProxyFunctionUri(uri: string): void {
  checkUnlessVariable(uri, (text) => {
    if (!isFunctionUri(text)) parseServiceUri(text);
    parseFunctionUri(text);
  });
}

/** Throws unless the URI names a Lambda function or calls an AWS service, for an AWS integration of a WebSocket API. */
export function checkServiceUri(uri: string): void {
  checkUnlessVariable(uri, (text) => (isFunctionUri(text) ? parseFunctionUri(text) : parseServiceUri(text)));
}

/** Throws unless the URI is what a VPC link of an HTTP API can lead to. */
export function checkPrivateTarget(uri: string): void {
  parsed(() => parsePrivateTarget(uri));
}

/** Throws unless the credentials are a role or those of the caller. */
export function checkCredentialsArn(arn: string): void {
  checkUnlessVariable(arn, parseCredentialsArn);
}

/** Whether stage variables stand in a text. Throws a BadRequestException for a malformed one. */
export function hasStageVariable(text: string): boolean {
  return parsed(() => parseStageVariableText(text)).some((part) => part.kind === 'stageVariable');
}

function checkUnlessVariable(text: string, parse: (text: string) => unknown): void {
  if (!hasStageVariable(text)) parsed(() => parse(text));
}
