// The name of a handler as Lambda has it: `src/app.handler`, `app.handlers.get`, `reports.monthly.handler`.
import { basename, dirname, join } from 'node:path';

export interface HandlerName {
  /** The path of the file, without its extension: `src/app`. */
  readonly file: string;
  /** The exported function in it: `handlers.get`. */
  readonly exported: string;
}

/** Undefined for what names no export. */
export function parseHandler(text: string): HandlerName | undefined {
  const found = /^([^.].*?)\.(.+)$/.exec(basename(text));
  if (found === null) return undefined;
  const [, stem, exported] = found as unknown as [string, string, string];
  return { file: join(dirname(text), stem), exported };
}

/** The paths that the module of a Python handler may have: `reports.monthly.handler` is in reports/monthly.py. */
export function pythonFiles(text: string): readonly string[] {
  const module = text.slice(0, text.lastIndexOf('.')).replaceAll('.', '/');
  return [`${module}.py`, `${module}/__init__.py`];
}
