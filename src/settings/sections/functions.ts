// `functions:` maps function names and ARNs to code on this machine (docs/reference/settings.md, docs/guide/lambda.md).
import { accessSync, constants, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { RESERVED_VARIABLES } from '../../functions/function-environment.ts';
import {
  DEFAULT_LIMITS,
  EXTENSIONS,
  type FunctionCode,
  type FunctionSettings,
  MAX_CONCURRENCY,
  MAX_MEMORY,
  MAX_QUEUE,
  MAX_TIMEOUT,
  MIN_MEMORY,
  type Runtime,
  type StandInFunction,
} from '../../functions/settings.ts';
import { isFunctionKey } from '../../grammar/function-key.ts';
import type { ConfigNode } from '../config-node.ts';

const MEMBERS = [
  'handler',
  'file',
  'export',
  'runtime',
  'environment',
  'timeout',
  'memory',
  'concurrency',
  'queue',
  'watch',
] as const;
type Members = ReadonlyMap<(typeof MEMBERS)[number], ConfigNode>;

const RUNTIMES = ['nodejs', 'python', 'provided'] as const;

/** What the handler or file comes to. */
type Code = Omit<FunctionCode, 'watch'>;

/** Throws UsageError. */
export function readFunctions(node: ConfigNode | undefined): readonly FunctionSettings[] {
  return (node?.entries() ?? []).map(([key, each]) => Object.freeze(readFunction(key, each)));
}

function readFunction(key: string, node: ConfigNode): FunctionSettings {
  checkFunctionKey(key, node);
  return { ...DEFAULT_LIMITS, ...readStandIn(node), key };
}

/** What `functions` says of a function: limits that it leaves open are not there. Throws UsageError. */
export function readStandIn(node: ConfigNode): StandInFunction {
  const members = node.members(MEMBERS);
  const code = readCode(node, members);
  const [timeout, memory] = [members.get('timeout'), members.get('memory')];
  const [concurrency, queue] = [members.get('concurrency'), members.get('queue')];
  return {
    ...code,
    environment: readEnvironment(members.get('environment')),
    ...(timeout && { timeout: timeout.number(0.1, MAX_TIMEOUT) }),
    ...(memory && { memory: memory.integer(MIN_MEMORY, MAX_MEMORY) }),
    ...(concurrency && { concurrency: concurrency.integer(1, MAX_CONCURRENCY) }),
    ...(queue && { queue: queue.integer(0, MAX_QUEUE) }),
    watch: readWatch(members.get('watch'), code),
  };
}

/** Throws UsageError. */
export function checkFunctionKey(key: string, node: ConfigNode): void {
  if (isFunctionKey(key)) return;
  throw node.error(
    'has no key that a function can have: a name of letters, digits, - and _, or arn:aws:lambda:REGION:ACCOUNT:function:NAME, perhaps with :QUALIFIER',
  );
}

function readCode(node: ConfigNode, members: Members): Code {
  const [handler, file] = [members.get('handler'), members.get('file')];
  const runtime = members.get('runtime')?.choice(RUNTIMES);
  if (file !== undefined) return readFile(file, members, runtime);
  if (handler === undefined) {
    throw node.error('needs its code: handler: src/hello.handler, or file: src/hello.ts');
  }
  const without = members.get('export');
  if (without !== undefined)
    throw without.error('goes with file; a handler names its export: src/hello.handler');
  return readHandler(handler, runtime);
}

/** `file: src/hello.ts` with `export: handler`. */
function readFile(node: ConfigNode, members: Members, given: Runtime | undefined): Code {
  const path = node.filePath();
  const bootstrap = bootstrapOf(path);
  const runtime = given ?? (bootstrap === undefined ? runtimeOf(extname(path)) : 'provided');
  if (runtime === undefined) {
    throw node.error(
      `is a file of ${extensionsOf()}, or a bootstrap or a directory with one, not ${JSON.stringify(node.text())}; otherwise say which runtime it has`,
    );
  }
  const [exported, handler] = [members.get('export'), members.get('handler')];
  if (runtime === 'provided') {
    if (exported !== undefined) throw exported.error('is not for a provided runtime');
    return provided(bootstrap ?? path, handler?.text() ?? 'provided', node);
  }
  if (handler !== undefined) {
    throw handler.error('and file are two ways to say the same; with file, export names the function');
  }
  const name = exported?.text() ?? 'handler';
  const stem = basename(path, extname(path));
  return { runtime, file: path, exported: name, handler: `${stem}.${name}`, taskRoot: dirname(path) };
}

/** `handler: src/hello.handler`, as Lambda has it, or a bootstrap. */
function readHandler(node: ConfigNode, given: Runtime | undefined): Code {
  const path = node.filePath();
  const bootstrap = bootstrapOf(path);
  if (given === 'provided' || (given === undefined && bootstrap !== undefined)) {
    return provided(bootstrap ?? path, basename(path), node);
  }
  const found = /^([^.].*?)\.(.+)$/.exec(basename(path));
  if (found === null) {
    throw node.error(
      `is FILE.EXPORT, for example src/hello.handler, or a bootstrap, not ${JSON.stringify(node.text())}`,
    );
  }
  const [, stem, exported] = found as unknown as [string, string, string];
  if (EXTENSION_WORDS.has(`.${exported}`)) {
    throw node.error(
      `names a file, not its export; write ${node.text().slice(0, -exported.length)}handler, or file: ${node.text()}`,
    );
  }
  const file = join(dirname(path), stem);
  const runtime = given ?? runtimeOfFiles(file) ?? (isPythonModule(path) ? 'python' : undefined);
  if (runtime === undefined) {
    throw node.error(
      `leads to no file: there is no ${file} with ${extensionsOf()}; otherwise say which runtime it has`,
    );
  }
  const root = node.directory;
  const taskRoot = relative(root, path).startsWith(`..${sep}`) ? dirname(path) : root;
  return { runtime, file, exported, handler: node.text().replace(/^\.\//, ''), taskRoot };
}

/** `src.hello.handler` is the function `handler` of src/hello.py. */
function isPythonModule(path: string): boolean {
  const parts = basename(path).split('.').slice(0, -1);
  return isFile(`${join(dirname(path), ...parts)}.py`);
}

function provided(path: string, handler: string, node: ConfigNode): Code {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory())
    throw node.error(`is a directory without an executable file named bootstrap: ${path}`);
  if (stat?.isFile() && !isExecutable(path)) {
    throw node.error(`is not executable; chmod +x ${path} makes it so`);
  }
  return { runtime: 'provided', file: path, exported: '', handler, taskRoot: dirname(path) };
}

/** The path of an executable `bootstrap`, given itself or its directory. */
function bootstrapOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile()) return basename(path) === 'bootstrap' ? path : undefined;
  const inside = join(path, 'bootstrap');
  return stat?.isDirectory() && isExecutable(inside) ? inside : undefined;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const EXTENSION_WORDS = new Set(Object.values(EXTENSIONS).flat());

function extensionsOf(): string {
  return [...EXTENSION_WORDS].join(', ');
}

function runtimeOf(extension: string): 'nodejs' | 'python' | undefined {
  return (['nodejs', 'python'] as const).find((runtime) => EXTENSIONS[runtime].includes(extension));
}

function runtimeOfFiles(stem: string): 'nodejs' | 'python' | undefined {
  const extension = [...EXTENSION_WORDS].find((each) => isFile(stem + each));
  return extension === undefined ? undefined : runtimeOf(extension);
}

function readEnvironment(node: ConfigNode | undefined): Readonly<Record<string, string>> {
  const environment: Record<string, string> = {};
  for (const [name, value] of node?.entries() ?? []) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw value.error('has no name that a variable can have: letters, digits and _, a digit not first');
    }
    if (RESERVED_VARIABLES.includes(name)) throw value.error('is set by Postern, as by Lambda; leave it out');
    environment[name] = value.text();
  }
  return Object.freeze(environment);
}

/** `true` is the directory of the code; a bootstrap is a file of its own. */
function readWatch(node: ConfigNode | undefined, { runtime, file }: Code): readonly string[] {
  if (node?.isList) return node.items().map((item) => resolve(item.filePath()));
  if (node !== undefined && !node.boolean()) return [];
  return [runtime === 'provided' ? file : dirname(file)];
}
