// The commands of the README and of every guide work, typed one after the other from the first line on.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { blocksOf } from './blocks.ts';
import { notRun, runDocument } from './run-document.ts';

const guides = readdirSync('docs/guide').filter((name) => name.endsWith('.md'));
const documents = ['README.md', ...guides.map((name) => `docs/guide/${name}`)];

describe('the commands of', { concurrency: 2 }, () => {
  for (const path of documents) {
    const text = readFileSync(path, 'utf8');
    if (!blocksOf(text).some(({ language, info }) => language === 'sh' && info === '')) continue;
    test(path, () => runDocument(path));
  }
});

test('no document shows a command that is not run', () => {
  const more = [
    'CONTRIBUTING.md',
    'SECURITY.md',
    'bench/README.md',
    'bench/METHOD.md',
    'docs/reference/settings.md',
  ];
  const examples = readdirSync('examples', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `examples/${name}/README.md`);
  const found = [...documents, ...more, ...examples].flatMap((path) =>
    notRun(readFileSync(path, 'utf8')).map(({ line }) => `${path}:${line}`),
  );
  assert.deepEqual(found, []);
});
