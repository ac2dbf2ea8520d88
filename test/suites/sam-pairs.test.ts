// The translator's own pairs of input and output (spec/definitions.md §8.12.1): each is expanded as the product does, and compared
// after normalising (§8.12.2).
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { expandText, haveSameSentences, normalized, withSortedLists } from '../support/sam-templates.ts';
import { type Suite, suiteTest, Tally } from './corpus.ts';

/** Pairs that differ, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {};

/** Where the outputs were recorded. */
const REGION = 'ap-southeast-1';

suiteTest('SAM templates become what the translator makes of them', 'sam', (suite, t) => {
  const tally = new Tally();
  for (const name of suite.list().filter((each) => each.endsWith('.input.yaml'))) {
    const pair = name.replace('.input.yaml', '');
    tally.case(pair, isAsRecorded(suite, pair));
  }
  assert.deepEqual(tally.surprises(t, DIFFERENT), []);
});

function isAsRecorded(suite: Suite, pair: string): boolean {
  const expected = suite.json<{ errorMessage?: string }>(`${pair}.expected.json`);
  const { template, findings } = expandText(suite.text(`${pair}.input.yaml`), REGION);
  if (expected.errorMessage !== undefined) {
    return template === undefined && haveSameSentences(expected.errorMessage, findings);
  }
  if (template === undefined) return false;
  const [ours, theirs] = [normalized(template), normalized(expected)];
  return isDeepStrictEqual(ours, theirs) || isDeepStrictEqual(withSortedLists(ours), withSortedLists(theirs));
}
