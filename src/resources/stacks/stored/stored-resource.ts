// What a stack knows of a resource that it made, as kinds have it.
import { API } from '../../../definitions/type-names.ts';
import { readText } from '../../../tree/read-text.ts';
import type { Desired, Made } from '../stack-kind.ts';
import type { StackResourceDocument } from './stack-document.ts';

export function madeOf({ PhysicalId, Attributes }: StackResourceDocument): Made {
  return { physicalId: PhysicalId, attributes: Attributes };
}

export function desiredOf({ Properties, Body, Tags }: StackResourceDocument): Desired {
  return {
    properties: Properties,
    ...(Body !== undefined && { body: readText(Body) }),
    ...(Tags !== undefined && { tags: Tags }),
  };
}

/** The API that a resource is, or is part of; undefined for others. */
export function apiOf({
  Type,
  PhysicalId,
  Properties,
}: Pick<StackResourceDocument, 'Type' | 'PhysicalId' | 'Properties'>): string | undefined {
  if (Type === API) return PhysicalId;
  return typeof Properties.ApiId === 'string' ? Properties.ApiId : undefined;
}
