// Generated pages are checked in as generated.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pages } from '../scripts/pages.ts';

for (const [path, text] of pages()) {
  test(`${path} is what scripts/write-docs.ts writes`, () => assert.equal(readFileSync(path, 'utf8'), text));
}

test('every dependency has its reason in CONTRIBUTING.md', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const table = readFileSync('CONTRIBUTING.md', 'utf8').split('## Dependencies')[1]!;
  const listed = [...table.matchAll(/^\| ((?:`[^`]+`(?:, )?)+) \|/gm)].flatMap(([, names]) =>
    [...names!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!),
  );
  assert.deepEqual(listed.sort(), [...Object.keys(dependencies), ...Object.keys(devDependencies)].sort());
});

test('every test that docs/reference/limits.md names is there, and is one', () => {
  const files = ['src', 'test'].flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((path) => `/${folder}/${path}`),
  );
  const rows = readFileSync('docs/reference/limits.md', 'utf8').match(/^\| .+ \|$/gm)!;
  const cells = rows.map((row) => row.split(' | ').at(-1)!);
  const names = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!));
  assert.ok(names.length > 20);
  for (const name of new Set(names)) {
    const file = name.endsWith('.ts') ? name : `${name}.test.ts`;
    const found = files.filter((path) => path.endsWith(`/${file}`));
    assert.equal(found.length, 1, `${name}: ${found.join(', ')}`);
  }
});

test('docs/architecture.md lists every decision once, by its number', () => {
  const list = readFileSync('docs/architecture.md', 'utf8').split('## Decisions')[1]!;
  const listed = [...list.matchAll(/^- \[(\d{4})\]\(decisions\/(\1-[a-z-]+\.md)\)/gm)].map(
    ([, , name]) => name!,
  );
  assert.deepEqual(listed, readdirSync('docs/decisions').sort());
  assert.equal(new Set(listed.map((name) => name.slice(0, 4))).size, listed.length);
});
