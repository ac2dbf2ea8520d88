// Properties of JSONPath into bodies (spec/http-api.md §4.6, §4.19, Choice C34).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import { unreachable } from '../defect.ts';
import { GrammarError } from './grammar-error.ts';
import {
  compileJsonPath,
  JsonBody,
  type JsonPath,
  type JsonStep,
  parseJsonPath,
  printJsonPath,
} from './json-path.ts';

const RUNS = { numRuns: NUM_RUNS };

const member = (name: string): JsonStep => ({ kind: 'member', name });
const index = (position: number): JsonStep => ({ kind: 'index', index: position });
const union = (...indexes: number[]): JsonStep => ({ kind: 'union', indexes });
const slice = (from: number | undefined, to: number | undefined): JsonStep => ({ kind: 'slice', from, to });
const all: JsonStep = { kind: 'all' };

// A document as a model: numbers are texts, objects are lists of members.
type Model =
  | { readonly scalar: string; readonly text: string | undefined }
  | { readonly items: readonly Model[] }
  | { readonly members: readonly (readonly [name: string, value: Model])[] };

const NAMES = ['a', 'b', '0', '__proto__', 'length', ''];
const blank = fc.constantFrom('', '', ' ', '\n\t');
const scalar: fc.Arbitrary<Model> = fc.oneof(
  fc
    .constantFrom('0', '-1.50', '1e3', '2E-7', '12345678901234567890')
    .map((text) => ({ scalar: text, text })),
  fc.string().map((text) => ({ scalar: JSON.stringify(text), text })),
  fc.constantFrom('true', 'false').map((text) => ({ scalar: text, text })),
  fc.constant({ scalar: 'null', text: undefined }),
);
const model = fc.letrec<{ value: Model }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }).map((items) => ({ items })),
    fc
      .array(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 4 })
      .map((members) => ({ members })),
  ),
})).value;

function write(value: Model, gap: string): string {
  if ('scalar' in value) return value.scalar;
  const inside =
    'items' in value
      ? value.items.map((item) => gap + write(item, gap) + gap)
      : value.members.map(
          ([name, member]) => `${gap}${JSON.stringify(name)}${gap}:${gap}${write(member, gap)}${gap}`,
        );
  const [open, close] = 'items' in value ? '[]' : '{}';
  return `${open}${inside.length === 0 ? gap : inside.join(',')}${close}`;
}

/** The members that count: the first place, the last value. */
function counting(members: readonly (readonly [string, Model])[]): readonly Model[] {
  const names = [...new Set(members.map(([name]) => name))];
  return names.map((name) => members.findLast(([other]) => other === name)![1]);
}

function naive(value: Model, step: JsonStep): readonly Model[] {
  if ('members' in value) {
    if (step.kind === 'all') return counting(value.members);
    const found = step.kind === 'member' ? value.members.findLast(([name]) => name === step.name) : undefined;
    return found === undefined ? [] : [found[1]];
  }
  if (!('items' in value)) return [];
  const { items } = value;
  const positions = items.map((_, i) => i);
  const real = (i: number) => (i < 0 ? items.length + i : i);
  const chosen = (): readonly number[] => {
    switch (step.kind) {
      case 'member':
        return [];
      case 'all':
        return positions;
      case 'index':
        return [real(step.index)];
      case 'union':
        return [...new Set(step.indexes.map(real))];
      case 'slice':
        return positions.filter((i) => i >= real(step.from ?? 0) && i < real(step.to ?? items.length));
      default:
        unreachable(step);
    }
  };
  return chosen().flatMap((i) => (i >= 0 && i < items.length ? [items[i]!] : []));
}

/** The model without the members that a later one replaces. */
function settled(value: Model): Model {
  if ('items' in value) return { items: value.items.map(settled) };
  if (!('members' in value)) return value;
  const names = [...new Set(value.members.map(([name]) => name))];
  return { members: names.map((name, i) => [name, settled(counting(value.members)[i]!)] as const) };
}

const step: fc.Arbitrary<JsonStep> = fc.oneof(
  fc.constantFrom(...NAMES).map(member),
  fc.integer({ min: -3, max: 3 }).map(index),
  fc
    .array(fc.integer({ min: -3, max: 3 }), { minLength: 2, maxLength: 3 })
    .map((indexes) => union(...indexes)),
  fc
    .tuple(
      fc.option(fc.integer({ min: -3, max: 3 }), { nil: undefined }),
      fc.option(fc.integer({ min: -3, max: 3 }), { nil: undefined }),
    )
    .map(([from, to]) => slice(from, to)),
  fc.constant(all),
);

test('§4.6: results agree with a naive evaluation', () => {
  fc.assert(
    fc.property(model.map(settled), fc.array(step, { maxLength: 4 }), blank, (document, path, gap) => {
      let matches: readonly Model[] = [document];
      for (const next of path) matches = matches.flatMap((value) => naive(value, next));
      const isDefinite = path.every(({ kind }) => kind === 'member' || kind === 'index');
      const [first] = matches;
      let expected: string | undefined;
      if (first !== undefined && !isDefinite) expected = write({ items: matches }, '');
      else if (first !== undefined) expected = 'scalar' in first ? first.text : write(first, '');
      assert.equal(compileJsonPath(path)(new JsonBody(write(document, gap))), expected);
    }),
    RUNS,
  );
});

test('of members with one name the last counts, however it is reached', () => {
  fc.assert(
    fc.property(model, fc.array(step, { minLength: 1, maxLength: 4 }), (document, path) => {
      const found = compileJsonPath(path);
      const given = found(new JsonBody(write(document, '')));
      const clean = found(new JsonBody(write(settled(document), '')));
      assert.equal(parsed(given), parsed(clean));
    }),
    RUNS,
  );
});

/** Objects as JSON means them: a found object keeps its replaced members in its text. */
function parsed(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

test('a printed path is parsed into itself', () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary' }).filter((text) => !text.includes("'") || !text.includes('"')),
    fc.constantFrom(...NAMES, '*', 'a.b', "it's", 'a b'),
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(step, name.map(member))), (path) => {
      assert.deepEqual(parseJsonPath(printJsonPath(path)), path);
    }),
    RUNS,
  );
});

test('any text is a path that prints to one of the same meaning, or refused', () => {
  const pieces = [
    '.',
    '..',
    '[',
    ']',
    "'",
    '"',
    '*',
    '0',
    '-1',
    ',',
    ':',
    'a',
    ' ',
    '(',
    '?',
    '@',
    "['a']",
    '[0]',
  ];
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...pieces)).map((chosen) => chosen.join('')),
  );
  fc.assert(
    fc.property(text, (given) => {
      let path: JsonPath;
      try {
        path = parseJsonPath(given);
      } catch (error) {
        assert.ok(error instanceof GrammarError);
        return;
      }
      assert.deepEqual(parseJsonPath(printJsonPath(path)), path);
    }),
    RUNS,
  );
});

test('any text is a body', () => {
  const find = ['.a', '[-1]', '.*'].map((path) => compileJsonPath(parseJsonPath(path)));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
      const body = new JsonBody(text);
      for (const one of find) one(body);
    }),
    RUNS,
  );
});
