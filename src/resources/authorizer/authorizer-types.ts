// What each type of authorizer has and needs: the columns of spec/management-api.md §2.6.1, with the texts of §2.6.2.
import { parseCredentialsArn, parseFunctionUri, parseServiceUri } from '../../grammar/arn.ts';
import { GrammarError } from '../../grammar/grammar-error.ts';
import { parseIdentitySource, parseWebSocketIdentitySource } from '../../grammar/identity-source.ts';
import { isLoopbackHost } from '../../grammar/loopback-host.ts';
import { badRequest } from '../../wire/errors.ts';
import type { Input } from '../../wire/operation.ts';
import type { ApiDocument } from '../api/api-document.ts';
import type { Context } from '../context.ts';
import { hasStageVariable } from '../integration/integration-targets.ts';
import { checkCount, checkLength } from '../limits.ts';
import { unlessEmpty } from '../patch.ts';
import type { Draft, Scope } from '../rules.ts';
import { parsed } from '../syntax.ts';

type Given = Omit<Input<'CreateAuthorizer'>, 'ApiId' | 'IdentitySource'>;

export interface AuthorizerDocument extends Given {
  readonly AuthorizerId: string;
  /** Not there when empty. */
  readonly IdentitySource?: readonly string[];
}

export type AuthorizerScope = Scope<AuthorizerDocument, readonly [ApiDocument]>;

type AuthorizerDraft = Draft<AuthorizerDocument>;
type Member = keyof AuthorizerDocument;
type Settled = Omit<AuthorizerDocument, 'AuthorizerId' | 'Name'>;

const MAX_TTL_IN_SECONDS = 3_600;
const MAX_AUDIENCES = 50;

export function settleJwtAuthorizer(draft: AuthorizerDraft, scope: AuthorizerScope): Settled {
  const jwt = draft.JwtConfiguration;
  if (jwt === undefined) throw badRequest('JwtConfiguration must not be null for JWT Authorizer');
  const { Issuer, Audience = [] } = jwt;
  if (Audience.length === 0) {
    throw badRequest('Audience list must have at least 1 item for JWT Authorizer');
  }
  checkCount('audience', Audience, MAX_AUDIENCES);
  checkIssuerUrl(Issuer, scope.context);
  const sources = draft.IdentitySource ?? [];
  if (sources.length !== 1) throw badRequest('IdentitySource must have exactly 1 item for JWT Authorizer');
  const { kind } = parsed(() => parseIdentitySource(sources[0]!));
  if (kind !== 'header' && kind !== 'querystring') {
    throw badRequest(`Invalid identity source expression: ${sources[0]}`);
  }
  refuseForeign(scope, REQUEST_ONLY, (name) => `${name} is not supported for JWT Authorizer`);
  return {
    AuthorizerType: 'JWT',
    IdentitySource: sources,
    JwtConfiguration: { Audience, Issuer },
    ...validationExpression(draft),
  };
}

const BAD_ISSUER = 'Invalid issuer: Issuer is not a valid URL for JWT Authorizer';

