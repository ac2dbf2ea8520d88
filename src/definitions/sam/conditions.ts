// Conditions that the expansion adds to the template (spec/definitions.md §8.5.7).
import type { Plain } from './editing.ts';

/** `Fn::Or` takes ten. */
const AT_MOST = 10;

/**
 * Conditions by name, of which the one with `name` is true when any of `conditions` is: more than ten are or-ed in steps.
 *
 * @param conditions at least two
 */
export function combinedConditions(conditions: readonly string[], name: string): [string, Plain][] {
  const made: [string, Plain][] = [];
  let left = [...conditions];
  let steps = Math.floor((left.length - 2) / (AT_MOST - 1));
  while (left.length > 1) {
    const step = steps > 0 ? `${name}${steps}` : name;
    steps--;
    made.push([step, { 'Fn::Or': left.slice(0, AT_MOST).map((condition) => ({ Condition: condition })) }]);
    left = [...left.slice(AT_MOST), step];
  }
  return made;
}
