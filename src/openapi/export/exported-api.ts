// What a definition is made of: an API with its documents, as they are now or as a deployment froze them.
import type { Input } from '../../wire/operation.ts';

type Made<N extends 'CreateRoute' | 'CreateIntegration' | 'CreateAuthorizer'> = Omit<Input<N>, 'ApiId'>;

type Attribute =
  | 'Name'
  | 'Description'
  | 'Version'
  | 'Tags'
  | 'CorsConfiguration'
  | 'DisableExecuteApiEndpoint'
  | 'IpAddressType';

export interface ExportedApi {
  readonly api: { readonly [M in Attribute]?: Input<'CreateApi'>[M] | undefined };
  readonly routes: readonly ExportedRoute[];
  /** Without members that their kind does not have. */
  readonly integrations: readonly ExportedIntegration[];
  readonly authorizers: readonly ExportedAuthorizer[];
}

export type ExportedRoute = Made<'CreateRoute'>;

export interface ExportedIntegration extends Made<'CreateIntegration'> {
  readonly IntegrationId: string;
}

export interface ExportedAuthorizer extends Omit<Made<'CreateAuthorizer'>, 'IdentitySource'> {
  readonly AuthorizerId: string;
  readonly IdentitySource?: readonly string[];
}

export interface ExportOptions {
  /** False leaves out every member of AWS's (§10.8). */
  readonly includeExtensions: boolean;
  /** What `info.version` tells of an API without a version (Choice O44). */
  readonly stamp: Date;
  /** Where the exported stage is served; undefined without a stage. */
  readonly server: { readonly url: string; readonly basePath: string } | undefined;
}
