// What the workbench shows of one integration, as the management API answers it.
import type { ApiDocument, IntegrationDocument } from '../../api/documents.ts';
import type { Texts } from './rows.ts';

export type StoredApi = Pick<ApiDocument, 'apiId' | 'name' | 'protocolType' | 'routeSelectionExpression'> &
  Partial<Pick<ApiDocument, 'apiEndpoint'>>;

export interface StoredResponse {
  readonly integrationResponseId: string;
  readonly integrationResponseKey: string;
  readonly responseParameters?: Texts;
  readonly responseTemplates?: Texts;
  readonly templateSelectionExpression?: string;
  readonly contentHandlingStrategy?: string;
}

/** All that is shown of one integration. */
export interface Subject {
  readonly api: StoredApi;
  readonly integration: IntegrationDocument;
  /** Of WebSocket APIs. */
  readonly responses: readonly StoredResponse[];
}
