// How a member that a request gives changes the stored one (spec/management-api.md §1.10). Members without a patch are
// replaced; absent members keep their value.
import { mergeMappings } from '../grammar/mapping-merge.ts';

/** Returns the new value; undefined removes the member. `creating` is true in Create, where nothing is stored yet. */
export type Patch<T> = (stored: T | undefined, given: T, creating: boolean) => T | undefined;

type Entries<V> = { readonly [key: string]: V };

/** `""` clears. */
export const clearable = <T extends string>(_stored: T | undefined, given: T): T | undefined =>
  given === '' ? undefined : given;

/** `""` changes nothing. */
export const keptWhenEmpty = <T extends string>(stored: T | undefined, given: T): T | undefined =>
  given === '' ? stored : given;

/** `[]` clears, anything else replaces. */
export const clearableList = <T>(
  _stored: readonly T[] | undefined,
  given: readonly T[],
): readonly T[] | undefined => (given.length === 0 ? undefined : given);

/** The whole map is replaced; `{}` empties it, and an empty map is not there. */
export const replacedMap = <V>(_stored: Entries<V> | undefined, given: Entries<V>): Entries<V> | undefined =>
  unlessEmpty(given);

/** Entries are merged one by one. */
export const mergedMap = <V>(stored: Entries<V> | undefined, given: Entries<V>): Entries<V> | undefined =>
  unlessEmpty({ ...stored, ...given });

/** Members of a structure are merged, so `{}` changes nothing; a structure without members is not there. */
export const mergedStructure = <T extends object>(stored: T | undefined, given: T): T | undefined =>
  unlessEmpty({ ...stored, ...given });

/** A structure that `{}` removes and anything else replaces. */
export const removableStructure = <T extends object>(_stored: T | undefined, given: T): T | undefined =>
  unlessEmpty(given);

/** Entries are merged; in an update `""` deletes the entry of its key. */
export const mergedTexts: Patch<Entries<string>> = (stored, given, creating) =>
  unlessEmpty(creating ? given : mergeMappings(stored ?? {}, given));

/** The value, or undefined when it has no members. */
export function unlessEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}
