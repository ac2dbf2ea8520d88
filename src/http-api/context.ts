// `$context` variables (spec/http-api.md §9.3): each name becomes a function once, at deploy time.

import { authorizationReader } from '../stage/authorization-context.ts';
import { clfTime } from '../stage/clf-time.ts';
import { textOfHeader } from '../stage/header-value.ts';
import { awsRequestIdOf, invokeStatusOf } from '../stage/lambda-outcome.ts';
import type { Call } from './call.ts';

/** Reads one variable from a running call; undefined when it has no value. */
export type ContextReader = (call: Call) => string | undefined;

const READERS: Readonly<Record<string, ContextReader>> = {
  accountId: (call) => call.stage.accountId,
  apiId: (call) => call.stage.apiId,
  awsEndpointRequestId: (call) => awsRequestId(call),
  awsEndpointRequestId2: (call) => call.reply?.headers.first('x-amz-id-2'),
  'customDomain.basePathMatched': (call) => call.basePathMatched,
  domainName: (call) => call.domain.name,
  domainPrefix: (call) => call.domain.prefix,
  extendedRequestId: (call) => call.exchange.requestId,
  httpMethod: (call) => call.exchange.method,
  'identity.clientCert.clientCertPem': (call) => call.exchange.clientCertificate?.clientCertPem,
  'identity.clientCert.subjectDN': (call) => call.exchange.clientCertificate?.subjectDN,
  'identity.clientCert.issuerDN': (call) => call.exchange.clientCertificate?.issuerDN,
  'identity.clientCert.serialNumber': (call) => call.exchange.clientCertificate?.serialNumber,
  'identity.clientCert.validity.notBefore': (call) => call.exchange.clientCertificate?.validity.notBefore,
  'identity.clientCert.validity.notAfter': (call) => call.exchange.clientCertificate?.validity.notAfter,
  'identity.sourceIp': (call) => call.exchange.remoteAddress,
  'identity.userAgent': (call) => {
    const value = call.exchange.headers.first('user-agent');
    return value === undefined ? undefined : textOfHeader(value);
  },
  'integration.error': (call) => call.failure,
  integrationErrorMessage: (call) => call.failure,
  integrationStatus: (call) => integrationStatus(call),
  'integration.integrationStatus': (call) => integrationStatus(call),
  'integration.status': (call) => replyStatus(call),
  'integration.requestId': (call) => awsRequestId(call),
  path: (call) => call.fullPath,
  protocol: () => 'HTTP/1.1',
  requestId: (call) => call.exchange.requestId,
  requestTime: (call) => clfTime(call.exchange.startedAt),
  requestTimeEpoch: (call) => String(call.exchange.startedAt),
  routeKey: (call) => call.route?.key,
  stage: (call) => call.stage.name,
  // In a response mapping it is the integration's status at that moment (Choice C42).
  status: (call) => replyStatus(call),
};

const NOTHING: ContextReader = () => undefined;

/** The reader of a variable; names that have no value resolve to nothing (spec/http-api.md §4.5). */
export function contextReader(name: string): ContextReader {
  return Object.hasOwn(READERS, name) ? READERS[name]! : (authorizationReader(name) ?? NOTHING);
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
