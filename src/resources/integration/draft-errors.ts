// What is wrong with an input whose rules throw one error at a time: which of its members, and which entries of its maps, the
// rules refuse. What is refused is left out until they take the rest, so that a draft has all its errors at once, and what is right
// of it can be tried.
import { isObject } from '../../grammar/json-object.ts';
import { ServiceError } from '../../wire/errors.ts';

/** One way in which a draft is wrong. */
export interface FieldError {
  /** `IntegrationUri`, `RequestParameters["append:header.x"]`, `ResponseParameters["500"]["remove:header.x"]`; empty where no part of
   *  the draft alone is to blame. */
  readonly field: string;
  /** In AWS's words. */
  readonly message: string;
}

export type Members = Readonly<Record<string, unknown>>;

export interface Settled<D> {
  /** What the rules make of what they do not refuse; undefined where they refuse whatever is left out. */
  readonly document: D | undefined;
  readonly errors: readonly FieldError[];
}

/** Members and entries of maps that the rules are asked about for one draft, all questions together. */
const MAX_ASKED = 50_000;
/** Entries that are left out one by one to find what does not go together. */
const MAX_TOGETHER = 100;

type Path = readonly string[];

/** `attempt` asks the rules, which throw ServiceErrors. */
export async function settleWithErrors<D>(
  draft: Members,
  attempt: (members: Members) => Promise<D>,
): Promise<Settled<D>> {
  const search = new Search(attempt);
  const nothing = await search.problemOf({});
  const errors: FieldError[] = [];
  let members = draft;
  for (;;) {
    const message = await search.problemOf(members);
    if (message === undefined) return { document: await attempt(members), errors };
    const member = await search.memberToBlame(members, message, nothing);
    if (member === undefined) return { document: undefined, errors: [...errors, { field: '', message }] };
    const culprits = await search.culpritsAt(members, [member], message);
    for (const culprit of culprits) {
      errors.push({ field: printPath(culprit.path), message: culprit.message });
      members = without(members, culprit.path);
    }
  }
}

interface Culprit {
  readonly path: Path;
  readonly message: string;
}

class Search {
  readonly #attempt: (members: Members) => Promise<unknown>;
  #asked = 0;

  constructor(attempt: (members: Members) => Promise<unknown>) {
    this.#attempt = attempt;
  }

  /** What the rules say; undefined where they take it. */
  async problemOf(members: Members): Promise<string | undefined> {
    this.#asked += sizeOf(members);
    try {
      await this.#attempt(members);
      return undefined;
    } catch (error) {
      if (!(error instanceof ServiceError) || error.status !== 400) throw error;
      return error.message;
    }
  }

  /** The first member without which the rules say something else. Not one that is asked for then: `nothing` is what is said of a draft
   *  without members. */
  async memberToBlame(
    members: Members,
    message: string,
    nothing: string | undefined,
  ): Promise<string | undefined> {
    for (const name of Object.keys(members)) {
      const rest = await this.problemOf(without(members, [name]));
      if (rest !== message && (rest === undefined || rest !== nothing)) return name;
    }
    return undefined;
  }

  /** The smallest parts, at a path or below, that are to blame for a message: entries that are wrong by themselves, else one that does
   *  not go with the others, else all of it. */
  async culpritsAt(members: Members, path: Path, message: string): Promise<readonly Culprit[]> {
    const all = [{ path, message }];
    const map = mapAt(members, path);
    if (map === undefined || this.#asked > MAX_ASKED) return all;
    const others = await this.problemOf(without(members, path));
    const empty = await this.problemOf(withAt(members, path, {}));
    const found: Culprit[] = [];
    for (const [key, value] of Object.entries(map)) {
      if (this.#asked > MAX_ASKED) return all;
      const only = withAt(members, path, Object.fromEntries([[key, value]]));
      const alone = await this.problemOf(only);
      if (alone === undefined || alone === others || alone === empty) continue;
      found.push(...(await this.culpritsAt(only, [...path, key], alone)));
    }
    if (found.length > 0) return found;
    const keys = Object.keys(map);
    for (const key of keys.length > MAX_TOGETHER ? [] : keys) {
      const entry = [...path, key];
      if ((await this.problemOf(without(members, entry))) !== message) return [{ path: entry, message }];
    }
    return all;
  }
}

function sizeOf(value: unknown): number {
  if (!isObject(value)) return 1;
  let size = 1;
  for (const each of Object.values(value)) size += sizeOf(each);
  return size;
}

function mapAt(members: Members, path: Path): Members | undefined {
  let at: unknown = members;
  for (const name of path) {
    if (!isObject(at) || !Object.hasOwn(at, name)) return undefined;
    at = at[name];
  }
  return isObject(at) ? at : undefined;
}

function without(members: Members, [name, ...rest]: Path): Members {
  const entries = Object.entries(members).flatMap(([each, value]) => {
    if (each !== name) return [[each, value] as const];
    return rest.length === 0 ? [] : [[each, without(value as Members, rest)] as const];
  });
  return Object.fromEntries(entries);
}

/** The members with another value at a path. */
function withAt(members: Members, [name, ...rest]: Path, value: unknown): Members {
  return Object.fromEntries(
    Object.entries(members).map(([each, before]) => [
      each,
      each !== name ? before : rest.length === 0 ? value : withAt(before as Members, rest, value),
    ]),
  );
}

function printPath([name = '', ...keys]: Path): string {
  return name + keys.map((key) => `[${JSON.stringify(key)}]`).join('');
}
