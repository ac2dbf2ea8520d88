// What becomes of the resources of a template: made, changed or replaced (spec/definitions.md §11.3, §11.4).

import { isDeepStrictEqual } from 'node:util';
import type { MemberChange } from '../../../definitions/deploy-answer.ts';
import { jsonText } from '../../../definitions/evaluate/plain-text.ts';
import { hashOf } from '../../../definitions/other-types/names.ts';
import { API, REST_VPC_LINK, STAGE, V2 } from '../../../definitions/type-names.ts';
import { ServiceError } from '../../../wire/errors.ts';
import type { Deployment } from '../deployment.ts';
import { kindOf } from '../kinds/kinds.ts';
import type { Desired, StackKind, Written } from '../stack-kind.ts';
import type { StackResourceDocument } from '../stored/stack-document.ts';
import { apiOf, desiredOf, madeOf } from '../stored/stored-resource.ts';
import type { LeavingResources } from './leaving-resources.ts';
import { PARTS_OF_APIS } from './order.ts';
import { requireAllowed } from './stack-calls.ts';
import { type UniqueName, uniqueNameOf } from './unique-names.ts';

/** Types whose ids people write elsewhere, with the characters of an id. */
const ID_LENGTHS: ReadonlyMap<string, number> = new Map([
  [API, 10],
  [`${V2}VpcLink`, 6],
  [REST_VPC_LINK, 6],
]);

/** A resource of a template, evaluated. */
export interface WantedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly desired: Desired;
  readonly deletionPolicy: string | undefined;
  readonly updateReplacePolicy: string | undefined;
  readonly offset: number;
  /** Made anew whatever it is like. */
  readonly isRenewed: boolean;
}

export interface WritingMeans {
  readonly deployment: Deployment;
  readonly stackName: string;
  /** In front of logical ids in what is said: `Parent.`, empty for a stack of its own. */
  readonly prefix: string;
  /** By logical ids. */
  readonly before: ReadonlyMap<string, StackResourceDocument>;
  /** Takes what is written, in that order. */
  readonly written: Map<string, StackResourceDocument>;
  readonly leaving: LeavingResources;
  /** What the template wants a property of a resource to be; undefined where the resource goes, or nobody can say yet. */
  readonly wanted: (logicalId: string, property: string) => unknown;
}

interface Outcome {
  readonly action: 'create' | 'update' | 'replace';
  readonly members: readonly MemberChange[];
  readonly changedOutside?: boolean;
  readonly replaced: number;
}

export class ResourceWriter {
  readonly #means: WritingMeans;
  readonly #deployment: Deployment;
  /** The names that resources had before theirs were wanted by others. */
  readonly #nameBefore = new Map<string, { readonly property: string; readonly value: unknown }>();

  /** Logical ids of what is deleted already. */
  readonly #gone = new Set<string>();

  constructor(means: WritingMeans) {
    this.#means = means;
    this.#deployment = means.deployment;
  }

  async write(resource: WantedResource, kind: StackKind): Promise<void> {
    const found = this.#means.before.get(resource.logicalId);
    const before = found?.Type === resource.type ? found : undefined;
    if (before === undefined)
      return this.#create(resource, kind, { action: 'create', members: [], replaced: 0 });
    const forcing = kind.replacing.filter(
      (name) => !isDeepStrictEqual(impliedIn(desiredOf(before), name), impliedIn(resource.desired, name)),
    );
    if (forcing.length === 0 && !resource.isRenewed) return this.#update(resource, kind, before);
    const members = forcing.map((name) => ({
      name,
      before: before.Properties[name],
      after: resource.desired.properties[name],
      replaces: true,
    }));
    const isRetained = resource.updateReplacePolicy?.startsWith('Retain') === true;
    if (!this.#gone.has(resource.logicalId)) {
      this.#means.leaving.add({ document: before, isReplaced: true, isRetained });
    }
    return this.#create(resource, kind, { action: 'replace', members, replaced: before.Replaced + 1 });
  }

