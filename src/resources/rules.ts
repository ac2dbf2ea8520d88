// What the rules of a kind of resource say, and what they see of a request. The machine that runs them is in resource.ts.
import type { Key, Listing, Page, ReadTransaction } from '../store/store.ts';
import type { AnyInput } from '../wire/parse.ts';
import type { Context, ReadContext } from './context.ts';
import type { Outside } from './outside.ts';
import type { Patch } from './patch.ts';

/** A document on its way: what was stored with what the request gives, not yet checked or complete. */
export type Draft<D> = { readonly [M in keyof D]?: D[M] };

/** What the rules of a kind see of a request. `P` are the documents in the path above the resource, outermost first. */
export interface Scope<D, P extends readonly unknown[]> {
  readonly context: Context;
  readonly path: P;
  /** The document's own key and id. */
  readonly key: Key;
  readonly id: string;
  /** The document as it was stored before, undefined in Create. */
  readonly previous: D | undefined;
  /** In a Create that takes the place of a document, with its id: that document. What only the service says of it stays, and what
   *  the outside was asked for it is not asked again. */
  readonly rewritten?: D | undefined;
  /** What the request gives, path labels included. */
  readonly given: AnyInput;
}

/** What `prepare` knows besides the draft. `previous` may be another when the transaction begins. */
export interface Asking<D> extends Pick<Scope<D, readonly []>, 'previous' | 'given'> {
  readonly outside: Outside;
}

/** The three ways to write a resource. PutX is an update. */
export type Write = 'create' | 'update' | 'delete';

export interface Rules<D, P extends readonly unknown[]> {
  /** Length of generated ids (§1.6). Kinds that the client names need none. */
  readonly idLength?: number;
  /** Where a document shows that an id is taken; by default in the collection. */
  readonly idKey?: (id: string) => Key;
  /** Members of requests that are no part of the document. */
  readonly notStored?: readonly string[];
  /** How members change (§1.10). */
  readonly patch: { readonly [M in keyof D]?: Patch<NonNullable<D[M]>> };
  /** Checks a draft and completes it with defaults. Throws ServiceErrors in the order of §1.5. */
  readonly settle: (draft: Draft<D>, scope: Scope<D, P>) => Promise<D>;
  /** Asks the outside what `settle` of a draft is going to ask it. Runs before the transaction begins, where nothing is
   *  checked yet; refusals are thrown when `settle` asks again, in their order. */
  readonly prepare?: (draft: Draft<D>, asking: Asking<D>) => Promise<unknown>;
  /** Keeps in step what is stored elsewhere because of the document: indexes, what a deployment froze. Runs after every
   *  write that changed it, whoever wrote: from `scope.previous` to `document`, where undefined is one that is not there. It
   *  deploys nothing. */
  readonly upkeep?: (document: D | undefined, scope: Scope<D, P>) => Promise<void>;
  /** Which writes of clients deploy the API to its stages with AutoDeploy, updates that change nothing too (§2.9.2), when
   *  everything else is done. None unless said. */
  readonly deploys?: readonly Write[];
  /** Deploys to the resource itself, a stage, when a client has created or changed it. Returns it as it is then. */
  readonly deploysItself?: (document: D, scope: Scope<D, P>) => Promise<D>;
  /** Throws when a client may not change the document. Rules themselves may. */
  readonly refuseUpdate?: (previous: D, given: AnyInput) => void;
  /** Throws when a client may not delete the document. */
  readonly refuseDelete?: (document: D, scope: Scope<D, P>) => Promise<void>;
  /** Reads a page of a collection, when that is not in creation order. */
  readonly list?: (tx: ReadTransaction, collection: Key, page: Page) => Promise<Listing>;
  /** The resource as clients see it, when that is more or less than the document. Members unknown to the model are
   *  not sent anyway. */
  readonly print?: (document: D, path: P, context: ReadContext) => object;
}
