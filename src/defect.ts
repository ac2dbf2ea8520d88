// The one way to say "cannot happen". A failed invariant is a defect of ours: the request gets a 500, the log a stack.

/** Throws when `condition` is false. `why` says what was believed. */
export function invariant(condition: unknown, why: string): asserts condition {
  if (!condition) throw new Error(`defect: ${why}`);
}

/** What a thrown value says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Ends an exhaustive switch; does not type-check while a case is missing. */
export function unreachable(value: never): never {
  throw new Error(`defect: unexpected value ${JSON.stringify(value)}`);
}