/** Throws unless the issuer is a URL of https, or one of http that may be asked without TLS. AWS takes https alone. */
function checkIssuerUrl(issuer: string | undefined, { allowsHttpIssuer }: Context): asserts issuer is string {
  if (issuer === undefined || !/^https?:\/\/[^/?#]/i.test(issuer) || !URL.canParse(issuer)) {
    throw badRequest(BAD_ISSUER);
  }
  const { protocol, host } = new URL(issuer);
  if (protocol === 'https:' || isLoopbackHost(host) || allowsHttpIssuer?.(issuer)) return;
  throw badRequest(
    `${BAD_ISSUER}. Issuers of http are those of this machine, such as http://localhost:8080. For ${host} use https, or name the ` +
      'issuer in jwt.issuers of the configuration file',
  );
}

export function settleRequestAuthorizer(draft: AuthorizerDraft, scope: AuthorizerScope): Settled {
  const AuthorizerUri = checkedUri(draft.AuthorizerUri);
  const version = draft.AuthorizerPayloadFormatVersion;
  if (version === undefined || version === '') {
    throw badRequest('AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer');
  }
  if (version !== '1.0' && version !== '2.0') {
    throw badRequest(`AuthorizerPayloadFormatVersion ${version} is not supported`);
  }
  const EnableSimpleResponses = draft.EnableSimpleResponses ?? false;
  if (EnableSimpleResponses && version === '1.0') {
    throw badRequest('EnableSimpleResponses can only be set for AuthorizerPayloadFormatVersion "2.0".');
  }
  const sources = draft.IdentitySource ?? [];
  for (const source of sources) parsed(() => parseIdentitySource(source));
  const ttl = draft.AuthorizerResultTtlInSeconds;
  checkTtl(ttl, sources);
  checkCredentials(draft.AuthorizerCredentialsArn);
  refuseForeign(scope, ['JwtConfiguration'], (name) => `${name} is not supported for REQUEST authorizer`);
  return {
    ...requestMembers(draft, sources),
    AuthorizerUri,
    AuthorizerPayloadFormatVersion: version,
    ...(ttl === undefined ? {} : { AuthorizerResultTtlInSeconds: ttl }),
    EnableSimpleResponses,
  };
}

export function settleWebSocketAuthorizer(draft: AuthorizerDraft, scope: AuthorizerScope): Settled {
  if (draft.AuthorizerType !== 'REQUEST') {
    throw badRequest('Only REQUEST authorizer type is supported on WEBSOCKET protocol Apis.');
  }
  // The only one of the four texts that was seen live ends without a full stop.
  refuseForeign(scope, HTTP_ONLY, (name) => {
    const end = name === 'AuthorizerResultTtlInSeconds' ? '' : '.';
    return `${name} cannot be set for WEBSOCKET protocol Apis${end}`;
  });
  const AuthorizerUri = checkedUri(draft.AuthorizerUri);
  const sources = draft.IdentitySource ?? [];
  for (const source of sources) parsed(() => parseWebSocketIdentitySource(source));
  checkCredentials(draft.AuthorizerCredentialsArn);
  return { ...requestMembers(draft, sources), AuthorizerUri };
}

const REQUEST_ONLY: readonly Member[] = [
  'AuthorizerUri',
  'AuthorizerCredentialsArn',
  'AuthorizerPayloadFormatVersion',
  'AuthorizerResultTtlInSeconds',
  'EnableSimpleResponses',
];

const HTTP_ONLY: readonly Member[] = [
  'AuthorizerPayloadFormatVersion',
  'AuthorizerResultTtlInSeconds',
  'EnableSimpleResponses',
  'JwtConfiguration',
];

/** Refuses what a request gives and the type does not have. What is given empty clears, whatever the type. */
function refuseForeign(
  { given }: AuthorizerScope,
  members: readonly Member[],
  text: (member: Member) => string,
): void {
  const foreign = members.find((member) => given[member] !== undefined && given[member] !== '');
  if (foreign !== undefined) throw badRequest(text(foreign));
}

function requestMembers(draft: AuthorizerDraft, sources: readonly string[]): Settled {
  const IdentitySource = unlessEmpty(sources);
  const { AuthorizerCredentialsArn } = draft;
  return {
    AuthorizerType: 'REQUEST',
    ...(IdentitySource === undefined ? {} : { IdentitySource }),
    ...(AuthorizerCredentialsArn === undefined ? {} : { AuthorizerCredentialsArn }),
    ...validationExpression(draft),
  };
}

function validationExpression({ IdentityValidationExpression }: AuthorizerDraft): Partial<Settled> {
  return IdentityValidationExpression === undefined ? {} : { IdentityValidationExpression };
}

function checkedUri(uri: string | undefined): string {
  if (uri === undefined) throw badRequest('AuthorizerUri is a required field in an Authorizer');
  checkLength('authorizerUri', uri, 1, 2048);
  if (!isInvocationUri(uri)) throw badRequest('Invalid authorizer URI');
  return uri;
}

function isInvocationUri(uri: string): boolean {
  try {
    if (hasStageVariable(uri)) return uri.startsWith('arn:') || uri.startsWith('${');
    parseServiceUri(uri);
    parseFunctionUri(uri);
    return true;
  } catch (error) {
    if (error instanceof GrammarError) return false;
    throw error;
  }
}

function checkTtl(ttl: number | undefined, sources: readonly string[]): void {
  if (ttl === undefined) return;
  if (ttl < 0 || ttl > MAX_TTL_IN_SECONDS) {
    throw badRequest(
      'Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 seconds.',
    );
  }
  if (ttl > 0 && sources.length === 0) {
    throw badRequest('Identity source must be set if authorizer caching is enabled (TTL is greater than 0)');
  }
}

/** An authorizer's function is invoked before the caller is known, so with a role's rights alone. */
function checkCredentials(arn: string | undefined): void {
  if (arn === undefined || hasStageVariable(arn)) return;
  const { kind } = parsed(() => parseCredentialsArn(arn));
  if (kind !== 'role') throw badRequest('Invalid ARN specified in the request');
}
