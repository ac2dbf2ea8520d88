// `$util` (spec/websocket-api.md §5.7.2).
import { parseLenientJson } from './lenient-json.ts';
import { paidText, unicodeEscape } from './print-value.ts';
import { type Budget, bounded, TemplateError, type Value } from './values.ts';

type Tool = (text: string, budget: Budget) => Value;

const tools: ReadonlyMap<string, readonly [tool: Tool, about: string]> = new Map(
  Object.entries<readonly [tool: Tool, about: string]>({
    escapeJavaScript: [(text) => bounded(escapeJavaScript(text)), 'text with JavaScript’s escapes'],
    parseJson: [(text, budget) => parseLenientJson(text, budget), 'value of a JSON text'],
    urlEncode: [(text) => bounded(urlEncode(text)), 'text for a query'],
    urlDecode: [urlDecode, 'text of a query'],
    base64Encode: [(text) => bounded(Buffer.from(text, 'utf8').toString('base64')), 'base64 of a text'],
    base64Decode: [base64Decode, 'text of base64'],
  }),
);

/** Every tool, with what it returns. */
export const TOOLS: readonly (readonly [name: string, about: string])[] = [...tools].map(
  ([name, [, about]]) => [name, about],
);

/** What a tool returns; undefined for a tool that is not there and for a missing argument. */
export function useTool(name: string, args: readonly Value[], budget: Budget): Value | undefined {
  const [tool] = tools.get(name) ?? [];
  const [given] = args;
  if (tool === undefined || args.length !== 1 || given === null || given === undefined) return undefined;
  const text = paidText(given, budget);
  budget.spend(text.length >> 4);
  // A missing argument has become empty text, which is no JSON.
  return tool(text, budget);
}

const JAVASCRIPT: Readonly<Record<string, string>> = {
  "'": "\\'",
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
};

/** commons-lang 2's escapeJavaScript. */
function escapeJavaScript(text: string): string {
  return text.replace(
    /['"\\/\u0000-\u001f\u0080-\uffff]/g,
    (character) => JAVASCRIPT[character] ?? unicodeEscape(character),
  );
}

function urlEncode(text: string): string {
  return encodeURIComponent(text.replace(LONE_SURROGATE, '?'))
    .replaceAll('%20', '+')
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function urlDecode(text: string): string {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) {
    throw new TemplateError('urlDecode() was given malformed percent encoding');
  }
  return text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9A-Fa-f]{2})+/g, (bytes) =>
      Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'),
    );
}

function base64Decode(text: string): string {
  const [, digits, padding] = /^([A-Za-z0-9+/]*)(={0,2})$/.exec(text) ?? [];
  const isPadded = padding === '' || (digits !== undefined && (digits.length + padding!.length) % 4 === 0);
  if (digits === undefined || digits.length % 4 === 1 || !isPadded) {
    throw new TemplateError('base64Decode() was given what is no base64');
  }
  return Buffer.from(text, 'base64').toString('utf8');
}
