// The translator's own pairs of input and output (spec/definitions.md §8.12.1): each is expanded as the product does, and compared
// after normalising (§8.12.2).
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { expandText, haveSameSentences, normalized, withSortedLists } from '../support/sam-templates.ts';
import { type Suite, suiteTest, Tally } from './corpus.ts';

/** Pairs that differ, and why. */
const DIFFERENT: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'connector_api_to_function',
    'connector_with_non_id_source_and_destination',
    'definition_body_intrinsics_support',
    'error_api_authorizer_property_indentity_with_invalid_type',
    'error_api_event_ref_http_api',
    'error_api_invalid_auth',
    'error_http_api_with_invalid_auth_while_method_auth_is_none',
    'function_with_events_and_propagate_tags',
    'function_with_propagate_tags_and_no_tags',
    'mixed_api_with_custom_domain_route53_multiple',
  ].map((name) => [name, 'REST APIs are left as they are']),
);

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
