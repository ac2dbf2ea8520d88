// Dashboard and alert rules ask for metrics that there are.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';

const NAME = /\b(?:postern|apigateway|process|nodejs)_[a-z0-9_]+\b/g;
/** Of a histogram. */
const PARTS = /_(?:bucket|sum|count)$/;
const guide =
  readFileSync('docs/guide/logs-and-metrics.md', 'utf8') + readFileSync('docs/guide/websocket.md', 'utf8');
const known = new Set(guide.match(NAME));

function unknownIn(expressions: readonly string[]): readonly string[] {
  const names = expressions.flatMap((text) => text.match(NAME) ?? []);
  assert.ok(names.length > 0);
  return names.filter((name) => !known.has(name) && !known.has(name.replace(PARTS, '')));
}

test('the alert rules ask for metrics that the guide names', () => {
  const { groups } = parse(readFileSync('deploy/prometheus/postern-rules.yaml', 'utf8'));
  const expressions = groups.flatMap(({ rules }: { rules: readonly { expr: string }[] }) =>
    rules.map(({ expr }) => expr),
  );
  assert.deepEqual(unknownIn(expressions), []);
});

test('so does the dashboard', () => {
  const { panels, templating } = JSON.parse(readFileSync('deploy/grafana/postern.json', 'utf8'));
  const queries = panels.flatMap(({ targets = [] }: { targets?: readonly { expr: string }[] }) =>
    targets.map(({ expr }) => expr),
  );
  const variables = templating.list.flatMap(({ definition }: { definition?: string }) => definition ?? []);
  assert.deepEqual(unknownIn([...queries, ...variables]), []);
  assert.deepEqual(unknownIn(['postern_no_such_metric']), ['postern_no_such_metric']);
});
