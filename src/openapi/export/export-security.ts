// Authorizers as security schemes of a definition (spec/openapi.md §10.5).
import { parseIdentitySource } from '../../grammar/identity-source.ts';
import type { ExportedAuthorizer } from './exported-api.ts';
import { inOrderOf, type Tree, type TreeMap, treeOf } from './tree.ts';

const AUTHORIZER = 'x-amazon-apigateway-authorizer';

/** All authorizers, also those that no route names, by their names (Choice O45). */
export function exportedSecuritySchemes(
  authorizers: readonly ExportedAuthorizer[],
  includeExtensions: boolean,
): TreeMap {
  return new Map(
    inOrderOf(authorizers, ({ Name }) => Name).map((authorizer) => {
      const scheme = authorizer.AuthorizerType === 'JWT' ? jwtScheme(authorizer) : lambdaScheme(authorizer);
      if (!includeExtensions) scheme.delete(AUTHORIZER);
      return [authorizer.Name, scheme];
    }),
  );
}

function jwtScheme(authorizer: ExportedAuthorizer): TreeMap {
  return treeOf({
    type: 'oauth2',
    flows: treeOf({}),
    [AUTHORIZER]: treeOf({
      identitySource: exportedSources(authorizer.IdentitySource),
      jwtConfiguration: treeOf({
        audience: authorizer.JwtConfiguration?.Audience,
        issuer: authorizer.JwtConfiguration?.Issuer,
      }),
      type: 'jwt',
    }),
  });
}

function lambdaScheme(authorizer: ExportedAuthorizer): TreeMap {
  return treeOf({
    type: 'apiKey',
    ...keyOf(authorizer.IdentitySource ?? []),
    [AUTHORIZER]: treeOf({
      identitySource: exportedSources(authorizer.IdentitySource),
      authorizerUri: authorizer.AuthorizerUri,
      authorizerCredentials: authorizer.AuthorizerCredentialsArn,
      authorizerPayloadFormatVersion: authorizer.AuthorizerPayloadFormatVersion,
      authorizerResultTtlInSeconds: authorizer.AuthorizerResultTtlInSeconds,
      type: 'request',
      enableSimpleResponses: authorizer.EnableSimpleResponses,
    }),
  });
}

/** Where OpenAPI says that the key is, which can tell one header or query parameter. */
function keyOf(sources: readonly string[]): { readonly name: string; readonly in: string } {
  if (sources.length === 1) {
    const { kind, name } = parseIdentitySource(sources[0]!);
    if (kind === 'header') return { name, in: 'header' };
    if (kind === 'querystring') return { name, in: 'query' };
  }
  return { name: 'Unused', in: 'header' };
}

/** One text, which an import takes apart at its commas; a list where a source has a comma itself. */
function exportedSources(sources: readonly string[] | undefined): Tree | undefined {
  return sources?.some((source) => source.includes(',')) ? sources : sources?.join(', ');
}
