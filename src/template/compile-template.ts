// Mapping templates: tree → functions of a rendering (spec/websocket-api.md §5.3).
import { unreachable } from '../defect.ts';
import { compileCall, compileEvaluate, compileMacros } from './compile-call.ts';
import { compileExpression, compileReference, compileResolve, compileTest } from './compile-expression.ts';
import { compileBreak, compileForeach } from './compile-loop.ts';
import { assignTo } from './members.ts';
import { parseTemplate } from './parse-template.ts';
import { paidText } from './print-value.ts';
import { UnsupportedPattern } from './regex/errors.ts';
import { Run, type Signal, Stop, type TemplateEnvironment } from './run.ts';
import type { Block, Node, Reference, Seen, TemplateWatch } from './syntax.ts';
import { TemplateError, type Value, VBlock } from './values.ts';

/** A template, ready to be rendered. */
export interface Template {
  /** Whether it may look at `$context`: its text has the word, or evaluates others that may. */
  readonly namesContext: boolean;
  /** The text that it makes. Throws TemplateError; what it set in the overrides stays set then. */
  render(environment: TemplateEnvironment): string;
}

/** Compiles a template, for `watch` to be told what it comes to. Throws TemplateError for a syntax error, UnsupportedPattern for a
 *  regular expression. */
export function compileTemplate(text: string, watch?: TemplateWatch): Template {
  const parsed = parseTemplate(text, undefined, watch);
  const render = compileBlock(parsed.block);
  const macros = compileMacros(parsed.macros);
  return {
    namesContext: text.includes('context') || text.includes('evaluate'),
    render(environment) {
      const run = new Run(environment, macros);
      try {
        render(run);
      } catch (error) {
        if (!(error instanceof Stop)) throw error;
      }
      return run.output;
    },
  };
}

/**
 * The sentence about a regular expression in a template that templates here have not (§5.5.2); undefined when there is none.
 * Anything else that is wrong shows when the template is used (§5.3.12).
 */
export function unsupportedPatternIn(text: string): string | undefined {
  try {
    compileTemplate(text);
  } catch (error) {
    if (error instanceof UnsupportedPattern) return error.message;
    if (!(error instanceof TemplateError)) throw error;
  }
  return undefined;
}

export type Render = (run: Run) => Signal;

export function compileBlock(block: Block): Render {
  const nodes = block.map(compileNode);
  const [only] = nodes;
  if (nodes.length === 1) return only!;
  return (run) => {
    for (let i = 0; i < nodes.length; i++) if (nodes[i]!(run) === 'break') return 'break';
    return 'next';
  };
}

function compileNode(node: Node): Render {
  const render = compileUnseen(node);
  return node.seen === undefined ? render : telling(render, node.seen);
}

function telling(render: Render, seen: Seen): Render {
  return (run) => {
    try {
      return render(run);
    } catch (error) {
      seen.failure(error);
      throw error;
    }
  };
}

function compileUnseen(node: Node): Render {
  switch (node.kind) {
    case 'text': {
      const { text } = node;
      return (run) => {
        run.write(text);
        return 'next';
      };
    }
    case 'reference':
      return compilePrint(node.reference);
    case 'set':
      return compileSet(node);
    case 'if':
      return compileIf(node);
    case 'foreach':
      return compileForeach(node);
    case 'define':
      return compileDefine(node);
    case 'macro':
      return () => 'next';
    case 'call':
      return compileCall(node);
    case 'evaluate':
      return compileEvaluate(compileExpression(node.source));
    case 'break':
      return compileBreak(node);
    case 'stop':
      return () => {
        throw new Stop();
      };
    case 'file':
      return () => {
        throw new TemplateError(`#${node.directive} finds no file: a template has none`);
      };
    default:
      unreachable(node);
  }
}

function compilePrint(reference: Reference): Render {
  const evaluate = compileReference(reference);
  return (run) => {
    run.budget.spend(1);
    const value = evaluate(run);
    if (value instanceof VBlock) value.write();
    else run.write(paidText(value, run.budget));
    return 'next';
  };
}

/** A missing result leaves what was there (§5.3.1). */
function compileSet(node: Node & { kind: 'set' }): Render {
  const assign = node.target === undefined ? undefined : compileAssign(node.target);
  const value = compileExpression(node.value);
  return (run) => {
    run.budget.spend(1);
    const item = value(run);
    if (item !== undefined) assign?.(run, item);
    return 'next';
  };
}

type Assign = (run: Run, value: Value) => void;

/** `$x`, `$x.a`, `$x["a"]`, `$x[0]`. What stands on a missing root is not set. */
function compileAssign({ name, steps }: Reference): Assign {
  const last = steps.at(-1);
  if (last === undefined || last.kind === 'method') return (run, value) => run.scope.set(name, value);
  const owner = compileResolve(name, steps.slice(0, -1));
  const key = last.kind === 'property' ? () => last.name : compileExpression(last.index);
  return (run, value) => {
    const target = owner(run);
    if (target !== undefined) assignTo(target, key(run) ?? null, value);
  };
}

function compileIf(node: Node & { kind: 'if' }): Render {
  const tests = node.branches.map(({ test }) => compileTest(test));
  const blocks = node.branches.map(({ block }) => compileBlock(block));
  const otherwise = node.otherwise === undefined ? undefined : compileBlock(node.otherwise);
  return (run) => {
    run.budget.spend(1);
    for (let i = 0; i < tests.length; i++) if (tests[i]!(run)) return blocks[i]!(run);
    return otherwise?.(run) ?? 'next';
  };
}

function compileDefine(node: Node & { kind: 'define' }): Render {
  const render = compileBlock(node.block);
  const { name } = node;
  return (run) => {
    if (name !== undefined) run.scope.set(name, blockOf(run, render));
    return 'next';
  };
}

/** A block that sees what is seen here; a `#break` in it leaves it alone. */
export function blockOf(run: Run, render: Render): VBlock {
  const { scope } = run;
  const write = () => {
    run.nested(() => run.within(scope, render));
    run.breaking = undefined;
  };
  return new VBlock(write, () => run.capture(write));
}
