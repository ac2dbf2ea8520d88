// Methods of values (spec/websocket-api.md §5.5).
import { type Budget, TemplateError, type Value } from './values.ts';

/** A method of a kind of value; undefined when there is none for these arguments, or when it returns nothing. */
export type Method<T> = (self: T, args: readonly Value[], budget: Budget) => Value | undefined;

/** By name, so that nothing but these can be called. Those that look at no arguments take none (§5.5.3). */
export function methodTable<T>(table: Readonly<Record<string, Method<T>>>): ReadonlyMap<string, Method<T>> {
  return new Map(
    Object.entries(table).map(([name, method]) => [name, method.length < 2 ? takingNone(method) : method]),
  );
}

/** A method without arguments. Given some, Java finds it all the same, and fails. */
export function takingNone<T>(method: Method<T>): Method<T> {
  return (self, args, budget) => {
    if (args.length > 0) throw new TemplateError('A method that takes no arguments was given some');
    return method(self, args, budget);
  };
}

/** A method of so many arguments; with another number of them there is none. */
export function taking<T>(count: number, method: Method<T>): Method<T> {
  return (self, args, budget) => (args.length === count ? method(self, args, budget) : undefined);
}
