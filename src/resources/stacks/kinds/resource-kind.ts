// A kind of a stack whose properties are the members of CreateX: nearly all of them (spec/definitions.md §5).
import { isDeepStrictEqual } from 'node:util';
import type { MemberChange } from '../../../definitions/deploy-answer.ts';
import { schemaOf } from '../../../definitions/schema/schemas.ts';
import { ServiceError } from '../../../wire/errors.ts';
import type { AnyInput } from '../../../wire/parse.ts';
import type { Context } from '../../context.ts';
import type { Extra, Kind, Resource, Rewritten } from '../../resource.ts';
import type { Desired, Made, StackKind, Written } from '../stack-kind.ts';
import { membersBetween } from './members.ts';

/** What is particular to a kind. */
export interface Particulars<D> {
  /** The label of its id in paths. */
  readonly idMember: string & keyof D;
  /** The members of CreateX; by default the properties. */
  readonly given?: (properties: Desired['properties']) => AnyInput;
  /** Whether it has tags. */
  readonly isTagged?: boolean;
  /** `Ref`; by default the id. */
  readonly ref?: (document: D, given: AnyInput, context: Context) => string;
  /** Attributes besides the id, which is one where `hidesId` does not say otherwise. */
  readonly attributes?: (document: D, given: AnyInput, context: Context) => Made['attributes'];
  readonly hidesId?: boolean;
  /** The id in what a stack keeps; by default `Ref`. */
  readonly idOf?: (made: Made) => string;
  /** Members that only the service says. */
  readonly own: readonly (keyof D)[];
}

export function resourceKind<K extends Kind, D extends object>(
  type: string,
  resource: Resource<K, D>,
  particulars: Particulars<D>,
): StackKind {
  const { idMember, given: givenOf = (properties) => properties, own } = particulars;

  function extraOf({ tags }: Desired): Extra<D> {
    return (particulars.isTagged === true && tags !== undefined ? { Tags: tags } : {}) as Extra<D>;
  }

  function withId(desired: Desired, made: Made): AnyInput {
    return { ...givenOf(desired.properties), [idMember]: particulars.idOf?.(made) ?? made.physicalId };
  }

  function madeOf(document: D, given: AnyInput, context: Context): Made {
    const id = String(document[idMember]);
    return {
      physicalId: particulars.ref?.(document, given, context) ?? id,
      attributes: {
        ...(particulars.hidesId === true ? {} : { [idMember]: id }),
        ...particulars.attributes?.(document, given, context),
      },
    };
  }

  return {
    type,
    replacing: schemaOf(type)!.replacing,
    async create(context, desired, wishedId) {
      const given = givenOf(desired.properties);
      const id = (wishedId === undefined ? {} : { [idMember]: wishedId }) as Extra<D>;
      const document = await resource.create(context, given, { ...extraOf(desired), ...id });
      return { ...madeOf(document, given, context), members: [], findings: [] };
    },
    async update(context, made, before, desired) {
      const given = withId(desired, made);
      const rewritten = await resource.rewrite(context, given, extraOf(desired));
      if (rewritten === undefined) return undefined;
      return {
        ...madeOf(rewritten.after, given, context),
        findings: [],
        ...(await changesOf(rewritten, own, () =>
          isDeepStrictEqual(before, desired)
            ? rewritten.after
            : resource.settled(context, withId(before, made), extraOf(before)),
        )),
      };
    },
    async delete(context, made, desired, isFollowed = false) {
      await resource.discard(context, withId(desired, made), isFollowed);
    },
  };
}

/** Members that are different in documents of several kinds, by the names of these. */
export function changedDocuments(rewritten: {
  readonly [kind: string]: Rewritten<object> | undefined;
}): readonly MemberChange[] {
  return Object.entries(rewritten).flatMap(([kind, documents]) =>
    documents === undefined
      ? []
      : membersBetween({ [kind]: documents.before }, { [kind]: documents.after }).filter(
          ({ name }) => !name.endsWith('.LastUpdatedDate'),
        ),
  );
}

/** What a rewrite changed, and whether somebody else had changed it: where the document was another than the last deploy had made of
 *  it. `own` are members that only the service says. */
export async function changesOf<D extends object>(
  { before, after }: Rewritten<D>,
  own: readonly (keyof D)[],
  expected: () => D | Promise<D>,
): Promise<Pick<Written, 'members' | 'changedOutside'>> {
  const without = (document: D) =>
    Object.fromEntries(Object.entries(document).filter(([name]) => !own.includes(name as keyof D)));
  const members = membersBetween(without(before), without(after));
  if (members.length === 0) return { members };
  try {
    const isAsExpected = isDeepStrictEqual(without(before), without(await expected()));
    return isAsExpected ? { members } : { members, changedOutside: true };
  } catch (error) {
    // What it was made from is there no more, so that nobody can tell.
    if (error instanceof ServiceError) return { members };
    throw error;
  }
}
