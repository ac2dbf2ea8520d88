// Properties of parameter mapping (spec/http-api.md §4.2 to §4.4, §4.7, §4.19).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../test/support/num-runs.ts';
import { GrammarError } from './grammar-error.ts';
import { parseJsonPath } from './json-path.ts';
import {
  checkRequestMappings,
  checkResponseMappings,
  parseRequestMappings,
  parseResponseMappings,
} from './mapping.ts';
import { type MappingKey, parseMappingKey, printMappingKey } from './mapping-key.ts';
import { mergeMappings } from './mapping-merge.ts';
import type { Part, Side } from './mapping-source.ts';
import { type MappingValue, parseMappingValue, printMappingValue } from './mapping-value.ts';
import { parseServiceValue } from './service-value.ts';

const RUNS = { numRuns: NUM_RUNS };

const word = fc.stringMatching(/^[A-Za-z0-9_]{1,6}$/);
const jsonPath = fc
  .array(fc.constantFrom('.a', '.b-c', "['d e']", '["f"]', '[0]', '[-1]', '[*]', '[0,2]', '[1:]', '[:-1]'))
  .map((steps) => parseJsonPath(steps.join('')));

function variable(side: Side): fc.Arbitrary<Part> {
  const braced = fc.stringMatching(/^[!-|~à-ÿ]{1,8}$/);
  const common: fc.Arbitrary<Part>[] = [
    braced.map((name) => ({ from: 'header', name })),
    braced.map((name) => ({ from: 'stageVariable', name })),
    fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,8}$/).map((name) => ({ from: 'header', name })),
    fc
      .array(word, { minLength: 1, maxLength: 3 })
      .map((names) => ({ from: 'context', name: names.join('.') })),
    word.map((name) => ({ from: 'stageVariable', name })),
    jsonPath.map((path) => ({ from: 'body', path: path.length === 0 ? undefined : path })),
  ];
  const ofRequests: fc.Arbitrary<Part>[] = [
    braced.map((name) => ({ from: 'query', name })),
    braced.map((name) => ({ from: 'pathParameter', name })),
    fc.stringMatching(/^[A-Za-z0-9_.\-[\]:=&?'"()@!]{1,8}$/).map((name) => ({ from: 'query', name })),
    fc.stringMatching(/^[A-Za-z0-9_.:-]{1,8}$/).map((name) => ({ from: 'pathParameter', name })),
    fc.constant({ from: 'path' }),
  ];
  return fc.oneof(...common, ...(side === 'request' ? ofRequests : []));
}

/** Text without braces, where a dollar has one character behind it at most. */
const literalText = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 8 }),
    fc.constantFrom('/', '$5', '$', '$$', 'US$5 off', "'x'", '$a/$b'),
  )
  .filter((text) => !/[{}]|\$[^\s$/,;]{2}/u.test(text));
const literal: fc.Arbitrary<Part> = literalText.map((text) => ({ from: 'text', text }));

function mappingValue(side: Side): fc.Arbitrary<MappingValue> {
  const template = fc
    .tuple(
      fc.array(fc.tuple(fc.option(literal), variable(side)), { minLength: 1, maxLength: 4 }),
      fc.option(literal),
    )
    .map(([pairs, last]): MappingValue => {
      const parts = [...pairs.flat(), last].filter((part) => part !== null);
      return parts.length === 1 ? { kind: 'selector', part: parts[0]! } : { kind: 'template', parts };
    });
  const selector = variable(side).map((part): MappingValue => ({ kind: 'selector', part }));
  const fixed = literalText.map((text): MappingValue => ({ kind: 'static', text }));
  return fc.oneof(template, selector, fixed);
}

for (const side of ['request', 'response'] as const) {
  test(`a printed value of a ${side} mapping is parsed into itself`, () => {
    fc.assert(
      fc.property(mappingValue(side), (value) => {
        assert.deepEqual(parseMappingValue(printMappingValue(value, side), side), value);
      }),
      RUNS,
    );
  });
}

const PIECES = (
  '$ ${ } { . - / [ ] ( ) \' " : ? * 0 , a request. request.path request.path. request.header. request.querystring. ' +
  'request.body request.body. response.header. response.body context. stageVariables. $request. $context. ${request.'
).split(' ');
const valueText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc.array(fc.constantFrom(...PIECES, ' '), { maxLength: 12 }).map((pieces) => pieces.join('')),
  fc.array(fc.constantFrom(...PIECES, ' '), { maxLength: 8 }).map((pieces) => `$request.${pieces.join('')}`),
);
const side = fc.constantFrom<Side>('request', 'response');

