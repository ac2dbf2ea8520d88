// What `Ref` and `Fn::GetAtt` of resources give that Postern does not make (spec/definitions.md §6.2, §6.4).
import type { Node } from '../../tree/node.ts';
import { NotKnown, type ResourceValues } from '../scope.ts';
import type { StandIn } from '../stack-settings.ts';
import { NOT_KNOWN } from './other-type.ts';
import { type OtherResource, Subject } from './subject.ts';
import { otherType } from './type-table.ts';

/** `standIn` is what settings say of it, which goes before everything (§6.5.2). */
export function otherValues(resource: OtherResource, standIn?: StandIn): ResourceValues {
  const { type, logicalId } = resource;
  const row = otherType(type);
  const subject = new Subject(resource);
  let ref = standIn?.ref;
  const refOf = (): string => {
    ref ??= row === undefined ? subject.physicalName(128) : row.ref(subject);
    return ref;
  };
  return {
    type,
    ref: refOf,
    attribute(name): string | Node | undefined {
      const said = standIn?.attributes.get(name);
      if (said !== undefined) return said;
      const attributes = row === undefined ? NOT_KNOWN : row.attributes;
      if (attributes !== NOT_KNOWN && !Object.hasOwn(attributes, name)) return undefined;
      const value = attributes === NOT_KNOWN ? NOT_KNOWN : attributes[name]!;
      const found = value === NOT_KNOWN ? undefined : value(subject, refOf());
      if (found === undefined) throw new NotKnown(`${logicalId}.${name}`, type);
      return found;
    },
  };
}
