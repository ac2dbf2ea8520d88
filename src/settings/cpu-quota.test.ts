import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { cpuQuota } from './cpu-quota.ts';

const V1 = '12:pids:/docker/a\n4:cpu,cpuacct:/docker/a\n1:name=systemd:/docker/a\n';
const CFS = 'sys/fs/cgroup/cpu,cpuacct';

const rows: readonly [name: string, files: Record<string, string>, quota: number | undefined][] = [
  ['no control groups', {}, undefined],
  [
    'version 2, no limit',
    { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': 'max 100000\n' },
    undefined,
  ],
  [
    'version 2 in a container',
    { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '150000 100000\n' },
    1.5,
  ],
  [
    'version 2, a service within a slice',
    {
      'proc/self/cgroup': '0::/system.slice/postern.service\n',
      'sys/fs/cgroup/system.slice/postern.service/cpu.max': 'max 100000\n',
      'sys/fs/cgroup/system.slice/cpu.max': '400000 100000\n',
    },
    4,
  ],
  [
    'the least of all around it',
    {
      'proc/self/cgroup': '0::/a/b\n',
      'sys/fs/cgroup/a/b/cpu.max': '300000 100000\n',
      'sys/fs/cgroup/a/cpu.max': '100000 50000\n',
    },
    2,
  ],
  [
    'a name with a colon',
    { 'proc/self/cgroup': '0::/a:b\n', 'sys/fs/cgroup/a:b/cpu.max': '100000 100000\n' },
    1,
  ],
  [
    'version 1, no limit',
    {
      'proc/self/cgroup': V1,
      [`${CFS}/docker/a/cpu.cfs_quota_us`]: '-1\n',
      [`${CFS}/docker/a/cpu.cfs_period_us`]: '100000\n',
    },
    undefined,
  ],
  [
    'version 1',
    {
      'proc/self/cgroup': V1,
      [`${CFS}/docker/a/cpu.cfs_quota_us`]: '250000\n',
      [`${CFS}/docker/a/cpu.cfs_period_us`]: '100000\n',
    },
    2.5,
  ],
  [
    'version 1 in a container, whose own group is the mount',
    {
      'proc/self/cgroup': V1,
      [`${CFS}/cpu.cfs_quota_us`]: '50000\n',
      [`${CFS}/cpu.cfs_period_us`]: '100000\n',
    },
    0.5,
  ],
];

for (const [name, files, quota] of rows) {
  test(name, (t) => {
    const root = mkdtempSync(join(tmpdir(), 'postern-cgroup-'));
    t.after(() => rmSync(root, { recursive: true }));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    assert.equal(cpuQuota(root), quota);
  });
}
