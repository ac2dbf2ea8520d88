// The keywords of draft 4, each compiled to a test (json-schema.org draft-04 validation, §5).
import { isObject } from '../../../grammar/json-object.ts';
import type { Check, SchemaNode, Test } from './check.ts';
import type { TextPattern } from './patterns.ts';
import type { RawSchema } from './subschemas.ts';
import { isMultipleOf, isUnique, keyOf } from './values.ts';

/** What the keywords of a schema need of the schemas in it. */
export interface Means {
  /** A schema for a member or an item. */
  child(schema: unknown): SchemaNode;
  /** A schema for the value itself. */
  inPlace(schema: unknown): SchemaNode;
  pattern(source: string): TextPattern;
  /** For what is computed of a schema's own values. */
  readonly check: Check;
}

/** The tests of a schema that has passed the metaschema; unknown keywords say nothing. */
export function testsOf(schema: RawSchema, means: Means): Test[] {
  const tests: Test[] = [];
  const has = (keyword: string) => Object.hasOwn(schema, keyword);
  if (has('type')) tests.push(typeTest([schema.type].flat() as string[]));
  if (has('enum')) tests.push(enumTest(schema.enum as unknown[], means.check));
  tests.push(...numberTests(schema));
  tests.push(...textTests(schema, means));
  tests.push(...arrayTests(schema, means));
  tests.push(...objectTests(schema, means));
  tests.push(...combinedTests(schema, means));
  return tests;
}

const IS: Readonly<Record<string, (value: unknown) => boolean>> = {
  array: Array.isArray,
  boolean: (value) => typeof value === 'boolean',
  integer: Number.isInteger,
  null: (value) => value === null,
  number: (value) => typeof value === 'number',
  object: isObject,
  string: (value) => typeof value === 'string',
};

function typeTest(types: readonly string[]): Test {
  const tests = types.map((type) => IS[type]!);
  const wrong = `must be ${types.join()}`;
  return (value, check) => tests.some((test) => test(value)) || check.fail(wrong);
}

function enumTest(values: readonly unknown[], compiling: Check): Test {
  const keys = new Set(values.map((value) => keyOf(value, compiling)));
  const hasObjects = values.some((value) => typeof value === 'object' && value !== null);
  return (value, check) =>
    ((hasObjects || typeof value !== 'object' || value === null) && keys.has(keyOf(value, check))) ||
    check.fail('must be equal to one of the allowed values');
}

function numberTests(schema: RawSchema): Test[] {
  const tests: Test[] = [];
  const number = (keyword: string, holds: (value: number, limit: number) => boolean, wrong: string) => {
    const limit = schema[keyword];
    if (typeof limit !== 'number') return;
    const text = `${wrong} ${limit}`;
    tests.push((value, check) => typeof value !== 'number' || holds(value, limit) || check.fail(text));
  };
  if (schema.exclusiveMinimum === true) number('minimum', (value, limit) => value > limit, 'must be >');
  else number('minimum', (value, limit) => value >= limit, 'must be >=');
  if (schema.exclusiveMaximum === true) number('maximum', (value, limit) => value < limit, 'must be <');
  else number('maximum', (value, limit) => value <= limit, 'must be <=');
  number('multipleOf', isMultipleOf, 'must be multiple of');
  return tests;
}

/** A test of how many there are of something; `count` gives undefined for other values. */
function countTests(
  schema: RawSchema,
  suffix: string,
  things: string,
  count: (value: unknown, check: Check) => number | undefined,
): Test[] {
  const [least, most] = [schema[`min${suffix}`], schema[`max${suffix}`]];
  const tests: Test[] = [];
  if (typeof most === 'number') {
    const wrong = `must NOT have more than ${most} ${things}`;
    tests.push((value, check) => (count(value, check) ?? most) <= most || check.fail(wrong));
  }
  if (typeof least === 'number') {
    const wrong = `must NOT have fewer than ${least} ${things}`;
    tests.push((value, check) => (count(value, check) ?? least) >= least || check.fail(wrong));
  }
  return tests;
}

function textTests(schema: RawSchema, means: Means): Test[] {
  const tests = countTests(schema, 'Length', 'characters', (value, check) =>
    typeof value === 'string' ? lengthOf(value, check) : undefined,
  );
  if (typeof schema.pattern === 'string') {
    const pattern = means.pattern(schema.pattern);
    const wrong = `must match pattern "${schema.pattern}"`;
    tests.push(
      (value, check) => typeof value !== 'string' || pattern(value, check.budget) || check.fail(wrong),
    );
  }
  return tests;
}

/** In code points. */
function lengthOf(text: string, check: Check): number {
  check.spend(text.length >> 4);
  let length = text.length;
  for (let at = 0; at < text.length; at++) if (text.codePointAt(at)! > 0xffff && at++ >= 0) length--;
  return length;
}

