// A recorded request as a command for a POSIX shell. What was masked becomes a variable that the shell insists on, so that a
// command with a hole in it says what is missing and sends nothing.
import { MASK } from '../../../src/stage/request-summary.ts';
import { bytesOf, type HttpParts } from './request-parts.ts';

/** What curl writes itself, or would contradict what it writes. */
const OF_CURL = new Set(['content-length', 'connection', 'transfer-encoding', 'expect', 'keep-alive']);

/** What curl adds where a request does not have it. */
const ADDED = ['Accept', 'User-Agent'];

export function curlCommand(request: HttpParts): string {
  const { method, url, headers, body } = request;
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const lines = ['curl --path-as-is --globoff'];
  // With --head curl waits for no body.
  if (method === 'HEAD') lines[0] += ' --head';
  else if (method !== (body === undefined ? 'GET' : 'POST'))
    lines[0] += ` --request ${quote(method, 'METHOD')}`;
  lines[0] += ` ${quoteUrl(url)}`;
  for (const [name, value] of headers) {
    if (OF_CURL.has(name.toLowerCase()) || isHostOf(url, name, value)) continue;
    lines.push(`--header ${quote(value === '' ? `${name};` : `${name}: ${value}`, variableOf(name))}`);
  }
  for (const name of ADDED) if (!names.has(name.toLowerCase())) lines.push(`--header '${name}:'`);
  if (body === undefined) return lines.join(' \\\n  ');
  if (!names.has('content-type')) lines.push(`--header 'Content-Type:'`);
  if (body.text !== undefined && !body.text.includes('\0')) {
    lines.push(`--data-raw ${quote(body.text, 'BODY_PART')}`);
    return lines.join(' \\\n  ');
  }
  lines.push('--data-binary @-');
  const base64 = body.base64 ?? btoa(String.fromCharCode(...bytesOf(body)));
  return `printf %s '${base64}' | base64 -d | ${lines.join(' \\\n  ')}`;
}

function isHostOf(url: string, name: string, value: string): boolean {
  return name.toLowerCase() === 'host' && URL.canParse(url) && new URL(url).host === value.toLowerCase();
}

/** One word of the shell, whatever is in the text. `'` ends the quotes, is escaped, and begins them anew. */
function quote(text: string, variable: string): string {
  return text
    .split(MASK)
    .map((part) => (part === '' ? '' : `'${part.replaceAll("'", `'\\''`)}'`))
    .join(`"\${${variable}:?is masked}"`);
}

/** Each masked parameter of the query has a variable of its own. */
function quoteUrl(url: string): string {
  const parts = url.split(/(?<=[?&])/);
  return parts.map((part) => (part === '' ? '' : quote(part, variableOf(part.split('=')[0]!)))).join('');
}

/** `X-Api-Key` → `X_API_KEY`. */
function variableOf(name: string): string {
  const word = name.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
  return /^[A-Z]/.test(word) ? word : `MASKED_${word}`;
}
