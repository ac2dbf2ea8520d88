// The CORS configuration of HTTP APIs (spec/management-api.md §2.1.3, http-api.md §5.1).
import { TOKEN } from '../../grammar/token.ts';
import { badRequest } from '../../wire/errors.ts';
import type { Input } from '../../wire/operation.ts';
import { checkRange } from '../limits.ts';

export type Cors = NonNullable<Input<'CreateApi'>['CorsConfiguration']>;

const METHODS: ReadonlySet<string> = new Set([
  '*',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'CONNECT',
  'TRACE',
]);
const ORIGIN = /^(?:\*|https?:\/\/(?:\*|[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?)$/i;

/** Members that are given change, `[]` clears a list, and no configuration comes of nothing. */
export function patchCors(stored: Cors | undefined, given: Cors): Cors | undefined {
  const merged = statedCors({ ...stored, ...given });
  return merged && { AllowCredentials: false, ...merged };
}

/** The members that say something, which an empty list does not; undefined when none does. Header names are kept in lower case.
 *  What definitions say is stored so: unlike a client's, it reads back without members that are not in it (spec/openapi.md
 *  §3.4). */
export function statedCors(cors: Cors): Cors | undefined {
  const stated = Object.entries(cors).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  return stated.length === 0 ? undefined : withLowerCaseHeaders(Object.fromEntries(stated));
}

/** The configuration with its two lists of header names in lower case, in their order. */
export function withLowerCaseHeaders(cors: Cors): Cors {
  const lists = (['AllowHeaders', 'ExposeHeaders'] as const)
    .filter((member) => cors[member] !== undefined)
    .map((member) => [member, cors[member]!.map((name) => name.toLowerCase())]);
  return { ...cors, ...Object.fromEntries(lists) };
}

/** Throws a BadRequestException for a configuration that AWS refuses or that no header could carry, in the order of §2.1.3. */
export function checkCors(cors: Cors): void {
  const { AllowOrigins = [], AllowMethods = [], AllowHeaders = [], ExposeHeaders = [] } = cors;
  if (cors.AllowCredentials === true && AllowOrigins.includes('*')) {
    throw badRequest("allow-credentials is not supported if 'allow-origin' is *");
  }
  for (const origin of AllowOrigins) {
    if (!ORIGIN.test(origin)) throw badRequest(`Invalid format for origin ${origin}`);
  }
  for (const method of AllowMethods) {
    if (!METHODS.has(method.toUpperCase())) throw badRequest(`Invalid method ${method} in allowMethods`);
  }
  checkHeaderNames('allowHeaders', AllowHeaders);
  checkHeaderNames('exposeHeaders', ExposeHeaders);
  checkRange('maxAge', cors.MaxAge, -1, 86_400);
}

function checkHeaderNames(member: string, names: readonly string[]): void {
  for (const name of names) {
    if (!TOKEN.test(name)) throw badRequest(`Invalid header name ${name} in ${member}`);
  }
}
