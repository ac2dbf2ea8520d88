// An integration as somebody is changing it: the stored one with a draft over it, through the rules of UpdateIntegration, or of
// CreateIntegration where none is stored. Nothing is stored.
import type { ReadTransaction } from '../../store/store.ts';
import { type Operation, operationNamed } from '../../wire/operation.ts';
import { type AnyInput, parseInput } from '../../wire/parse.ts';
import type { Context, ReadContext } from '../context.ts';
import { type Members, type Settled, settleWithErrors } from './draft-errors.ts';
import { integrations } from './integration.ts';
import type { IntegrationDocument } from './integration-document.ts';

/** `draft` has members of CreateIntegration, which replace the stored ones; maps are whole. `stored` is the integration below. Throws a
 *  NotFoundException. */
export function draftIntegration(
  context: ReadContext,
  apiId: string,
  stored: IntegrationDocument | undefined,
  draft: Members,
): Promise<Settled<IntegrationDocument>> {
  // The rules of integrations store nothing until they are asked to.
  const reading = { ...context, tx: remembered(context.tx) } as unknown as Context;
  if (stored === undefined) {
    return settleWithErrors(draft, (members) =>
      integrations.settled(reading, inputOf(operationNamed('CreateIntegration'), [apiId], members)),
    );
  }
  const updates = operationNamed('UpdateIntegration');
  return settleWithErrors(draft, (members) => {
    const labels = [apiId, stored.IntegrationId];
    return integrations.updated(reading, inputOf(updates, labels, replacing(stored, members)));
  });
}

/** Reads each document once: the rules are asked many times. */
function remembered(tx: ReadTransaction): ReadTransaction {
  const documents = new Map<string, ReturnType<ReadTransaction['get']>>();
  return {
    get(key) {
      const id = key.join('/');
      const document = documents.get(id) ?? tx.get(key);
      documents.set(id, document);
      return document;
    },
    list: (collection, page) => tx.list(collection, page),
    lists: (collections) => tx.lists(collections),
    texts: (keys) => tx.texts(keys),
  };
}

/** Through the parser of requests, which knows the kinds of members. */
export function inputOf(operation: Operation, labels: readonly string[], members: Members): AnyInput {
  const named = new Map(operation.body.map(({ name, jsonName }) => [name, jsonName]));
  const body = Object.fromEntries(
    Object.entries(members).map(([name, value]) => [named.get(name) ?? name, value]),
  );
  return parseInput(operation, labels, '', JSON.stringify(body));
}

/** What an update has to say so that the maps of the draft become the stored ones: what is missing is deleted. */
function replacing(stored: IntegrationDocument, draft: Members): Members {
  const { RequestParameters, ResponseParameters } = draft;
  const { IntegrationSubtype } = stored;
  return {
    // Without it parameters of an operation cannot be changed.
    ...(RequestParameters === undefined || IntegrationSubtype === undefined ? {} : { IntegrationSubtype }),
    ...draft,
    ...(isMap(RequestParameters)
      ? { RequestParameters: withDeletions(stored.RequestParameters, RequestParameters) }
      : {}),
    ...(isMap(ResponseParameters)
      ? { ResponseParameters: withStatusDeletions(stored.ResponseParameters, ResponseParameters) }
      : {}),
  };
}

type Texts = Readonly<Record<string, string>>;

function withDeletions(stored: Texts = {}, given: Members): Members {
  const gone = Object.keys(stored).filter((key) => !Object.hasOwn(given, key));
  return Object.fromEntries([...gone.map((key) => [key, '']), ...Object.entries(given)]);
}

function withStatusDeletions(stored: Readonly<Record<string, Texts>> = {}, given: Members): Members {
  const gone = Object.keys(stored).filter((status) => !Object.hasOwn(given, status));
  const kept = Object.entries(given).map(([status, entries]) => [
    status,
    isMap(entries) ? withDeletions(Object.hasOwn(stored, status) ? stored[status] : {}, entries) : entries,
  ]);
  return Object.fromEntries([...gone.map((status) => [status, {}]), ...kept]);
}

function isMap(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
