// GET /_postern/console/…: the page and its files. They hold nothing but the program of the page, so that nobody is asked who they are;
// what the page asks for by its calls, the door judges as it judges every call.
import { httpDate } from '../../net/date.ts';
import type { Exchange } from '../../net/exchange.ts';
import { ServiceError } from '../../wire/errors.ts';
import { type ConsoleFile, ConsoleFiles } from './console-files.ts';

/** Where the console is. */
const CONSOLE_PREFIX = '/_postern/console/';

/** What the page may do: run and ask what is of its own origin, and be in nobody's frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SECURITY_LINES =
  `content-security-policy: ${POLICY}\r\n` +
  'x-content-type-options: nosniff\r\n' +
  'referrer-policy: no-referrer\r\n' +
  'cross-origin-opener-policy: same-origin\r\n' +
  'cross-origin-resource-policy: same-origin\r\n';

const files = new ConsoleFiles();

/** Answers a request for the console. Throws ServiceError. */
export async function serveConsole(exchange: Exchange, nowMillis: number): Promise<void> {
  const path = exchange.target.replace(/[?#].*/s, '');
  if (exchange.method !== 'GET' && exchange.method !== 'HEAD') {
    throw new ServiceError('MethodNotAllowedException', 405, 'The console is read by GET and HEAD.');
  }
  if (path === CONSOLE_PREFIX.slice(0, -1)) {
    exchange.send(308, `location: ${CONSOLE_PREFIX}\r\n${commonLines(nowMillis)}`, '');
    return;
  }
  const accepts = exchange.headers.joined('accept-encoding') ?? '';
  const found = await files.find(path.slice(CONSOLE_PREFIX.length), accepts);
  if (found === 'missing')
    throw new ServiceError('NotFoundException', 404, `The console has no file ${path}.`);
  if (found === 'unbuilt') {
    throw new ServiceError(
      'NotFoundException',
      404,
      'The console has not been built: run "npm run build" where Postern is, then load this page again.',
    );
  }
  exchange.send(200, linesOf(found, nowMillis), found.content);
}

function linesOf({ contentType, encoding, isHashed }: ConsoleFile, nowMillis: number): string {
  const kept = isHashed ? 'public, max-age=31536000, immutable' : 'no-cache';
  const encoded = encoding === undefined ? '' : `content-encoding: ${encoding}\r\n`;
  return `content-type: ${contentType}\r\ncache-control: ${kept}\r\nvary: accept-encoding\r\n${encoded}${commonLines(nowMillis)}`;
}

const commonLines = (nowMillis: number): string => `${SECURITY_LINES}date: ${httpDate(nowMillis)}\r\n`;
