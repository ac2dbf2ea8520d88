// Statements that a test outside the conformance rows shows. coverage.test.ts checks that the file has a test of that name.
import { webSocketAccessElsewhere } from './elsewhere-ws-access.ts';
import { webSocketChoiceElsewhere } from './elsewhere-ws-choices.ts';
import { webSocketHandshakeElsewhere } from './elsewhere-ws-handshake.ts';
import { webSocketMessageElsewhere } from './elsewhere-ws-messages.ts';
import { webSocketStageElsewhere } from './elsewhere-ws-stages.ts';

export interface Elsewhere {
  readonly statements: readonly string[];
  readonly file: string;
  /** How the test's name begins. */
  readonly test: string;
}

export const elsewhere: readonly Elsewhere[] = [
  {
    statements: ['oas §17 O52'],
    file: 'src/resources/openapi/replace-definition.test.ts',
    test: 'O52: what a definition says of routes is kept, frozen, and replaced',
  },
  {
    statements: ['§6.2.3-4', '§6.1 cause: issuer not an https URL', '§6.2.2(4)'],
    file: 'test/end-to-end/http/jwt-http-issuers.test.ts',
    test: 'tokens of an issuer on this machine get in',
  },
  {
    statements: ['§6.2.3-4'],
    file: 'src/identity/jwt/issuers.test.ts',
    test: 'an issuer of https is never asked by http',
  },
  {
    statements: ['§7.1-7'],
    file: 'test/end-to-end/http/throttling.test.ts',
    test: 'a closed route is full once it is opened',
  },
  {
    statements: ['§1.4-1'],
    file: 'test/end-to-end/management/domain-refusals.test.ts',
    test: 'domain names that are refused',
  },
  {
    statements: ['§1.4-4'],
    file: 'test/end-to-end/management/domains.test.ts',
    test: 'a domain leads to APIs of its own account',
  },
  {
    statements: ['§1.5-1'],
    file: 'test/end-to-end/management/domain-refusals.test.ts',
    test: 'mappings that are refused',
  },
  {
    statements: ['§1.6-2', '§1.6-5', '§1.6-6'],
    file: 'test/end-to-end/management/domain-refusals.test.ts',
    test: 'routing rules that are refused',
  },
  {
    statements: ['§3.7-11'],
    file: 'test/conformance/service-calls.test.ts',
    test: 'response mappings apply to the service answer',
  },
  {
    statements: ['§3.7-12'],
    file: 'test/conformance/service-calls.test.ts',
    test: 'what the role may not do is a 500 without the service’s words',
  },
  {
    statements: ['§3.7-1', '§3.7-12'],
    file: 'test/conformance/service-calls.test.ts',
    test: 'a role that cannot be assumed is a 500',
  },
  {
    statements: [
      '§3.6.2 authorizer: JWT',
      '§3.6.2 authorizer: CUSTOM',
      '§3.6.2 authorizer: AWS_IAM',
      '§3.6.3-9',
    ],
    file: 'src/http-api/lambda-event/authorizer-member.test.ts',
    test: 'requestContext.authorizer of each kind and format',
  },
  {
    statements: ['§3.6.3-8'],
    file: 'src/http-api/lambda-event/authorizer-member.test.ts',
    test: 'requestContext.identity has the IAM caller',
  },
  {
    statements: ['§3.8-2'],
    file: 'src/net/upstream/connection.test.ts',
    test: 'stale connections: a fresh connection that ends is not repeated',
  },
  {
    statements: ['§3.3-13', '§3.8 event: unreachable'],
    file: 'src/net/upstream/tls.test.ts',
    test: 'TLS: a certificate of a known authority for the host is accepted',
  },
  {
    statements: ['§5.1-1'],
    file: 'test/end-to-end/management/apis.test.ts',
    test: 'CORS: members merge, [] clears, {} and DeleteCorsConfiguration leave none',
  },
  {
    statements: ['§3.1-1'],
    file: 'test/end-to-end/management/integrations.test.ts',
    test: 'an integration that routes target cannot be deleted',
  },
  {
    statements: ['§3.5-9'],
    file: 'test/end-to-end/management/vpc-links.test.ts',
    test: 'a VPC link is created, read, listed in pages, renamed, tagged and deleted',
  },
  {
    statements: ['§3.5-3'],
    file: 'test/end-to-end/http/private-integrations.test.ts',
    test: 'a Cloud Map service is asked for by DiscoverInstances',
  },
  {
    statements: ['§3.5-4', '§3.5-5', '§3.1 field: TlsConfig.ServerNameToVerify'],
    file: 'test/end-to-end/http/private-integrations.test.ts',
    test: 'TlsConfig: HTTPS, with the name to verify as SNI and checked in the certificate',
  },
  {
    statements: ['§3.5-6', '§3.5-7', '§3.5-8'],
    file: 'test/end-to-end/http/private-integrations.test.ts',
    test: 'a private backend gets the path with the stage, the client’s Host, and Forwarded without by',
  },
  {
    statements: ['§4.16#69', '§4.16#70'],
    file: 'test/end-to-end/http/private-integrations.test.ts',
    test: 'overwrite:path takes the stage out, overwrite:header.host changes the host',
  },
  {
    statements: ['§3.5-11'],
    file: 'test/end-to-end/http/private-integrations.test.ts',
    test: 'a load balancer’s own error passes through',
  },
  {
    statements: ['§3.8 event: private link'],
    file: 'test/end-to-end/http/private-integrations.test.ts',
    test: 'a listener without targets, and one that the configuration does not name, answer 503',
  },
  {
    statements: ['§6.1 cause: discovery document'],
    file: 'test/end-to-end/http/jwt-keys.test.ts',
    test: 'strictIssuerCheck: an issuer that does not answer is refused',
  },
  {
    statements: ['§6.2.1-1', '§6.2.1-2'],
    file: 'test/end-to-end/http/jwt.test.ts',
    test: 'a token is in a header, with Bearer or without',
  },
  {
    statements: ['§6.2.1-1'],
    file: 'test/end-to-end/http/jwt.test.ts',
    test: 'a token is in a query parameter',
  },
  {
    statements: ['§6.2.1-3', '§6.2.4 case: no token', '§6.2.4-2', '§14 status: 401'],
    file: 'test/end-to-end/http/jwt.test.ts',
    test: 'no token: 401, and nothing but the scheme',
  },
  {
    statements: [
      '§6.2.2(1)',
      '§6.2.4 case: malformed token',
      '§6.2.4 case: wrong audience',
      '§6.2.4 case: expired',
      '§6.2.4 case: wrong issuer',
      '§6.2.4 case: unsupported algorithm',
      '§6.2.4 case: bad signature',
      '§6.2.4 case: unknown kid',
      '§6.2.4 case: not yet valid',
    ],
    file: 'test/end-to-end/http/jwt.test.ts',
    test: 'what is refused with which words',
  },
  {
    statements: ['§6.2.2(4)', '§6.2.2(5)', '§6.2.2(6)'],
    file: 'test/end-to-end/http/jwt.test.ts',
    test: 'what gets in',
  },
  {
    statements: ['§6.2.2(2)'],
    file: 'test/end-to-end/http/jwt.test.ts',
    test: 'every asymmetric algorithm gets in',
  },
  {
    statements: ['§6.2.2(7)', '§6.2.4 case: scope missing', '§6.2.4-1', '§6.2.5-1'],
    file: 'test/end-to-end/http/jwt.test.ts',
    test: 'scopes: one of the route’s is enough, none is 403',
  },
  {
    statements: ['§4.5-7', '§4.13-5'],
    file: 'test/end-to-end/http/jwt.test.ts',
    test: 'both spellings of a claim are one',
  },
  {
    statements: ['§3.3 AWS_IAM', '§4.5 source: context'],
    file: 'test/end-to-end/http/iam-authorizer.test.ts',
    test: 'the Authorization header of a signed request does not reach a backend',
  },
  {
    statements: ['§4.5-7', '§4.16#55', '§4.16#56', '§6.2.6-4'],
    file: 'test/end-to-end/http/jwt.test.ts',
    test: 'claims are in the context, as text',
  },
  {
    statements: ['§6.2.6-1', '§6.2.6-3'],
    file: 'test/end-to-end/http/jwt.test.ts',
    test: 'claims and scopes are in the events of functions',
  },
  {
    statements: ['§6.2.6-2'],
    file: 'src/identity/jwt/claim-text.test.ts',
    test: 'a number in decimal is the number',
  },
  {
    statements: ['§5.5#7', '§5.5#8'],
    file: 'test/end-to-end/http/jwt.test.ts',
    test: 'a preflight at a route with an authorizer needs a token',
  },
  {
    statements: ['§6.2.2(3)', '§6.2.3-3'],
    file: 'test/end-to-end/http/jwt-keys.test.ts',
    test: 'keys: rotation, and an issuer that is away',
  },
  {
    statements: ['§6.2.4 case: discovery unreachable', '§6.2.4 case: JWKS unreachable'],
    file: 'test/end-to-end/http/jwt-keys.test.ts',
    test: 'keys: discovery or key set out of reach',
  },
  {
    statements: ['§6.2.3-1'],
    file: 'src/identity/jwt/issuers.test.ts',
    test: 'rotation: an unknown kid has the keys fetched again, at most once a minute',
  },
  {
    statements: ['§6.2.3-1'],
    file: 'src/identity/jwt/issuers.test.ts',
    test: 'keys are kept for two hours and renewed after one',
  },
  {
    statements: ['§6.2.3-2'],
    file: 'src/identity/jwt/issuers.test.ts',
    test: 'keys of just 150,000 bytes are taken',
  },
  {
    statements: ['§2.1-8'],
    file: 'test/end-to-end/management/websocket-responses.test.ts',
    test: 'an HTTP API has none of them',
  },
  {
    statements: ['§3.6.3-10'],
    file: 'src/http-api/lambda-event/headers.test.ts',
    test: 'headers of format 1.0: names and their order',
  },
  {
    statements: ['§6.3.2-1', '§6.3.2-2', '§6.3.2-3'],
    file: 'test/end-to-end/http/lambda-authorizer.test.ts',
    test: 'the event of format 2.0 (§6.3.2)',
  },
  {
    statements: ['§6.3.3-1', '§6.3.3-2', '§6.3.3-3', '§6.3.3-4', '§6.3.3-5'],
    file: 'test/end-to-end/http/lambda-authorizer.test.ts',
    test: 'the event of format 1.0 (§6.3.3',
  },
  {
    statements: ['§6.3.1-1', '§6.3.1-2', '§6.3.5 case: identity source missing'],
    file: 'test/end-to-end/http/lambda-authorizer.test.ts',
    test: 'a missing or empty identity source: 401',
  },
  {
    statements: [
      '§6.3.4-1',
      '§6.3.4-2',
      '§6.3.4-3',
      '§6.3.4-4',
      '§6.3.4-5',
      '§6.3.5 case: not authorised',
      '§6.3.5 case: failure',
      '§6.3.5 case: function throws Unauthorized',
    ],
    file: 'test/end-to-end/http/lambda-authorizer.test.ts',
    test: 'outcomes (§6.3.4, §6.3.5)',
  },
  {
    statements: ['§6.3.6-1', '§6.3.6-2', '§6.3.6-3', '§4.5-8', '§4.16#59'],
    file: 'test/end-to-end/http/lambda-authorizer.test.ts',
    test: 'context goes into variables as text',
  },
  {
    statements: ['§6.3.1-3', '§6.3.1-6'],
    file: 'test/end-to-end/http/lambda-authorizer.test.ts',
    test: 'answers are kept, denials too, failures not',
  },
  {
    statements: ['§6.3.1-5', '§6.3.1-7', '§6.3.1-4'],
    file: 'test/end-to-end/http/lambda-authorizer.test.ts',
    test: 'a kept simple answer is for all routes with its context',
  },
  {
    statements: ['§6.3.1-4'],
    file: 'test/end-to-end/http/lambda-authorizer.test.ts',
    test: '$context.routeKey among the identity sources separates routes',
  },
  {
    statements: ['§6.3.5-1'],
    file: 'test/end-to-end/http/lambda-authorizer.test.ts',
    test: 'access logs tell what the authorizer found and why it failed',
  },
  {
    statements: ['§6.4-3'],
    file: 'test/end-to-end/http/iam-authorizer.test.ts',
    test: 'unsigned, badly signed, expired, of another service or region: 403',
  },
  {
    statements: ['§6.4-1'],
    file: 'test/end-to-end/http/iam-authorizer.test.ts',
    test: 'a session token that is configured must come along',
  },
  {
    statements: ['§6.4-4'],
    file: 'test/end-to-end/http/iam-authorizer.test.ts',
    test: 'an identity of another account has to assume a role',
  },
  {
    statements: ['§6.4-2'],
    file: 'test/end-to-end/http/iam-authorizer.test.ts',
    test: 'policies are about execute-api:Invoke on the request’s ARN',
  },
  {
    statements: ['§6.4-5'],
    file: 'test/end-to-end/http/iam-authorizer.test.ts',
    test: 'the signature is over the path form too',
  },
  {
    statements: ['§6.4-6'],
    file: 'test/end-to-end/http/iam-authorizer.test.ts',
    test: 'events and variables tell of the identity',
  },
  {
    statements: ['§7.1-1', '§7.1-3'],
    file: 'test/end-to-end/http/throttling.test.ts',
    test: 'a burst passes, then each route waits for its own tokens',
  },
  {
    statements: ['§7.1-1'],
    file: 'src/stage/throttle.test.ts',
    test: 'in any second at most burst and rate pass',
  },
  {
    statements: ['§7.1-2'],
    file: 'test/end-to-end/http/throttling.test.ts',
    test: 'APIs of an account share its limit, and no stage exceeds it',
  },
  {
    statements: ['§7.2-4'],
    file: 'test/end-to-end/http/throttling.test.ts',
    test: 'preflights take tokens',
  },
  {
    statements: ['§8-7'],
    file: 'test/end-to-end/http/throttling.test.ts',
    test: 'settings of a route come and go without a deployment',
  },
  {
    statements: ['§7.3-2', '§7.5-1'],
    file: 'test/end-to-end/http/metrics.test.ts',
    test: 'requests that reach a stage are counted by stage',
  },
  {
    statements: ['§7.5-2'],
    file: 'test/end-to-end/http/metrics.test.ts',
    test: '4xx and 5xx follow the response mapping',
  },
  {
    statements: ['§7.3-3'],
    file: 'test/end-to-end/http/metrics.test.ts',
    test: 'DetailedMetricsEnabled adds routes',
  },
  {
    statements: ['§9.1-1'],
    file: 'test/end-to-end/http/access-log-services.test.ts',
    test: 'CloudWatch Logs: a stream of its own in the group',
  },
  {
    statements: ['§9.1-3'],
    file: 'src/http-api/access-log.test.ts',
    test: 'an entry has at most 1 MB and ends with a whole character',
  },
  {
    statements: ['§9.1-5'],
    file: 'test/end-to-end/http/access-logs.test.ts',
    test: 'values cannot leave their line or their JSON string',
  },
  {
    statements: ['§9.1-5'],
    file: 'src/http-api/access-log.test.ts',
    test: 'no value leaves its line, and JSON stays JSON',
  },
  {
    statements: ['§9.2 format: CLF', '§9.2 format: JSON', '§9.2 format: XML', '§9.2 format: CSV', '§9.2-1'],
    file: 'test/end-to-end/http/access-logs.test.ts',
    test: 'the standard formats: CLF, JSON, XML and CSV',
  },
  {
    statements: ['§9.3-1'],
    file: 'test/end-to-end/http/access-logs.test.ts',
    test: 'what is unavailable prints -',
  },
  {
    statements: [
      '§9.3 variable: accountId',
      '§9.3 variable: apiId',
      '§9.3 variable: awsEndpointRequestId',
      '§9.3 variable: awsEndpointRequestId2',
      '§9.3 variable: dataProcessed',
      '§9.3 variable: domainName, domainPrefix',
      '§9.3 variable: extendedRequestId',
      '§9.3 variable: httpMethod',
      '§9.3 variable: identity.sourceIp',
      '§9.3 variable: identity.userAgent',
      '§9.3 variable: integration.integrationStatus, integrationStatus',
      '§9.3 variable: integration.latency, integrationLatency',
      '§9.3 variable: integration.requestId',
      '§9.3 variable: integration.status',
      '§9.3 variable: path',
      '§9.3 variable: protocol',
      '§9.3 variable: requestId',
      '§9.3 variable: requestTimeEpoch',
      '§9.3 variable: responseLatency',
      '§9.3 variable: responseLength',
      '§9.3 variable: routeKey',
      '§9.3 variable: stage',
      '§9.3 variable: status',
    ],
    file: 'test/end-to-end/http/access-logs.test.ts',
    test: 'every variable of a request through a stage',
  },
  {
    statements: ['§9.3 variable: requestTime'],
    file: 'test/end-to-end/http/access-logs.test.ts',
    test: 'the standard formats: CLF, JSON, XML and CSV',
  },
  {
    statements: [
      '§9.3 variable: error.message',
      '§9.3 variable: error.messageString',
      '§9.3 variable: error.responseType',
      '§9.3 variable: integration.error, integrationErrorMessage',
      '§9.4-1',
      '§9.5-1',
      '§9.4 type: NOT_FOUND',
      '§9.4 type: ACCESS_DENIED',
      '§9.4 type: THROTTLED',
      '§9.4 type: REQUEST_TOO_LARGE',
      '§9.4 type: INTEGRATION_TIMEOUT',
      '§9.4 type: INTEGRATION_FAILURE',
      '§9.4 type: DEFAULT_5XX',
    ],
    file: 'test/end-to-end/http/access-logs.test.ts',
    test: 'error.responseType and the texts of every refusal',
  },
  {
    statements: ['§9.3-2', '§9.4 type: API_CONFIGURATION_ERROR'],
    file: 'test/end-to-end/http/access-log-callers.test.ts',
    test: 'functions: the status of the Invoke call and that of the function are two things',
  },
  {
    statements: ['§9.3 variable: authorizer.latency, authorizer.status'],
    file: 'test/end-to-end/http/access-log-callers.test.ts',
    test: 'an authorizer’s latency and status',
  },
  {
    statements: [
      '§9.3 variable: identity.accessKey',
      '§9.3 variable: identity.accountId, caller, user, userArn, principalOrgId',
    ],
    file: 'test/end-to-end/http/access-log-callers.test.ts',
    test: 'who signed is named',
  },
  {
    statements: ['§9.3 variable: authorizer.claims.NAME', '§9.4 type: UNAUTHORIZED'],
    file: 'test/end-to-end/http/access-log-callers.test.ts',
    test: 'claims of a token, and a token that is missing',
  },
  {
    statements: [
      '§9.3 variable: authorizer.error',
      '§9.3 variable: authorizer.principalId',
      '§9.3 variable: authorizer.KEY',
      '§9.4 type: AUTHORIZER_FAILURE',
    ],
    file: 'test/end-to-end/http/lambda-authorizer.test.ts',
    test: 'access logs tell what the authorizer found and why it failed',
  },
  {
    statements: ['§9.3 variable: identity.clientCert…', '§9.3 variable: customDomain.basePathMatched'],
    file: 'src/http-api/access-log.test.ts',
    test: 'client certificate, matched base path and times, where a call has them',
  },
  {
    statements: ['§10.1-1'],
    file: 'src/net/tls/front.test.ts',
    test: 'TLS 1.2 and 1.3 are spoken, nothing below',
  },
  {
    statements: ['§10.1-2'],
    file: 'test/end-to-end/management/domains.test.ts',
    test: 'a domain name is created with every default (§2.10.1)',
  },
  {
    statements: ['§10.2-1'],
    file: 'test/end-to-end/http/transport.test.ts',
    test: 'the default endpoint asks for no certificate and takes none',
  },
  {
    statements: ['§10.2-2'],
    file: 'test/end-to-end/http/transport.test.ts',
    test: 'mutual TLS is turned on, moved to another truststore and off by UpdateDomainName',
  },
  {
    statements: ['§10.2-3'],
    file: 'src/net/tls/truststore.test.ts',
    test: 'chains of four certificates are taken, of five not',
  },
  {
    statements: ['§10.2-4'],
    file: 'src/net/tls/front.test.ts',
    test: 'an intermediate authority that the client sends along completes its chain',
  },
  {
    statements: ['§10.2-5'],
    file: 'src/net/tls/front.test.ts',
    test: 'a client that presents no certificate is served, without trust: the gateway answers 403',
  },
  {
    statements: ['§10.2-6', '§10.2-7'],
    file: 'test/end-to-end/http/transport.test.ts',
    test: 'truststores are judged when a domain names them: warnings, refusals',
  },
  {
    statements: ['§10.2-8'],
    file: 'test/end-to-end/management/domains.test.ts',
    test: 'a domain name keeps everything that is given, and enums in any case',
  },
  {
    statements: ['§10.2-9'],
    file: 'src/http-api/lambda-event/event.property.test.ts',
    test: 'the client certificate of mutual TLS is where each format has it (§10.2)',
  },
  {
    statements: ['§10.2-10'],
    file: 'test/end-to-end/http/transport.test.ts',
    test: 'the certificate is told to backends by mapping alone',
  },
  {
    statements: ['§10.3-1'],
    file: 'test/end-to-end/http/transport.test.ts',
    test: 'protocol fields say HTTP/1.1 for HTTP/2 too, and backends are spoken to in HTTP/1.1',
  },
  {
    statements: ['§10.3-2', '§10.3-3', '§10.3-4'],
    file: 'test/end-to-end/http/transport.test.ts',
    test: 'bodies over HTTP/2: framed anew towards backends, at most 10 MB, coded content as it is',
  },
  {
    statements: ['§10.3-5', '§10.3-7'],
    file: 'test/end-to-end/http/transport.test.ts',
    test: 'over HTTP/1.1: one connection, chunked bodies, bytes, content codings, /ping like any path',
  },
  {
    statements: ['ws §5.1.1', 'ws §5.1.2'],
    file: 'src/template/compile-template.test.ts',
    test: 'every vector of the specification is here',
  },
  {
    statements: ['ws §5.1.3'],
    file: 'src/template/compile-template.test.ts',
    test: 'a template of more than 300 KB is refused',
  },
  ...webSocketAccessElsewhere,
  ...webSocketHandshakeElsewhere,
  ...webSocketMessageElsewhere,
  ...webSocketStageElsewhere,
  ...webSocketChoiceElsewhere,
];
