// A mapping template's tree → text: `parse(print(tree))` is the tree again.
import { unreachable } from '../defect.ts';
import { doubleText } from './print-value.ts';
import type { Block, Expression, Node, Reference, Step } from './syntax.ts';

/** A name that no reference sees (§5.3.1). */
const UNSEEN = '${unseen}';

export function printTemplate(block: Block): string {
  return block.map(printNode).join('');
}

function printNode(node: Node): string {
  switch (node.kind) {
    case 'text':
      // The end of a raw block cannot stand in one.
      return node.text
        .split(']]#')
        .map((part) => `#[[${part}]]#`)
        .join(']]#[[#]]#');
    case 'reference':
      return printReference(node.reference);
    case 'set':
      return `#set(${node.target === undefined ? UNSEEN : printTarget(node.target)} = ${printExpression(node.value)})`;
    case 'if': {
      const branches = node.branches.map(
        ({ test, block }, i) =>
          `#${i === 0 ? 'if' : 'elseif'}(${printExpression(test)})${printTemplate(block)}`,
      );
      const otherwise = node.otherwise === undefined ? '' : `#{else}${printTemplate(node.otherwise)}`;
      return `${branches.join('')}${otherwise}#{end}`;
    }
    case 'foreach':
      return `#foreach($${node.name} in ${printExpression(node.over)})${printTemplate(node.block)}#{end}`;
    case 'define':
      return `#define(${printName(node.name)})${printTemplate(node.block)}#{end}`;
    case 'macro': {
      const parameters = node.parameters.map((name) => ` ${printName(name)}`).join('');
      return `#macro(${node.name}${parameters})${printTemplate(node.block)}#{end}`;
    }
    case 'call':
      return node.written;
    case 'evaluate':
      return `#evaluate(${printExpression(node.source)})`;
    case 'break':
      return `#{break}(${node.scope === undefined ? '' : printExpression(node.scope)})`;
    case 'stop':
      return '#{stop}()';
    case 'file':
      return `#${node.directive}()`;
    default:
      unreachable(node);
  }
}

function printName(name: string | undefined): string {
  return name === undefined ? UNSEEN : `$${name}`;
}

/** `$name.a.b(c)[d]`, as `#set` sees it. */
function printTarget({ name, steps }: Reference): string {
  return `$${name}${steps.map(printStep).join('')}`;
}

/** `${name.a.b(c)[d]}`. */
function printReference({ name, steps }: Reference): string {
  return `\${${name}${steps.map(printStep).join('')}}`;
}

function printStep(step: Step): string {
  switch (step.kind) {
    case 'property':
      return `.${step.name}`;
    case 'method':
      return `.${step.name}(${step.args.map(printExpression).join(', ')})`;
    case 'index':
      return `[${printExpression(step.index)}]`;
    default:
      unreachable(step);
  }
}

function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'integer':
    case 'boolean':
      return String(expression.value);
    case 'decimal':
      return doubleText(expression.value);
    case 'string':
      return `'${expression.text.replaceAll("'", "''")}'`;
    case 'template':
      return `"${printTemplate(expression.block).replaceAll('"', '""')}"`;
    case 'reference':
      return printReference(expression.reference);
    case 'list':
      return `[${expression.items.map(printExpression).join(', ')}]`;
    case 'range':
      return `[${printExpression(expression.from)}..${printExpression(expression.to)}]`;
    case 'map':
      return `{${expression.entries.map(([key, value]) => `${printExpression(key)}: ${printExpression(value)}`).join(', ')}}`;
    case 'not':
      return `!${printInner(expression.of)}`;
    case 'binary':
      return `${printInner(expression.left)} ${expression.operator} ${printInner(expression.right)}`;
    default:
      unreachable(expression);
  }
}

function printInner(expression: Expression): string {
  const text = printExpression(expression);
  return expression.kind === 'binary' || expression.kind === 'not' ? `(${text})` : text;
}
