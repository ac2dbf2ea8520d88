// Properties of parameter mapping (spec/http-api.md §4.2 to §4.4, §4.7, §4.19).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GrammarError } from './grammar-error.ts';
import { parseJsonPath } from './json-path.ts';
import {
  type MappingValue,
  type Part,
  parseMappingValue,
  parseRequestChange,
  parseRequestMappings,
  parseResponseChange,
  parseResponseMappings,
  printChangeKey,
  printMappingValue,
  type Side,
} from './mapping.ts';

const RUNS = { numRuns: 10_000 };

const word = fc.stringMatching(/^[A-Za-z0-9_]{1,6}$/);
const jsonPath = fc
  .array(fc.constantFrom('.a', '.b-c', "['d e']", '["f"]', '[0]', '[-1]', '[*]', '[0,2]', '[1:]', '[:-1]'))
  .map((steps) => parseJsonPath(steps.join('')));

function variable(side: Side): fc.Arbitrary<Part> {
  const common: fc.Arbitrary<Part>[] = [
    fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,8}$/).map((name) => ({ from: 'header', name })),
    fc
      .array(word, { minLength: 1, maxLength: 3 })
      .map((names) => ({ from: 'context', name: names.join('.') })),
    word.map((name) => ({ from: 'stageVariable', name })),
    jsonPath.map((path) => ({ from: 'body', path: path.length === 0 ? undefined : path })),
  ];
  const ofRequests: fc.Arbitrary<Part>[] = [
    fc.stringMatching(/^[A-Za-z0-9_.\-[\]:=&?'"()@!]{1,8}$/).map((name) => ({ from: 'query', name })),
    fc.stringMatching(/^[A-Za-z0-9_.:-]{1,8}$/).map((name) => ({ from: 'pathParameter', name })),
    fc.constant({ from: 'path' }),
  ];
  return fc.oneof(...common, ...(side === 'request' ? ofRequests : []));
}

/** Text that does not end in a `$`, which would take part in what follows. */
const literal: fc.Arbitrary<Part> = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 8 }),
    fc.constantFrom('$request.path', '/', '$5', "'x'", '}', '{'),
  )
  .filter((text) => !text.includes('${') && !text.endsWith('$'))
  .map((text) => ({ from: 'text', text }));

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
  const fixed = fc.stringMatching(/^[^$]{0,12}$/).map((text): MappingValue => ({ kind: 'static', text }));
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

test('any text is a value that prints to one of the same meaning, or refused with all of it', () => {
  fc.assert(
    fc.property(valueText, side, (text, of) => {
      let value: MappingValue;
      try {
        value = parseMappingValue(text, of);
      } catch (error) {
        assert.ok(error instanceof GrammarError);
        assert.ok(error.message.endsWith(`[Invalid mapping expression specified: ${text}]`));
        return;
      }
      const printed = printMappingValue(value, of);
      if (printed.length <= 512) assert.deepEqual(parseMappingValue(printed, of), value);
      if (value.kind === 'static') assert.equal(value.text, text);
    }),
    RUNS,
  );
});

const KEY_PIECES = [
  'append:',
  'overwrite:',
  'remove:',
  'header.',
  'querystring.',
  'path',
  'statuscode',
  'x',
  'Via',
  ' ',
  '.',
];
const keyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...KEY_PIECES), { maxLength: 4 }).map((pieces) => pieces.join('')),
  fc
    .tuple(
      fc.constantFrom('append:', 'overwrite:', 'remove:'),
      fc.constantFrom('header.', 'querystring.'),
      fc.string(),
    )
    .map((pieces) => pieces.join('')),
);

test('any text is a key that prints as it is, or refused', () => {
  fc.assert(
    fc.property(keyText, side, (key, of) => {
      try {
        const change = of === 'request' ? parseRequestChange(key, 'v') : parseResponseChange(key, 'v');
        assert.equal(change.key, key);
        assert.equal(printChangeKey(change), key);
        if (change.at === 'header') assert.match(change.name, /^[\x21-\x7e]+$/);
      } catch (error) {
        if (!(error instanceof GrammarError)) throw error;
      }
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