  async #create(resource: WantedResource, kind: StackKind, outcome: Outcome): Promise<void> {
    const { context } = this.#deployment;
    const { desired } = resource;
    this.#requireAllowed('Create', resource, {});
    const wishedId = this.#wishedId(resource, outcome.replaced);
    const written = await this.#withItsName(resource, () => kind.create(context, desired, wishedId));
    this.#done(resource, written, outcome);
  }

  /** Ids of APIs are part of addresses, and `privateTargets` has those of VPC links: they come from a hash (Choice D28). */
  #wishedId({ logicalId, type }: WantedResource, counter: number): string | undefined {
    const length = ID_LENGTHS.get(type);
    if (length === undefined) return undefined;
    const { account, region } = this.#deployment.context;
    return hashOf({ account, region, stackName: this.#means.stackName, logicalId, counter }, length);
  }

  async #update(resource: WantedResource, kind: StackKind, before: StackResourceDocument): Promise<void> {
    const { context } = this.#deployment;
    const { logicalId, desired } = resource;
    const stored = desiredOf(before);
    const written = await this.#withItsName(resource, () =>
      kind.update(context, madeOf(before), stored, desired),
    );
    const replaced = before.Replaced;
    if (written === undefined) {
      return this.#create(resource, kind, { action: 'create', members: [], changedOutside: true, replaced });
    }
    const members = this.#withNameBefore(logicalId, written.members);
    if (members.length > 0) this.#requireAllowed('Update', resource, before.Attributes);
    const { changedOutside = false } = written;
    this.#done(resource, written, { action: 'update', members, changedOutside, replaced });
  }

  #requireAllowed(
    write: 'Create' | 'Update',
    { type, desired: { properties, body } }: WantedResource,
    attributes: StackResourceDocument['Attributes'],
  ): void {
    const hasBody = body !== undefined;
    requireAllowed(this.#deployment.allow, write, { type, properties, attributes, hasBody });
  }

  /** Runs a write, and once more when others of the stack that give up the name have been seen to. */
  async #withItsName<W>(resource: WantedResource, write: () => Promise<W>): Promise<W> {
    const unique = uniqueNameOf(resource.type);
    if (unique === undefined) return write();
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof ServiceError && error.status === 409)) throw error;
      if (!(await this.#freeNames(resource, unique))) throw error;
      const written = await write();
      this.#say(resource, 'note', `on AWS this deploy would fail: ${error.message}`);
      return written;
    }
  }

  async #freeNames(resource: WantedResource, unique: UniqueName): Promise<boolean> {
    const { leaving, before } = this.#means;
    const { type, logicalId, desired } = resource;
    const within = desired.properties[unique.within];
    let isFreed = await leaving.freeNames(type, unique, within);
    const isLeaving = new Set(leaving.ofType(type).map(({ LogicalId }) => LogicalId));
    for (const other of before.values()) {
      const isInTheWay =
        other.Type === type &&
        other.Properties[unique.within] === within &&
        other.LogicalId !== logicalId &&
        !this.#means.written.has(other.LogicalId);
      if (!isInTheWay) continue;
      const isGivenUp = isLeaving.has(other.LogicalId) || this.#givesUpItsName(other, unique);
      if (isGivenUp) isFreed = (await this.#moveAway(other, unique)) || isFreed;
    }
    return isFreed;
  }

  #givesUpItsName({ LogicalId, Properties }: StackResourceDocument, { name }: UniqueName): boolean {
    const wanted = this.#means.wanted(LogicalId, name);
    return wanted !== undefined && String(wanted) !== String(Properties[name]);
  }

  /** Calls a resource otherwise until it is its turn, or deletes it if it cannot be. Whether anything was to be done. */
  async #moveAway(document: StackResourceDocument, unique: UniqueName): Promise<boolean> {
    const { LogicalId, PhysicalId, Properties, Type } = document;
    if (this.#nameBefore.has(LogicalId)) return false;
    this.#nameBefore.set(LogicalId, { property: unique.name, value: Properties[unique.name] });
    const { context } = this.#deployment;
    const kind = kindOf(Type)!;
    const stored = desiredOf(document);
    if (unique.spare === undefined) {
      this.#gone.add(LogicalId);
      await kind.delete(context, madeOf(document), stored, true);
      return true;
    }
    const spare = unique.spare(PhysicalId, this.#nameBefore.size);
    const renamed = { ...stored, properties: { ...Properties, [unique.name]: spare } };
    await kind.update(context, madeOf(document), stored, renamed);
    return true;
  }

  #withNameBefore(logicalId: string, members: readonly MemberChange[]): readonly MemberChange[] {
    const moved = this.#nameBefore.get(logicalId);
    if (moved === undefined) return members;
    return members.map((member) =>
      member.name === moved.property ? { ...member, before: moved.value } : member,
    );
  }

  #done(resource: WantedResource, written: Written, outcome: Outcome): void {
    const { logicalId, type, desired } = resource;
    const { physicalId } = written;
    const { action, members, changedOutside, replaced } = outcome;
    const body = desired.body && jsonText(desired.body);
    const hidden = this.#deployment.secrets.within([desired.properties, desired.tags, body]);
    this.#means.written.set(logicalId, {
      LogicalId: logicalId,
      Type: type,
      PhysicalId: physicalId,
      Attributes: written.attributes,
      Properties: desired.properties,
      ...(body !== undefined && { Body: body }),
      ...(desired.tags && { Tags: desired.tags }),
      ...(hidden.length > 0 && { Hidden: hidden }),
      ...(resource.deletionPolicy === undefined ? {} : { DeletionPolicy: resource.deletionPolicy }),
      Replaced: replaced,
    });
    for (const { severity, text, ...place } of written.findings) this.#say(resource, severity, text, place);
    if (action === 'update' && members.length === 0) {
      this.#deployment.unchanged += 1;
      return;
    }
    if (action !== 'update' && isRandom(type, physicalId)) this.#deployment.madeUp(physicalId);
    this.#deployment.changes.push({
      action,
      logicalId: this.#named(logicalId),
      type,
      physicalId,
      members,
      ...(changedOutside === true && { changedOutside }),
    });
    this.#noteServed(resource, physicalId, outcome);
  }

  /** What of a change requests may meet. */
  #noteServed(
    { logicalId, type, desired }: WantedResource,
    physicalId: string,
    { action, members }: Outcome,
  ): void {
    const { properties } = desired;
    const apiId = apiOf({ Type: type, PhysicalId: physicalId, Properties: properties });
    if (apiId === undefined) return;
    if (type === API || PARTS_OF_APIS.includes(type)) {
      this.#deployment.changedIn(apiId, this.#named(logicalId));
    } else if (type === STAGE && properties.AutoDeploy === true) {
      const begins = action === 'update' ? members.some(({ name }) => name === 'AutoDeploy') : true;
      // One that is made with a deployment serves that one until the next change.
      if (begins && (action === 'update' || properties.DeploymentId === undefined)) {
        this.#deployment.changedIn(apiId, undefined);
      }
    }
  }

  #say(
    { logicalId, type, offset }: WantedResource,
    severity: 'error' | 'warning' | 'note',
    text: string,
    place: object = {},
  ): void {
    const finding = { severity, text, logicalId: this.#named(logicalId), type, offset, ...place };
    this.#deployment.findings.push(finding);
  }

  #named(logicalId: string): string {
    return `${this.#means.prefix}${logicalId}`;
  }
}

/** Whether the id is one that the service makes, and another the next time. */
function isRandom(type: string, physicalId: string): boolean {
  return type.startsWith(V2) && !ID_LENGTHS.has(type) && /^[a-z0-9]{5,10}$/.test(physicalId);
}

/** A property as the template says it, or as it goes without saying: with a body an API is an HTTP API (§5.2). */
function impliedIn({ properties, body }: Desired, name: string): unknown {
  return properties[name] ?? (name === 'ProtocolType' && body !== undefined ? 'HTTP' : undefined);
}
