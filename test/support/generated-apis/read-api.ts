// An API as clients see it, of what its definition can tell.
import type { ExportedApi } from '../../../src/openapi/export/exported-api.ts';
import type { Context } from '../../../src/resources/context.ts';
import { handlers } from '../../../src/resources/handlers.ts';

const ATTRIBUTES: ReadonlySet<string> = new Set([
  ...[
    'Name',
    'Description',
    'Version',
    'Tags',
    'CorsConfiguration',
    'DisableExecuteApiEndpoint',
    'IpAddressType',
  ],
]);

export async function readApi(context: Context, ApiId: string): Promise<ExportedApi> {
  const api = await handlers.GetApi({ ApiId }, context);
  const [authorizers, integrations, routes] = await Promise.all([
    handlers.GetAuthorizers({ ApiId }, context),
    handlers.GetIntegrations({ ApiId }, context),
    handlers.GetRoutes({ ApiId }, context),
  ]);
  return {
    api: Object.fromEntries(Object.entries(api).filter(([member]) => ATTRIBUTES.has(member))),
    authorizers: authorizers.Items,
    integrations: integrations.Items,
    routes: routes.Items,
  } as ExportedApi;
}
