// Directories and files of data and logs.
import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { closeToOthers, makePrivateDirectory, openingToOthers } from './private-files.ts';

describe('private files', () => {
  let root = '';
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'postern-private-'));
  });
  after(() => rm(root, { recursive: true }));
  const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

  test('a directory is made with those above it, for its owner alone; one that is there stays as it is', async () => {
    await makePrivateDirectory(join(root, 'a', 'b'));
    assert.deepEqual([await modeOf(join(root, 'a')), await modeOf(join(root, 'a', 'b'))], ['700', '700']);
    await chmod(join(root, 'a'), 0o755);
    await Promise.all([
      makePrivateDirectory(join(root, 'a', 'c', 'd')),
      makePrivateDirectory(join(root, 'a', 'c', 'd')),
    ]);
    assert.equal(await modeOf(join(root, 'a')), '755');
  });

  const IMPOSSIBLE: readonly (readonly [path: () => string, code: string])[] = [
    [() => '/proc/postern', 'ENOENT'],
    [() => '/proc/postern/deep/er', 'ENOENT'],
    [() => join(root, 'file'), 'EEXIST'],
    [() => join(root, 'file', 'below'), 'ENOTDIR'],
  ];
  for (const [path, code] of IMPOSSIBLE) {
    test(`where none can be made that is said at once: ${code}`, async () => {
      await writeFile(join(root, 'file'), '');
      await assert.rejects(makePrivateDirectory(path()), { code });
    });
  }

  test('what others could read they can read no more, behind links nothing changes', async () => {
    const directory = join(root, 'logs');
    await mkdir(join(directory, 'deep'), { recursive: true });
    await writeFile(join(root, 'elsewhere'), '', { mode: 0o644 });
    await writeFile(join(directory, 'deep', 'a.log'), '', { mode: 0o644 });
    await writeFile(join(directory, 'b.log'), '', { mode: 0o640 });
    await symlink(join(root, 'elsewhere'), join(directory, 'link'));
    await closeToOthers(directory);
    await closeToOthers(join(root, 'not there'));
    assert.deepEqual(
      [
        await modeOf(join(directory, 'deep', 'a.log')),
        await modeOf(join(directory, 'b.log')),
        await modeOf(join(root, 'elsewhere')),
      ],
      ['600', '600', '644'],
    );
  });

  test('what others may do in a directory is said', async () => {
    const directory = join(root, 'open');
    await mkdir(directory);
    const said: (string | undefined)[] = [];
    for (const mode of [0o700, 0o750, 0o777]) {
      await chmod(directory, mode);
      said.push((await openingToOthers(directory))?.replace(/.*may (.*) \(mode (\d+)\).*/, '$1: $2'));
    }
    assert.deepEqual(said, [undefined, 'see what is in it: 750', 'replace its files: 777']);
  });
});
