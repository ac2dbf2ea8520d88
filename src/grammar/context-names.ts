// The `$context` variables of HTTP APIs (spec/http-api.md §9.3). Mappings may name others; those have no value (§4.5).

/** Variables with one name each. `authorizer` has names of its own, see isContextName. */
export const contextNames: ReadonlySet<string> = new Set([
  'accountId',
  'apiId',
  'authorizer.error',
  'authorizer.latency',
  'authorizer.principalId',
  'authorizer.status',
  'awsEndpointRequestId',
  'awsEndpointRequestId2',
  'customDomain.basePathMatched',
  'dataProcessed',
  'domainName',
  'domainPrefix',
  'error.message',
  'error.messageString',
  'error.responseType',
  'extendedRequestId',
  'httpMethod',
  'identity.accountId',
  'identity.caller',
  'identity.clientCert.clientCertPem',
  'identity.clientCert.issuerDN',
  'identity.clientCert.serialNumber',
  'identity.clientCert.subjectDN',
  'identity.clientCert.validity.notAfter',
  'identity.clientCert.validity.notBefore',
  'identity.cognitoAuthenticationProvider',
  'identity.cognitoAuthenticationType',
  'identity.cognitoIdentityId',
  'identity.cognitoIdentityPoolId',
  'identity.principalOrgId',
  'identity.sourceIp',
  'identity.user',
  'identity.userAgent',
  'identity.userArn',
  'integration.error',
  'integration.integrationStatus',
  'integration.latency',
  'integration.requestId',
  'integration.status',
  'integrationErrorMessage',
  'integrationLatency',
  'integrationStatus',
  'path',
  'protocol',
  'requestId',
  'requestTime',
  'requestTimeEpoch',
  'responseLatency',
  'responseLength',
  'routeKey',
  'stage',
  'status',
]);

const CLAIM_OR_KEY = /^authorizer\.(?:claims\.[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*|[A-Za-z0-9_]+)$/;

/** Whether a variable can have a value: it is listed, a claim, or a key of a Lambda authorizer's context. */
export function isContextName(name: string): boolean {
  return contextNames.has(name) || (CLAIM_OR_KEY.test(name) && name !== 'authorizer.claims');
}
