// Integration responses as somebody is changing them, instead of those that are stored: through the rules of
// CreateIntegrationResponse, one after the other. Nothing is stored.
import { apiKeyOf, integrationResponsesOf, integrationsOf } from '../../config/keys.ts';
import type { Document, Key, ReadTransaction } from '../../store/store.ts';
import { badRequest, ServiceError } from '../../wire/errors.ts';
import { operationNamed } from '../../wire/operation.ts';
import type { Context, ReadContext } from '../context.ts';
import { type FieldError, type Members, settleWithErrors } from './draft-errors.ts';
import { inputOf } from './draft-integration.ts';
import type { IntegrationDocument } from './integration-document.ts';
import { integrationResponses } from './integration-response.ts';

export interface DraftResponses {
  /** Of those that the rules take, each with the id of its integration. */
  readonly documents: readonly Document[];
  /** Fields such as `IntegrationResponses[0].ResponseTemplates["$default"]`. */
  readonly errors: readonly FieldError[];
}

/** `integration` is the draft that they are of, `drafts` have members of CreateIntegrationResponse. */
export async function draftResponses(
  context: ReadContext,
  apiId: string,
  integration: IntegrationDocument,
  drafts: readonly Members[],
): Promise<DraftResponses> {
  const { IntegrationId } = integration;
  const apiKey = apiKeyOf(context, apiId);
  const documents: Document[] = [];
  const errors: FieldError[] = [];
  const tx = overlaid(context.tx, {
    key: [...integrationsOf(apiKey), IntegrationId],
    document: integration as unknown as Document,
    collection: integrationResponsesOf(apiKey, IntegrationId),
    documents,
  });
  // The rules of integration responses store nothing until they are asked to.
  const reading = { ...context, tx } as unknown as Context;
  const creates = operationNamed('CreateIntegrationResponse');
  for (const [i, draft] of drafts.entries()) {
    const settled = await settleWithErrors(draft, async (members) => {
      try {
        return await integrationResponses.settled(reading, inputOf(creates, [apiId, IntegrationId], members));
      } catch (error) {
        // A key that is there twice is one more mistake of the draft.
        if (error instanceof ServiceError && error.status === 409) throw badRequest(error.message);
        throw error;
      }
    });
    const place = `IntegrationResponses[${i}]`;
    for (const { field, message } of settled.errors) {
      errors.push({ field: field === '' ? place : `${place}.${field}`, message });
    }
    if (settled.document !== undefined) documents.push({ ...settled.document, IntegrationId });
  }
  return { documents, errors };
}

interface Overlay {
  /** Of the integration. */
  readonly key: Key;
  readonly document: Document;
  /** Of its responses, and what is in it. */
  readonly collection: Key;
  readonly documents: readonly Document[];
}

function overlaid(tx: ReadTransaction, { key, document, collection, documents }: Overlay): ReadTransaction {
  const [integration, responses] = [key.join('/'), collection.join('/')];
  return {
    ...tx,
    get: (asked) => (asked.join('/') === integration ? Promise.resolve(document) : tx.get(asked)),
    async list(asked, page) {
      if (asked.join('/') !== responses) return tx.list(asked, page);
      return {
        entries: documents.map((each) => ({
          key: [...collection, String(each.IntegrationResponseId)],
          document: each,
        })),
      };
    },
  };
}
