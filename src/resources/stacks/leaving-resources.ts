// What a stack has made and does not want any more: deleted last, in reverse order, but for what is in the way of others
// (spec/definitions.md §11.3.3, §11.3.4, §11.5).
import { ServiceError } from '../../wire/errors.ts';
import type { Deployment } from './deployment.ts';
import { PARTS_OF_APIS } from './order.ts';
import { serviceFailure } from './service-failure.ts';
import { requireAllowed } from './stack-calls.ts';
import { ownResources, type StackResourceDocument, type StoredStack } from './stack-document.ts';
import type { StackKind } from './stack-kind.ts';
import { apiOf, desiredOf, madeOf } from './stored-resource.ts';
import type { UniqueName } from './unique-names.ts';

export interface Leaving {
  readonly document: StackResourceDocument;
  /** Another takes its place. */
  readonly isReplaced: boolean;
  readonly isRetained: boolean;
}

export interface LeavingMeans {
  readonly deployment: Deployment;
  /** In front of logical ids in what is said. */
  readonly prefix: string;
  readonly kindOf: (type: string) => StackKind | undefined;
  /** Deletes what is no resource of a kind: a nested stack. */
  readonly deleteOther: (document: StackResourceDocument) => Promise<void>;
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
  readonly #means: LeavingMeans;
  /** In the order in which they go. */
  readonly #left: Leaving[];

  constructor(means: LeavingMeans, leaving: readonly Leaving[]) {
    this.#means = means;
    this.#left = [...leaving];
  }

  add(leaving: Leaving): void {
    this.#left.push(leaving);
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
      await this.#means.deployment.breath.draw();
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
      const place = { logicalId: this.#means.prefix + document.LogicalId, type: document.Type };
      this.#means.deployment.findings.push({
        severity: 'error',
        text: serviceFailure(place, error),
        ...place,
      });
    }
  }

  async #deleted(document: StackResourceDocument, isFollowed: boolean): Promise<void> {
    const kind = this.#means.kindOf(document.Type);
    this.#requireAllowed(document);
    if (kind === undefined) return this.#means.deleteOther(document);
    const { context } = this.#means.deployment;
    await kind.delete(context, madeOf(document), desiredOf(document), isFollowed);
  }

  #requireAllowed({ Type, Properties, Attributes, Body }: StackResourceDocument): void {
    requireAllowed(this.#means.deployment.allow, 'Delete', {
      type: Type,
      properties: Properties,
      attributes: Attributes,
      hasBody: Body !== undefined,
    });
  }

  #took(leaving: Leaving): void {
    const { deployment, prefix } = this.#means;
    const { document, isReplaced, isRetained } = leaving;
    this.#left.splice(this.#left.indexOf(leaving), 1);
    const logicalId = `${prefix}${document.LogicalId}`;
    const apiId = apiOf(document);
    if (!isRetained && apiId !== undefined && PARTS_OF_APIS.includes(document.Type)) {
      deployment.changedIn(apiId, isReplaced ? undefined : logicalId);
    }
    if (isRetained) {
      deployment.findings.push({
        severity: 'note',
        text: `${logicalId} (${document.Type}) ${document.PhysicalId} stays, and belongs to no stack any more`,
        logicalId,
        type: document.Type,
      });
    }
    if (isReplaced && !isRetained) return;
    deployment.changes.push({
      action: isRetained ? 'retain' : 'delete',
      logicalId,
      type: document.Type,
      physicalId: document.PhysicalId,
      members: [],
    });
  }
}
