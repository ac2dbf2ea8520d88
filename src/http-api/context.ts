// The `$context` variables of HTTP APIs (spec/http-api.md §9.3).
import {
  AUTHORIZER_CONTEXT,
  authorizerValue,
  COGNITO,
  claimsFamily,
  organisationOf,
  PRINCIPAL,
  SIGNER,
} from '../stage/authorization-context.ts';
import { clfTime } from '../stage/clf-time.ts';
import type { ContextTable } from '../stage/context-variables.ts';
import { textOfHeader } from '../stage/header-value.ts';
import { awsRequestIdOf, invokeStatusOf } from '../stage/lambda-outcome.ts';
import type { Call } from './call.ts';

export const CALL_CONTEXT = {
  variables: {
    accountId: {
      about: 'account of the API',
      read: (call) => call.stage.accountId,
      isMember: true,
      memberV2: 'accountId',
    },
    apiId: { about: 'id of the API', read: (call) => call.stage.apiId, isMember: true, memberV2: 'apiId' },
    'authorizer.claims': { about: 'nothing: claims are read one by one', read: () => undefined },
    'authorizer.error': { about: 'why the authorizer let nobody in', read: (call) => call.authorizerError },
    // Only some versions of AWS's page list these two: a Lambda authorizer's own value of the name comes first.
    'authorizer.latency': {
      about: 'milliseconds that the authorizer took',
      log: (call) => authorizerValue(call, 'latency') ?? millisText(call.authorizerMicros),
    },
    'authorizer.status': {
      about: '200, or the status of the refusal',
      log: (call) => authorizerValue(call, 'status') ?? authorizerStatus(call),
    },
    ...PRINCIPAL,
    awsEndpointRequestId: { about: 'request id of the AWS service', read: awsRequestId },
    awsEndpointRequestId2: {
      about: 'its `x-amz-id-2`',
      read: (call) => call.reply?.headers.first('x-amz-id-2'),
    },
    'customDomain.basePathMatched': {
      about: 'mapping key or base path of the custom domain',
      read: (call) => call.basePathMatched,
    },
    dataProcessed: { about: 'bytes of both bodies', log: (call) => String(call.dataProcessed) },
    domainName: {
      about: 'host that was called',
      read: (call) => call.domain.name,
      isMember: true,
      memberV2: 'domainName',
    },
    domainPrefix: {
      about: 'its first label',
      read: (call) => call.domain.prefix,
      isMember: true,
      memberV2: 'domainPrefix',
    },
    'error.message': { about: 'text of the gateway’s own answer', log: (call) => call.refusal?.message },
    'error.messageString': { about: 'the same in double quotes', log: (call) => call.refusal?.message },
    'error.responseType': { about: 'its type', log: (call) => call.refusal?.responseType },
    extendedRequestId: {
      about: 'id of the request',
      read: (call) => call.exchange.requestId,
      isMember: true,
    },
    httpMethod: {
      about: 'method',
      read: (call) => call.exchange.method,
      isMember: true,
      memberV2: 'http.method',
    },
    ...SIGNER,
    'identity.principalOrgId': {
      about: 'organisation of who signed',
      read: organisationOf,
      isMember: true,
      memberV2: 'authorizer.iam.principalOrgId',
    },
    ...COGNITO,
    'identity.clientCert.clientCertPem': {
      about: 'client certificate',
      read: (call) => call.exchange.clientCertificate?.clientCertPem,
      isMember: true,
      memberV2: 'authentication.clientCert.clientCertPem',
    },
    'identity.clientCert.subjectDN': {
      about: 'its subject',
      read: (call) => call.exchange.clientCertificate?.subjectDN,
      isMember: true,
      memberV2: 'authentication.clientCert.subjectDN',
    },
    'identity.clientCert.issuerDN': {
      about: 'its issuer',
      read: (call) => call.exchange.clientCertificate?.issuerDN,
      isMember: true,
      memberV2: 'authentication.clientCert.issuerDN',
    },
    'identity.clientCert.serialNumber': {
      about: 'its serial number',
      read: (call) => call.exchange.clientCertificate?.serialNumber,
      isMember: true,
      memberV2: 'authentication.clientCert.serialNumber',
    },
    'identity.clientCert.validity.notBefore': {
      about: 'when it began to be valid',
      read: (call) => call.exchange.clientCertificate?.validity.notBefore,
      isMember: true,
      memberV2: 'authentication.clientCert.validity.notBefore',
    },
    'identity.clientCert.validity.notAfter': {
      about: 'when it ends to be valid',
      read: (call) => call.exchange.clientCertificate?.validity.notAfter,
      isMember: true,
      memberV2: 'authentication.clientCert.validity.notAfter',
    },
    'identity.sourceIp': {
      about: 'address of the client',
      read: (call) => call.exchange.remoteAddress,
      isMember: true,
      memberV2: 'http.sourceIp',
    },
    'identity.userAgent': {
      about: 'its `User-Agent`',
      read: userAgentOf,
      isMember: true,
      memberV2: 'http.userAgent',
    },
    'integration.error': { about: 'why the integration gave no answer', read: (call) => call.failure },
    integrationErrorMessage: { about: 'the same', read: (call) => call.failure },
    'integration.integrationStatus': {
      about: 'status of the backend; of a Lambda function that of its Invoke call',
      read: integrationStatus,
    },
    integrationStatus: { about: 'the same', read: integrationStatus },
    'integration.latency': { about: 'milliseconds that the integration took', log: integrationLatency },
    integrationLatency: { about: 'the same', log: integrationLatency },
    'integration.requestId': { about: 'request id of the AWS service', read: awsRequestId },
    'integration.status': { about: 'status that the backend or the function gave', read: replyStatus },
    path: {
      about: 'path with the stage',
      read: (call) => call.fullPath,
      isMember: true,
      memberV2: 'http.path',
    },
    protocol: {
      about: '`HTTP/1.1`, whatever the client speaks',
      read: () => 'HTTP/1.1',
      isMember: true,
      memberV2: 'http.protocol',
    },
    requestId: {
      about: 'id of the request',
      read: (call) => call.exchange.requestId,
      isMember: true,
      memberV2: 'requestId',
    },
    requestTime: {
      about: 'when it came, as the common log format writes it',
      read: (call) => clfTime(call.exchange.startedAt),
      isMember: true,
      memberV2: 'time',
    },
    requestTimeEpoch: {
      about: 'the same in epoch milliseconds',
      read: (call) => String(call.exchange.startedAt),
      isNumber: true,
      isMember: true,
      memberV2: 'timeEpoch',
    },
    responseLatency: {
      about: 'milliseconds until the answer was sent',
      log: (call) => millisText(call.endedAfter),
    },
    responseLength: { about: 'bytes of the answer’s body', log: (call) => String(call.responseBytes) },
    routeKey: { about: 'key of the route', read: (call) => call.route?.key, memberV2: 'routeKey' },
    stage: { about: 'name of the stage', read: (call) => call.stage.name, isMember: true, memberV2: 'stage' },
    status: {
      about: 'status of the answer; in mappings of responses the integration’s',
      // Choice C42.
      read: replyStatus,
      // Of a client that went away before it could get one there is none.
      log: (call) => (call.status === 0 ? undefined : String(call.status)),
    },
  },
  families: [claimsFamily('authorizer.claims.'), claimsFamily('authorizer.jwt.claims.'), AUTHORIZER_CONTEXT],
} satisfies ContextTable<Call>;

