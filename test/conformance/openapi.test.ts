// Documents in and out of the whole program, by the rows of spec/openapi.md §14 and §15.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ImportApiCommandOutput } from '@aws-sdk/client-apigatewayv2';
import type { ImportCase, Outcome, StoryCase } from './openapi-case.ts';
import { fixtureLines } from './openapi-language.ts';
import { openApiRows } from './openapi-rows.ts';
import { expectRefused, OpenApiStand } from './openapi-stand.ts';

let plain: OpenApiStand;
/** Asks issuers, as AWS does; none is there. */
let strict: OpenApiStand;
before(async () => {
  plain = await OpenApiStand.start();
  strict = await OpenApiStand.start({ strictIssuerCheck: true });
});
after(async () => {
  await plain.close();
  await strict.close();
});

async function run(row: ImportCase): Promise<void> {
  const stand = row.checksIssuers ? strict : plain;
  const before = await stand.apiIds();
  if (row.refused === undefined) return expectMade(stand, await stand.import(row), row);
  await expectRefused(stand.import(row), row.refused);
  assert.deepEqual(await stand.apiIds(), before, 'nothing is made');
}

async function expectMade(
  stand: OpenApiStand,
  answer: ImportApiCommandOutput,
  { made, document }: ImportCase,
): Promise<void> {
  assert.equal(answer.$metadata.httpStatusCode, 201);
  const { routes, authorizers = {}, warnings, api = {}, ...expected } = made!;
  assert.deepEqual(answer.Warnings, warnings);
  expectInfo(answer.ImportInfo, expected, typeof document === 'string' ? [] : fixtureLines(document));
  const read = await stand.read(answer.ApiId!);
  assert.deepEqual(read.routes, routes);
  assert.deepEqual(read.authorizers, authorizers);
  const withTargets = Object.values(routes).filter(({ to }) => to !== undefined);
  assert.equal(read.integrations.length, expected.integrations ?? withTargets.length);
  const shown = stand.named(answer.ApiId!, answer);
  for (const [member, value] of Object.entries(api)) {
    assert.deepEqual(shown[member], value, `${member} of the answer`);
    // GetApi has no tags where there are none, and neither list.
    assert.deepEqual(read.api[member], value, `${member} of GetApi`);
  }
}

function expectInfo(
  lines: readonly string[] | undefined,
  { info = [], inOrder }: Pick<Outcome, 'info' | 'inOrder'>,
  fixture: readonly string[],
): void {
  const all = inOrder ? info : [...fixture, ...info].sort();
  assert.deepEqual(inOrder ? lines : lines?.toSorted(), all.length === 0 ? undefined : all);
}

const nameOf = ({ row, name }: ImportCase | StoryCase): string =>
  `${typeof row === 'number' ? `row ${row}` : row}: ${name}`;

for (const [what, rows] of Object.entries(openApiRows.imports)) {
  describe(what, () => {
    for (const row of rows) test(nameOf(row), () => run(row));
  });
}
for (const [what, rows] of Object.entries(openApiRows.stories)) {
  describe(what, () => {
    for (const row of rows) test(nameOf(row), () => row.run(plain));
  });
}
