// JSONPaths behind a mapping source's `body`, parsed when a stage is compiled (spec/websocket-api.md §3.8.5, §4.4.4).
import { evaluateJayway } from '../template/jayway/evaluate.ts';
import { parseJaywayPath } from '../template/jayway/parse.ts';
import { jsonOf, textOf } from '../template/print-value.ts';
import { Budget, MAX_STEPS, TemplateError, type Value, VList, VMap } from '../template/values.ts';

/** What a path finds in a body, as text. Throws TemplateError where that takes too much. */
export type BodyPath = (body: Value) => string | undefined;

/** `path` is what stands behind `body`: `.a[0]`. Undefined for one that is none. */
export function compileBodyPath(path: string): BodyPath | undefined {
  const parsed = parsedPath(`$${path}`);
  if (parsed === undefined) return undefined;
  return (body) => textOfValue(evaluateJayway(parsed, body, new Budget(MAX_STEPS)));
}

/** The path; undefined for a text that is none. */
export function parsedPath(text: string): ReturnType<typeof parseJaywayPath> | undefined {
  try {
    return parseJaywayPath(text);
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}

/** Lists and objects as JSON, everything else raw; null is left out. */
export function textOfValue(value: Value | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return value instanceof VList || value instanceof VMap ? jsonOf(value) : textOf(value);
}
