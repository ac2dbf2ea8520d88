// An API as an OpenAPI definition: the members of the document, in the order of AWS's exports (spec/openapi.md §10.1).
import { exportedPaths } from './export-paths.ts';
import { exportedSecuritySchemes } from './export-security.ts';
import type { ExportedApi, ExportOptions } from './exported-api.ts';
import { inOrderOf, type Tree, type TreeMap, treeOf, unlessEmpty } from './tree.ts';

/** The document. It reads back as the same API, unless extensions are left out (§10.10). */
export function exportedDefinition(exported: ExportedApi, options: ExportOptions): TreeMap {
  const { api } = exported;
  const { includeExtensions } = options;
  const securitySchemes = unlessEmpty(exportedSecuritySchemes(exported.authorizers, includeExtensions));
  return treeOf({
    openapi: '3.0.1',
    info: treeOf({
      title: api.Name,
      description: api.Description,
      version: api.Version ?? printStamp(options.stamp),
    }),
    servers: unlessEmpty(exportedServers(api, options)),
    tags: unlessEmpty(exportedTags(api.Tags ?? {}, includeExtensions)),
    // OpenAPI wants it there, even where a document without extensions has no path left.
    paths: exportedPaths(exported, includeExtensions),
    components: securitySchemes && treeOf({ securitySchemes }),
    ...(includeExtensions && {
      'x-amazon-apigateway-cors': exportedCors(api.CorsConfiguration),
      'x-amazon-apigateway-importexport-version': '1.0',
    }),
  });
}

/** `2026-01-11 06:08:40UTC` (§10.1). */
function printStamp(date: Date): string {
  const [, day, time] = /^(.*)T(.*)\.\d+Z$/.exec(date.toISOString())!;
  return `${day} ${time}UTC`;
}

/** At most one: an import would warn of several (Choice O46). */
function exportedServers(api: ExportedApi['api'], options: ExportOptions): readonly Tree[] {
  const { server, includeExtensions } = options;
  const endpoint = unlessEmpty(
    treeOf({
      disableExecuteApiEndpoint: api.DisableExecuteApiEndpoint === true ? true : undefined,
      ipAddressType: api.IpAddressType === 'dualstack' ? 'dualstack' : undefined,
    }),
  );
  const entry = treeOf({
    ...(server && {
      url: `${server.url}/{basePath}`,
      variables: treeOf({ basePath: treeOf({ default: server.basePath }) }),
    }),
    'x-amazon-apigateway-endpoint-configuration': includeExtensions ? endpoint : undefined,
  });
  return entry.size === 0 ? [] : [entry];
}

/** All but those that only AWS may set (Choice O48). */
function exportedTags(tags: { readonly [key: string]: string }, includeExtensions: boolean): readonly Tree[] {
  const own = Object.entries(tags).filter(([key]) => !/^aws:/i.test(key));
  return inOrderOf(own, ([key]) => key).map(([name, value]) =>
    treeOf({ name, 'x-amazon-apigateway-tag-value': includeExtensions ? value : undefined }),
  );
}

function exportedCors(cors: ExportedApi['api']['CorsConfiguration']): TreeMap | undefined {
  return (
    cors &&
    treeOf({
      allowMethods: cors.AllowMethods,
      allowHeaders: cors.AllowHeaders,
      exposeHeaders: cors.ExposeHeaders,
      maxAge: cors.MaxAge,
      allowCredentials: cors.AllowCredentials,
      allowOrigins: cors.AllowOrigins,
    })
  );
}