function arrayTests(schema: RawSchema, means: Means): Test[] {
  const tests = countTests(schema, 'Items', 'items', (value) =>
    Array.isArray(value) ? value.length : undefined,
  );
  const { items, additionalItems } = schema;
  if (Array.isArray(items)) {
    const first = items.map((item) => means.child(item));
    const wrong = `must NOT have more than ${first.length} items`;
    if (additionalItems === false) {
      tests.push(
        (value, check) => !Array.isArray(value) || value.length <= first.length || check.fail(wrong),
      );
    }
    const rest = isObject(additionalItems) ? means.child(additionalItems) : undefined;
    tests.push((value, check) => !Array.isArray(value) || itemsFit(value, first, rest, check));
  } else if (items !== undefined) {
    const each = means.child(items);
    tests.push((value, check) => !Array.isArray(value) || itemsFit(value, [], each, check));
  }
  if (schema.uniqueItems === true) {
    tests.push(
      (value, check) =>
        !Array.isArray(value) || isUnique(value, check) || check.fail('must NOT have duplicate items'),
    );
  }
  return tests;
}

function itemsFit(
  items: readonly unknown[],
  first: readonly SchemaNode[],
  rest: SchemaNode | undefined,
  check: Check,
): boolean {
  const end = rest === undefined ? Math.min(items.length, first.length) : items.length;
  for (let i = 0; i < end; i++) {
    if (!check.fits(i < first.length ? first[i]! : rest!, items[i])) return check.failUnder(i);
  }
  return true;
}

function objectTests(schema: RawSchema, means: Means): Test[] {
  const tests = countTests(schema, 'Properties', 'properties', (value) =>
    isObject(value) ? Object.keys(value).length : undefined,
  );
  if (Array.isArray(schema.required)) tests.push(requiredTest(schema.required as string[]));
  for (const [name, needed] of Object.entries((schema.dependencies ?? {}) as object)) {
    tests.push(dependencyTest(name, needed, means));
  }
  const { properties, patternProperties, additionalProperties } = schema;
  if (properties !== undefined || patternProperties !== undefined || additionalProperties !== undefined) {
    tests.push(membersTest(schema, means));
  }
  return tests;
}

function requiredTest(names: readonly string[]): Test {
  return (value, check) => {
    if (!isObject(value)) return true;
    check.spend(names.length);
    for (const name of names) {
      if (!Object.hasOwn(value, name)) return check.fail(`must have required property '${name}'`);
    }
    return true;
  };
}

function dependencyTest(name: string, needed: unknown, means: Means): Test {
  if (!Array.isArray(needed)) {
    const node = means.inPlace(needed);
    return (value, check) => !isObject(value) || !Object.hasOwn(value, name) || check.fits(node, value);
  }
  const names = needed as readonly string[];
  const properties = names.length === 1 ? 'property' : 'properties';
  const wrong = `must have ${properties} ${names.join(', ')} when property ${name} is present`;
  return (value, check) => {
    if (!isObject(value) || !Object.hasOwn(value, name)) return true;
    check.spend(names.length);
    return names.every((each) => Object.hasOwn(value, each)) || check.fail(wrong);
  };
}

function membersTest(schema: RawSchema, means: Means): Test {
  const own = new Map<string, SchemaNode>();
  for (const [name, each] of Object.entries((schema.properties ?? {}) as object)) {
    own.set(name, means.child(each));
  }
  const patterns = Object.entries((schema.patternProperties ?? {}) as object).map(
    ([source, each]) => [means.pattern(source), means.child(each)] as const,
  );
  const { additionalProperties } = schema;
  const rest = isObject(additionalProperties) ? means.child(additionalProperties) : undefined;
  return (value, check) => {
    if (!isObject(value)) return true;
    for (const name of Object.keys(value)) {
      check.spend(1);
      const node = own.get(name);
      let isKnown = node !== undefined;
      if (node !== undefined && !check.fits(node, value[name])) return check.failUnder(name);
      for (const [pattern, each] of patterns) {
        if (!pattern(name, check.budget)) continue;
        isKnown = true;
        if (!check.fits(each, value[name])) return check.failUnder(name);
      }
      if (isKnown) continue;
      if (additionalProperties === false) return check.fail('must NOT have additional properties');
      if (rest !== undefined && !check.fits(rest, value[name])) return check.failUnder(name);
    }
    return true;
  };
}

function combinedTests(schema: RawSchema, means: Means): Test[] {
  const tests: Test[] = [];
  const nodes = (keyword: string) =>
    ((schema[keyword] ?? []) as unknown[]).map((each) => means.inPlace(each));
  for (const node of nodes('allOf')) tests.push((value, check) => check.fits(node, value));
  const any = nodes('anyOf');
  if (any.length > 0) {
    tests.push(
      (value, check) => fitting(any, value, check, 1) > 0 || check.fail('must match a schema in anyOf'),
    );
  }
  const one = nodes('oneOf');
  if (one.length > 0) {
    tests.push(
      (value, check) =>
        fitting(one, value, check, 2) === 1 || check.fail('must match exactly one schema in oneOf'),
    );
  }
  if (schema.not !== undefined) {
    const not = [means.inPlace(schema.not)];
    tests.push((value, check) => fitting(not, value, check, 1) === 0 || check.fail('must NOT be valid'));
  }
  return tests;
}

/** How many of the schemas a value fits, counted up to `enough`. */
function fitting(nodes: readonly SchemaNode[], value: unknown, check: Check, enough: number): number {
  let count = 0;
  check.quiet++;
  for (let i = 0; i < nodes.length && count < enough; i++) if (check.fits(nodes[i]!, value)) count++;
  check.quiet--;
  return count;
}
