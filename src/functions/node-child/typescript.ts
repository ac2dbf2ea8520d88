// Has Node.js load TypeScript: types away, enums and decorators compiled, imports found as bundlers find them (`./lib` and
// `./lib.js` are `./lib.ts` too). By module.registerHooks, and on Node.js 20, which has none, by a loader thread for
// `import` and the table of extensions for `require`.
import * as nodeModule from 'node:module';
import { compileFile, isTypeScript, resolveTypeScript } from './compile-typescript.ts';
import { defineDecoratorHelpers } from './decorator-helpers.ts';

type Format = 'module' | 'commonjs';
interface Resolved {
  readonly url: string;
  readonly format?: string | null;
  readonly shortCircuit?: boolean;
}
interface Loaded {
  readonly format: string;
  readonly source?: string | null;
  readonly shortCircuit?: boolean;
}
interface Hooks {
  resolve(
    specifier: string,
    context: { readonly parentURL?: string },
    next: (specifier: string, context: object) => Resolved,
  ): Resolved;
  load(url: string, context: object, next: (url: string, context: object) => Loaded): Loaded;
}
/** What the type declarations of Node.js 20 do not know, or not say. */
interface ModuleInternals {
  readonly registerHooks?: (hooks: Hooks) => void;
  readonly default: {
    readonly _extensions: Record<string, (module: CompilingModule, file: string) => void>;
    _resolveFilename: (
      request: string,
      parent: { readonly filename?: string } | undefined,
      ...rest: unknown[]
    ) => string;
  };
}
interface CompilingModule {
  _compile(code: string, file: string): void;
}

const internals = nodeModule as unknown as ModuleInternals;

export function registerTypeScript(): void {
  process.setSourceMapsEnabled(true);
  defineDecoratorHelpers();
  if (internals.registerHooks !== undefined) {
    internals.registerHooks({
      resolve: (specifier, context, next) => {
        const found = resolveTypeScript(specifier, context.parentURL);
        return found === undefined ? next(specifier, context) : { url: found, shortCircuit: true };
      },
      load: (url, context, next) => {
        if (!isTypeScript(url)) return next(url, context);
        const { format, code }: { format: Format; code: string } = compileFile(url);
        return { format, source: code, shortCircuit: true };
      },
    });
    return;
  }
  nodeModule.register(new URL('./typescript-loader.js', import.meta.url));
  registerForRequire();
}

function registerForRequire(): void {
  const { _extensions: extensions, _resolveFilename: resolveFilename } = internals.default;
  for (const extension of ['.ts', '.cts']) {
    extensions[extension] = (module, file) => module._compile(compileFile(file).code, file);
  }
  internals.default._resolveFilename = (request, parent, ...rest) => {
    try {
      return resolveFilename.call(internals.default, request, parent, ...rest);
    } catch (error) {
      const renamed = request.replace(/\.([mc]?)js$/, '.$1ts');
      if (renamed === request || !request.startsWith('.')) throw error;
      return resolveFilename.call(internals.default, renamed, parent, ...rest);
    }
  };
}
