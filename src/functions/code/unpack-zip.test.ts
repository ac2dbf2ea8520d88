// Zip files that come with definitions, attacks among them (spec/definitions.md §7.2).
import assert from 'node:assert/strict';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type ZipEntry, zipOf } from '../../../test/support/zip.ts';
import { sweepCode } from './code-directories.ts';
import { MAX_ENTRIES, MAX_UNPACKED_BYTES, unpackZip, ZipError } from './unpack-zip.ts';

let directory = '';
let all = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-zip-'));
  all = join(directory, 'data', 'functions');
});
after(() => rm(directory, { recursive: true }));

async function unpacked(bytes: Buffer, name = 'code.zip'): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, bytes);
  return unpackZip(path, all);
}

test('a zip is unpacked once, with what may be executed, for its owner alone', async () => {
  const zip = zipOf([
    { name: 'bootstrap', content: '#!/bin/sh\n', mode: 0o100755 },
    { name: 'lib/', mode: 0o040755 },
    { name: 'lib/deep/a.js', content: 'a'.repeat(100_000) },
    { name: 'stored.txt', content: 'as it is', isStored: true },
    { name: '__proto__', content: 'x' },
  ]);
  const path = await unpacked(zip);
  assert.deepEqual((await readdir(path)).sort(), ['__proto__', 'bootstrap', 'lib', 'stored.txt']);
  assert.equal((await readFile(join(path, 'lib/deep/a.js'), 'utf8')).length, 100_000);
  const modes = await Promise.all(
    ['bootstrap', 'stored.txt', 'lib', '.'].map((name) => stat(join(path, name))),
  );
  assert.deepEqual(
    modes.map(({ mode }) => (mode & 0o777).toString(8)),
    ['700', '600', '700', '700'],
  );
  assert.equal(await unpacked(zip, 'another-name.zip'), path, 'what counts is the content');
  assert.equal(await readFile(join(all, 'package.json'), 'utf8'), '{}\n');
});

const LINK = 0o120777;
const REFUSED: readonly (readonly [what: string, zip: () => Buffer, says: RegExp])[] = [
  ['a way out', () => zipOf([{ name: '../evil.js' }]), /invalid relative path: \.\.\/evil\.js/],
  ['a way out further down', () => zipOf([{ name: 'a/../../evil.js' }]), /invalid relative path/],
  ['a way out in Windows’ manner', () => zipOf([{ name: 'a\\..\\..\\evil.js' }]), /invalid relative path/],
  ['an absolute name', () => zipOf([{ name: '/tmp/evil.js' }]), /absolute path/],
  ['a drive', () => zipOf([{ name: 'C:evil.js' }]), /absolute path/],
  ['a name of nothing', () => zipOf([{ name: '' }]), /"" is no name of a file/],
  ['an empty segment', () => zipOf([{ name: 'a//b' }]), /"a\/\/b" is no name of a file/],
  ['a dot', () => zipOf([{ name: './a' }]), /"\.\/a" is no name of a file/],
  ['a zero', () => zipOf([{ name: 'a\0b' }]), /"a\\u0000b" is no name of a file/],
  ['a name without end', () => zipOf([{ name: 'a/'.repeat(20_000) }]), /is no name of a file/],
  ['a symbolic link', () => zipOf([{ name: 'l', content: '/etc', mode: LINK }]), /"l" is a link/],
  [
    'a link that a file goes through',
    () => zipOf([{ name: 'l', content: '/tmp', mode: LINK }, { name: 'l/evil.js' }]),
    /"l" is a link/,
  ],
  ['a device', () => zipOf([{ name: 'd', mode: 0o020666 }]), /"d" is a link or another special file/],
  ['directories without end', () => zipOf([{ name: 'a/'.repeat(65) }]), /is no name of a file/],
  ['a file twice', () => zipOf([{ name: 'a' }, { name: 'a' }]), /"a" is in it twice/],
  [
    'a file that is a directory',
    () => zipOf([{ name: 'a' }, { name: 'a/b' }]),
    /"a" is a file and a directory/,
  ],
  [
    'more than it says',
    () => zipOf([{ name: 'a', content: 'x'.repeat(100_000), size: 10 }]),
    /too many bytes in the stream/,
  ],
  [
    'more than there may be in one',
    () => zipOf([{ name: 'a', size: MAX_UNPACKED_BYTES + 1 }]),
    /more than 262144000 bytes/,
  ],
  [
    'more than there may be in all',
    () => zipOf([1, 2].map((n) => ({ name: `a${n}`, content: Buffer.alloc(MAX_UNPACKED_BYTES / 2 + 1) }))),
    /more than 262144000 bytes/,
  ],
  [
    'more files than there may be',
    () => zipOf([{ name: 'a' }], { count: MAX_ENTRIES + 1 }),
    /more than 50000 files/,
  ],
  [
    'more directories than there may be',
    () => zipOf(Array.from({ length: 830 }, (_, i): ZipEntry => ({ name: `${i}/${'a/'.repeat(60)}` }))),
    /more than 50000 files/,
  ],
  ['fewer files than it says', () => zipOf([{ name: 'a' }], { count: 2 }), /cannot be unpacked/],
  ['the half of a zip', () => zipOf([{ name: 'a', content: 'x' }]).subarray(10), /cannot be unpacked/],
  ['no zip', () => Buffer.from('PK\x03\x04 and then nothing'), /cannot be unpacked/],
];

