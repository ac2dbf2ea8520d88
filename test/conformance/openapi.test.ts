// Documents in and out of the whole program, by the rows of spec/openapi.md §14 and §15.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ImportApiCommandOutput } from '@aws-sdk/client-apigatewayv2';
import { stringify } from 'yaml';
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

/** `lines` are those of the fixture. */
async function run(row: ImportCase, lines: readonly string[]): Promise<void> {
  const stand = row.checksIssuers ? strict : plain;
  if (row.refused === undefined) {
    const answer = await stand.import(row);
    await expectMade(stand, answer, row.made!, lines);
    await stand.client.deleteApi({ ApiId: answer.ApiId });
    return;
  }
  const before = await stand.apiIds();
  await expectRefused(stand.import(row), row.refused);
  assert.deepEqual(await stand.apiIds(), before, 'nothing is made');
}

async function expectMade(
  stand: OpenApiStand,
  answer: ImportApiCommandOutput,
  { routes, authorizers = {}, warnings, api = {}, ...expected }: Outcome,
  lines: readonly string[],
): Promise<void> {
  assert.equal(answer.$metadata.httpStatusCode, 201);
  assert.deepEqual(answer.Warnings, warnings);
  expectInfo(answer.ImportInfo, expected, lines);
  const read = await stand.read(answer.ApiId!);
  assert.deepEqual(read.routes, routes);
  assert.deepEqual(read.authorizers, authorizers);
  const withTargets = Object.values(routes).filter(({ to }) => to !== undefined);
  assert.equal(read.integrations.length, expected.integrations ?? withTargets.length);
  const shown = stand.named(answer.ApiId!, answer);
  for (const [member, value] of Object.entries(api)) {
    assert.deepEqual(shown[member], value, `${member} of the answer`);
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
    for (const row of rows) {
      if (typeof row.document === 'string') {
        test(nameOf(row), () => run(row, []));
        continue;
      }
      const lines = fixtureLines(row.document);
      const inYaml = { ...row, document: stringify(row.document) };
      test(nameOf(row), () => run(row, lines));
      test(`${nameOf(row)}, in YAML`, () => run(inYaml, lines));
    }
  });
}
for (const [what, rows] of Object.entries(openApiRows.stories)) {
  describe(what, () => {
    for (const row of rows) test(nameOf(row), () => row.run(plain));
  });
}
