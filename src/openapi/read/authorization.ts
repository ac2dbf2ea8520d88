// Who may call an operation: its security requirement and `x-amazon-apigateway-auth` (spec/openapi.md §4.2, §4.3, Choices O23
// to O26). What cannot be understood never opens a route.

import { type ListNode, type MapNode, memberOf, type Node, textOf } from '../../tree/node.ts';
import { type DefinedAuthorization, DefinitionError } from '../definition.ts';
import { isAuthorizer } from './authorizers.ts';

const AUTH = 'x-amazon-apigateway-auth';

/** Members of an operation that say who may call it. */
export const AUTHORIZATION_MEMBERS: ReadonlySet<string> = new Set(['security', AUTH]);

/** Throws DefinitionError when an operation has several requirements. */
export function readAuthorization(
  operation: MapNode,
  schemes: MapNode | undefined,
  routeKey: string,
): DefinedAuthorization {
  const security = memberOf(operation, 'security');
  const auth = memberOf(operation, AUTH);
  const required = security === undefined ? undefined : readSecurity(security, schemes);
  if (required === 'several') throw severalRequirements(routeKey, security!);
  if (auth === undefined) return required ?? { kind: 'none' };
  const allowed = readAuth(auth);
  if (required === undefined || allowed.kind === 'refused') return allowed;
  if (required.kind !== 'refused' && required.kind !== allowed.kind)
    throw severalRequirements(routeKey, auth);
  return required;
}

function severalRequirements(routeKey: string, { offset }: Node): DefinitionError {
  return new DefinitionError(
    `Unable to parse API definition because of multiple security requirements at path '${routeKey}'.`,
    offset,
    'a route has one authorizer or IAM: leave one requirement with one scheme',
  );
}

/** Undefined where nothing is required. */
function readSecurity(
  security: Node,
  schemes: MapNode | undefined,
): DefinedAuthorization | 'several' | undefined {
  if (security.kind !== 'list') return refused('Security requirements must be an array');
  if (security.items.length > 1) return 'several';
  const [requirement] = security.items;
  if (requirement === undefined) return undefined;
  if (requirement.kind !== 'map') return refused('A security requirement must be an object');
  if (requirement.members.size > 1) return 'several';
  const [scheme] = requirement.members;
  if (scheme === undefined) return undefined;
  const [name, { value }] = scheme;
  const scopes = scopesOf(value);
  if (scopes === undefined) return refused(`Scopes of security scheme ${name} must be an array of strings`);
  return ofScheme(name, schemes?.members.get(name)?.value, scopes);
}

function ofScheme(name: string, scheme: Node | undefined, scopes: readonly string[]): DefinedAuthorization {
  if (scheme === undefined) {
    // SAM writes it for functions that opt out of the default authorizer (§4.3).
    return name === 'NONE' ? { kind: 'none' } : refused(`Security scheme ${name} is not defined`);
  }
  if (isAuthorizer(scheme)) return { kind: 'authorizer', name, scopes };
  const isIam = textOf(memberOf(scheme, 'x-amazon-apigateway-authtype'))?.toLowerCase() === 'awssigv4';
  return isIam ? { kind: 'iam', scopes } : refused(`Security scheme ${name} has no authorizer`);
}

/** Nothing instead of a list is an empty one. */
function scopesOf(node: Node): readonly string[] | undefined {
  if (node.kind === 'scalar' && node.value === null) return [];
  if (node.kind !== 'list') return undefined;
  const scopes = node.items.map(textOf);
  return scopes.every((scope) => scope !== undefined) ? scopes : undefined;
}

function readAuth(auth: Node): DefinedAuthorization {
  switch (textOf(memberOf(auth, 'type'))?.toUpperCase()) {
    case 'AWS_IAM':
      return { kind: 'iam', scopes: [] };
    case 'NONE':
      return { kind: 'none' };
    default:
      return refused(`${AUTH} must be of type AWS_IAM or NONE`);
  }
}

function refused(refusal: string): DefinedAuthorization {
  return { kind: 'refused', refusal };
}

/** Where the root requires something, which is not applied to operations (§4.5, Choice O26). */
export function rootSecurityOf(root: MapNode): number | undefined {
  const member = root.members.get('security');
  if (member === undefined || isOpen(member.value)) return undefined;
  return member.keyOffset;
}

function isOpen(security: Node): boolean {
  const isEmpty = (node: Node): boolean => node.kind === 'map' && node.members.size === 0;
  if (security.kind === 'scalar') return security.value === null;
  return security.kind === 'list' ? (security as ListNode).items.every(isEmpty) : isEmpty(security);
}