function userAgentOf({ exchange }: Call): string | undefined {
  const value = exchange.headers.first('user-agent');
  return value === undefined ? undefined : textOfHeader(value);
}

function replyStatus(call: Call): string | undefined {
  return call.reply === undefined ? undefined : String(call.reply.status);
}

/** That of the Invoke call for Lambda, otherwise the backend's (Choice C64). */
function integrationStatus(call: Call): string | undefined {
  if (call.outcome === undefined) return replyStatus(call);
  const status = invokeStatusOf(call.outcome);
  return status === undefined ? undefined : String(status);
}

function awsRequestId(call: Call): string | undefined {
  if (call.outcome !== undefined) return awsRequestIdOf(call.outcome);
  return call.reply?.headers.first('x-amzn-requestid') ?? call.reply?.headers.first('x-amz-request-id');
}

function authorizerStatus({ authorizerMicros, authorization, refusal }: Call): string | undefined {
  if (authorizerMicros < 0) return undefined;
  return authorization === undefined ? refusal && String(refusal.status) : '200';
}

function integrationLatency(call: Call): string | undefined {
  return millisText(call.integrationMicros);
}

/** Whole milliseconds; none of what has not happened. */
function millisText(micros: number): string | undefined {
  return micros < 0 ? undefined : String(Math.round(micros / 1_000));
}