for (const [what, zip, says] of REFUSED) {
  test(`a zip is refused, and nothing of it stays: ${what}`, async () => {
    await assert.rejects(unpacked(zip()), (error) => {
      assert.ok(error instanceof ZipError);
      assert.match(error.message, says);
      assert.match(error.message, /code\.zip/);
      return true;
    });
    const left = (await readdir(all)).filter((name) => name.includes('.part-'));
    assert.deepEqual(left, []);
    assert.ok(!(await readdir(join(directory, 'data'))).includes('evil.js'));
  });
}

test('a zip that is being unpacked by two is there for both', async () => {
  const zip = zipOf([{ name: 'a.js', content: 'both' }]);
  const [one, other] = await Promise.all([unpacked(zip, '1.zip'), unpacked(zip, '2.zip')]);
  assert.equal(one, other);
  assert.equal(await readFile(join(one, 'a.js'), 'utf8'), 'both');
});

test('a zip that all functions of a package have is unpacked once, however many they are', async () => {
  const path = join(directory, 'package.zip');
  await writeFile(path, zipOf([{ name: 'a.js', content: 'shared' }]));
  const own = join(directory, 'data', 'package');
  const written = new Set<string>();
  const watcher = watch(await mkdir(own, { recursive: true }).then(() => own), (_, name) => {
    if (name?.includes('.part-')) written.add(name);
  });
  const found = await Promise.all(Array.from({ length: 20 }, () => unpackZip(path, own)));
  assert.equal(new Set(found).size, 1);
  await setTimeout(50);
  watcher.close();
  assert.equal(written.size, 1);
});

test('what no function uses is swept away after an hour, unless a deploy has found it again', async () => {
  const [used, unused, fresh, found] = await Promise.all(
    ['used', 'unused', 'fresh', 'found'].map((content) =>
      unpacked(zipOf([{ name: content }]), `${content}.zip`),
    ),
  );
  const part = join(all, 'abc.part-def');
  await writeFile(join(directory, 'x'), '');
  const old = new Date(Date.now() - 7_200_000);
  for (const each of [used, unused, found]) await utimes(each!, old, old);
  await unpacked(zipOf([{ name: 'found' }]), 'found.zip');
  await sweepCode(all, (each) => each === used);
  const left = new Set(await readdir(all));
  const isLeft = [used, unused, fresh, found, part].map((each) => left.has(each!.slice(all.length + 1)));
  assert.deepEqual(isLeft, [true, false, true, true, false]);
});
