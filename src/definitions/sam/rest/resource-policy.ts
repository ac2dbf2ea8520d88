// ResourcePolicy of a REST API: who may call from where.
import {
  areEqual,
  entries,
  get,
  isList,
  isTruthy,
  made,
  madeMap,
  type Plain,
  set,
  stringOf,
  type Tree,
  type TreeMap,
} from '../editing.ts';
import { sub } from '../intrinsics.ts';
import { invalidStructure } from '../invalid.ts';
import { ANY_METHOD, itemsOf, pathsOf, REST_NAMES, withStars } from '../path-items.ts';
import { mapIn } from './swagger-document.ts';

const POLICY = 'x-amazon-apigateway-policy';

/** Adds the statements of a path, and the user's own behind them. */
export function addResourcePolicy(document: TreeMap, given: TreeMap, path: string, stage: Tree): void {
  const policy = mapIn(document, POLICY);
  const resources = resourcesOf(document, path, stage);
  const at = given.offset;
  for (const [name, effect] of [
    ['AwsAccountWhitelist', 'Allow'],
    ['AwsAccountBlacklist', 'Deny'],
  ] as const) {
    const accounts = get(given, name);
    if (!isTruthy(accounts)) continue;
    const principal = { AWS: isList(accounts) ? accounts : [accounts] };
    append(policy, [statement(at, effect, resources, principal)], true);
  }
  for (const [name, condition] of [
    ['IpRangeWhitelist', 'NotIpAddress'],
    ['IpRangeBlacklist', 'IpAddress'],
  ] as const) {
    const ranges = get(given, name);
    if (!isTruthy(ranges)) continue;
    addPair(policy, at, resources, { [condition]: { 'aws:SourceIp': isList(ranges) ? ranges : [ranges] } });
  }
  for (const [kind, condition] of [
    ['Blacklist', 'StringEquals'],
    ['Whitelist', 'StringNotEquals'],
  ] as const) {
    const sources = vpcSources(given, kind);
    if (Object.values(sources).some(isSomething)) addPair(policy, at, resources, { [condition]: sources });
  }
  const custom = get(given, 'CustomStatements');
  if (isTruthy(custom)) {
    set(policy, 'Version', '2012-10-17');
    append(policy, isList(custom) ? custom.items : [custom], false);
  }
  if (policy.members.size === 0) set(document, POLICY, policy);
}

function isSomething(list: Plain): boolean {
  return Array.isArray(list) && list.length > 0;
}

function vpcSources(given: TreeMap, kind: 'Blacklist' | 'Whitelist'): { [key: string]: Plain } {
  const listed = get(given, `SourceVpc${kind}`);
  const texts = isList(listed) ? listed.items.map(stringOf) : [];
  if (texts.includes(undefined)) {
    throw invalidStructure(
      `SourceVpc${kind} must be a list of strings. Use IntrinsicVpc${kind} instead for values that use Intrinsic Functions`,
      listed,
    );
  }
  const by = (prefix: string): string[] => (texts as string[]).filter((each) => each.startsWith(prefix));
  const functions = (name: string): Tree[] => {
    const value = get(given, `Intrinsic${name}${kind}`);
    return isList(value) ? value.items : [];
  };
  const [vpcs, endpoints] = [
    [...by('vpc-'), ...functions('Vpc')],
    [...by('vpce-'), ...functions('Vpce')],
  ];
  return {
    'aws:SourceVpc': vpcs.length > 0 ? vpcs : undefined,
    'aws:SourceVpce': endpoints.length > 0 ? endpoints : undefined,
  };
}

function resourcesOf(document: TreeMap, path: string, stage: Tree): Plain[] {
  const methods = itemsOf(pathsOf(document), path).flatMap((item) => entries(item).map(([name]) => name));
  return methods.map((name) => {
    const isAny = ['any', ANY_METHOD].includes(name.toLowerCase());
    const method = isAny ? '*' : name.toUpperCase();
    return sub(`execute-api:/\${__Stage__}/${method}${withStars(path, REST_NAMES)}`, { __Stage__: stage });
  });
}

function statement(
  at: number,
  effect: string,
  resources: Plain[],
  principal: Plain,
  condition?: Plain,
): Tree {
  return madeMap(at, {
    Effect: effect,
    Action: 'execute-api:Invoke',
    Resource: resources,
    Principal: principal,
    Condition: condition,
  });
}

/** Everybody may, except from where the condition holds. */
function addPair(policy: TreeMap, at: number, resources: Plain[], condition: Plain): void {
  append(
    policy,
    [statement(at, 'Allow', resources, '*'), statement(at, 'Deny', resources, '*', condition)],
    false,
  );
}

/** @param isAlone whether the only statement of a policy is not in a list, and equal ones stay */
function append(policy: TreeMap, added: readonly Tree[], isAlone: boolean): void {
  set(policy, 'Version', '2012-10-17');
  const given = get(policy, 'Statement');
  if (given === undefined && isAlone) {
    set(policy, 'Statement', added[0]!);
    return;
  }
  const statements = given === undefined ? [] : isList(given) ? [...given.items] : [given];
  for (const each of added) {
    if (isAlone || !statements.some((known) => areEqual(known, each))) statements.push(each);
  }
  set(policy, 'Statement', made(policy.offset, statements));
}
