// What a stack has made and does not want any more: deleted last, in reverse order, but for what is in the way of others
// (spec/definitions.md §11.3.3, §11.3.4, §11.5).

import { stackKeyOf } from '../../../config/keys.ts';
import { ServiceError } from '../../../wire/errors.ts';
import type { Deployment } from '../deployment.ts';
import { kindOf } from '../kinds/kinds.ts';
import { writeSsmParameters } from '../stored/ssm-parameters.ts';
import {
  ownResources,
  readStack,
  type StackResourceDocument,
  type StoredStack,
} from '../stored/stack-document.ts';
import { writeExports } from '../stored/stack-outputs.ts';
import { apiOf, desiredOf, madeOf } from '../stored/stored-resource.ts';
import { PARTS_OF_APIS } from './order.ts';
import { serviceFailure } from './service-failure.ts';
import { requireAllowed } from './stack-calls.ts';
import type { UniqueName } from './unique-names.ts';

interface Leaving {
  readonly document: StackResourceDocument;
  /** Another takes its place. */
  readonly isReplaced: boolean;
  readonly isRetained: boolean;
}

/** What a stack made and the template does not want, the last to be made first. */
export function leavingOf(
  stack: StoredStack,
  isLeaving: (document: StackResourceDocument) => boolean,
): readonly Leaving[] {
  const own = ownResources(stack);
  return stack.document.Order.toReversed()
    .flatMap((id) => own.get(id) ?? [])
    .filter(isLeaving)
    .map((document) => {
      const isRetained = document.DeletionPolicy?.startsWith('Retain') === true;
      return { document, isReplaced: false, isRetained };
    });
}

export class LeavingResources {
  readonly #deployment: Deployment;
  /** In front of logical ids in what is said. */
  readonly #prefix: string;
  /** In the order in which they go. */
  readonly #left: Leaving[];
  /** Where each is in the order in which the stack was made, by logical id. */
  readonly #places: ReadonlyMap<string, number>;

  /** `order`: logical ids in that order. */
  constructor(
    deployment: Deployment,
    prefix: string,
    leaving: readonly Leaving[],
    order: readonly string[] = [],
  ) {
    this.#deployment = deployment;
    this.#prefix = prefix;
    this.#left = [...leaving];
    this.#places = new Map(order.map((id, at) => [id, at]));
  }

  /** What is replaced goes before what it was made after, which may leave altogether. */
  add(leaving: Leaving): void {
    this.#left.push(leaving);
    const placeOf = ({ document }: Leaving): number => this.#places.get(document.LogicalId) ?? -1;
    this.#left.sort((one, other) => placeOf(other) - placeOf(one));
  }

  /** Deletes what has a name that resources of a type want. Whether there was any. */
  async freeNames(type: string, unique: UniqueName, within: unknown): Promise<boolean> {
    if (unique.isKept === true) return false;
    const inTheWay = this.#left.filter(
      ({ document, isRetained }) =>
        !isRetained && document.Type === type && document.Properties[unique.within] === within,
    );
    for (const leaving of inTheWay) await this.#delete(leaving, true);
    return inTheWay.length > 0;
  }

  /** Those of a type that keep their names to the end. */
  ofType(type: string): readonly StackResourceDocument[] {
    return this.#left
      .filter(({ document, isRetained }) => !isRetained && document.Type === type)
      .map(({ document }) => document);
  }

  /** What is to be deployed of an API is without what leaves it. */
  async deletePartsOf(apiId: string): Promise<void> {
    await this.#deleteWhere(
      ({ document }) => PARTS_OF_APIS.includes(document.Type) && apiOf(document) === apiId,
    );
  }

  async deleteAll(): Promise<void> {
    await this.#deleteWhere(() => true);
  }

  async #deleteWhere(isMeant: (leaving: Leaving) => boolean): Promise<void> {
    for (const leaving of this.#left.filter(isMeant)) {
      await this.#deployment.breath.draw();
      await this.#delete(leaving, false);
    }
  }

  /** `isFollowed`: what refers to it by its name goes on to refer to the one that comes. What the service refuses is among the
   *  findings. */
  async #delete(leaving: Leaving, isFollowed: boolean): Promise<void> {
    const { document, isRetained } = leaving;
    try {
      if (!isRetained) await this.#deleted(document, isFollowed);
      this.#took(leaving);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const place = { logicalId: this.#prefix + document.LogicalId, type: document.Type };
      this.#deployment.findings.push({
        severity: 'error',
        text: serviceFailure(place, error),
        ...place,
      });
    }
  }

  async #deleted(document: StackResourceDocument, isFollowed: boolean): Promise<void> {
    const kind = kindOf(document.Type);
    this.#requireAllowed(document);
    if (kind === undefined) return deleteNested(this.#deployment, document, this.#prefix);
    const { context } = this.#deployment;
    await kind.delete(context, madeOf(document), desiredOf(document), isFollowed);
  }

  #requireAllowed({ Type, Properties, Attributes, Body }: StackResourceDocument): void {
    requireAllowed(this.#deployment.allow, 'Delete', {
      type: Type,
      properties: Properties,
      attributes: Attributes,
      hasBody: Body !== undefined,
    });
  }

  #took(leaving: Leaving): void {
    const { document, isReplaced, isRetained } = leaving;
    this.#left.splice(this.#left.indexOf(leaving), 1);
    const logicalId = `${this.#prefix}${document.LogicalId}`;
    const apiId = apiOf(document);
    if (!isRetained && apiId !== undefined && PARTS_OF_APIS.includes(document.Type)) {
      this.#deployment.changedIn(apiId, isReplaced ? undefined : logicalId);
    }
    if (isRetained) {
      this.#deployment.findings.push({
        severity: 'note',
        text: `${logicalId} (${document.Type}) ${document.PhysicalId} stays, and belongs to no stack any more`,
        logicalId,
        type: document.Type,
      });
    }
    if (isReplaced && !isRetained) return;
    this.#deployment.changes.push({
      action: isRetained ? 'retain' : 'delete',
      logicalId,
      type: document.Type,
      physicalId: document.PhysicalId,
      members: [],
    });
  }
}

/** A stack goes, with everything that it made, in reverse order (§11.6). Throws the ServiceErrors of what the service refuses, and TemplateError of exports in use. */
export async function deleteStoredStack(deployment: Deployment, name: string, prefix: string): Promise<void> {
  const { context } = deployment;
  const stored = await readStack(context.tx, context, name);
  if (stored === undefined) return;
  const leaving = new LeavingResources(
    deployment,
    prefix,
    leavingOf(stored, () => true),
  );
  await leaving.deleteAll();
  await writeExports(deployment, name, stored.document.Outputs, {}, undefined);
  await writeSsmParameters(deployment, name, new Map());
  await context.tx.delete(stackKeyOf(context, name));
}

/** The same for a resource that is a stack. */
async function deleteNested(
  deployment: Deployment,
  { LogicalId, Properties }: StackResourceDocument,
  prefix: string,
): Promise<void> {
  await deleteStoredStack(deployment, String(Properties.StackName), `${prefix}${LogicalId}.`);
}
