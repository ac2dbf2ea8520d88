// The walks of docs/architecture.md lead through files and functions that are there, and never back to a folder.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

interface Hop {
  readonly path: string;
  readonly names: readonly string[];
}

const text = readFileSync('docs/architecture.md', 'utf8');
const section = text.slice(text.indexOf('## Four walks'), text.indexOf('## Folders and the dependency rule'));

/** Each numbered list is a walk of its own. */
const walks: Hop[][] = [];
for (const [, number, path, names] of section.matchAll(/^(\d+)\. `([^`]+)`((?:,? `[^`]+`)+): /gm)) {
  if (number === '1') walks.push([]);
  walks.at(-1)!.push({ path: path!, names: [...names!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!) });
}

/** The unit of the dependency rule: a folder of src, or of net. */
function folderOf(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('net/') ? 2 : 1)
    .join('/');
}

test('there are eight, and every hop is read', () => {
  assert.equal(walks.length, 8);
  assert.equal(walks.flat().length, section.match(/^\d+\. /gm)!.length);
});

for (const { path, names } of walks.flat()) {
  test(`${path} has ${names.join(', ')}`, () => {
    assert.ok(existsSync(`src/${path}`));
    const source = readFileSync(`src/${path}`, 'utf8').replace(/^\s*(\/\/|\/?\*).*$/gm, '');
    for (const name of names) {
      const word = new RegExp(`(?<![\\w#])${name}\\b`);
      assert.match(source, word, name);
    }
  });
}

test('no walk returns to a folder that it has left', () => {
  for (const walk of walks) {
    const entered = walk.map(({ path }) => folderOf(path)).filter((folder, i, all) => folder !== all[i - 1]);
    assert.deepEqual(entered, [...new Set(entered)]);
  }
});
