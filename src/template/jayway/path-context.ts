// What the parts of a JSONPath are evaluated with (spec/websocket-api.md §5.8).
import { type Budget, TemplateError, type Value } from '../values.ts';
import type { JaywayPath } from './syntax.ts';

export interface PathContext {
  readonly root: Value;
  readonly budget: Budget;
  /** For a test whether something exists: a missing member anywhere means that it does not. */
  readonly requiresAll: boolean;
  /** What a path in a filter or an argument finds; undefined when nothing is there. */
  find(path: JaywayPath, start: Value, context: PathContext): Value | undefined;
}

/** A path cannot be applied, so that a filter around it does not hold; elsewhere the template fails. */
export class InapplicablePath extends TemplateError {}
