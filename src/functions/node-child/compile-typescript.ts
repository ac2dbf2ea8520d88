// One TypeScript file to JavaScript, and where an import of TypeScript leads. Errors are SyntaxErrors with the place.
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type HelperMode, transformSync } from 'oxc-transform';

const TYPESCRIPT = /\.[mc]?ts$/;

/** Files of packages are JavaScript, whatever their name. */
export function isTypeScript(url: string): boolean {
  return TYPESCRIPT.test(url) && !url.includes('/node_modules/') && !url.startsWith('node:');
}

export interface Compiled {
  readonly format: 'module' | 'commonjs';
  readonly code: string;
}

/** `at` is a path or a file URL. Decorators are those of `experimentalDecorators`, with their metadata. */
export function compileFile(at: string): Compiled {
  const file = at.startsWith('file:') ? fileURLToPath(at) : at;
  const { code, map, errors } = transformSync(file, readFileSync(file, 'utf8'), {
    sourcemap: true,
    decorator: { legacy: true, emitDecoratorMetadata: true },
    // A global object (decorator-helpers.ts), because functions do not have the package it would import.
    helpers: { mode: 'External' as HelperMode },
  });
  const error = errors[0];
  if (error !== undefined) throw new SyntaxError(`${file}: ${error.message}\n${error.codeframe ?? ''}`);
  const maps = Buffer.from(JSON.stringify({ ...map, sources: [pathToFileURL(file).href] })).toString(
    'base64',
  );
  return {
    format: formatOf(file, code),
    code: `${code}\n//# sourceMappingURL=data:application/json;base64,${maps}`,
  };
}

/** By extension, then by the nearest package.json, then by whether it has imports or exports. */
function formatOf(file: string, code: string): Compiled['format'] {
  if (file.endsWith('.mts')) return 'module';
  if (file.endsWith('.cts')) return 'commonjs';
  const type = packageTypeOf(dirname(file));
  if (type !== undefined) return type;
  return /^(?:import[\s{*"']|export[\s{*])/m.test(code) ? 'module' : 'commonjs';
}

/** `commonjs` written down does not count when the file is written with imports: its author has a compiler do the rest. */
function packageTypeOf(directory: string): 'module' | undefined {
  for (let at = directory; ; at = dirname(at)) {
    try {
      const { type }: { type?: unknown } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));
      return type === 'module' ? 'module' : undefined;
    } catch {
      if (dirname(at) === at) return undefined;
    }
  }
}

/** The file that a relative import means when Node.js itself would not find it; undefined when it is Node.js's matter. */
export function resolveTypeScript(specifier: string, parentUrl: string | undefined): string | undefined {
  if (!/^\.\.?(?:\/|$)/.test(specifier) || parentUrl === undefined || !isTypeScript(parentUrl))
    return undefined;
  const path = fileURLToPath(new URL(specifier, parentUrl));
  if (isFile(path)) return undefined;
  const candidates = [
    path.replace(/\.([mc]?)js$/, '.$1ts'),
    ...['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json'].map((extension) => path + extension),
    ...['index.ts', 'index.mts', 'index.js', 'index.mjs'].map((name) => join(path, name)),
  ];
  const found = candidates.find(isFile);
  return found === undefined ? undefined : pathToFileURL(found).href;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
