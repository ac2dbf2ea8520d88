// An integration as the extension of the operations that call it, always written out (spec/openapi.md §10.6, Choice O45).
import type { ExportedIntegration } from './exported-api.ts';
import { type TreeMap, treeOf } from './tree.ts';

/** Not told, since it is what an import takes without a word. */
const DEFAULT_TIMEOUT_IN_MILLIS = 30_000;

export function exportedIntegration(integration: ExportedIntegration): TreeMap {
  const { IntegrationSubtype, ResponseParameters, TimeoutInMillis, TlsConfig } = integration;
  const isService = IntegrationSubtype !== undefined;
  const credentials = integration.CredentialsArn;
  return treeOf({
    description: integration.Description,
    integrationSubtype: IntegrationSubtype,
    responseParameters:
      ResponseParameters &&
      new Map(Object.entries(ResponseParameters).map(([status, mappings]) => [status, textsOf(mappings)!])),
    ...(isService && { credentials }),
    requestParameters: textsOf(integration.RequestParameters),
    payloadFormatVersion: integration.PayloadFormatVersion,
    connectionId: integration.ConnectionId,
    ...(!isService && { credentials }),
    type: integration.IntegrationType?.toLowerCase(),
    httpMethod: integration.IntegrationMethod,
    uri: integration.IntegrationUri,
    connectionType: integration.ConnectionType,
    timeoutInMillis: TimeoutInMillis === DEFAULT_TIMEOUT_IN_MILLIS ? undefined : TimeoutInMillis,
    tlsConfig: TlsConfig && treeOf({ serverNameToVerify: TlsConfig.ServerNameToVerify }),
  });
}

function textsOf(texts: { readonly [name: string]: string } | undefined): TreeMap | undefined {
  return texts && new Map(Object.entries(texts));
}
