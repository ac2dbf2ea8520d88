// Selection expressions: parsed → a function of an event (spec/websocket-api.md §2.3, §2.4).
import { unreachable } from '../defect.ts';
import {
  parseSelectionExpression,
  type SelectionSource,
  type SelectionUse,
} from '../grammar/selection-expression.ts';
import { evaluateJayway } from '../template/jayway/evaluate.ts';
import { doubleText } from '../template/print-value.ts';
import { Budget, TemplateError, type Value, VList, VMap } from '../template/values.ts';
import { parsedPath } from './body-path.ts';
import type { SocketEvent } from './event.ts';
import type { SocketAnswer } from './stage.ts';

/** The text that an expression selects. `answer` is the integration's, for expressions of integration responses. */
export type Selection = (event: SocketEvent, answer?: SocketAnswer) => string;

const MAX_STEPS = 100_000;

/** Compiles an expression. Throws GrammarError when it is malformed. */
export function compileSelection(text: string, use: SelectionUse): Selection {
  const parts = parseSelectionExpression(text, use).map((part) =>
    part.kind === 'text' ? () => part.text : compileSource(part.source),
  );
  const [only] = parts;
  if (parts.length === 1) return only!;
  return (event, answer) => {
    let selected = '';
    for (let i = 0; i < parts.length; i++) selected += parts[i]!(event, answer);
    return selected;
  };
}

function compileSource(source: SelectionSource): Selection {
  switch (source.from) {
    case 'body':
      return source.path === '' ? (event) => event.body : compileBodyPath(source.path);
    case 'answerBody':
      // It selects nothing (§2.4).
      return () => '';
    case 'answerStatus':
      return (_event, answer) => String(answer?.status ?? '');
    case 'answerHeader': {
      const lowerName = source.name.toLowerCase();
      return source.isMultiValue
        ? (_event, answer) => `[${allHeaders(answer, lowerName).join(', ')}]`
        : (_event, answer) => lastHeader(answer, lowerName) ?? '';
    }
    default:
      return unreachable(source);
  }
}

const PLAIN_MEMBER = /^\.([^.[\]()'"?@\s*]+)$/;

function compileBodyPath(path: string): Selection {
  const [, member] = PLAIN_MEMBER.exec(path) ?? [];
  if (member !== undefined) {
    return (event) => selectedText(event.json.member(member));
  }
  const compiled = parsedPath(`$${path}`);
  // A path that is none leads nowhere.
  if (compiled === undefined) return () => '';
  return (event) => {
    const root = event.json.value;
    if (root === undefined) return '';
    try {
      const budget = new Budget(MAX_STEPS);
      return selectedText(evaluateJayway(compiled, root, budget), budget);
    } catch (error) {
      if (error instanceof TemplateError) return '';
      throw error;
    }
  };
}

/** Strings as they are, lists as `[a, b]`, objects as `{k=v}`; missing and null are empty (§2.3.5). */
function selectedText(value: Value | undefined, budget?: Budget): string {
  if (value === undefined || value === null) return '';
  return printed(value, budget);
}

/** What a path finds may stand in it many times, and is paid for; a member of a message stands in it once. */
function printed(value: Value, budget: Budget | undefined): string {
  budget?.spend(1);
  if (value instanceof VList) return `[${value.items.map((item) => printed(item, budget)).join(', ')}]`;
  if (value instanceof VMap) {
    return `{${[...value.entries].map(([name, item]) => `${name}=${printed(item, budget)}`).join(', ')}}`;
  }
  return typeof value === 'number' ? doubleText(value) : String(value);
}

function lastHeader(answer: SocketAnswer | undefined, lowerName: string): string | undefined {
  return allHeaders(answer, lowerName).at(-1);
}

function allHeaders(answer: SocketAnswer | undefined, lowerName: string): string[] {
  const found: string[] = [];
  const headers = answer?.headers;
  for (let i = 0; headers !== undefined && i < headers.count; i++) {
    if (headers.is(i, lowerName)) found.push(headers.value(i));
  }
  return found;
}
