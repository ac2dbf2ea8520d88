// A stack in the store (spec/definitions.md §11.1): what was deployed, and what became of each of its resources, below it.

import { isDeepStrictEqual } from 'node:util';
import { type Place, stackKeyOf, stackResourcesOf, stackTemplateKey } from '../../../config/keys.ts';
import type { DeployReport, OutputValue } from '../../../definitions/deploy-answer.ts';
import type { Document, ReadTransaction, Transaction } from '../../../store/store.ts';
import { listAll } from '../../document-list.ts';
import type { Made } from '../stack-kind.ts';

export interface StackDocument {
  readonly StackName: string;
  readonly StackId: string;
  readonly State: 'CREATE_COMPLETE' | 'UPDATE_COMPLETE';
  readonly Source: string;
  readonly Description?: string;
  /** The stack that it is part of (§11.7). */
  readonly Parent?: string;
  /** Whether only who forces it may delete the stack (§9.8). */
  readonly IsProtected?: true;
  /** Values that somebody gave explicitly, those of NoEcho too. */
  readonly Parameters: { readonly [name: string]: string };
  /** Names of parameters with NoEcho. */
  readonly Secrets: readonly string[];
  readonly Tags: { readonly [key: string]: string };
  /** Logical ids of the resources that Postern has, in the order in which they were made. */
  readonly Order: readonly string[];
  readonly Outputs: { readonly [name: string]: OutputValue };
  /** Names of exports of other stacks that it uses. */
  readonly Imports: readonly string[];
  /** Of the last deploy that changed something. */
  readonly Report?: DeployReport;
  readonly CreatedDate: string;
  readonly LastUpdatedDate: string;
}

/** What became of a resource. */
export interface StackResourceDocument {
  readonly LogicalId: string;
  readonly Type: string;
  readonly PhysicalId: string;
  readonly Attributes: Made['attributes'];
  /** As a kind got them. */
  readonly Properties: { readonly [name: string]: unknown };
  /** The text of an evaluated OpenAPI document. */
  readonly Body?: string;
  /** Those of the stack. */
  readonly Tags?: { readonly [key: string]: string };
  /** Secrets among all this, which are not printed (§4.3.3). */
  readonly Hidden?: readonly string[];
  readonly DeletionPolicy?: string;
  /** It is not the stack's: postern.yaml says which it is. */
  readonly IsElsewhere?: true;
  /** How often it has been replaced: part of what its name is made of (§6.1.3). */
  readonly Replaced: number;
}

export interface StoredStack {
  readonly document: StackDocument;
  readonly resources: ReadonlyMap<string, StackResourceDocument>;
}

export async function readStack(
  tx: ReadTransaction,
  place: Place,
  name: string,
): Promise<StoredStack | undefined> {
  const document = await tx.get(stackKeyOf(place, name));
  if (document === undefined) return undefined;
  const resources = await listAll<StackResourceDocument>(tx, stackResourcesOf(place, name));
  return {
    document: document as unknown as StackDocument,
    resources: new Map(resources.map((resource) => [resource.LogicalId, resource])),
  };
}

/** The text that it was last made of. */
export async function readTemplateText(tx: ReadTransaction, place: Place, name: string): Promise<string> {
  return String((await tx.get(stackTemplateKey(place, name)))?.Text ?? '');
}

/** What was made, by logical id. */
export function ownResources(stack: StoredStack | undefined): ReadonlyMap<string, StackResourceDocument> {
  return new Map([...(stack?.resources ?? [])].filter(([, { IsElsewhere }]) => IsElsewhere !== true));
}

/** Stores what differs from what there was. */
export async function writeStack(
  tx: Transaction,
  place: Place,
  before: StoredStack | undefined,
  after: StoredStack,
): Promise<void> {
  const name = after.document.StackName;
  await putChanged(tx, stackKeyOf(place, name), before?.document, after.document);
  const collection = stackResourcesOf(place, name);
  for (const [id, resource] of after.resources) {
    await putChanged(tx, [...collection, id], before?.resources.get(id), resource);
  }
  for (const id of before?.resources.keys() ?? []) {
    if (!after.resources.has(id)) await tx.delete([...collection, id]);
  }
}

async function putChanged<D extends object>(
  tx: Transaction,
  key: readonly string[],
  before: D | undefined,
  after: D,
): Promise<void> {
  if (!isDeepStrictEqual(before, after)) await tx.put(key, after as Document);
}
