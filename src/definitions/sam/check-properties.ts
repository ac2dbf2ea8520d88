// What properties a SAM resource or event may have, and of which kind (spec/definitions.md §8.11.2). A map with one member may be a
// function, so its kind is not looked at where functions are taken.
import { get, isList, isMap, type Tree, type TreeMap } from './editing.ts';
import { mayBeFunction } from './intrinsics.ts';
import type { Blame } from './invalid.ts';

type Test = (tree: Tree) => boolean;

const isText: Test = (tree) => tree.kind === 'scalar' && typeof tree.value === 'string';
const isBoolean: Test = (tree) => tree.kind === 'scalar' && typeof tree.value === 'boolean';
/** In Python, booleans are integers. */
const isInteger: Test = (tree) => tree.kind === 'scalar' && (Number.isInteger(tree.value) || isBoolean(tree));
const either =
  (...tests: Test[]): Test =>
  (tree) =>
    tests.some((test) => test(tree));
const listOf =
  (test: Test): Test =>
  (tree) =>
    isList(tree) && tree.items.every(test);
const mapOf =
  (test: Test): Test =>
  (tree) =>
    isMap(tree) && [...tree.members.values()].every(({ value }) => test(value));
const oneOf =
  (...texts: string[]): Test =>
  (tree) =>
    tree.kind === 'scalar' && texts.some((text) => text === tree.value);
const isAnything: Test = () => true;

/** The kinds of properties. `expected` is what the message says of a value of another kind. */
const KINDS = {
  any: { test: isAnything },
  map: { test: isMap, expected: 'map' },
  text: { test: isText, expected: 'string' },
  boolean: { test: isBoolean },
  integer: { test: isInteger },
  list: { test: isList },
  'text or map': { test: either(isText, isMap) },
  'boolean or map': { test: either(isBoolean, isMap) },
  'map of maps': { test: mapOf(isMap) },
  'map of texts': { test: mapOf(isText) },
  'map of anything': { test: isMap },
  'map of integers or maps': { test: mapOf(either(isInteger, isMap)) },
  'list of texts': { test: listOf(isText) },
  'list of texts or maps': { test: listOf(either(isText, isMap)) },
  'text, map, or list of both': { test: either(isText, isMap, listOf(either(isText, isMap))) },
  'text, or list of texts or maps': { test: either(isText, listOf(either(isText, isMap))) },
  'text or list of texts': { test: either(isText, listOf(isText)) },
  'map or list of maps': { test: either(isMap, listOf(isMap)) },
  'Delete or Retain': {
    test: oneOf('Delete', 'Retain'),
    expected: "one of the strings: 'Delete' or 'Retain'",
  },
} as const satisfies Record<string, { test: Test; expected?: string }>;

type Kind = keyof typeof KINDS;

/** `!` before a kind: required. `=` before it: functions are not taken. Checked in the order of the table. */
export type PropertyTable = Readonly<Record<string, Kind | `!${Kind}` | `=${Kind}` | `!=${Kind}`>>;

/** @param type as the sentence names it, `AWS::Serverless::HttpApi` or `SQS`. */
export function checkProperties(properties: TreeMap, table: PropertyTable, type: string, blame: Blame): void {
  for (const [name, { value }] of properties.members) {
    if (!Object.hasOwn(table, name))
      throw blame(`property ${name} not defined for resource of type ${type}`, value);
  }
  for (const [name, written] of Object.entries(table)) {
    const { test, expected }: { test: Test; expected?: string } = KINDS[written.replace(/^!?=?/, '') as Kind];
    const value = get(properties, name);
    if (value === undefined) {
      if (written.startsWith('!')) throw blame(`Missing required property '${name}'.`, properties);
    } else if (!test(value) && (written.includes('=') || !mayBeFunction(value))) {
      throw blame(
        expected === undefined
          ? `Type of property '${name}' is invalid.`
          : `Property '${name}' should be a ${expected}.`,
        value,
      );
    }
  }
}
