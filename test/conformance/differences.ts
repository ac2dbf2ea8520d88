// Statements that Postern does not follow, or not yet, or that nothing can show: what differs and why. The table of
// docs/compatibility.md is made of it, and coverage.test.ts counts its statements as spoken for.

export interface Difference {
  /** The statements as the page shows them. */
  readonly id: string;
  /** Ids of statements.ts. */
  readonly statements: readonly string[];
  readonly differs: string;
  readonly why: string;
}

const NOT_BUILT = 'Not built yet.';

export const differences: readonly Difference[] = [
  {
    id: '§1.1, second and third bullet',
    statements: ['§1.1-2', '§1.1-3'],
    differs:
      'API endpoints are `http://{apiId}.execute-api.localhost:4700` unless TLS or `--api-endpoint` is configured, and `http://127.0.0.1:4700/_aws/execute-api/{apiId}` where such names do not resolve. AWS’s own host names lead to the API too.',
    why: 'Works on one machine without DNS and certificates. On a port that is shared with the management door, what browsers get by the path form has `Content-Security-Policy: sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads` besides its own headers, so that no page of an API has the console’s origin.',
  },
  {
    id: '§1.1, fourth bullet',
    statements: ['§1.1-4'],
    differs: '`IpAddressType` is stored; which addresses can call is what `--listen` says.',
    why: 'The listener belongs to the installation, not to an API.',
  },
  {
    id: '§1.4, first and second bullet',
    statements: ['§1.4-1', '§1.4-2'],
    differs:
      'A domain name has two labels at least and is no address, and no default endpoint of an API. A name that is created in two regions leads where it was created first. Over a listener without TLS domains answer too.',
    why: 'One installation serves all regions, and its own names must stay its own.',
  },
  {
    id: '§1.5, first bullet; §1.6, third bullet',
    statements: ['§1.5-1', '§1.6-2'],
    differs: 'There may be any number of mappings and rules.',
    why: 'AWS’s quotas protect AWS.',
  },
  {
    id: '§1.6, last but one bullet',
    statements: ['§1.6-8'],
    differs: 'Routing rules lead to stages of HTTP APIs. A base path in a rule is whole segments.',
    why: 'AWS documents rules for REST APIs, which are not here.',
  },
  {
    id: '§2.1, sixth bullet; §2.3 item 5',
    statements: ['§2.1-6', '§2.3(5)'],
    differs:
      'A route key that differs from another in variable names alone is a ConflictException, so that no two routes are equally specific.',
    why: 'Observed on AWS (management API specification, §2.2.2) after the choice was written.',
  },
  {
    id: '§2.6, third bullet',
    statements: ['§2.6-3'],
    differs:
      'With the reference codec, which no setting selects, methods that Node.js does not know answer 400.',
    why: 'Its parser refuses them.',
  },
  {
    id: '§3.5, first and second bullet',
    statements: ['§3.5-1', '§3.5-2'],
    differs:
      'A listener’s ARN leads where `privateTargets` of the configuration file says: static targets, DNS or SRV records. Cloud Map services are asked of Cloud Map, or found the same way.',
    why: 'There is no load balancer to ask here. A listener that `privateTargets` does not name answers 503, and `postern doctor` lists it.',
  },
  {
    id: '§3.5, tenth bullet',
    statements: ['§3.5-10'],
    differs: 'A VPC link is AVAILABLE at once and never becomes INACTIVE.',
    why: 'There are no network interfaces to set up. An installation that stops serving after 60 quiet days helps nobody.',
  },
  {
    id: '§3.3, eleventh bullet; §3.4, second bullet',
    statements: ['§3.3-11', '§3.4-2'],
    differs:
      'Bodies stream. A body above 64 KiB of unknown length reaches the backend, and one that did not come in one piece the client, in chunks instead of with a Content-Length, unless a mapping reads it.',
    why: 'A gateway that buffers holds 10 MB for every request in flight (docs/decisions/0001-streaming.md).',
  },
  {
    id: '§3.8, over 10 MB and time-out within a body',
    statements: ['§3.8 event: oversize', '§3.8 event: timeout'],
    differs:
      'A backend reply that grows over 10 MB, fails or times out after its head has been passed on ends the client’s connection.',
    why: 'Bodies stream; the status is sent by then.',
  },
  {
    id: '§3.6.1, second bullet; §8, last but one bullet',
    statements: ['§3.6.1-4', '§8-10'],
    differs:
      'A function without CredentialsArn is called with the AWS SDK’s own credentials (`AWS_ACCESS_KEY_ID` and the rest of its chain); no source ARN is told, and the policy of the function is not looked at by Postern. Local functions may be called by every API.',
    why: 'Only API Gateway’s service principal has the permission that such a policy gives.',
  },
  {
    id: '§3.1, CredentialsArn; §3.6.1, second bullet',
    statements: ['§3.6.1-5'],
    differs:
      'A role is assumed when `assumeRoles: true` or `AWS_ENDPOINT_URL_STS` says so; otherwise the SDK’s own credentials are used. With `arn:aws:iam::*:user/*` a function behind the Invoke API is not called: 500. Local functions ask for no credentials.',
    why: 'Most emulators have no STS. The caller’s secret key is not known to a gateway outside AWS.',
  },
  {
    id: '§3.6.2, second bullet',
    statements: ['§3.6.2-3'],
    differs:
      '`x-forwarded-proto` and `x-forwarded-port` tell the scheme and port that the client called, which need not be `https` and `443`.',
    why: 'Functions make URLs of them.',
  },
  {
    id: '§3.7, tenth bullet',
    statements: ['§3.7-10'],
    differs:
      'SQS is called in its query protocol. An emulator that speaks its JSON protocol alone does not do.',
    why: 'Only the query protocol answers in the XML that callers of API Gateway get.',
  },
  {
    id: '§3.7, CredentialsArn',
    statements: ['§3.7-1'],
    differs:
      'The role of an AWS service integration is assumed through STS when `AWS_ENDPOINT_URL_STS` or `assumeRoles: true` is set. Otherwise the AWS SDK’s own credentials are used for every role.',
    why: 'Most installations and emulators have no STS that lets them assume the roles of a definition.',
  },
  {
    id: '§4.14, Terraform and the CDK',
    statements: ['§4.14-3', '§4.14-4'],
    differs:
      'There is nothing to show: both tools turn their own spelling into that of the API before they send it.',
    why: 'Postern is sent the API’s spelling alone.',
  },
  {
    id: '§4.16 row 14',
    statements: ['§4.16#14'],
    differs: 'A stage variable cannot be empty, so its case cannot come up.',
    why: 'The alphabet of values that §8 and the management API specification give asks for one character at least.',
  },
  {
    id: '§4.2, first bullet',
    statements: ['§4.2-1'],
    differs:
      'A key whose location is not in lower case (`overwrite:Header.x-a`) has effect. AWS stores it; it is said to do nothing there.',
    why: 'A stored rule that silently does nothing only hurts.',
  },
  {
    id: '§4.8, last bullet',
    statements: ['§4.8-5'],
    differs: 'Reserved keys are never stored, so nothing outside can show that they are ignored.',
    why: 'They are refused when written.',
  },
  {
    id: '§4.11, first bullet',
    statements: ['§4.11-1'],
    differs:
      'A `remove:` entry with the value `""` on create is stored and removes. AWS is unmeasured; it may drop the entry.',
    why: 'The AWS CLI’s own example and the CDK write removals so, and configurations that strip identity headers count on them.',
  },
  {
    id: '§4.5, JWT claims',
    statements: ['§4.5-7'],
    differs:
      '`$context.authorizer.claims.NAME` and `$context.authorizer.jwt.claims.NAME` are the same. AWS documents the first alone.',
    why: 'Its staff recommends the second, and a name that silently resolves to nothing lets a client’s own header pass.',
  },
  {
    id: '§4.7, dot segments',
    statements: ['§4.7-9', '§1.9(5)'],
    differs:
      'A request whose data would make a `.` or `..` segment in the backend’s path is answered with 400. AWS is unmeasured.',
    why: 'A client must not choose another path of the backend than the one that was configured.',
  },
  {
    id: '§4.13, values of the caller',
    statements: ['§4.13-5'],
    differs:
      'An `overwrite` of a header or query parameter from `$context.authorizer.*` or `$context.identity.*` without value removes what the client sent under the name. AWS is unmeasured.',
    why: 'A backend that trusts a header because the gateway sets it must not get the client’s own.',
  },
  {
    id: '§5.1, first bullet',
    statements: ['§5.1-1'],
    differs: 'UpdateApi merges the members of CorsConfiguration; an empty list clears one.',
    why: 'The example of the AWS CLI shows it (management API specification, §8.4).',
  },
  {
    id: '§6.1, discovery document',
    statements: ['§6.1 cause: discovery document'],
    differs: 'CreateAuthorizer and UpdateAuthorizer ask the issuer only with `strictIssuerCheck: true`.',
    why: 'On one machine or in tests the issuer may start later.',
  },
  {
    id: '§6.1, issuers; §6.2.3, fourth bullet',
    statements: ['§6.1 cause: issuer not an https URL', '§6.2.3-4'],
    differs:
      'An issuer may be of http when its host is this machine by its spelling (`localhost`, names below it, 127.0.0.0/8, `[::1]`), when `jwt.issuers` names it, or when `jwt.anyHttpIssuer` is `true`.',
    why: 'A local Keycloak or Dex speaks http, and there is nothing between it and the gateway that TLS would protect. On a network somebody could replace its keys, so the operator has to say so.',
  },
  {
    id: '§6.2.2 item 2',
    statements: ['§6.2.2(2)'],
    differs: 'PS256, PS384, PS512, ES256, ES384, ES512 and EdDSA are taken beside RS256, RS384 and RS512.',
    why: 'Many issuers sign with them. The key decides which algorithms it may be used with.',
  },
  {
    id: '§6.2.2 item 1',
    statements: ['§6.2.2(1)'],
    differs:
      'A token with `crit`, with a header name twice, with padding, or whose `kid` is missing is refused; RSA keys have 2048 bits at least.',
    why: 'RFC 7515 and RFC 7518 ask for it; AWS does not say.',
  },
  {
    id: '§6.2.3, first bullet',
    statements: ['§6.2.3-1'],
    differs:
      'Keys are renewed after an hour while they are used. A failed issuer is asked again after 1 s, 2 s, up to 30 s. A verified token is remembered by its exact text, 10,000 an issuer, for as long as its keys are published; time, issuer, audience and scopes are checked for every request.',
    why: 'AWS does not publish what it does. A signature costs as much as the rest of a request.',
  },
  {
    id: '§6.3.2, second bullet',
    statements: ['§6.3.2-2'],
    differs: '`*`, `?` and `%` stay encoded in the path of `routeArn` and `methodArn`.',
    why: 'A function that copies the ARN into its policy must not be made to allow more by the path of the request.',
  },
  {
    id: '§6.3.4, conditions',
    statements: ['§6.3.4-4'],
    differs:
      'Conditions are IpAddress, NotIpAddress, Bool and the String operators on `aws:SourceIp`, `aws:SecureTransport`, `aws:UserAgent` and `aws:Referer`. A statement with another condition, element or policy variable allows nothing when it is an Allow and denies when it is a Deny.',
    why: 'What cannot be judged lets nobody in.',
  },
  {
    id: '§6.3.4, sizes',
    statements: ['§6.3.4-1'],
    differs:
      'An answer of a Lambda authorizer may have 262,144 characters, its context 32 levels, a resource of its policy 2,048 characters; beyond that it is 500.',
    why: 'It is kept in memory, and its context goes into headers, events and logs.',
  },
  {
    id: '§6.3.5, permission',
    statements: ['§6.3.5-2'],
    differs:
      'A function is called with the AWS SDK’s own credentials, or those of AuthorizerCredentialsArn as with integrations; no source ARN is told.',
    why: 'Only API Gateway’s service principal has the permission that the policy of a function gives.',
  },
  {
    id: '§6.4, identities',
    statements: ['§6.4-2', '§6.4-4'],
    differs:
      'Who may call AWS_IAM routes is said by `credentials` of the configuration file; without any, nobody may. An identity without `policies` may call every API of its own account.',
    why: 'There is no IAM to ask.',
  },
  {
    id: '§6.4, signatures',
    statements: ['§6.4-5'],
    differs:
      'A signed request whose path has a `.` segment, or whose query has a parameter `__proto__` or a second `X-Amz-Signature`, is refused.',
    why: 'Signers leave these out of what they sign.',
  },
  {
    id: '§8, fourth bullet',
    statements: ['§8-3', '§8-4'],
    differs:
      'Auto-deploy is done when the change is answered. A deployment is `DEPLOYED` at once, never `PENDING`.',
    why: 'There is nothing to wait for.',
  },
  {
    id: '§8, fifth bullet',
    statements: ['§8-5'],
    differs: 'An API without a route that has a target is not deployed.',
    why: 'Observed on AWS (management API specification, §2.5) after the choice was written.',
  },
  {
    id: '§7.1, fourth bullet',
    statements: ['§7.1-4'],
    differs:
      'An account is limited only where `throttling` of the configuration file says so. Of a bucket with only a rate or only a burst, the other number is AWS’s (10,000 a second, 5,000).',
    why: 'AWS’s quota protects AWS. A laptop that serves more is not to be slowed down by default.',
  },
  {
    id: '§7.3, first line',
    statements: ['§7.3-1'],
    differs:
      'Metrics are counters and histograms in the text format of Prometheus at `GET /_postern/metrics`, not in CloudWatch; the API dimension is the sum over its stages. With `credentials` the request has to be signed.',
    why: 'That is what monitoring outside AWS reads. docs/guide/logs-and-metrics.md maps the names.',
  },
  {
    id: '§7.5; §9.4, REQUEST_TOO_LARGE',
    statements: ['§7.5-1', '§9.4 type: REQUEST_TOO_LARGE'],
    differs:
      'A request that is refused before its stage is known is neither counted nor logged: malformed HTTP, headers over their limit, a body whose Content-Length is over 10 MB.',
    why: 'It belongs to no stage.',
  },
  {
    id: '§9.1, first bullet',
    statements: ['§9.1-1'],
    differs:
      'Where a log group leads is said by `logDestinations` of the configuration file: standard output, a file, CloudWatch Logs or Firehose. A group that it does not name has a file in `DATA/access-logs`, where `DATA` is the data directory.',
    why: 'Logs work without an AWS account, and nothing leaves the machine unasked.',
  },
  {
    id: '§9.1, fourth bullet',
    statements: ['§9.1-4'],
    differs: 'There is no log policy that could overflow.',
    why: 'Who may write to a log group is said by the credentials of the AWS SDK.',
  },
  {
    id: '§9.3, error.messageString',
    statements: ['§9.3 variable: error.messageString'],
    differs: 'Without an error it prints `"-"`, in quotes.',
    why: 'It is always a string, so a JSON entry is always JSON (Choice C63).',
  },
  {
    id: '§9.3, identity.cognito…',
    statements: ['§9.3 variable: identity.cognito…'],
    differs: 'They are always `-`.',
    why: 'There are no Cognito identity pools; who signs is an identity of the configuration file.',
  },
  {
    id: '§14 status 414',
    statements: ['§14 status: 414'],
    differs: 'Never sent: the length of a request’s ARN is not limited, that of its head is.',
    why: 'The limit of the head bounds it.',
  },
  {
    id: '§10.1, second bullet; §10.2, eighth bullet',
    statements: ['§10.1-2', '§10.2-8'],
    differs:
      'A domain name is AVAILABLE at once, and nobody asks who owns it. Certificates are files (`certificates`); a domain whose certificate is not among them is shown with that of `tls`, or not at all.',
    why: 'There is no certificate authority to wait for.',
  },
  {
    id: '§10.1, first bullet',
    statements: ['§10.1-1'],
    differs:
      'Clients that name no domain get the certificate of `tls` where there is one. Without any certificate the gateway speaks HTTP, and domains with mutual TLS answer 403.',
    why: 'A default for one machine.',
  },
  {
    id: '§10.2, fifth bullet; Choice C66',
    statements: ['§10.2-5'],
    differs:
      'The connection of a client whose certificate is not accepted is closed without an alert of TLS, with TLS 1.3 after the client has finished its handshake. A certificate presented to another domain or name counts for nothing: 403.',
    why: 'Node.js judges certificates when the handshake is over, and has no way to send an alert.',
  },
  {
    id: '§10.2, second and sixth bullet',
    statements: ['§10.2-2', '§10.2-6'],
    differs:
      'Certificates that get a warning are left out of the truststore. Where a file stands for the object (`truststores`), a changed file counts at once, whatever TruststoreVersion says; idle connections of clients it does not accept are closed. An object of S3 is read when the domain is created or updated.',
    why: 'A certificate that AWS would warn of verifies nobody here. The texts of warnings are our own.',
  },
  {
    id: '§10.3, second bullet',
    statements: ['§10.3-2'],
    differs: 'Requests and responses stream.',
    why: 'A gateway that buffers holds 10 MB for every request in flight (docs/decisions/0001-streaming.md).',
  },
  {
    id: '§10.3, sixth bullet',
    statements: ['§10.3-6'],
    differs: 'None of it is here either: there is nothing to show.',
    why: 'REST APIs have it.',
  },
  {
    id: 'WebSocket APIs §1.1.1 and §1.4.1',
    statements: ['ws §1.1.1', 'ws §1.4.1'],
    differs:
      'Endpoints are `ws://{api}.execute-api.localhost:{port}`, the path form `ws://127.0.0.1:{port}/_aws/execute-api/{api}` where such names do not resolve, or what `--api-endpoint` says; `wss://` where TLS is configured. Events tell of port 443 and `https` either way.',
    why: 'Names of AWS lead to AWS.',
  },
  {
    id: 'WebSocket APIs §1.1.7',
    statements: ['ws §1.1.7'],
    differs: 'IpAddressType is stored; the server listens where its settings say.',
    why: 'Addresses are the machine’s own.',
  },
  {
    id: 'WebSocket APIs §1.1.9',
    statements: ['ws §1.1.9'],
    differs: '`/ping` and `/sping` are paths like any other: 403, or a mapping of that key.',
    why: 'Health is asked for at the management door (`GET /_postern/health`).',
  },
  {
    id: 'WebSocket APIs §1.2.3',
    statements: ['ws §1.2.3'],
    differs: 'A mapping key of a WebSocket API with `/` in it is refused with 400.',
    why: 'Multi-level keys are those of HTTP APIs (management §2.11). The text is our own.',
  },
  {
    id: 'WebSocket APIs §2.5.3',
    statements: ['ws §2.5.3'],
    differs:
      'Models whose `pattern` has look-ahead, look-behind or back references, whose `$schema` is not draft 4, that refer to schemas elsewhere, or to themselves without a member or an item between, are refused when they are written, with the reason behind the text of AWS. A message that takes too many steps to check ([limits](reference/limits.md)) fits no model. `1.0` is an integer. Of all that is wrong with a message the logs tell the first.',
    why: 'Neither a pattern nor a message must be able to stop the gateway; a schema that cannot be read as it says is better refused than misread.',
  },
  {
    id: 'WebSocket APIs §2.7.4',
    statements: ['ws §2.7.4'],
    differs:
      'API keys are in the configuration file (`apiKeys`), each with the stages and limits of its plan.',
    why: 'The operations of keys and usage plans are those of REST APIs.',
  },
  {
    id: 'WebSocket APIs §6.2.4',
    statements: ['ws §6.2.4'],
    differs: 'The text names the path behind the stage: `@connections/{id}`.',
    why: 'Nobody has captured it.',
  },
  {
    id: 'WebSocket APIs §6.4.1 and §6.4.4',
    statements: ['ws §6.4.1', 'ws §6.4.4'],
    differs:
      'Policies are asked about the resource with the connection’s id and about the one with `{connectionId}`: a Deny of either refuses, an Allow of either lets in.',
    why: 'AWS’s refusals name the second, its documentation the first.',
  },
  {
    id: 'WebSocket APIs §6.4.5',
    statements: ['ws §6.4.5'],
    differs:
      'Signatures are checked where `credentials` are configured. Without any, calls from this machine are served, signed or not, unless a web page makes them; others are refused.',
    why: 'The rule of the management door.',
  },
  {
    id: 'WebSocket APIs §7.3',
    statements: ['ws §7.3'],
    differs:
      'New connections of an account are limited only where `webSocket.newConnectionsPerSecond` of the configuration file says so, and open ones where `webSocket.maxConnections` does. Of connect requests 256 are served at a time; others wait for at most 5 seconds, and are refused with 503 and `Retry-After` then.',
    why: 'AWS’s quotas protect AWS. Clients that come back all at once must not take the backends down.',
  },
  {
    id: 'WebSocket APIs §7.4',
    statements: ['ws §7.4 others'],
    differs:
      'A client is not read from while 64 of its messages are at work, or 256 KB wait for it. Where posts and answers at work have made that more than 1 MB, the next answer or ping closes it with 1008 `Slow consumer`. So does a message of more than 16,384 fragments, without a text.',
    why: 'What one client may keep waiting is bounded. AWS does not say what it does.',
  },
  {
    id: 'WebSocket APIs §7.5.1 and §7.5.2',
    statements: ['ws §7.5.1', 'ws §7.5.2'],
    differs:
      'A client that does not answer a close frame is let go of, and `$disconnect` told, 10 seconds later. 256 ends are told at a time; others wait for them.',
    why: 'RFC 6455 §7.1.1 lets the client close first. A function is not to be drowned when thousands leave at once.',
  },
  {
    id: 'WebSocket APIs §1.6.6 and §7.5.5',
    statements: ['ws §1.6.6', 'ws §7.5.5'],
    differs:
      'A connection whose `$connect` was at work when the process died has its `$disconnect` told by the next one, code 1006. The `requestId` of a DISCONNECT event is always the same for a connection: where it is told twice, because who told it died, both have one. Where a connection cannot be written down, a full disk for example, clients of stages with a `$disconnect` integration get 503 `ServiceUnavailableException`.',
    why: 'The API may have stored the id, and an end must not be lost. AWS promises neither.',
  },
  {
    id: 'WebSocket APIs §8.3.1',
    statements: ['ws §8.3.1'],
    differs: 'There may be any number of authorizers.',
    why: 'AWS’s quotas protect AWS.',
  },
  {
    id: 'WebSocket APIs §8.3.6',
    statements: ['ws §8.3.6'],
    differs:
      'Functions on this machine ask for no permission. A role is assumed as those of integrations are (`assumeRoles`).',
    why: 'Who configures the API owns the functions.',
  },
  {
    id: 'WebSocket APIs §8.4.2',
    statements: ['ws §8.4.2'],
    differs:
      'Conditions are those of HTTP APIs (§6.3.4): addresses and texts of the connect request. A statement with something else in it allows nothing when it is an Allow and denies when it is a Deny.',
    why: 'What cannot be judged must not let anybody in.',
  },
  {
    id: 'WebSocket APIs §9.1.1 and §10.7',
    statements: [
      'ws §9.1.1',
      'ws §10.7 quota: requests per second',
      'ws §10.7 quota: new connections',
      'ws §10.7 quota: concurrent connections',
    ],
    differs:
      'Requests and new connections of an account are limited only where `throttling` and `webSocket` of the configuration file say so.',
    why: 'AWS’s quotas protect AWS. A laptop that serves more is not to be slowed down by default.',
  },
  {
    id: 'WebSocket APIs §9.2; management §2.8.2, loggingLevel',
    statements: ['ws §9.2 setting: loggingLevel'],
    differs: 'A `LoggingLevel` that is none of `OFF`, `ERROR` and `INFO` is kept, and logs as `INFO`.',
    why: 'AWS takes any text; what it then logs is not known.',
  },
  {
    id: 'WebSocket APIs §9.3.1',
    statements: ['ws §9.3.1'],
    differs:
      'The log group is the name of a file in `DATA/access-logs`, or what `logDestinations` makes of its ARN. No role of the account is asked for.',
    why: 'There is no CloudWatch here.',
  },
  {
    id: 'WebSocket APIs §9.6',
    statements: ['ws §9.6 dimensions', 'ws §9.6-1'],
    differs:
      'Metrics are in the text format of Prometheus at `GET /_postern/metrics`; the API dimension is the sum over its stages. Throttled events and internal errors are logged and counted; what belongs to no stage is not.',
    why: 'That is what monitoring outside AWS reads.',
  },
  {
    id: 'WebSocket APIs §10.1.5',
    statements: ['ws §10.1.5'],
    differs: 'Models are checked when they are written, whatever `DisableSchemaValidation` says.',
    why: 'A deployment has nothing left to check.',
  },
  {
    id: 'WebSocket APIs §3.5.7, §10.2',
    statements: ['ws §3.5.7', 'ws §10.2'],
    differs:
      '`ClientCertificateId` is stored, and backends are shown no client certificate. `$default` is a name for a stage too.',
    why: 'Client certificates are those of the operations of REST APIs.',
  },
  {
    id: 'WebSocket APIs §10.7',
    statements: [
      'ws §10.7 quota: APIs',
      'ws §10.7 quota: authorizers per API',
      'ws §10.7 quota: routes per API',
      'ws §10.7 quota: integrations per API',
      'ws §10.7 quota: stages per API',
      'ws §10.7 quota: custom domains',
    ],
    differs: 'There may be any number of them.',
    why: 'AWS’s quotas protect AWS.',
  },
  {
    id: 'HTTP APIs §3.3, WebSocket APIs §3.5.2',
    statements: ['§3.3-14', 'ws §3.5.2 Via'],
    differs:
      'A request that has passed the gateway ten times already, by its `Via`, is refused with 500 and a line in the log. HTTP and HTTP_PROXY integrations of WebSocket APIs send `Via` too.',
    why: 'An integration that leads back to its own API would keep the gateway busy until its connections are used up.',
  },
  {
    id: 'WebSocket APIs §3.3.2',
    statements: ['ws §3.3.2'],
    differs:
      'Functions are called with the AWS SDK’s own credentials, or those of CredentialsArn; no source ARN is told.',
    why: 'Only API Gateway’s service principal has the permission that the policy of a function gives.',
  },
  {
    id: 'WebSocket APIs §5.2.5 and §5.11',
    statements: ['ws §5.2.5', 'ws §5.11'],
    differs:
      'A `$` that no name follows is text everywhere; the reference engine loses it, or a `!` behind it, in some places. Behind `$x` a bracket is an index directly behind the reference alone. `$x.y(abc)` is a syntax error.',
    why: 'A lexer that loses characters helps nobody.',
  },
  {
    id: 'WebSocket APIs §5.2.6',
    statements: ['ws §5.2.6'],
    differs: '`\\\\#set` prints one backslash, as before other directives; the reference engine prints two.',
    why: 'Escapes are one rule.',
  },
  {
    id: 'WebSocket APIs §5.3.1 and §5.11',
    statements: ['ws §5.3.1'],
    differs:
      '`#set` of what a method returns is a syntax error; the reference engine sets a property of the method’s name.',
    why: 'It is a slip.',
  },
  {
    id: 'WebSocket APIs §5.3.3 and §5.11',
    statements: ['ws §5.3.3'],
    differs:
      '`#foreach` needs `in`, and nothing stands behind the list; the reference engine takes any word.',
    why: 'It is a slip.',
  },
  {
    id: 'WebSocket APIs §5.3.9 and §5.11',
    statements: ['ws §5.3.9'],
    differs:
      '`#*` without `*#` is a syntax error, and `#*#` a comment; the reference engine takes the rest of the template for the comment. A text that is a comment of `###` is read.',
    why: 'A template that ends early without a word hides a mistake.',
  },
  {
    id: 'WebSocket APIs §5.4.2 and §5.11',
    statements: ['ws §5.4.2'],
    differs:
      'A missing result joined to a text adds nothing; integers are of one kind; decimals with integers beyond 64 bits are doubles. The reference engine adds a piece of the expression’s text, tells Integer from Long, and makes a BigDecimal.',
    why: 'Java’s kinds of numbers show nowhere else.',
  },
  {
    id: 'WebSocket APIs §5.5 and §5.11',
    statements: ['ws §5.5'],
    differs:
      'Methods that §5.5 does not list, such as `format()` and `toCharArray()`, are missing. `subList()` is a copy, arrays print as lists, and lists and maps are no keys of maps.',
    why: 'They reach into Java, or nobody has asked for them.',
  },
  {
    id: 'WebSocket APIs §5.5.1',
    statements: ['ws §5.5.1'],
    differs:
      '`class`, `getClass()` and all that is reflective is missing; a map’s own entry `class` is there.',
    why: 'What is reachable from a class is the whole machine.',
  },
  {
    id: 'WebSocket APIs §5.5.2',
    statements: ['ws §5.5.2'],
    differs:
      'Back-references, atomic groups, most look-around, the flags `m d u U` and a few more are refused with a sentence: by BadRequestException where a template spells the pattern out, else as the template runs. `\\b` knows the letters A to Z alone.',
    why: 'A pattern must not be able to stop the gateway: matching takes time in proportion to the text.',
  },
  {
    id: 'WebSocket APIs §5.6.3 and §5.11',
    statements: ['ws §5.6.3'],
    differs:
      'Doubles and floats print with the shortest digits, as Java 19 and later do; Java 17 has one more for some.',
    why: 'The version of Java behind AWS is not known.',
  },
  {
    id: 'WebSocket APIs §5.7.2 and §5.11',
    statements: ['ws §5.7.2'],
    differs: '`$util` takes any value as its text.',
    why: 'The signatures of AWS’s tools are not published.',
  },
  {
    id: 'WebSocket APIs §5.8.7 and §5.11',
    statements: ['ws §5.8.7'],
    differs:
      '`max()` finds the largest of negative numbers too, `last()` the only element; `append()` changes no document; a function stands at a path’s end.',
    why: 'Jayway’s slips give wrong values.',
  },
  {
    id: 'WebSocket APIs §5.9 and §5.11',
    statements: ['ws §5.9'],
    differs:
      'A document `null` gives missing results, and a lone `-` and `NaN` are texts. Jayway refuses the first, json-smart reads a number.',
    why: 'JSON with a value that JSON does not have hides a mistake.',
  },
  {
    id: 'WebSocket APIs §4.3.6',
    statements: ['ws §4.3.6'],
    differs:
      'Patterns are matched in linear time: what §5.5.2 refuses is refused when the key is written. Everything else is Java’s.',
    why: 'A pattern must not be able to stop the gateway.',
  },
  {
    id: 'WebSocket APIs §4.5.4',
    statements: ['ws §4.5.4'],
    differs: 'No gateway responses here either: there is nothing to show.',
    why: 'The V2 API has none.',
  },
  {
    id: 'WebSocket APIs §11.1, §11.2, §11.4, §11.7',
    statements: ['ws §11.1', 'ws §11.2', 'ws §11.4', 'ws §11.7'],
    differs:
      'No test operation, canary, cache or X-Ray here either. The console, `postern explain` and traces are our own.',
    why: 'The V2 API has none.',
  },
  {
    id: 'OpenAPI §10.3',
    statements: ['oas §14#118'],
    differs:
      'The url of an export’s server is the endpoint of this installation, as in ApiEndpoint: `http://{apiId}.execute-api.localhost:4700/{basePath}` unless TLS or `--api-endpoint` is configured.',
    why: 'Who reads the document calls the API here.',
  },
  {
    id: 'OpenAPI §17, O5',
    statements: ['oas §17 O5'],
    differs:
      'A document may have 10,000 operations and 500 authorizers, whatever AWS’s quotas are. What CreateRoute and its like refuse, as more than ten scopes, is a warning here too.',
    why: 'AWS’s quotas protect AWS.',
  },
  {
    id: 'OpenAPI §17, O36',
    statements: ['oas §17 O36'],
    differs:
      'payloadFormatVersion may be a number. AWS answered `Unsupported PayloadFormatVersion: 1` in 2020, and made a route without target.',
    why: 'AWS’s own samples write numbers, and Terraform turns 1.0 into 1.',
  },
  {
    id: 'OpenAPI §17, O51',
    statements: ['oas §17 O51'],
    differs: 'There is no template engine whose properties could stand beside a document.',
    why: NOT_BUILT,
  },
];
