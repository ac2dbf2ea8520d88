// What the model requires of an input: required members, kinds of values (what clients send has them by parse.ts, what a
// definition says need not), enum values, page sizes. Texts of spec/management-api.md §1.5, §8.21 and Appendix A. Lengths, ranges
// and everything else belong to the rules of each resource.
import { unreachable } from '../defect.ts';
import type { ServiceError } from './errors.ts';
import { badRequest } from './errors.ts';
import type { Operation } from './operation.ts';
import type { AnyInput } from './parse.ts';
import type { Member, Shape } from './shape.ts';

type Check = (value: unknown) => ServiceError | undefined;

const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 500;
const MAX_RULES_PAGE_SIZE = 100;

const INVALID_PROTOCOL = 'Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]';

// Texts of their own (Appendix A), for a member that is missing or has a value outside its enum.
const TEXTS: ReadonlyMap<string, string> = new Map([
  ['CreateApi.Name', 'Invalid API name specified'],
  // Only a definition has a name of another kind than text (spec/openapi.md Choice O11).
  ['UpdateApi.Name', 'Invalid API name specified'],
  ['CreateApi.ProtocolType', INVALID_PROTOCOL],
  ['ExportApi.OutputType', 'OutputType is a required parameter'],
  ['CreateVpcLink.SubnetIds', 'SubnetIds for a vpc link cannot be empty'],
  ['ImportApi.Body', 'Invalid OpenAPI input.'],
  ['ReimportApi.Body', 'Invalid OpenAPI input.'],
]);

// An empty text clears these on update (§1.10), though it is none of their values.
const CLEARABLE: ReadonlySet<string> = new Set([
  'UpdateIntegration.ContentHandlingStrategy',
  'UpdateIntegrationResponse.ContentHandlingStrategy',
]);

// Terraform sends these as its users spell them (§2.10.1).
const IN_ANY_CASE =
  /^(?:Create|Update)DomainName\.DomainNameConfigurations\.(?:EndpointType|SecurityPolicy)$/;

// AWS does not hold to these lists: any text is taken, but none (§2.8.2).
const OPEN = /^(?:Create|Update)Stage\.(?:DefaultRouteSettings|RouteSettings)\.LoggingLevel$/;

// Routing rules and portals speak the newer validator's language (§8.21).
const NEWER = /Portal|ProductPage|ProductRestEndpointPage|RoutingRule/;

const checks = new Map<Operation, Check>();

/** The first way in which an input breaks its model, for a 400, or undefined. It is for the caller to throw it, after the
 *  resources in the path are known to exist (the order of checks in §1.5). */
export function checkInput(operation: Operation, input: AnyInput): ServiceError | undefined {
  let check = checks.get(operation);
  if (check === undefined) {
    const members = operation.query.concat(operation.body);
    check = checkOf({ kind: 'structure', name: operation.name, members }, operation, '');
    checks.set(operation, check);
  }
  return check(input);
}

/** The number of entries on a page, from a checked `maxResults` (§8.2). Larger wishes get the largest page. */
export function pageSize(maxResults: string | number | undefined): number {
  return maxResults === undefined ? DEFAULT_PAGE_SIZE : Math.min(Number(maxResults), MAX_PAGE_SIZE);
}

