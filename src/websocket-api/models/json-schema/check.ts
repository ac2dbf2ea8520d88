// One value against one schema, with a bound on steps, memory and depth (spec/websocket-api.md §2.5.3).
//
// A schema that is reached from several places is tried once for each value and its outcome kept, so that what `anyOf`,
// `oneOf` and `$ref` combine costs at most schemas × values. Only a schema that fails the whole value is tried again, to
// tell what is wrong: outcomes that are tried out (`quiet`) need no words.
import { type Budget, TemplateError } from '../../../template/values.ts';

/** Whether a value keeps one keyword of a schema. */
export type Test = (value: unknown, check: Check) => boolean;

/** A compiled schema. */
export interface SchemaNode {
  readonly tests: Test[];
  /** Which of the kept outcomes is its; undefined when it is reached from one place, or is tried at once anyway. */
  kept: number | undefined;
}

/** Steps of one check: a schema, a keyword, a member or 16 characters of a comparison. A quarter of what a template may
 *  take: a client chooses the message. */
export const MAX_STEPS = 2_000_000;
/** Schemas that stand in one another while a value is checked. Message and schema deepen it. */
const MAX_DEPTH = 1_000;
/** What a kept outcome costs, because it takes memory. */
const KEPT_STEPS = 10;
/** Characters of the place that is told. */
const MAX_PLACE = 256;

class NestedTooDeeply extends Error {}

/** What is wrong with a value, which is called `name` in the text; undefined for one that fits. */
export function checkValue(
  node: SchemaNode,
  value: unknown,
  name: string,
  budget: Budget,
): string | undefined {
  const check = new Check(budget);
  try {
    return check.fits(node, value) ? undefined : check.wrong(name);
  } catch (error) {
    if (error instanceof NestedTooDeeply) return `${name} is nested too deeply`;
    if (error instanceof TemplateError) return `${name} takes more than ${MAX_STEPS} steps to check`;
    throw error;
  }
}

export class Check {
  /** Above 0 while an outcome is tried out. */
  quiet = 0;
  readonly budget: Budget;
  #depth = 0;
  #what = '';
  /** Where, from the innermost. */
  readonly #trail: (string | number)[] = [];
  readonly #outcomes: (Map<unknown, boolean> | undefined)[] = [];

  constructor(budget: Budget) {
    this.budget = budget;
  }

  spend(steps: number): void {
    this.budget.spend(steps);
  }

  enter(): void {
    if (++this.#depth > MAX_DEPTH) throw new NestedTooDeeply();
  }

  leave(): void {
    this.#depth--;
  }

  fits({ tests, kept }: SchemaNode, value: unknown): boolean {
    if (kept === undefined) return this.#passes(tests, value);
    this.spend(1 + (typeof value === 'string' ? value.length >> 4 : 0));
    // Objects and arrays are the same only when they are the same one.
    const outcomes = this.#outcomes[kept] ?? new Map<unknown, boolean>();
    this.#outcomes[kept] = outcomes;
    const outcome = outcomes.get(value);
    if (outcome === true || (outcome === false && this.quiet > 0)) return outcome;
    const passes = this.#passes(tests, value);
    this.spend(KEPT_STEPS);
    outcomes.set(value, passes);
    return passes;
  }

  #passes(tests: readonly Test[], value: unknown): boolean {
    this.enter();
    this.spend(1 + tests.length);
    for (let i = 0; i < tests.length; i++) if (!tests[i]!(value, this)) return this.#left(false);
    return this.#left(true);
  }

  #left(outcome: boolean): boolean {
    this.leave();
    return outcome;
  }

  /** What is wrong here. */
  fail(what: string): false {
    if (this.quiet === 0) {
      this.#what = what;
      this.#trail.length = 0;
    }
    return false;
  }

  /** What has failed is a member or item of this value. */
  failUnder(key: string | number): false {
    if (this.quiet === 0) this.#trail.push(key);
    return false;
  }

  /** `body/pets/0 must be string`. */
  wrong(name: string): string {
    let place = '';
    for (let i = this.#trail.length - 1; i >= 0 && place.length <= MAX_PLACE; i--) {
      place += `/${String(this.#trail[i]).slice(0, MAX_PLACE).replaceAll('~', '~0').replaceAll('/', '~1')}`;
    }
    return `${name}${place.length > MAX_PLACE ? `${place.slice(0, MAX_PLACE)}…` : place} ${this.#what}`;
  }
}
