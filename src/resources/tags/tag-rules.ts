// Which tags there may be (spec/management-api.md §2.14). The texts are ours.
import { badRequest } from '../../wire/errors.ts';
import type { Patch } from '../patch.ts';

export type Tags = { readonly [key: string]: string };

const MAX_TAGS = 50;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Those that a request gives, with what the service adds to them. */
export const addedTags: Patch<Tags> = (added, given) => ({ ...added, ...given });

/** Throws a BadRequestException for tags that no resource may have, and for those of AWS among what a request gives: a stack alone
 *  adds them (spec/definitions.md §5.1.6), and they are not counted. */
export function checkTags(tags: Tags | undefined, given: unknown): void {
  const entries = Object.entries(tags ?? {});
  for (const key of Object.keys(given ?? {})) {
    if (isReserved(key)) throw badRequest(`Tag keys that begin with aws: are reserved: ${key}`);
  }
  if (entries.filter(([key]) => !isReserved(key)).length > MAX_TAGS)
    throw badRequest(`tags must have at most ${MAX_TAGS} entries`);
  for (const [key, value] of entries) {
    checkTagKey(key);
    // What a definition says need not be text.
    if (typeof value !== 'string' || value.length > MAX_VALUE_LENGTH || !ALLOWED.test(value)) {
      throw badRequest(`Invalid value specified for tag ${key}`);
    }
  }
}

function checkTagKey(key: string): void {
  if (key.length < 1 || key.length > MAX_KEY_LENGTH || !ALLOWED.test(key)) {
    throw badRequest(`Invalid tag key specified: ${key}`);
  }
}

/** Without those of AWS, which nobody could give another API. */
export function givenTags(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !isReserved(key)));
}

const isReserved = (key: string): boolean => /^aws:/i.test(key);
