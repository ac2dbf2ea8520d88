// Where V8's sampling profiler found the time: self time by function and by file, over all profiles of a folder.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { printTable } from './report.ts';

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** The thirty functions and twenty files with the most self time. Idle time is left out. */
export function summariseProfiles(folder: string): string {
  const functions = new Map<string, number>();
  const files = new Map<string, number>();
  let total = 0;
  const names = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
  for (const name of names) {
    const profile: CpuProfile = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
    profile.samples.forEach((id, i) => {
      const frame = frames.get(id)!;
      if (frame.functionName === '(idle)') return;
      const micros = profile.timeDeltas[i]!;
      const file = frame.url.replace(/^.*\/(?=dist\/)|^.*\/(?=node_modules\/)/, '') || '(native)';
      total += micros;
      add(files, file, micros);
      add(functions, `${frame.functionName || '(anonymous)'} ${file}:${frame.lineNumber + 1}`, micros);
    });
  }
  const rows = (counted: Map<string, number>, what: string, limit: number) =>
    [...counted]
      .sort((a, b) => b[1] - a[1])
      .slice(0, limit)
      .map(([name, micros]) => ({ 'self %': ((micros / total) * 100).toFixed(1), [what]: name }));
  return [
    `${names.length} profiles in ${folder}, ${(total / 1e6).toFixed(1)} s of work:`,
    printTable(rows(functions, 'function', 30)),
    printTable(rows(files, 'file', 20)),
  ].join('\n');
}

function add(counted: Map<string, number>, key: string, micros: number): void {
  counted.set(key, (counted.get(key) ?? 0) + micros);
}
