// JSONPath in Jayway's dialect: what a path finds in a value (spec/websocket-api.md §5.8).
import { unreachable } from '../../defect.ts';
import { type Budget, type Value, VList, VMap } from '../values.ts';
import { holds } from './filter.ts';
import { applied } from './functions.ts';
import { InapplicablePath, type PathContext } from './path-context.ts';
import type { JaywayPath, JaywayStep } from './syntax.ts';

/** The value, a list of values for a path that may lead to several; undefined when nothing is there. */
export function evaluateJayway(path: JaywayPath, root: Value, budget: Budget): Value | undefined {
  return find(path, root, { root, budget, requiresAll: false, find });
}

/** A part of a path that must be there is not. */
class Missing extends Error {}

function find(path: JaywayPath, start: Value, context: PathContext): Value | undefined {
  const search = new PathSearch(path, context);
  try {
    search.visit(0, start);
  } catch (error) {
    if (error instanceof Missing) return undefined;
    throw error;
  }
  return path.isDefinite ? search.found[0] : new VList(search.found, true);
}

class PathSearch {
  readonly found: Value[] = [];
  readonly #steps: readonly JaywayStep[];
  readonly #context: PathContext;
  /** Of each step, whether all in front of it lead to one value. */
  readonly #definite: readonly boolean[];
  /** The element of a list that a `..` fed the step with; it stays until the next. */
  readonly #fed: (number | undefined)[] = [];

  constructor({ steps }: JaywayPath, context: PathContext) {
    this.#steps = steps;
    this.#context = context;
    let isDefinite = true;
    this.#definite = steps.map((step, i) => {
      const before = isDefinite;
      isDefinite &&= leadsToOne(step, i === steps.length - 1);
      return before;
    });
  }

  /** Applies a step and those behind it. */
  visit(at: number, value: Value): void {
    this.#context.budget.spend(1);
    const step = this.#steps[at];
    if (step === undefined) {
      this.found.push(value);
      return;
    }
    switch (step.kind) {
      case 'members':
        return this.#members(at, step.names, value);
      case 'indexes':
        if (this.#isList(at, value)) for (const index of step.indexes) this.#element(at, value, index);
        return;
      case 'slice':
        if (this.#isList(at, value)) this.#slice(at, step, value);
        return;
      case 'all':
        return this.#all(at, value);
      case 'filter':
        return this.#filter(at, step, value);
      case 'descend':
        return this.#descend(at + 1, value);
      case 'function':
        this.found.push(applied(step, value, this.#context) ?? null);
        return;
      default:
        unreachable(step);
    }
  }

  #all(at: number, value: Value): void {
    if (value instanceof VMap) {
      for (const name of value.entries.keys()) this.#member(at, String(name), value);
    } else if (value instanceof VList) {
      for (let i = 0; i < value.items.length; i++) this.#element(at, value, i);
    }
  }

  #isLast(at: number): boolean {
    return at === this.#steps.length - 1;
  }

  #missing(at: number): undefined {
    if (this.#definite[at]! || this.#context.requiresAll) throw new Missing();
    return undefined;
  }

  #members(at: number, names: readonly string[], value: Value): void {
    if (!(value instanceof VMap)) {
      if (this.#definite[at]!) throw new Missing();
      return;
    }
    if (names.length === 1 || !this.#isLast(at)) {
      for (const name of names) this.#member(at, name, value);
      return;
    }
    // Several names at the end make one object of what is there.
    const present = names.filter((name) => value.entries.has(name));
    if (present.length < names.length && this.#context.requiresAll) throw new Missing();
    this.found.push(new VMap(new Map(present.map((name) => [name, value.entries.get(name)!])), 'json'));
  }

  #member(at: number, name: string, map: VMap): void {
    const value = map.entries.get(name);
    const step = this.#steps[at]!;
    if (value === undefined) {
      const isOptional = this.#isLast(at) || !leadsToOne(step, false);
      if (this.#context.requiresAll || !isOptional) this.#missing(at);
      return;
    }
    if (!this.#isLast(at)) return this.visit(at + 1, value);
    // Behind `..*` and the like Jayway drops what it comes to by an element of a list.
    const [fed, before] = [this.#fed[at], this.#steps[at - 1]];
    const isKept = before?.kind === 'indexes' && before.indexes.length === 1 && before.indexes[0] === fed;
    if (fed === undefined || isKept) this.found.push(value);
  }

  #isList(at: number, value: Value): value is VList {
    if (value instanceof VList) return true;
    if (this.#definite[at]!) throw new Missing();
    return false;
  }

  #element(at: number, list: VList, index: number): void {
    const item = list.items[index < 0 ? index + list.items.length : index];
    if (item !== undefined) this.visit(at + 1, item);
  }

  /** One end alone may count from the end of the list; of both each element does, `[-1:2]` being the last and the first two. */
  #slice(at: number, { from, to }: JaywayStep & { kind: 'slice' }, list: VList): void {
    const { length } = list.items;
    const fromEnd = (index: number) => (index < 0 ? index + length : index);
    const [first, end] =
      from === undefined
        ? [0, Math.min(fromEnd(to!), length)]
        : to === undefined
          ? [Math.max(fromEnd(from), 0), length]
          : [from, Math.min(to, length)];
    for (let i = first; i < end; i++) this.#element(at, list, i);
  }

  #filter(at: number, { test }: JaywayStep & { kind: 'filter' }, value: Value): void {
    if (value instanceof VMap) {
      if (holds(test, value, this.#context)) this.visit(at + 1, value);
    } else if (value instanceof VList) {
      for (const item of value.items) if (holds(test, item, this.#context)) this.visit(at + 1, item);
    } else if (this.#definite[at]!)
      throw new InapplicablePath('A filter of a JSON path is for lists and objects');
  }

  /** Applies the step behind `..` to a value and all below it that it suits. */
  #descend(at: number, value: Value): void {
    this.#context.budget.spend(1);
    if (value instanceof VMap) {
      if (this.#suits(at, value)) this.visit(at, value);
      for (const child of value.entries.values()) this.#descend(at, child);
    } else if (value instanceof VList) {
      if (this.#suits(at, value)) {
        if (this.#isLast(at)) this.visit(at, value);
        // The step itself is passed over: each element is taken for what it leads to.
        else
          value.items.forEach((item, i) => {
            this.#fed[at + 1] = i;
            this.visit(at + 1, item);
          });
      }
      for (const item of value.items) this.#descend(at, item);
    }
  }

  #suits(at: number, value: VMap | VList): boolean {
    const step = this.#steps[at]!;
    switch (step.kind) {
      case 'members': {
        if (!(value instanceof VMap)) return false;
        const isOne = step.names.length === 1 || this.#isLast(at);
        return !isOne || step.names.every((name) => value.entries.has(name));
      }
      case 'indexes':
      case 'slice':
        return value instanceof VList;
      case 'all':
        return true;
      case 'filter':
        return holds(step.test, value, this.#context);
      default:
        return false;
    }
  }
}

function leadsToOne(step: JaywayStep, isLast: boolean): boolean {
  if (step.kind === 'members') return step.names.length === 1 || isLast;
  return (step.kind === 'indexes' && step.indexes.length === 1) || step.kind === 'function';
}
