// The document of an Api (spec/management-api.md §2.1.1).
import type { Input } from '../../wire/operation.ts';

type Given = Input<'CreateApi'>;

export interface ApiDocument extends Omit<Given, 'Target' | 'RouteKey' | 'CredentialsArn'> {
  readonly ApiId: string;
  readonly ProtocolType: 'HTTP' | 'WEBSOCKET';
  readonly RouteSelectionExpression: string;
  readonly ApiKeySelectionExpression: string;
  readonly DisableExecuteApiEndpoint: boolean;
  readonly IpAddressType: NonNullable<Given['IpAddressType']>;
  readonly Tags: { readonly [key: string]: string };
  readonly CreatedDate: string;
  /** What quick create made (§2.1.2). Clients do not see it. */
  readonly QuickCreate?: {
    readonly IntegrationId: string;
    readonly RouteId: string;
    readonly Overrides?: ManagedOverrides;
  };
}

/** What a stack says of the three resources that quick create made, on top of what it made (spec/definitions.md §5.3): members of
 *  their updates. */
export interface ManagedOverrides {
  readonly Integration?: object;
  readonly Route?: object;
  readonly Stage?: object;
}
