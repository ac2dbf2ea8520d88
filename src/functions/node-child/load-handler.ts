// Finds the exported function of a handler, of a CommonJS or an ES module, in JavaScript or TypeScript. Errors have the names
// of Lambda's Node.js runtime.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { EXTENSIONS } from '../settings.ts';
import { requiredAsOnLambda } from './own-package.ts';

export type Handler = (
  event: unknown,
  context: object,
  done: (error: unknown, value?: unknown) => void,
) => unknown;

type Namespace = Readonly<Record<string, unknown>>;

/** `file` perhaps without its extension; `exported` may be a path: `handlers.get`. */
export async function loadHandler(file: string, exported: string, taskRoot: string): Promise<Handler> {
  const path = [file, ...EXTENSIONS.nodejs.map((extension) => file + extension)].find(isFile);
  if (path === undefined) throw named('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`);
  if (/\.[mc]?ts$/.test(path)) {
    const { registerTypeScript } = await import('./typescript.ts');
    registerTypeScript();
  }
  const namespace = await loaded(path, taskRoot);
  const found = memberOf(namespace, exported) ?? memberOf(namespace.default, exported);
  const name = `${file.slice(file.lastIndexOf('/') + 1)}.${exported}`;
  if (found === undefined) throw named('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof found !== 'function') throw named('Runtime.HandlerNotFound', `${name} is not a function`);
  return found as Handler;
}

async function loaded(path: string, taskRoot: string): Promise<Namespace> {
  try {
    const required = requiredAsOnLambda(path, taskRoot);
    return required === undefined ? await import(pathToFileURL(path).href) : { default: required };
  } catch (error) {
    if (error instanceof SyntaxError) {
      error.name = 'Runtime.UserCodeSyntaxError';
      error.message += placeOf(path);
    } else if (error instanceof Error && 'code' in error && MODULE_CODES.has(String(error.code))) {
      error.name = 'Runtime.ImportModuleError';
    }
    throw error;
  }
}

/** ` (hello.mjs:3)`, where JavaScript cannot be parsed, which the errors of ES modules keep to themselves; empty where another
 *  file is at fault. TypeScript's errors have their place. */
function placeOf(path: string): string {
  if (!/\.[mc]?js$/.test(path)) return '';
  const { stderr } = spawnSync(process.execPath, ['--check', path], { encoding: 'utf8', timeout: 5_000 });
  const place = /([^/\\\n]+:\d+)\n/.exec(stderr);
  return place === null ? '' : ` (${place[1]})`;
}

const MODULE_CODES = new Set(['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND']);

function memberOf(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split('.')) {
    if (found === null || (typeof found !== 'object' && typeof found !== 'function')) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[name];
  }
  return found;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