for (const [dialect, parse] of [
  ['action', parseMappingValue],
  ['service', parseServiceValue],
] as const) {
  test(`any text is a value of the ${dialect} dialect that prints to one of the same meaning, or refused with all of it`, () => {
    fc.assert(
      fc.property(valueText, side, (text, of) => {
        let value: MappingValue;
        try {
          value = parse(text, of);
        } catch (error) {
          assert.ok(error instanceof GrammarError);
          assert.ok(error.message.endsWith(`[Invalid mapping expression specified: ${text}]`));
          return;
        }
        const printed = printMappingValue(value, of);
        if (printed.length <= 512) assert.deepEqual(parse(printed, of), value);
        if (value.kind === 'static') assert.equal(value.text, text);
      }),
      RUNS,
    );
  });
}

test('an accepted value has no brace outside a source, and no dollar before two characters that begins none', () => {
  fc.assert(
    fc.property(valueText, side, (text, of) => {
      let value: MappingValue;
      try {
        value = parseMappingValue(text, of);
      } catch {
        return;
      }
      const texts =
        value.kind === 'static'
          ? [value.text]
          : value.kind === 'selector'
            ? []
            : value.parts.flatMap((part) => (part.from === 'text' ? [part.text] : []));
      for (const each of texts) assert.doesNotMatch(each, /[{}]|\$[^\s$/,;]{2}/u);
    }),
    RUNS,
  );
});

const KEY_PIECES = [
  'append:',
  'overwrite:',
  'remove:',
  'header.',
  'Header.',
  'querystring.',
  'path',
  'statuscode',
  'x',
  'Via',
  ' ',
  '.',
  '.1',
  '.01',
  '.20',
];
const keyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...KEY_PIECES), { maxLength: 5 }).map((pieces) => pieces.join('')),
  fc
    .tuple(
      fc.constantFrom('append:', 'overwrite:', 'remove:'),
      fc.constantFrom('header.', 'HEADER.', 'querystring.'),
      fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z0-9._$-]{1,6}(?:\.[0-9]{1,3}){0,2}$/)),
    )
    .map((pieces) => pieces.join('')),
);

test('any text is a key that prints as it is, or refused', () => {
  fc.assert(
    fc.property(keyText, side, (text, of) => {
      try {
        const key = parseMappingKey(text, of);
        assert.equal(printMappingKey(key), text);
        if (key.at === 'header') assert.match(key.name, /^[a-zA-Z0-9._$-]+$/);
        assert.doesNotMatch(key.name, /.\.[0-9]+$/);
      } catch (error) {
        if (!(error instanceof GrammarError)) throw error;
      }
    }),
    RUNS,
  );
});

const suffix = fc.oneof(fc.constant(''), fc.stringMatching(/^(?:\.[0-9]{1,4}){1,3}$/));
const inAnyCase = (word: string) =>
  fc
    .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
    .map((upper) => [...word].map((letter, i) => (upper[i] ? letter.toUpperCase() : letter)).join(''));
const action = fc.constantFrom('append', 'overwrite', 'remove');
const mappingKey: fc.Arbitrary<MappingKey> = fc.oneof(
  fc.record({
    action,
    at: fc.constant('header'),
    location: inAnyCase('header'),
    name: fc.stringMatching(/^x-[A-Za-z0-9_$-]{1,8}$/),
    suffix,
  }),
  fc.record({
    action,
    at: fc.constant('query'),
    location: inAnyCase('querystring'),
    name: fc.string({ minLength: 1 }).filter((name) => !/\.[0-9]+$/.test(name)),
    suffix,
  }),
  inAnyCase('path').map((location) => ({
    action: 'overwrite' as const,
    at: 'path' as const,
    location,
    name: '',
    suffix: '',
  })),
) as fc.Arbitrary<MappingKey>;

test('a printed key is parsed into itself', () => {
  fc.assert(
    fc.property(mappingKey, (key) => {
      try {
        assert.deepEqual(parseMappingKey(printMappingKey(key), 'request'), { ...key });
      } catch (error) {
        // x-amz- and the like.
        assert.match(String(error), /Operations on header/);
      }
    }),
    RUNS,
  );
});

