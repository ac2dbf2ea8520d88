// Strict JSON (RFC 8259) as template values: numbers keep their kind (spec/websocket-api.md §2.3.6, §5.8.5).
import { parseExactJson } from './lenient-json.ts';
import { Budget, MAX_STEPS, TemplateError, type Value } from './values.ts';

/** The value of a text; undefined when it is not JSON, or nested too deeply. */
export function parseStrictJson(text: string): Value | undefined {
  try {
    JSON.parse(text);
    // What JSON.parse takes, the lenient parser reads in the same sense; it alone keeps integers and decimals apart.
    return parseExactJson(text, new Budget(MAX_STEPS));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TemplateError) return undefined;
    throw error;
  }
}
