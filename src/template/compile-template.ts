// Mapping templates: tree → functions of a rendering (spec/websocket-api.md §5.3).
import {
  compileExpression,
  compileReference,
  compileResolve,
  type Evaluate,
  isTrue,
} from './compile-expression.ts';
import { parseTemplate } from './parse-template.ts';
import { textOf } from './print-value.ts';
import { type Bound, Run, type Signal, type TemplateEnvironment } from './run.ts';
import type { Block, Node, Reference } from './syntax.ts';
import { TemplateError, type Value, VList, VMap } from './values.ts';

/** A template, ready to be rendered. */
export interface Template {
  /** The text that it makes. Throws TemplateError; what it set in the overrides stays set then. */
  render(environment: TemplateEnvironment): string;
}

/** Compiles a template. Throws TemplateError for a syntax error. */
export function compileTemplate(text: string): Template {
  const render = compileBlock(parseTemplate(text));
  return {
    render(environment) {
      const run = new Run(environment);
      render(run);
      return run.output;
    },
  };
}

type Render = (run: Run) => Signal;

/** spec/websocket-api.md §5.3.4. */
const MAX_ITERATIONS = 1_000;

export function compileBlock(block: Block): Render {
  const nodes = block.map(compileNode);
  const [only] = nodes;
  if (nodes.length === 1) return only!;
  return (run) => {
    for (let i = 0; i < nodes.length; i++) {
      const signal = nodes[i]!(run);
      if (signal !== 'next') return signal;
    }
    return 'next';
  };
}

function compileNode(node: Node): Render {
  switch (node.kind) {
    case 'text': {
      const { text } = node;
      return (run) => {
        run.write(text);
        return 'next';
      };
    }
    case 'reference': {
      const evaluate = compileReference(node.reference);
      return (run) => {
        run.budget.spend(1);
        run.write(textOf(evaluate(run)));
        return 'next';
      };
    }
    case 'set': {
      const assign = compileAssign(node.target);
      const value = compileExpression(node.value);
      return (run) => {
        run.budget.spend(1);
        assign(run, value(run));
        return 'next';
      };
    }
    case 'if':
      return compileIf(node);
    case 'foreach':
      return compileForeach(node.name, compileExpression(node.over), compileBlock(node.block));
    case 'define': {
      const { name } = node;
      const render = compileBlock(node.block);
      const definition = { render: (run: Run) => run.nested(() => run.capture(() => render(run))) };
      return (run) => {
        run.bind(name, { kind: 'definition', definition });
        return 'next';
      };
    }
    case 'macro': {
      const { name, parameters } = node;
      const macro = { parameters, render: compileBlock(node.block) };
      return (run) => {
        run.macros.set(name, macro);
        return 'next';
      };
    }
    case 'call':
      return compileCall(node.name, node.args.map(compileExpression), node.written);
    case 'evaluate': {
      const source = compileExpression(node.source);
      return (run) => {
        const text = textOf(source(run));
        run.budget.spend(1 + text.length);
        return run.nested(() => compileBlock(parseTemplate(text))(run));
      };
    }
    case 'break':
    case 'stop':
      return () => node.kind;
    case 'file':
      return () => {
        throw new TemplateError(`#${node.directive} finds no file: a template has none`);
      };
  }
}

function compileIf(node: Node & { kind: 'if' }): Render {
  const tests = node.branches.map(({ test }) => compileExpression(test));
  const blocks = node.branches.map(({ block }) => compileBlock(block));
  const otherwise = node.otherwise === undefined ? undefined : compileBlock(node.otherwise);
  return (run) => {
    run.budget.spend(1);
    for (let i = 0; i < tests.length; i++) if (isTrue(tests[i]!(run))) return blocks[i]!(run);
    return otherwise?.(run) ?? 'next';
  };
}

function compileForeach(name: string, over: Evaluate, render: Render): Render {
  return (run) => {
    const items = iterated(over(run));
    const count = Math.min(items.length, MAX_ITERATIONS);
    const before = [name, 'foreach', 'velocityCount', 'velocityHasNext'].map(
      (each) => [each, run.get(each)] as const,
    );
    const parent = before[1]![1];
    let signal: Signal = 'next';
    for (let i = 0; i < count && signal === 'next'; i++) {
      run.budget.spend(1);
      run.set(name, items[i]!);
      run.set('velocityCount', BigInt(i + 1));
      run.set('velocityHasNext', i + 1 < items.length);
      run.set('foreach', loopState(i, items.length, parent));
      signal = render(run);
    }
    for (const [each, bound] of before) run.bind(each, bound);
    return signal === 'stop' ? 'stop' : 'next';
  };
}

function loopState(index: number, length: number, parent: Bound | undefined): VMap {
  const state = new Map<string, Value>([
    ['index', BigInt(index)],
    ['count', BigInt(index + 1)],
    ['hasNext', index + 1 < length],
    ['first', index === 0],
    ['last', index + 1 === length],
  ]);
  if (parent?.kind === 'value') state.set('parent', parent.value);
  return new VMap(state, 'silent');
}

/** Lists, ranges and sets by element, maps by value; everything else has none (§5.3.3). */
function iterated(value: Value): readonly Value[] {
  if (value instanceof VList) return value.items.slice(0, MAX_ITERATIONS + 1);
  return value instanceof VMap ? [...value.entries.values()].slice(0, MAX_ITERATIONS + 1) : [];
}

/** Arguments stand for their parameters while the macro runs. */
function compileCall(name: string, args: readonly Evaluate[], written: string): Render {
  return (run) => {
    const macro = run.macros.get(name);
    if (macro === undefined) {
      run.write(written);
      return 'next';
    }
    return run.nested(() => {
      const values = args.map((evaluate) => evaluate(run));
      const before = macro.parameters.map((each) => [each, run.get(each)] as const);
      macro.parameters.forEach((each, i) => {
        run.set(each, values[i] ?? '');
      });
      const signal = macro.render(run);
      for (const [each, bound] of before) run.bind(each, bound);
      return signal;
    });
  };
}

type Assign = (run: Run, value: Value) => void;

/** `$x`, `$x.a`, `$x["a"]`, `$x[0]`. What stands on a missing root is not set. */
function compileAssign({ name, steps }: Reference): Assign {
  const last = steps.at(-1);
  if (last === undefined) return (run, value) => run.set(name, value);
  if (last.kind === 'method') throw new TemplateError('#set cannot set the result of a method');
  const owner = compileResolve(name, steps.slice(0, -1));
  if (last.kind === 'property') {
    const key = last.name;
    return (run, value) => {
      const target = owner(run);
      if (target !== undefined) run.assign(target, key, value);
    };
  }
  const index = compileExpression(last.index);
  return (run, value) => {
    const target = owner(run);
    if (target !== undefined) run.assign(target, index(run), value);
  };
}
