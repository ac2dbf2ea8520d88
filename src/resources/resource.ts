// Create, Get, list, Update or Put, and Delete of a kind of resource, derived from the model (decision 0006): where it is
// stored, what names it and which members a request may give all follow from its operations. What is particular to a
// kind are its Rules (rules.ts), in the file of its name.
import { isDeepStrictEqual } from 'node:util';
import { apiKeyAbove } from '../config/keys.ts';
import { invariant } from '../defect.ts';
import type { Document, Key } from '../store/store.ts';
import { checkInput, pageSize } from '../wire/check.ts';
import { ServiceError } from '../wire/errors.ts';
import { type Operation, type OperationName, operationNamed, operations } from '../wire/operation.ts';
import type { AnyInput } from '../wire/parse.ts';
import type { Context, Handler, ReadContext } from './context.ts';
import { autoDeploy } from './deployment/auto-deploy.ts';
import { unusedId } from './identifiers.ts';
import type { Preparation } from './outside.ts';
import type { Patch } from './patch.ts';
import { namesResource, pathKey, requirePath } from './resource-path.ts';
import type { Draft, Rules, Scope, Write } from './rules.ts';

/** The kinds that have all five operations. Newer families list by ListXs instead of GetXs, and replace by PutX instead of
 *  changing by UpdateX. */
export type Kind = {
  [N in OperationName]: N extends `Create${infer K}`
    ? Extract<OperationName, `Get${K}s` | `List${K}s`> extends never
      ? never
      : K
    : never;
}[OperationName];

export type OperationsOf<K extends Kind> = {
  readonly [N in Extract<
    OperationName,
    `Create${K}` | `Get${K}` | `Get${K}s` | `List${K}s` | `Update${K}` | `Put${K}` | `Delete${K}`
  >]: Handler<N>;
};

/** A kind of resource, for clients and for the rules of other kinds, which write many resources in one transaction and then
 *  deploy once (`autoDeploy`). What rules give are the members of CreateX, UpdateX and DeleteX, path labels included; it is
 *  checked as a client's is, in the order of §1.5, and indexes are kept. */
export interface Resource<K extends Kind, D> {
  readonly operations: OperationsOf<K>;
  /** What `create`, or `update`, of the same members is going to ask the outside: for `prepare` of the operation that is to
   *  call them. A path is needed for an update only. */
  prepare(write: 'create' | 'update', given: AnyInput, preparation: Preparation): Promise<void>;
  /** What `create` of the same members would make, under an id that is nobody's: nothing is stored. Where they name a document
   *  that is there, what `rewrite` would make of it. */
  settled(context: Context, given: AnyInput, extra?: Extra<D>): Promise<D>;
  /** What `update` of the same members would make: nothing is stored. */
  updated(context: Context, given: AnyInput): Promise<D>;
  /** Like CreateX, but nothing is deployed. With `replaced` the document may come back under the id of one that is gone; an id
   *  in `extra` becomes its id unless it is taken. */
  create(context: Context, given: AnyInput, extra?: Extra<D>, replaced?: Replaced<D>): Promise<D>;
  /** Like UpdateX, but what clients may not change can be changed, and nothing is deployed. */
  update(context: Context, given: AnyInput, extra?: Extra<D>): Promise<D>;
  /** Makes a document what `create` of the same members would make, and its id, its dates and what else only the service says
   *  stay: `given` are the members of CreateX with the id. What would be the same is not written. Undefined when it is not
   *  there. */
  rewrite(context: Context, given: AnyInput, extra?: Extra<D>): Promise<Rewritten<D> | undefined>;
  /** Like DeleteX, but nothing is deployed, and what is not there is no error. What clients may not delete is refused, unless
   *  `mayBeUsed`. */
  discard(context: Context, given: AnyInput, mayBeUsed: boolean): Promise<void>;
  /** Like DeleteX with all that is below, but what clients may not delete can be deleted, and nothing is deployed. */
  delete(context: Context, given: AnyInput): Promise<void>;
}

/** Members that rules set and no client can give; undefined removes one. */
export type Extra<D> = { readonly [M in keyof D]?: D[M] | undefined };

export interface Rewritten<D> {
  readonly before: D;
  readonly after: D;
}

/** The documents that a replacement of many deleted before it creates their successors. */
export interface Replaced<D> {
  /** Whether an id was one of theirs: nothing else gets it. */
  has(id: string): boolean;
  /** The id of the one that a new document takes the place of, which it gets; `document` is settled but for its id. */
  idFor(document: D): string | undefined;
}

