// Lengths and ranges of members (spec/management-api.md §2); the texts are ours (§8.21).
import { unsupportedPatternIn } from '../template/compile-template.ts';
import { badRequest } from '../wire/errors.ts';

/** Throws when a text that is there has fewer than `least` or more than `most` characters. `member` is the wire name. */
export function checkLength(member: string, value: string | undefined, least: number, most: number): void {
  if (value === undefined || (value.length >= least && value.length <= most)) return;
  throw badRequest(`${member} must have length between ${least} and ${most}`);
}

/** Throws when a list or map that is there has more than `most` entries. */
export function checkCount(member: string, entries: object | undefined, most: number): void {
  if (entries === undefined || Object.keys(entries).length <= most) return;
  throw badRequest(`${member} must have at most ${most} entries`);
}

/** Throws when a number that is there is out of range. */
export function checkRange(member: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (value >= least && value <= most)) return;
  throw badRequest(`${member} must be between ${least} and ${most}`);
}

/** Throws when a text that is there is none of `values` (spec/openapi.md Choice O3). */
export function checkOneOf(member: string, value: string | undefined, values: readonly string[]): void {
  if (value === undefined || values.includes(value)) return;
  throw badRequest(`Invalid ${member} specified. Must be one of [${values.join(', ')}]`);
}

const METHODS: ReadonlySet<string> = new Set([
  'ANY',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
]);

/** Throws when an IntegrationMethod that is there is no method that API Gateway knows. */
export function checkMethod(method: string | undefined): void {
  if (method === undefined || METHODS.has(method)) return;
  throw badRequest('Invalid HTTP method specified for integrationMethod');
}

const MAX_TEMPLATE_BYTES = 300 * 1024;

/** Throws for a template that no stage could run (spec/websocket-api.md §5.1.3). */
/** Sizes, and regular expressions that Java has and templates here have not (spec/websocket-api.md §5.5.2). */
export function checkTemplateTexts(
  member: string,
  templates: { readonly [key: string]: string } | undefined,
): void {
  for (const [key, template] of Object.entries(templates ?? {})) {
    if (Buffer.byteLength(template) > MAX_TEMPLATE_BYTES) {
      throw badRequest(`The template ${key} in ${member} is larger than ${MAX_TEMPLATE_BYTES} bytes`);
    }
    const pattern = unsupportedPatternIn(template);
    if (pattern !== undefined) throw badRequest(`Invalid template ${key} in ${member}: ${pattern}`);
  }
}
