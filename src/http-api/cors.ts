// CORS of an HTTP API: preflight answers and the headers of actual replies (spec/http-api.md §5).
import type { Exchange } from '../net/exchange.ts';

/** The stored CorsConfiguration. */
export interface CorsConfiguration {
  readonly AllowCredentials?: boolean;
  readonly AllowHeaders?: readonly string[];
  readonly AllowMethods?: readonly string[];
  readonly AllowOrigins?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly MaxAge?: number;
}

export interface Cors {
  /** Header lines of a preflight answer; '' for a foreign origin (§5.3). */
  preflightLines(origin: string): string;
  /** Header lines of an actual reply to this Origin value; '' for a foreign origin (§5.4). */
  replyLines(origin: string): string;
}

/** A preflight is OPTIONS with Origin and Access-Control-Request-Method (§5.3). */
export function isPreflight(exchange: Exchange): boolean {
  return (
    exchange.method === 'OPTIONS' &&
    exchange.headers.first('origin') !== undefined &&
    exchange.headers.first('access-control-request-method') !== undefined
  );
}

export function compileCors(configuration: CorsConfiguration): Cors {
  const origins = new Set((configuration.AllowOrigins ?? []).map(comparable));
  const anyOrigin = origins.has('*');
  const credentials =
    configuration.AllowCredentials === true ? 'Access-Control-Allow-Credentials: true\r\n' : '';
  const list = (name: string, values: readonly string[] | undefined) =>
    values === undefined || values.length === 0 ? '' : `${name}: ${values.join(',')}\r\n`;
  // What was stored before names were kept in lower case, and what is frozen of it, is answered in lower case as well.
  const names = (name: string, values: readonly string[] | undefined) =>
    list(
      name,
      values?.map((value) => value.toLowerCase()),
    );
  const preflight =
    list('Access-Control-Allow-Methods', configuration.AllowMethods) +
    names('Access-Control-Allow-Headers', configuration.AllowHeaders) +
    (configuration.MaxAge === undefined ? '' : `Access-Control-Max-Age: ${configuration.MaxAge}\r\n`) +
    credentials;
  const reply = credentials + names('Access-Control-Expose-Headers', configuration.ExposeHeaders);

  function originLine(origin: string): string {
    if (anyOrigin) return 'Access-Control-Allow-Origin: *\r\n';
    const given = comparable(origin);
    const allowed =
      origins.has(given) ||
      (origins.has('https://*') && given.startsWith('https://')) ||
      (origins.has('http://*') && given.startsWith('http://'));
    return allowed ? `Access-Control-Allow-Origin: ${origin}\r\n` : '';
  }
  function linesFor(origin: string, rest: string): string {
    const line = originLine(origin);
    return line === '' ? '' : line + rest;
  }
  return {
    preflightLines: (origin) => linesFor(origin, preflight),
    replyLines: (origin) => linesFor(origin, reply),
  };
}

/** Scheme and host of an origin are compared without case; a port is digits, so the whole may be folded (§5.3). */
function comparable(origin: string): string {
  return origin.toLowerCase();
}
