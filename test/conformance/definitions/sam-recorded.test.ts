// Templates of AWS SAM whose outcomes were recorded once with the translator (spec/definitions.md §8.12.3), in `sam-recorded.json`: what
// they become, or all sentences of what is wrong with them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { expandText, normalized, withSortedLists } from '../../support/sam-templates.ts';

interface Recorded {
  readonly region: string;
  readonly input: { readonly Resources: Readonly<Record<string, unknown>> };
  readonly output?: unknown;
  readonly errors?: readonly string[];
}

const recorded = JSON.parse(
  readFileSync('test/conformance/definitions/sam-recorded.json', 'utf8'),
) as readonly Recorded[];

test('templates become what was recorded', () => {
  const cases = recorded.filter(({ output }) => output !== undefined);
  assert.ok(cases.length > 10);
  for (const { region, input, output } of cases) {
    const { template, errorMessage } = expandText(JSON.stringify(input), region);
    assert.equal(errorMessage, undefined);
    assert.deepEqual(withSortedLists(normalized(template)), withSortedLists(normalized(output)));
  }
});

test('templates are refused with the sentences that were recorded', () => {
  const cases = recorded.filter(({ errors }) => errors !== undefined);
  assert.ok(cases.length > 10);
  for (const { region, input, errors } of cases) {
    const { template, findings } = expandText(JSON.stringify(input), region);
    assert.equal(template, undefined);
    assert.deepEqual(findings.map(({ text }) => text).sort(), [...errors!].sort());
  }
});
