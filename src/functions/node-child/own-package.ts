// On Lambda nothing is above a function's directory. Here a project is, whose package.json may say that its JavaScript is of ES modules:
// that is nothing to a CommonJS function whose directory has none of its own, such as what bundlers and the CDK write.
import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, join } from 'node:path';

type Load = (module: { _compile(code: string, file: string): void }, file: string) => void;

/** What the type declarations do not say. */
const { _extensions: extensions } = (
  nodeModule as unknown as { readonly default: { readonly _extensions: Record<string, Load> } }
).default;

/** What a file exports as CommonJS, where only a package.json above `taskRoot` says otherwise; undefined where it is none of that, or
 *  written as an ES module. */
export function requiredAsOnLambda(path: string, taskRoot: string): unknown {
  if (!isOfModulesAbove(path, taskRoot)) return undefined;
  const usual = extensions['.js']!;
  extensions['.js'] = (module, file) => {
    if (isOfModulesAbove(file, taskRoot)) module._compile(readFileSync(file, 'utf8'), file);
    else usual(module, file);
  };
  try {
    return nodeModule.createRequire(path)(path);
  } catch (error) {
    if (!(error instanceof SyntaxError && ES_MODULE_SYNTAX.test(error.message))) throw error;
    extensions['.js'] = usual;
    return undefined;
  }
}

const ES_MODULE_SYNTAX =
  /^(?:Cannot use import statement|Unexpected token 'export'|Cannot use 'import\.meta'|await is only valid)/;

function isOfModulesAbove(path: string, taskRoot: string): boolean {
  if (!path.endsWith('.js') || !path.startsWith(`${taskRoot}/`)) return false;
  let folder = dirname(path);
  for (;;) {
    const type = packageTypeIn(folder);
    if (type !== undefined) return type === 'module' && !`${folder}/`.startsWith(`${taskRoot}/`);
    const above = dirname(folder);
    if (above === folder) return false;
    folder = above;
  }
}

/** `module`, or something else where there is a package.json; undefined where there is none. */
function packageTypeIn(folder: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, 'package.json'), 'utf8');
  } catch {
    return undefined;
  }
  try {
    return String((JSON.parse(text) as { readonly type?: unknown } | null)?.type ?? 'commonjs');
  } catch {
    return 'commonjs';
  }
}
