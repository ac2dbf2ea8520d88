// `functions:` maps function names and ARNs to code on this machine (docs/reference/settings.md, docs/guide/lambda.md).
import { accessSync, constants, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { RESERVED_VARIABLES } from '../../functions/function-environment.ts';
import { parseHandler } from '../../functions/handler-name.ts';
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
import { FUNCTION_KEY } from '../../grammar/function-key.ts';
import type { ConfigNode } from '../config-node.ts';
import {
  boolean,
  choice,
  defaulted,
  entriesOf,
  filePath,
  integer,
  into,
  type Keys,
  listOf,
  nodeOf,
  number,
  objectOf,
  optional,
  said,
  scalarOr,
  section,
  text,
} from '../shape.ts';

/** The keys of a mapping of functions. */
export const FUNCTION_KEYS: Keys = {
  pattern: FUNCTION_KEY,
  advice:
    'has no key that a function can have: a name of letters, digits, - and _, or arn:aws:lambda:REGION:ACCOUNT:function:NAME, perhaps with :QUALIFIER',
};

const environment = entriesOf(text, {
  pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
  advice: 'has no name that a variable can have: letters, digits and _, a digit not first',
  except: { names: RESERVED_VARIABLES, advice: 'is set by Postern, as by Lambda; leave it out' },
});

const members = objectOf({
  handler: optional('Its code as Lambda names it, src/hello.handler, or a bootstrap.', nodeOf(filePath)),
  file: optional(
    'The file of its code, src/hello.ts, or a bootstrap or a directory with one.',
    nodeOf(filePath),
  ),
  export: optional('Which function of the file it is; handler, when not said.', nodeOf(text)),
  runtime: optional(
    'What runs it; the extension of its file says so, when this does not.',
    choice(['nodejs', 'python', 'provided']),
  ),
  environment: defaulted('Its environment variables.', environment, new Map()),
  timeout: optional(
    `How long one call may take, in seconds; ${DEFAULT_LIMITS.timeout} where nothing says.`,
    number(0.1, MAX_TIMEOUT),
  ),
  memory: optional(
    `MB that the function is told it has, and the heap of Node.js; ${DEFAULT_LIMITS.memory} where nothing says.`,
    integer(MIN_MEMORY, MAX_MEMORY),
  ),
  concurrency: optional(
    `How many calls run at a time; ${DEFAULT_LIMITS.concurrency} where nothing says.`,
    integer(1, MAX_CONCURRENCY),
  ),
  queue: optional(
    `How many calls may wait, further ones being throttled; ${DEFAULT_LIMITS.queue} where nothing says.`,
    integer(0, MAX_QUEUE),
  ),
  watch: defaulted(
    'What makes new calls get new code when it changes: paths, or true for where the code is.',
    scalarOr(boolean, listOf(filePath)),
    true,
  ),
});
type Members = ReturnType<typeof members.read>;

/** What the handler or file comes to. */
type Code = Omit<FunctionCode, 'watch'>;

/** What `functions` says of a function: limits that it leaves open are not there. */
export const standIn = into(
  members,
  ({ environment, timeout, memory, concurrency, queue, watch, ...rest }, node): StandInFunction => {
    const code = readCode(node, rest);
    return {
      ...code,
      environment: Object.freeze(Object.fromEntries(environment)),
      ...said({ timeout, memory, concurrency, queue }),
      watch: watchedFor(watch, code),
    };
  },
  { anyOf: [{ required: ['handler'] }, { required: ['file'] }], dependencies: { export: ['file'] } },
);

export const functions = section(
  'Functions on this machine, by name or ARN, perhaps with :QUALIFIER.',
  into(entriesOf(standIn, FUNCTION_KEYS), (entries): readonly FunctionSettings[] =>
    [...entries].map(([key, each]) => Object.freeze({ ...DEFAULT_LIMITS, ...each, key })),
  ),
  [],
);

type CodeMembers = Pick<Members, 'handler' | 'file' | 'export' | 'runtime'>;

function readCode(node: ConfigNode, members: CodeMembers): Code {
  const { handler, file, runtime, export: without } = members;
  if (file !== undefined) return readFile(file, members);
  if (handler === undefined) {
    throw node.error('needs its code: handler: src/hello.handler, or file: src/hello.ts');
  }
  if (without !== undefined)
    throw without.error('goes with file; a handler names its export: src/hello.handler');
  return readHandler(handler, runtime);
}

/** `file: src/hello.ts` with `export: handler`. */
function readFile(node: ConfigNode, { export: exported, handler, runtime: given }: CodeMembers): Code {
  const path = node.filePath();
  const bootstrap = bootstrapOf(path);
  const runtime = given ?? (bootstrap === undefined ? runtimeOf(extname(path)) : 'provided');
  if (runtime === undefined) {
    throw node.error(
      `is a file of ${extensionsOf()}, or a bootstrap or a directory with one, not ${JSON.stringify(node.text())}; otherwise say which runtime it has`,
    );
  }
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
  const found = parseHandler(path);
  if (found === undefined) {
    throw node.error(
      `is FILE.EXPORT, for example src/hello.handler, or a bootstrap, not ${JSON.stringify(node.text())}`,
    );
  }
  const { file, exported } = found;
  if (EXTENSION_WORDS.has(`.${exported}`)) {
    throw node.error(
      `names a file, not its export; write ${node.text().slice(0, -exported.length)}handler, or file: ${node.text()}`,
    );
  }
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

/** `true` is the directory of the code; a bootstrap is a file of its own. */
function watchedFor(watch: boolean | readonly string[], { runtime, file }: Code): readonly string[] {
  if (typeof watch !== 'boolean') return watch;
  if (!watch) return [];
  return [runtime === 'provided' ? file : dirname(file)];
}