/** Derives the five operations of a kind. */
export function resource<K extends Kind, D extends object, P extends readonly unknown[]>(
  kind: K,
  rules: Rules<D, P>,
): Resource<K, D> {
  const creates = operationNamed(`Create${kind}` as OperationName);
  const gets = operationNamed(`Get${kind}` as OperationName);
  const lists = oneNamed(`Get${kind}s`, `List${kind}s`);
  const updates = oneNamed(`Update${kind}`, `Put${kind}`);
  const replaces = updates.method === 'PUT';
  const idMember = gets.labels.at(-1);
  invariant(idMember !== undefined, `the path of ${gets.name} ends in an id`);
  invariant(namesResource(idMember), `the 404 of ${idMember} has its text in resource-path.ts`);
  const itemsMember = lists.output.find((member) => member.shape.kind === 'list')?.name;
  invariant(itemsMember !== undefined, `${lists.name} returns a list`);
  const clientNamed = creates.body.some((member) => member.name === idMember);

  async function create(
    context: Context,
    given: AnyInput,
    extra?: Extra<D>,
    replaced?: Replaced<D>,
  ): Promise<Scope<D, P> & { document: D }> {
    const { document: settled, ...scope } = await settle(context, given, extra, replaced);
    const id = replaced?.idFor(settled) ?? scope.id;
    const document = { ...settled, [idMember!]: id };
    const stored = { ...scope, id, key: [...scope.key.slice(0, -1), id] };
    await store(document, stored);
    return { ...stored, document };
  }

  async function settle(
    context: Context,
    given: AnyInput,
    extra?: Extra<D>,
    replaced?: Replaced<D>,
  ): Promise<Scope<D, P> & { document: D }> {
    const path = (await requirePath(creates.name, given, context)) as unknown as P;
    const collection = pathKey(creates, given, context);
    const wished = extra?.[idMember as keyof D] as string | undefined;
    const id = clientNamed
      ? String(given[idMember!])
      : await newId(context, collection, { wished, replaced });
    const scope = { context, path, key: [...collection, id], id, previous: undefined, given };
    const draft = patched({ ...extra, [idMember!]: id } as Draft<D>, creates, given, true);
    return { ...scope, document: await rules.settle(draft, scope) };
  }

  /** What a document becomes that is to be as if it was created. Undefined when it is not there. */
  async function resettle(
    context: Context,
    given: AnyInput,
    extra?: Extra<D>,
  ): Promise<(Scope<D, P> & { previous: D; document: D }) | undefined> {
    const key = pathKey(gets, given, context);
    const previous = (await context.tx.get(key)) as D | undefined;
    if (previous === undefined) return undefined;
    const path = (await requirePath(creates.name, given, context)) as unknown as P;
    const id = String(given[idMember!]);
    const scope = { context, path, key, id, previous: undefined, rewritten: previous, given };
    const draft = patched({ ...extra, [idMember!]: id } as Draft<D>, creates, given, true);
    return { ...scope, previous, document: await rules.settle(draft, scope) };
  }

  async function prepare(
    write: 'create' | 'update',
    given: AnyInput,
    preparation: Preparation,
  ): Promise<void> {
    if (rules.prepare === undefined) return;
    const { store: stored, outside } = preparation;
    const key = write === 'update' ? pathKey(gets, given, preparation) : undefined;
    const previous = key && ((await stored.read((tx) => tx.get(key))) as D | undefined);
    const operation = write === 'create' ? creates : updates;
    const draft = patched(replaces ? {} : (previous ?? {}), operation, given, write === 'create' || replaces);
    try {
      await rules.prepare(draft, { previous, given, outside });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
    }
  }

  async function newId(
    context: Context,
    collection: Key,
    { wished, replaced }: { readonly wished: string | undefined; readonly replaced: Replaced<D> | undefined },
  ): Promise<string> {
    const isTaken = async (id: string) =>
      replaced?.has(id) === true ||
      (await context.tx.get(rules.idKey?.(id) ?? [...collection, id])) !== undefined;
    return wished === undefined || (await isTaken(wished)) ? unusedId(rules.idLength ?? 6, isTaken) : wished;
  }

  async function existing(
    operation: Operation,
    given: AnyInput,
    context: Context,
  ): Promise<Scope<D, P> & { previous: D }> {
    const found = await requirePath(operation.name, given, context);
    return {
      context,
      path: found.slice(0, -1) as unknown as P,
      key: pathKey(operation, given, context),
      id: String(given[idMember!]),
      previous: found.at(-1) as unknown as D,
      given,
    };
  }

  async function update(scope: Scope<D, P> & { previous: D }, extra?: Extra<D>): Promise<D> {
    const document = await updated(scope, extra);
    await store(document, scope);
    return document;
  }

  async function updated(scope: Scope<D, P> & { previous: D }, extra?: Extra<D>): Promise<D> {
    const stored = replaces ? ({ [idMember!]: scope.id } as Draft<D>) : scope.previous;
    const draft = patched({ ...stored, ...extra } as Draft<D>, updates, scope.given, replaces);
    return rules.settle(draft, scope);
  }

  /** Where every create, update and delete of the kind ends. Undefined is a document that is to go. */
  async function store(document: D | undefined, scope: Scope<D, P>): Promise<void> {
    if (isDeepStrictEqual(document, scope.previous)) return;
    const { tx } = scope.context;
    if (document === undefined) await tx.delete(scope.key);
    else await tx.put(scope.key, document as Document);
    await rules.upkeep?.(document, scope);
  }

  function patched(stored: Draft<D>, operation: Operation, given: AnyInput, creating: boolean): Draft<D> {
    const next: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(stored)) if (value !== undefined) next[name] = value;
    const patches = rules.patch as { readonly [member: string]: Patch<unknown> | undefined };
    for (const { name } of operation.body) {
      const value = given[name];
      if (value === undefined || rules.notStored?.includes(name)) continue;
      const patch = patches[name];
      const after = patch === undefined ? value : patch(next[name], value, creating);
      if (after === undefined) delete next[name];
      else next[name] = after;
    }
    return next as Draft<D>;
  }

  async function deploy(write: Write, { context, key }: Scope<D, P>): Promise<void> {
    if (rules.deploys?.includes(write)) await autoDeploy(context, apiKeyAbove(key));
  }

  function print(document: D, path: P, context: ReadContext): object {
    return rules.print?.(document, path, context) ?? document;
  }

  const handlers = {
    async [creates.name](given: AnyInput, context: Context): Promise<object> {
      const { document, ...scope } = await create(context, given);
      await deploy('create', scope);
      const deployed = (await rules.deploysItself?.(document, scope)) ?? document;
      return print(deployed, scope.path, context);
    },
    async [gets.name](given: AnyInput, context: ReadContext): Promise<object> {
      const found = await requirePath(gets.name, given, context);
      return print(found.at(-1) as unknown as D, found.slice(0, -1) as unknown as P, context);
    },
    async [lists.name](given: AnyInput, context: ReadContext): Promise<object> {
      const path = (await requirePath(lists.name, given, context)) as unknown as P;
      const { MaxResults, NextToken } = given as { MaxResults?: string | number; NextToken?: string };
      const page = { limit: pageSize(MaxResults), ...(NextToken === undefined ? {} : { after: NextToken }) };
      const collection = pathKey(lists, given, context);
      const { entries, next } = await (rules.list?.(context.tx, collection, page) ??
        context.tx.list(collection, page));
      return {
        [itemsMember]: entries.map(({ document }) => print(document as D, path, context)),
        NextToken: next,
      };
    },
    async [updates.name](given: AnyInput, context: Context): Promise<object> {
      const scope = await existing(updates, given, context);
      rules.refuseUpdate?.(scope.previous, given);
      const document = await update(scope);
      await deploy('update', scope);
      const deployed = (await rules.deploysItself?.(document, scope)) ?? document;
      return print(deployed, scope.path, context);
    },
    async [`Delete${kind}`](given: AnyInput, context: Context): Promise<void> {
      const scope = await existing(gets, given, context);
      await rules.refuseDelete?.(scope.previous, scope);
      await store(undefined, scope);
      await deploy('delete', scope);
    },
  };

  if (rules.prepare !== undefined) {
    for (const [write, { name }] of [
      ['create', creates],
      ['update', updates],
    ] as const) {
      Object.assign(handlers[name]!, {
        prepare: (given: AnyInput, preparation: Preparation) => prepare(write, given, preparation),
      });
    }
  }

  return {
    // Five handlers under names computed from the kind: the model is what ties them to their types.
    operations: handlers as unknown as OperationsOf<K>,
    prepare,
    async settled(context, given, extra) {
      await requireInput(creates, given, context);
      const rewritten = given[idMember] === undefined ? undefined : await resettle(context, given, extra);
      return (rewritten ?? (await settle(context, given, extra))).document;
    },
    async updated(context, given) {
      await requireInput(updates, given, context);
      return updated(await existing(updates, given, context));
    },
    async create(context, given, extra, replaced) {
      await requireInput(creates, given, context);
      return (await create(context, given, extra, replaced)).document;
    },
    async update(context, given, extra) {
      await requireInput(updates, given, context);
      return update(await existing(updates, given, context), extra);
    },
    async rewrite(context, given, extra) {
      await requireInput(creates, given, context);
      const found = await resettle(context, given, extra);
      if (found === undefined) return undefined;
      const { document, ...scope } = found;
      await store(document, scope);
      return { before: scope.previous, after: document };
    },
    async discard(context, given, mayBeUsed) {
      if ((await context.tx.get(pathKey(gets, given, context))) === undefined) return;
      const scope = await existing(gets, given, context);
      if (!mayBeUsed) await rules.refuseDelete?.(scope.previous, scope);
      await store(undefined, scope);
    },
    async delete(context, given) {
      await store(undefined, await existing(gets, given, context));
    },
  };
}

/** Throws what is wrong with an input by the model, or the 404 of its path, which goes before. */
async function requireInput(operation: Operation, given: AnyInput, context: Context): Promise<void> {
  const problem = checkInput(operation, given);
  if (problem === undefined) return;
  await requirePath(operation.name, given, context);
  throw problem;
}

function oneNamed(...names: readonly string[]): Operation {
  const operation = operations.find(({ name }) => names.includes(name));
  invariant(operation !== undefined, `${names.join(' or ')} is an operation`);
  return operation;
}
