// IAM policy documents: what Lambda authorizers return and what configured identities may do (spec/http-api.md §6.3.4,
// §6.4, Choice C58). What a statement says and this cannot judge never lets anybody in: such an Allow allows nothing,
// such a Deny denies.
import { isObject } from '../grammar/json-object.ts';
import { type Condition, parseConditions } from './policy-conditions.ts';
import { compileWildcard, type TextTest } from './wildcard.ts';

/** Under a symbol, which `node:v8` leaves out. */
const STATEMENTS = Symbol('statements');

/** What a policy is asked about. */
export interface PolicyRequest {
  /** `execute-api:Invoke` */
  readonly action: string;
  /** An ARN. */
  readonly resource: string;
  /** Condition keys in lower case with their values: `aws:sourceip`. */
  readonly keys: ReadonlyMap<string, string>;
}

/** Goes to another process as the document: what that compiles to is made there anew. */
export interface Policy {
  readonly document: unknown;
  [STATEMENTS]?: readonly Statement[];
}

interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly action: TextTest;
  readonly resource: TextTest;
  readonly conditions: readonly Condition[];
  /** Whether it has an element that cannot be judged. */
  readonly isUnclear: boolean;
}

/** `unmatched` is a denial too: nothing allows. */
export type PolicyDecision = 'allowed' | 'denied' | 'unmatched';

/** A document that is no policy. The message says why. */
export class PolicyError extends Error {}

const VERSIONS: readonly unknown[] = [undefined, '2012-10-17', '2008-10-17'];
const STATEMENT_MEMBERS: readonly string[] = [
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];
const MAX_PATTERN_LENGTH = 2_048;
/** Characters of all that a policy compares with. A decision looks at each of them for each character of a request at most. */
const MAX_COMPARED = 32_768;

/** How much a policy may still hold. */
class PolicyRoom {
  #left = MAX_COMPARED;

  /** Throws PolicyError. */
  take(text: string): void {
    this.#left -= text.length;
    if (this.#left < 0)
      throw new PolicyError(`the policy compares with more than ${MAX_COMPARED} characters`);
  }
}

/** Parses a policy document given as JSON values. Throws PolicyError. */
export function parsePolicy(document: unknown): Policy {
  return { document, [STATEMENTS]: parseStatements(document) };
}

function statementsOf(policy: Policy): readonly Statement[] {
  policy[STATEMENTS] ??= parseStatements(policy.document);
  return policy[STATEMENTS];
}

function parseStatements(document: unknown): readonly Statement[] {
  if (!isObject(document)) throw new PolicyError('the policy document is not an object');
  if (!VERSIONS.includes(document.Version)) throw new PolicyError('the policy has an unknown Version');
  const given = document.Statement;
  const statements = Array.isArray(given) ? given : [given];
  const room = new PolicyRoom();
  return statements.map((each) => parseStatement(each, room));
}

/** What the policies say together: any Deny wins, and without an Allow nothing is allowed. */
export function decide(policies: readonly Policy[], request: PolicyRequest): PolicyDecision {
  const action = request.action.toLowerCase();
  let decision: PolicyDecision = 'unmatched';
  for (const policy of policies) {
    for (const statement of statementsOf(policy)) {
      if (!applies(statement, action, request)) continue;
      if (statement.effect === 'Deny') return 'denied';
      decision = 'allowed';
    }
  }
  return decision;
}

/** Whether there may be a resource for which they allow an action, given in lower case: one statement allows it, and none denies it for
 *  every resource. */
export function allowsSomewhere(policies: readonly Policy[], lowerAction: string): boolean {
  const statements = policies.flatMap(statementsOf);
  const about = statements.filter(({ action }) => action(lowerAction));
  const isAllowed = about.some(({ effect, isUnclear }) => effect === 'Allow' && !isUnclear);
  return isAllowed && !about.some(({ effect, resource }) => effect === 'Deny' && resource('*'));
}

function applies(statement: Statement, lowerAction: string, { resource, keys }: PolicyRequest): boolean {
  if (!statement.action(lowerAction) || !statement.resource(resource)) return false;
  const isDeny = statement.effect === 'Deny';
  if (statement.isUnclear) return isDeny;
  return statement.conditions.every((condition) => {
    const holds = condition(keys);
    return holds === 'unclear' ? isDeny : holds;
  });
}

function parseStatement(given: unknown, room: PolicyRoom): Statement {
  if (!isObject(given)) throw new PolicyError('a statement of the policy is not an object');
  const { Effect: effect } = given;
  if (effect !== 'Allow' && effect !== 'Deny')
    throw new PolicyError('a statement has no Effect Allow or Deny');
  const conditions = parseConditions(given.Condition, (text) => room.take(text));
  return {
    effect,
    action: oneOf(given, 'Action', 'NotAction', room, (text) => compileWildcard(text.toLowerCase())),
    resource: resourceOf(given, effect, room),
    conditions: conditions ?? [],
    isUnclear:
      conditions === undefined || Object.keys(given).some((name) => !STATEMENT_MEMBERS.includes(name)),
  };
}

/** The test of an element that is given plainly or as its opposite, one text or a list. */
function oneOf(
  given: { readonly [name: string]: unknown },
  plain: string,
  opposite: string,
  room: PolicyRoom,
  compile: (text: string) => TextTest,
): TextTest {
  const isPlain = given[plain] !== undefined;
  if (isPlain === (given[opposite] !== undefined)) {
    throw new PolicyError(`a statement needs either ${plain} or ${opposite}`);
  }
  const name = isPlain ? plain : opposite;
  const texts = textsOf(given[name], name);
  for (const text of texts) room.take(text);
  const tests = texts.map(compile);
  const matches: TextTest = (text) => tests.some((test) => test(text));
  return isPlain ? matches : (text) => !matches(text);
}

function textsOf(value: unknown, name: string): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw new PolicyError(`a statement has an empty ${name}`);
  return list.map((each) => {
    if (typeof each !== 'string' || each === '' || each.length > MAX_PATTERN_LENGTH) {
      throw new PolicyError(`${name} of a statement is not text of 1 to ${MAX_PATTERN_LENGTH} characters`);
    }
    return each;
  });
}

/** Policy variables are not known here: an Allow with one is for no resource, a Deny for every one. */
function resourceOf(
  given: { readonly [name: string]: unknown },
  effect: 'Allow' | 'Deny',
  room: PolicyRoom,
): TextTest {
  let hasVariable = false;
  const test = oneOf(given, 'Resource', 'NotResource', room, (text) => {
    hasVariable ||= text.includes('${');
    return compileWildcard(text);
  });
  return hasVariable ? () => effect === 'Deny' : test;
}
