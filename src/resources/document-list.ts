// Whole collections of stored documents, in creation order.
import type { Document, Key, ReadTransaction } from '../store/store.ts';

/** All documents of a collection. For collections that are small or needed whole; pages are the store's own `list`. */
export async function listAll<D = Document>(tx: ReadTransaction, collection: Key): Promise<readonly D[]> {
  const { entries } = await tx.list(collection);
  return entries.map(({ document }) => document as D);
}
