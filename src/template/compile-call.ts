// Macros and `#evaluate`: tree → functions of a rendering (spec/websocket-api.md §5.3.7, §5.3.8).
import { compileExpression, type Evaluate } from './compile-expression.ts';
import { blockOf, compileBlock, type Render } from './compile-template.ts';
import { parseTemplate } from './parse-template.ts';
import { textOf } from './print-value.ts';
import { type Macros, type Run, type Signal, Stop } from './run.ts';
import { type Argument, MacroScope } from './scope.ts';
import type { Call, Macro } from './syntax.ts';
import { TemplateError } from './values.ts';

export function compileMacros(macros: ReadonlyMap<string, Macro>): Macros {
  return new Map(
    Array.from(macros, ([name, { parameters, block }]) => [
      name,
      { parameters, render: compileBlock(block) },
    ]),
  );
}

/** Arguments stand for themselves: each use of a parameter evaluates its argument where the call is. */
export function compileCall(call: Call): Render {
  const args = call.args.map(compileExpression);
  const body = call.body === undefined ? undefined : compileBlock(call.body);
  const { name, word, written } = call;
  return (run) => {
    const macro = run.macros.get(name);
    if (macro === undefined) {
      run.write(written);
      return 'next';
    }
    if (word !== undefined) throw new TemplateError(`${word} is no argument of #${name}`);
    run.budget.spend(1);
    const given = new Map<string, Argument>();
    macro.parameters.forEach((parameter, i) => {
      if (parameter !== undefined && args[i] !== undefined) given.set(parameter, args[i]);
    });
    const content = body === undefined ? undefined : blockOf(run, body);
    if (content !== undefined) given.set('bodyContent', () => content);
    const scope = new MacroScope(given, run.scope);
    return leaves(
      run,
      run.nested(() => run.within(scope, macro.render)),
    );
  };
}

/** A `#break` leaves the macro or `#evaluate` that it stands in, unless it names a loop. */
function leaves(run: Run, signal: Signal): Signal {
  return run.breaking === undefined ? 'next' : signal;
}

export function compileEvaluate(source: Evaluate): Render {
  return (run) => {
    const value = source(run);
    if (value === undefined) return 'next';
    const text = textOf(value);
    run.budget.spend(1 + text.length);
    const parsed = parseTemplate(text, run.macros);
    const render = compileBlock(parsed.block);
    if (parsed.macros.size > 0) {
      // What was there first stays.
      run.budget.spend(run.macros.size + parsed.macros.size);
      run.macros = new Map([...compileMacros(parsed.macros), ...run.macros]);
    }
    try {
      return leaves(
        run,
        run.nested(() => render(run)),
      );
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      return 'next';
    }
  };
}
