// What a rule refuses of a definition: a warning in the words of the rule (spec/openapi.md §5.4, §12, Choice O29).
import type { GivenMembers } from '../../openapi/definition.ts';
import { badRequest, ServiceError } from '../../wire/errors.ts';

/** Why something of a definition cannot be given to a rule at all. */
export interface Refusal {
  readonly refusal: string;
}

/** The members. Throws the BadRequestException of a refusal, which is treated as a rule's. */
export function accepted(given: GivenMembers | Refusal): GivenMembers {
  if (typeof given.refusal === 'string') throw badRequest(given.refusal);
  return given as GivenMembers;
}

/** What a rule says. Throws what is no refusal of one. */
export function refusalIn(error: unknown): string {
  if (error instanceof ServiceError) return error.message;
  throw error;
}

/** The text of a warning that a part is left out. */
export function ignored(what: string, refusal: string): string {
  return `${what}: ${refusal.endsWith('.') ? refusal.slice(0, -1) : refusal}. Ignoring.`;
}