function checkOf(shape: Shape, operation: Operation, path: string): Check {
  const refused = () => invalid(operation, path);
  switch (shape.kind) {
    case 'list':
    case 'map': {
      const check = checkOf(shape.kind === 'list' ? shape.item : shape.value, operation, path);
      const isList = shape.kind === 'list';
      return (value) =>
        typeof value === 'object' && value !== null && Array.isArray(value) === isList
          ? firstProblem(Object.values(value), check)
          : refused();
    }
    case 'structure':
      return structureCheck(shape.members, operation, path);
    case 'string': {
      const check = shape.values && enumCheck(shape.values, operation, path);
      return (value) => (typeof value === 'string' ? check?.(value) : refused());
    }
    case 'boolean':
      // In queries texts (spec/openapi.md Choice O3).
      return (value) => {
        if (typeof value === 'boolean') return undefined;
        return badRequest(`Invalid ${wireName(path)} specified. Must be one of [true, false]`);
      };
    case 'integer':
      // In the JSON of a request parse.ts has seen to that; a document of an import may have 1.5 (spec/openapi.md Choice O38).
      return (value) => (Number.isInteger(value) ? undefined : refused());
    case 'double':
      return (value) => (typeof value === 'number' ? undefined : refused());
    case 'timestamp':
    case 'blob':
      return (value) => (typeof value === 'string' ? undefined : refused());
    default:
      unreachable(shape);
  }
}

/** A value of a kind, or outside an enum, that the model does not have. */
function invalid(operation: Operation, path: string): ServiceError {
  return badRequest(TEXTS.get(`${operation.name}.${path}`) ?? `Invalid ${wireName(path)} specified`);
}

function firstProblem(values: readonly unknown[], check: Check): ServiceError | undefined {
  for (const value of values) {
    const problem = check(value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function structureCheck(members: readonly Member[], operation: Operation, path: string): Check {
  const required = members.filter((member) => member.required);
  const nested: { name: string; check: Check }[] = [];
  for (const member of members) {
    const below = path === '' ? member.name : `${path}.${member.name}`;
    const check =
      below === 'MaxResults' ? maxResultsCheck(member.shape) : checkOf(member.shape, operation, below);
    nested.push({ name: member.name, check });
  }
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return invalid(operation, path);
    const given = value as AnyInput;
    for (const member of required) {
      if (given[member.name] === undefined) return missing(member, operation, path);
    }
    for (const { name, check } of nested) {
      const problem = given[name] === undefined ? undefined : check(given[name]);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

function missing(member: Member, operation: Operation, path: string): ServiceError {
  const at = path === '' ? member.name : `${path}.${member.name}`;
  if (NEWER.test(operation.name)) {
    return badRequest(
      `1 validation error detected: Value null at '${wirePath(at)}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return badRequest(TEXTS.get(`${operation.name}.${at}`) ?? `${member.name} is a required field`);
}

function enumCheck(values: readonly string[], operation: Operation, path: string): Check {
  const key = `${operation.name}.${path}`;
  const isInAnyCase = IN_ANY_CASE.test(key);
  const isOpen = OPEN.test(key);
  return (value) => {
    const text = isInAnyCase ? (value as string).toUpperCase() : (value as string);
    if (values.includes(text) || (value === '' ? CLEARABLE.has(key) : isOpen)) return undefined;
    if (NEWER.test(operation.name)) {
      return badRequest(
        `1 validation error detected: Value '${String(value)}' at '${wirePath(path)}' failed to satisfy constraint: ` +
          `Member must satisfy enum value set: [${values.join(', ')}]`,
      );
    }
    return invalid(operation, path);
  };
}

function maxResultsCheck(shape: Shape): Check {
  if (shape.kind === 'integer') {
    return (value) => {
      if ((value as number) >= 1 && (value as number) <= MAX_RULES_PAGE_SIZE) return undefined;
      return badRequest(
        `1 validation error detected: Value '${String(value)}' at 'maxResults' failed to satisfy constraint: ` +
          `Member must be between 1 and ${MAX_RULES_PAGE_SIZE}`,
      );
    };
  }
  return (value) =>
    /^0*[1-9]\d{0,8}$/.test(value as string) ? undefined : badRequest('Invalid maxResults specified');
}

function wirePath(path: string): string {
  return path.split('.').map(wireName).join('.');
}

// The innermost member in its wire spelling: every member of the model is the name with a lower-case first letter.
function wireName(path: string): string {
  const name = path.slice(path.lastIndexOf('.') + 1);
  return name.charAt(0).toLowerCase() + name.slice(1);
}
