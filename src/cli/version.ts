// What this program is: Postern's version and, where the build knew it, the commit.
import { readFileSync } from 'node:fs';

/** `0.1.0`, or `0.1.0 (commit 1f2e3d4c5b6a)`. */
export function version(): string {
  const { version: own }: { version: string } = JSON.parse(read('../../../package.json'));
  const commit = commitOfBuild();
  return commit === undefined ? own : `${own} (commit ${commit})`;
}

/** Written by scripts/commit.mjs. */
function commitOfBuild(): string | undefined {
  try {
    const { commit }: { commit: string } = JSON.parse(read('../../commit.json'));
    return commit;
  } catch {
    return undefined;
  }
}

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}
