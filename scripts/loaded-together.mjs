// Has what is always loaded together be in few files. esbuild makes a file for each set of entries that share something, and an entry is
// whatever is imported later: a start loaded 120 files, and to find, read and link them was a quarter of its CPU. So what a command
// loads at once, and what a start does, is imported by all that is loaded after it, where it is there already.

import { dirname, join, relative } from 'node:path';

/** The file of each command, which runs when it is loaded. */
const PROGRAM = 'src/cli/postern.ts';
const READING_THREAD = 'src/openapi/reading-thread.ts';
/** What every command loads. */
const OF_COMMANDS = ['src/settings/settings.ts'];
/** What every start loads. */
const OF_STARTS = [
  'src/main.ts',
  'src/telemetry/log.ts',
  'src/telemetry/request-log.ts',
  'src/settings/config-reload.ts',
];
/** Starts of several processes, with most of the same. */
const OF_WORKERS = ['src/primary.ts', 'src/worker.ts'];
const STATIC = ['import-statement', 'require-call'];

/** A plugin of esbuild. `inputs` are of a build without it. */
export function loadedTogether(root, inputs) {
  const missing = [READING_THREAD, ...OF_COMMANDS, ...OF_STARTS, ...OF_WORKERS].filter(
    (path) => !(path in inputs),
  );
  if (PROGRAM in inputs && missing.length > 0)
    throw new Error(`bundle: there is no ${missing.join(', ')}, which scripts/loaded-together.mjs names.`);
  const imported = (path, kind) =>
    (inputs[path]?.imports ?? [])
      .filter((each) => !each.external && each.kind === kind)
      .map((each) => each.path);
  const closure = (paths, kinds, isEnd = () => false) => {
    const found = new Set(paths);
    for (const path of found)
      for (const kind of kinds) for (const next of imported(path, kind)) if (!isEnd(next)) found.add(next);
    return found;
  };
  const ofCommands = closure([PROGRAM, ...OF_COMMANDS], STATIC);
  ofCommands.delete(PROGRAM);
  const ofStarts = closure([...OF_COMMANDS, ...OF_STARTS], STATIC);
  // What other commands load later: nothing of a start is loaded for them.
  const withoutStart = closure([PROGRAM, READING_THREAD], [...STATIC, 'dynamic-import'], (path) =>
    [...OF_STARTS, ...OF_WORKERS].includes(path),
  );
  const lists = { commands: [...ofCommands], starts: [...ofStarts] };
  const importOf = (file) => `import './${file}';`;
  return {
    name: 'loaded together',
    setup: ({ onLoad, onResolve }) => {
      onResolve({ filter: /^\.\.?\// }, ({ path, kind, importer }) => {
        const file = relative(root, join(dirname(importer), path)).replaceAll('\\', '/');
        return kind === 'dynamic-import' && file !== PROGRAM ? { path: file, namespace: 'later' } : undefined;
      });
      onLoad({ filter: /./, namespace: 'later' }, ({ path }) => ({
        contents: [
          ...lists[withoutStart.has(path) ? 'commands' : 'starts'].map(importOf),
          `export * from './${path}';`,
        ].join('\n'),
        resolveDir: root,
      }));
    },
  };
}
