// Which backends an integration's URI and credentials may name (spec/management-api.md §2.3.2, §2.3.3, §8.8). Stage
// variables may stand in them; what they make of it shows when a request is served.
import { badRequest } from '../wire/errors.ts';

const PARTITION = 'aws[a-z-]*';
const FUNCTION_ARN = `arn:${PARTITION}:lambda:[a-z0-9-]+:\\d{12}:function:[A-Za-z0-9-_]+(?::[A-Za-z0-9-_$]+)?`;
const FUNCTION = new RegExp(`^${FUNCTION_ARN}$`);
const INVOCATION = new RegExp(
  `^arn:${PARTITION}:apigateway:[a-z0-9-]+:lambda:path/2015-03-31/functions/${FUNCTION_ARN}/invocations$`,
);
const SERVICE = new RegExp(
  `^arn:${PARTITION}:apigateway:[a-z0-9-]+:[A-Za-z0-9._-]+:(?:path|action)/.+$`,
  's',
);
const LISTENER = new RegExp(
  `^arn:${PARTITION}:elasticloadbalancing:[a-z0-9-]+:\\d{12}:listener/(?:app|net)/[^/]+/[^/]+/[^/]+$`,
);
const CLOUD_MAP = new RegExp(`^arn:${PARTITION}:servicediscovery:[a-z0-9-]+:\\d{12}:service/.+$`);
const ROLE = new RegExp(`^arn:${PARTITION}:iam::(?:\\d{12}:role/.+|\\*:user/\\*)$`);

/** Throws unless the URI names a Lambda function, for an integration of an HTTP API. */
export function checkFunctionUri(uri: string): void {
  if (FUNCTION.test(uri) || INVOCATION.test(uri) || hasStageVariable(uri)) return;
  throw badRequest('Invalid function ARN or invalid uri');
}

/** Throws unless the URI invokes a Lambda function, for an AWS_PROXY integration of a WebSocket API. */
export function checkInvocationUri(uri: string): void {
  if (INVOCATION.test(uri) || hasStageVariable(uri)) return;
  throw badRequest(FUNCTION.test(uri) ? NO_PATH_OR_ACTION : INVALID_ARN);
}

/** Throws unless the URI calls an AWS service, for an AWS integration of a WebSocket API. */
export function checkServiceUri(uri: string): void {
  if (SERVICE.test(uri) || hasStageVariable(uri)) return;
  throw badRequest(uri.startsWith('arn:') ? NO_PATH_OR_ACTION : INVALID_ARN);
}

/** Whether a URI invokes a Lambda function. */
export function isFunctionUri(uri: string): boolean {
  return /:lambda:path\/2015-03-31\/functions\//.test(uri);
}

/** Throws unless the URI is what a VPC link of an HTTP API can lead to. */
export function checkListenerOrServiceArn(uri: string): void {
  if (LISTENER.test(uri) || CLOUD_MAP.test(uri)) return;
  throw badRequest(
    'For VpcLink VPC_LINK, integration uri should be a valid ELB listener ARN or a valid Cloud Map service ARN.',
  );
}

/** Throws unless the credentials are a role or those of the caller. */
export function checkCredentialsArn(arn: string): void {
  if (ROLE.test(arn) || hasStageVariable(arn)) return;
  throw badRequest(INVALID_ARN);
}

const INVALID_ARN = 'Invalid ARN specified in the request';
const NO_PATH_OR_ACTION = 'AWS ARN for integration must contain path or action';

function hasStageVariable(text: string): boolean {
  return text.includes(`\${stageVariables.`);
}
