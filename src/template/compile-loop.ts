// `#foreach` and `#break`: tree → functions of a rendering (spec/websocket-api.md §5.3.3 to §5.3.5).
import { compileExpression } from './compile-expression.ts';
import { compileBlock, type Render } from './compile-template.ts';
import { iteratorOf } from './other-methods.ts';
import type { Node } from './syntax.ts';
import { TemplateError, VLoop } from './values.ts';

/** spec/websocket-api.md §5.3.4. */
const MAX_ITERATIONS = 1_000;

export function compileForeach(node: Node & { kind: 'foreach' }): Render {
  const { name } = node;
  const over = compileExpression(node.over);
  const render = compileBlock(node.block);
  const names = [name, 'foreach', 'velocityCount', 'velocityHasNext'];
  return (run) => {
    const items = iteratorOf(over(run), run.budget);
    if (items === undefined) return 'next';
    const before = names.map((each) => run.get(each));
    const [, around] = before;
    const loop = new VLoop(around instanceof VLoop ? around : undefined);
    const { scope } = run;
    let left: VLoop | undefined;
    for (let count = 1; count <= MAX_ITERATIONS && items.hasNext; count++) {
      run.budget.spend(1);
      scope.set(name, items.next());
      loop.index = count - 1;
      loop.hasNext = items.hasNext;
      scope.set('velocityCount', BigInt(count));
      scope.set('velocityHasNext', loop.hasNext);
      scope.set('foreach', loop);
      if (render(run) === 'break') {
        left = run.breaking ?? loop;
        break;
      }
    }
    names.forEach((each, i) => {
      const value = before[i];
      if (value === undefined) scope.remove(each);
      else scope.set(each, value);
    });
    if (left === undefined || left !== loop) return left === undefined ? 'next' : 'break';
    run.breaking = undefined;
    return 'next';
  };
}

export function compileBreak(node: Node & { kind: 'break' }): Render {
  if (node.scope === undefined) return () => 'break';
  const scope = compileExpression(node.scope);
  return (run) => {
    const loop = scope(run);
    if (!(loop instanceof VLoop)) throw new TemplateError('#break was given what is no loop');
    run.breaking = loop;
    return 'break';
  };
}
