// Condition blocks of policies: addresses and texts (spec/http-api.md Choice C58).
import { BlockList, isIP } from 'node:net';
import { compileWildcard, type TextTest } from './wildcard.ts';

/** Whether a condition holds; `unclear` when its key is not known here. */
export type Condition = (keys: ReadonlyMap<string, string>) => boolean | 'unclear';

/** What a policy's operator says about a value; `isNegated` ones hold for a key without value. */
interface Operator {
  readonly isNegated: boolean;
  /** Undefined for a text that is no operand of it. */
  readonly compile: (operand: string) => TextTest | undefined;
}

const equals =
  (operand: string): TextTest =>
  (text) =>
    text === operand;
const equalsIgnoringCase = (operand: string): TextTest => {
  const lower = operand.toLowerCase();
  return (text) => text.toLowerCase() === lower;
};

const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { isNegated: false, compile: equals },
  StringNotEquals: { isNegated: true, compile: equals },
  StringEqualsIgnoreCase: { isNegated: false, compile: equalsIgnoringCase },
  StringNotEqualsIgnoreCase: { isNegated: true, compile: equalsIgnoringCase },
  StringLike: { isNegated: false, compile: compileWildcard },
  StringNotLike: { isNegated: true, compile: compileWildcard },
  IpAddress: { isNegated: false, compile: compileAddress },
  NotIpAddress: { isNegated: true, compile: compileAddress },
  Bool: { isNegated: false, compile: equalsIgnoringCase },
};

/** Keys that have a value in some requests and none in others. */
const OPTIONAL_KEYS: ReadonlySet<string> = new Set(['aws:useragent', 'aws:referer']);

/** The conditions of a statement, all of which must hold. Undefined when there is one that cannot be judged. `take` hears
 *  of each text that is compared with. */
export function parseConditions(
  block: unknown,
  take: (text: string) => void,
): readonly Condition[] | undefined {
  if (block === undefined) return [];
  if (typeof block !== 'object' || block === null || Array.isArray(block)) return undefined;
  const conditions: Condition[] = [];
  for (const [name, keys] of Object.entries(block)) {
    const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
    if (operator === undefined || typeof keys !== 'object' || keys === null) return undefined;
    for (const [key, operands] of Object.entries(keys)) {
      const condition = parseCondition(operator, key, operands, take);
      if (condition === undefined) return undefined;
      conditions.push(condition);
    }
  }
  return conditions;
}

function parseCondition(
  operator: Operator,
  key: string,
  operands: unknown,
  take: (text: string) => void,
): Condition | undefined {
  const lowerKey = key.toLowerCase();
  const tests: TextTest[] = [];
  for (const operand of [operands].flat() as unknown[]) {
    const text = typeof operand === 'boolean' ? String(operand) : operand;
    if (typeof text === 'string') take(text);
    const test = typeof text === 'string' ? operator.compile(text) : undefined;
    if (test === undefined) return undefined;
    tests.push(test);
  }
  return (keys) => {
    const value = keys.get(lowerKey);
    if (value === undefined) return OPTIONAL_KEYS.has(lowerKey) ? operator.isNegated : 'unclear';
    return tests.some((test) => test(value)) !== operator.isNegated;
  };
}

/** `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`. */
function compileAddress(operand: string): TextTest | undefined {
  const [address = '', prefix, ...rest] = operand.split('/');
  const version = isIP(address);
  const bits = version === 6 ? 128 : 32;
  if (version === 0 || rest.length > 0) return undefined;
  if (prefix !== undefined && !(/^[0-9]{1,3}$/.test(prefix) && Number(prefix) <= bits)) return undefined;
  const list = new BlockList();
  list.addSubnet(address, prefix === undefined ? bits : Number(prefix), version === 6 ? 'ipv6' : 'ipv4');
  return (text) => {
    const found = isIP(text);
    return found !== 0 && list.check(text, found === 6 ? 'ipv6' : 'ipv4');
  };
}