test('§4.2: a map is taken when no two of its keys name one header with one suffix, and then it is compiled', () => {
  const name = fc.constantFrom('x', 'X', 'x.1', 'X.1', 'x.01', 'x.1.2', 'y', 'Y.1');
  const key = fc
    .tuple(action, fc.constantFrom('header', 'Header', 'querystring'), name)
    .map(([does, location, on]) => `${does}:${location}.${on}`);
  const keys = fc.uniqueArray(fc.oneof(key, fc.constantFrom('overwrite:path', 'overwrite:Path')), {
    maxLength: 5,
  });
  fc.assert(
    fc.property(keys, keys, (stored, patch) => {
      const mapOf = (list: readonly string[]) => Object.fromEntries(list.map((each) => [each, "''"]));
      const becomes = mergeMappings(mapOf(stored), mapOf(patch));
      const taken = outcome(() => checkRequestMappings(mapOf(patch), becomes)) === undefined;
      const destinations = Object.keys(becomes).flatMap((each) => {
        const parsed = parseMappingKey(each, 'request');
        if (parsed.at === 'query') return [];
        return [parsed.at === 'path' ? 'path' : `${parsed.name.toLowerCase()} ${parsed.suffix}`];
      });
      assert.equal(taken, new Set(destinations).size === destinations.length);
      assert.equal(parseRequestMappings(becomes).length, Object.keys(becomes).length);
    }),
    RUNS,
  );
});

test('§4.11: merging into nothing is what Create keeps, and merging twice is merging once', () => {
  const value = fc.constantFrom('', "''", 'v');
  const map = fc.dictionary(fc.constantFrom('append:header.a', 'remove:header.b', 'overwrite:path'), value);
  fc.assert(
    fc.property(map, map, (stored, patch) => {
      const kept = mergeMappings({}, stored);
      assert.ok(Object.entries(kept).every(([key, each]) => each !== '' || key.startsWith('remove:')));
      const merged = mergeMappings(kept, patch);
      const again = Object.fromEntries(Object.entries(patch).filter(([, each]) => each !== ''));
      assert.deepEqual(mergeMappings(merged, again), merged);
      for (const key of Object.keys(kept)) {
        if (!Object.hasOwn(patch, key)) assert.equal(merged[key], kept[key]);
        else if (patch[key] === '') assert.ok(!Object.hasOwn(merged, key));
      }
    }),
    RUNS,
  );
});

test('what is checked is what is compiled', () => {
  const map = fc.dictionary(keyText, valueText, { maxKeys: 3 });
  fc.assert(
    fc.property(map, (given) => {
      if (outcome(() => checkRequestMappings(given, given)) === undefined) parseRequestMappings(given);
      const statuses = { 200: given, 404: given };
      if (outcome(() => checkResponseMappings(statuses, statuses)) === undefined)
        parseResponseMappings(statuses);
    }),
    RUNS,
  );
});

test('§4.7: the order of the entries of a map does not matter', () => {
  const entries = fc.uniqueArray(fc.tuple(keyText, valueText), { selector: ([key]) => key, maxLength: 6 });
  fc.assert(
    fc.property(
      entries.chain((given) =>
        fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
      ),
      ([one, other]) => {
        assert.deepEqual(
          outcome(() => parseRequestMappings(Object.fromEntries(one))),
          outcome(() => parseRequestMappings(Object.fromEntries(other))),
        );
        const check = (list: typeof one) =>
          checkRequestMappings(Object.fromEntries(list), Object.fromEntries(list));
        assert.deepEqual(
          outcome(() => check(one)),
          outcome(() => check(other)),
        );
      },
    ),
    RUNS,
  );
});

test('any map of maps is parsed or refused', () => {
  const status = fc.oneof(fc.string({ maxLength: 4 }), fc.integer({ min: 150, max: 650 }).map(String));
  const map = fc.dictionary(status, fc.dictionary(keyText, valueText, { maxKeys: 3 }), { maxKeys: 3 });
  fc.assert(
    fc.property(map, (given) => {
      const parsed = outcome(() => parseResponseMappings(given));
      if (typeof parsed === 'string')
        assert.match(parsed, /^Invalid mapping expression specified: Validation Result: /);
      else for (const number of parsed.keys()) assert.ok(number >= 200 && number <= 599);
    }),
    RUNS,
  );
});

/** What `work` returns, or the message of its GrammarError. */
function outcome<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof GrammarError) return error.message;
    throw error;
  }
}
