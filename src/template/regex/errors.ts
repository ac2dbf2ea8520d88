// What is wrong with a regular expression (spec/websocket-api.md §5.5.2).
import { TemplateError } from '../values.ts';

/** A pattern that is right in Java and cannot be had here. */
export class UnsupportedPattern extends TemplateError {}

export function unsupportedPattern(source: string, what: string): UnsupportedPattern {
  return new UnsupportedPattern(
    `The regular expression ${source} has ${what}, which is not supported: matching takes linear time here`,
  );
}

/** One that Java refuses too. */
export function malformedPattern(source: string, what: string): TemplateError {
  return new TemplateError(`The regular expression ${source} is malformed: ${what}`);
}
