// How many processors the control group of this process may use (cgroups(7)): not every version of Node.js asks, and in a container the
// machine's number is far too many.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Processors' worth of time, 1.5 for one and a half; undefined where nothing limits it. The files are those below `root`. */
export function cpuQuota(root = '/'): number | undefined {
  const quotas: number[] = [];
  for (const line of textOf(join(root, 'proc/self/cgroup')).split('\n')) {
    const [, controllers = '', ...path] = line.split(':');
    const read = readerOf(controllers);
    if (read === undefined) continue;
    const mount = join(root, 'sys/fs/cgroup', controllers);
    // Every group around it has a say. In a container its own may be where the hierarchy is mounted.
    for (let at = join(mount, path.join(':')); at.startsWith(mount); at = dirname(at)) {
      const quota = read(at);
      if (quota !== undefined) quotas.push(quota);
    }
  }
  return quotas.length === 0 ? undefined : Math.min(...quotas);
}

/** Of a group's directory: version 2 has one hierarchy for all controllers, version 1 one for each. */
function readerOf(controllers: string): ((group: string) => number | undefined) | undefined {
  if (controllers === '') return (group) => quotaOf(...textOf(join(group, 'cpu.max')).trim().split(' '));
  if (!controllers.split(',').includes('cpu')) return undefined;
  return (group) =>
    quotaOf(textOf(join(group, 'cpu.cfs_quota_us')), textOf(join(group, 'cpu.cfs_period_us')));
}

/** Microseconds of a period; `max` or -1 where there is no limit. */
function quotaOf(quota = '', period = ''): number | undefined {
  const found = Number(quota) / Number(period);
  return found > 0 && Number.isFinite(found) ? found : undefined;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
