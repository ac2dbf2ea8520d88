#!/usr/bin/env node
// The file that Node.js is started with: what has to be said before the code is loaded, then the code.

/** Node.js 22.1 and later. */
const { enableCompileCache } = process.getBuiltinModule('node:module') as {
  enableCompileCache?: (directory: string) => unknown;
};

// Beside the code, so that who may write the one may write the other; where that is nobody who runs it, there is no cache.
enableCompileCache?.(
  process.getBuiltinModule('node:url').fileURLToPath(new URL('../.compile-cache', import.meta.url)),
);

await import('./postern.ts');
