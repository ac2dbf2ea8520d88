// JSONPath by the cases of jsonpath-standard/jsonpath-compliance-test-suite, which are of RFC 9535: what the dialect of
// templates (spec/websocket-api.md §5.8) and that of `$request.body.…` (spec/http-api.md §4.6, §4.19) have of it.
import assert from 'node:assert/strict';
import { GrammarError } from '../../src/grammar/grammar-error.ts';
import { compileJsonPath, JsonBody, parseJsonPath } from '../../src/grammar/json-path.ts';
import { evaluateJayway } from '../../src/template/jayway/evaluate.ts';
import { parseJaywayPath } from '../../src/template/jayway/parse.ts';
import { parseExactJson } from '../../src/template/lenient-json.ts';
import { jsonOf } from '../../src/template/print-value.ts';
import { Budget, MAX_STEPS, TemplateError } from '../../src/template/values.ts';
import { type Suite, suiteTest, Tally } from './corpus.ts';
import { ofBodies, ofJayway } from './json-path-differences.ts';

interface Case {
  readonly name: string;
  readonly selector: string;
  readonly document?: unknown;
  readonly result?: readonly unknown[];
  readonly results?: readonly (readonly unknown[])[];
  readonly invalid_selector?: boolean;
}

const casesOf = (suite: Suite) => suite.json<{ readonly tests: readonly Case[] }>('cts.json').tests;

const isAsked = ({ result, results }: Case, found: string | undefined) =>
  (results ?? [result]).some((each) => JSON.stringify(each) === found);

const byName = (reasons: Readonly<Record<string, readonly string[]>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(reasons).flatMap(([reason, names]) => names.map((name) => [name, reason])),
  );

/** What the RFC has and no dialect here: its functions, and blanks that are no spaces. What it refuses, they may take. */
const isOutside = ({ selector, invalid_selector }: Case) =>
  invalid_selector === true ||
  /[\t\n\r]/.test(selector) ||
  /(?:length|count|match|search|value)\(/.test(selector);

/** Filters stand in parentheses in Jayway's dialect. */
function inParentheses(selector: string): string {
  return selector.replace(/^([^?]*)\[\?(.*)\](.*)$/s, (all, before: string, test: string, behind: string) =>
    /[[\]]/.test(behind) || /^ *\(/.test(test) ? all : `${before}[?(${test})]${behind}`,
  );
}

/** The values found, as JSON; undefined for a path that is refused. */
function foundByJayway(selector: string, document: unknown): string | undefined {
  try {
    const path = parseJaywayPath(selector);
    const budget = new Budget(MAX_STEPS);
    const value = evaluateJayway(path, parseExactJson(JSON.stringify(document ?? null), budget), budget);
    if (value === undefined) return '[]';
    const found: unknown = JSON.parse(jsonOf(value));
    return JSON.stringify(path.isDefinite ? [found] : found);
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}

suiteTest('JSONPaths of templates', 'jsonpath', (suite, t) => {
  const cases = casesOf(suite);
  const tally = new Tally();
  for (const each of cases) {
    // None of them, however malformed, makes an error of another kind.
    const found = foundByJayway(inParentheses(each.selector), each.document);
    if (!isOutside(each)) tally.case(each.name, isAsked(each, found));
  }
  t.diagnostic(`${cases.filter(isOutside).length} cases are about what only RFC 9535 has`);
  assert.deepEqual(tally.surprises(t, byName(ofJayway)), []);
});

/** The values found, as JSON; undefined for a path that is refused. */
function foundInBody(each: Case): string | undefined {
  try {
    const path = parseJsonPath(each.selector.slice(1));
    const text = compileJsonPath(path)(new JsonBody(JSON.stringify(each.document)));
    if (text === undefined) return '[]';
    if (!path.every(({ kind }) => kind === 'member' || kind === 'index')) return text;
    // One value is told as its text, so that of a string is the string.
    const [asked] = each.result ?? [];
    return typeof asked === 'string' ? JSON.stringify([text]) : `[${text}]`;
  } catch (error) {
    if (error instanceof GrammarError) return undefined;
    throw error;
  }
}

suiteTest('JSONPaths into bodies of HTTP APIs', 'jsonpath', (suite, t) => {
  const isOther = (each: Case) => isOutside(each) || /\?|\.\./.test(each.selector);
  const cases = casesOf(suite);
  const tally = new Tally();
  for (const each of cases.filter((one) => !isOther(one)))
    tally.case(each.name, isAsked(each, foundInBody(each)));
  t.diagnostic(
    `${cases.filter(isOther).length} cases are about what the subset has not: filters, descendants, functions`,
  );
  assert.deepEqual(tally.surprises(t, byName(ofBodies)), []);
});
