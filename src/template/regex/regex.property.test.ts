// Laws of regular expressions (spec/websocket-api.md §5.5.2): what the translation finds is what a backtracking engine finds,
// where both have the syntax; and no pattern makes an error of another kind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NUM_RUNS } from '../../../test/support/num-runs.ts';
import { Budget, MAX_STEPS, TemplateError } from '../values.ts';
import { UnsupportedPattern } from './errors.ts';
import { JavaPattern } from './regex.ts';

const one = fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '[b-c]', '\\w', '\\d');
const greed = fc.constantFrom('', '?');
const count = fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '{0,3}');

/** Repeated groups match something, so that no engine goes round for nothing. */
const { regex } = fc.letrec<{ regex: string; part: string; group: string }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small' },
    one,
    fc.tuple(one, count, greed).map((parts) => parts.join('')),
    tie('group'),
    fc
      .tuple(one, tie('group'), fc.constantFrom('+', '?', '{1,2}'), greed)
      .map(([first, group, times, lazy]) => `(?:${first}${group})${times}${lazy}`),
  ),
  group: fc.tuple(fc.constantFrom('(', '(?:'), tie('regex')).map(([open, inner]) => `${open}${inner})`),
  regex: fc
    .array(
      fc.array(tie('part'), { maxLength: 3 }).map((parts) => parts.join('')),
      { minLength: 1, maxLength: 2 },
    )
    .map((options) => options.join('|')),
}));

const head = fc.constantFrom('', '', '^', '(?<=a)', '(?<![ab])', '(?<=[bc])');
const tail = fc.constantFrom('', '', '$', '(?=b)', '(?!c)', '(?=a+c|b)', '(?=[ab]*$)');
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1'), maxLength: 12 });

function placesOf(pattern: JavaPattern, subject: string): string[] {
  return [...pattern.find(subject, new Budget(MAX_STEPS))].map(({ start, end }) => `${start}-${end}`);
}

test('what is found is what ECMAScript finds', () => {
  let compared = 0;
  fc.assert(
    fc.property(head, regex, tail, text, (before, inner, behind, subject) => {
      const source = `${before}(?:${inner})${behind}`;
      const expected = Array.from(
        subject.matchAll(new RegExp(source, 'g')),
        (match) => `${match.index}-${match.index + match[0].length}`,
      );
      const pattern = new JavaPattern(source, false);
      assert.deepEqual(placesOf(pattern, subject), expected, source);
      const whole = new RegExp(`^(?:${source})$`).test(subject);
      assert.equal(pattern.matches(subject), whole, source);
      compared++;
    }),
    { numRuns: NUM_RUNS },
  );
  assert.equal(compared, NUM_RUNS);
});

test('a possessive quantifier takes all it can', () => {
  fc.assert(
    fc.property(one, fc.constantFrom('*+', '++'), regex, text, (first, possessive, inner, subject) => {
      const greedy = possessive[0]!;
      let pattern: JavaPattern;
      try {
        pattern = new JavaPattern(`${first}${possessive}(?:${inner})`, false);
      } catch (error) {
        assert.ok(error instanceof UnsupportedPattern);
        return;
      }
      // A look-ahead that captures does not backtrack.
      const atomic = new RegExp(`(?=(?<run>${first}${greedy}))\\k<run>(?:${inner})`, 'g');
      const expected = Array.from(
        subject.matchAll(atomic),
        (match) => `${match.index}-${match.index + match[0].length}`,
      );
      assert.deepEqual(placesOf(pattern, subject), expected, `${first}${possessive}(?:${inner})`);
    }),
    { numRuns: NUM_RUNS },
  );
});

test('any text is a pattern, or is refused', () => {
  const pieces = fc.constantFrom(
    ...[
      'a',
      'é',
      '😀',
      '.',
      '^',
      '$',
      '|',
      '(',
      ')',
      '(?:',
      '(?=',
      '(?!',
      '(?<=',
      '(?<!',
      '(?<n>',
      '(?i)',
      '(?>',
      '[',
      ']',
      '[^',
      '&&',
      '-',
    ],
    ...[
      '*',
      '+',
      '?',
      '{2}',
      '{1,',
      '}',
      '\\',
      '\\d',
      '\\p{L}',
      '\\p{X}',
      '\\Q',
      '\\E',
      '\\b',
      '\\Z',
      '\\1',
      '\\k<n>',
      '\\x41',
      '\\u00e9',
      '\\0',
      '#',
      ' ',
    ],
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 10 }), text, (parts, subject) => {
      try {
        const pattern = new JavaPattern(parts.join(''), false);
        pattern.matches(subject);
        placesOf(pattern, `${subject}\n`);
      } catch (error) {
        assert.ok(error instanceof TemplateError, `${parts.join('')}: ${String(error)}`);
      }
    }),
    { numRuns: NUM_RUNS },
  );
});
