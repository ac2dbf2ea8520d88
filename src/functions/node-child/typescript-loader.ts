// The loader thread for `import` of TypeScript on Node.js 20 (typescript.ts).
import { compileFile, isTypeScript, resolveTypeScript } from './compile-typescript.ts';

interface Context {
  readonly parentURL?: string;
}
type Next = (subject: string, context: Context) => Promise<unknown>;

export async function resolve(specifier: string, context: Context, next: Next): Promise<unknown> {
  const url = resolveTypeScript(specifier, context.parentURL);
  return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
}

export async function load(url: string, context: Context, next: Next): Promise<unknown> {
  if (!isTypeScript(url)) return next(url, context);
  const { format, code } = compileFile(url);
  // Without source, CommonJS is left to `require` and its table of extensions.
  return { format, source: format === 'commonjs' ? null : code, shortCircuit: true };
}
