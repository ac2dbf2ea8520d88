// Security schemes that are authorizers, as CreateAuthorizer takes them (spec/openapi.md §4.1, Choices O19 to O22).

import { type MapNode, memberOf, type Node, textOf } from '../../tree/node.ts';
import type { DefinedAuthorizer, GivenMembers } from '../definition.ts';
import { memberRows, readMembers } from './given.ts';
import { versionFromNumber } from './payload-format-version.ts';
import { givenOf } from './values.ts';

const AUTHORIZER = 'x-amazon-apigateway-authorizer';
const DISCOVERY = '/.well-known/openid-configuration';

// What the other type has is ignored.
const JWT = memberRows('CreateAuthorizer', {
  identitySource: 'IdentitySource',
  jwtConfiguration: 'JwtConfiguration',
});
const REQUEST = memberRows('CreateAuthorizer', {
  identitySource: 'IdentitySource',
  authorizerUri: 'AuthorizerUri',
  authorizerCredentials: 'AuthorizerCredentialsArn',
  authorizerPayloadFormatVersion: 'AuthorizerPayloadFormatVersion',
  authorizerResultTtlInSeconds: 'AuthorizerResultTtlInSeconds',
  enableSimpleResponses: 'EnableSimpleResponses',
});

/** `components.securitySchemes`, where it is a map. */
export function securitySchemesOf(root: MapNode): MapNode | undefined {
  const schemes = memberOf(memberOf(root, 'components'), 'securitySchemes');
  return schemes?.kind === 'map' ? schemes : undefined;
}

export function isAuthorizer(scheme: Node): boolean {
  return givenOf(scheme, AUTHORIZER) !== undefined;
}

/** One for each scheme with an authorizer, in the order of the document, whether an operation names it or not. */
export function readAuthorizers(root: MapNode): readonly DefinedAuthorizer[] {
  const schemes = securitySchemesOf(root)?.members ?? [];
  return Array.from(schemes)
    .filter(([, { value }]) => isAuthorizer(value))
    .map(([name, { keyOffset, value }]) => ({ name, given: readAuthorizer(name, value), offset: keyOffset }));
}

function readAuthorizer(Name: string, scheme: Node): DefinedAuthorizer['given'] {
  const authorizer = memberOf(scheme, AUTHORIZER)!;
  const type = textOf(memberOf(authorizer, 'type'));
  switch (type?.toLowerCase()) {
    case 'jwt':
      return {
        AuthorizerType: 'JWT',
        Name,
        ...readMembers(authorizer, JWT),
        ...identitySourcesOf(authorizer),
        ...issuerFrom(scheme, authorizer),
      };
    case 'request':
      return {
        AuthorizerType: 'REQUEST',
        Name,
        // The wire wants the member, a document need not have it.
        IdentitySource: [],
        ...readMembers(authorizer, REQUEST),
        ...identitySourcesOf(authorizer),
        ...versionFromNumber(authorizer, 'authorizerPayloadFormatVersion', 'AuthorizerPayloadFormatVersion'),
      };
    default:
      return { refusal: `Unsupported authorizer type: ${type ?? null}` };
  }
}

/** Several in one text stand between commas. */
function identitySourcesOf(authorizer: Node): GivenMembers {
  const sources = textOf(memberOf(authorizer, 'identitySource'));
  if (sources === undefined) return {};
  const IdentitySource = sources
    .split(',')
    .map((source) => source.trim())
    .filter((source) => source !== '');
  return { IdentitySource };
}

/** An issuer that the authorizer does not name is the one whose discovery document the scheme names (Choice O20). */
function issuerFrom(scheme: Node, authorizer: Node): GivenMembers {
  const configuration = givenOf(authorizer, 'jwtConfiguration');
  const url = textOf(memberOf(scheme, 'openIdConnectUrl'));
  if (url === undefined || !url.endsWith(DISCOVERY)) return {};
  if (configuration !== undefined && configuration.kind !== 'map') return {};
  if (givenOf(configuration, 'issuer') !== undefined) return {};
  const { JwtConfiguration } = readMembers(authorizer, JWT);
  return { JwtConfiguration: { ...(JwtConfiguration as object), Issuer: url.slice(0, -DISCOVERY.length) } };
}
