// What an identity with policies may do on the management door: `apigateway:{METHOD}` on the ARN of the path
// (spec/management-api.md §1.14). Identities without policies may do everything.
import { decodePercent } from '../grammar/percent.ts';
import { type Identity, notAuthorized } from '../identity/identities.ts';
import { allowsSomewhere, decide } from '../identity/policy.ts';
import type { Exchange } from '../net/exchange.ts';
import type { Allow, StackAction } from '../resources/stacks/apply/stack-calls.ts';
import { accessDenied } from '../wire/errors.ts';
import { type OperationName, operationNamed } from '../wire/operation.ts';
import type { Caller } from './caller.ts';

export const IMPORT = 'POST /_postern/import';

/** Tells callers who they are. */
export const ME = 'GET /_postern/me';

export const WORKBENCH = 'POST /_postern/workbench';

/** The path of routes for stacks. */
export const STACKS = '/_postern/stacks';

const API_PREFIX = '/v2/';

/** Throws the AccessDeniedException of a request that the identity's policies do not allow. */
export function requirePermission(identity: Identity, exchange: Exchange, region: string): void {
  const { method, target } = exchange;
  if (asksItself(method, target)) return;
  requireAction(
    identity,
    exchange,
    `apigateway:${method}`,
    `arn:aws:apigateway:${region}::${resourcePath(target)}`,
  );
}

const ASK_THEMSELVES: ReadonlySet<string> = new Set([IMPORT, ME, WORKBENCH]);

/** Whether it asks for what it does, which its body says, or for nothing: who somebody is they may always know. */
function asksItself(method: string, target: string): boolean {
  if (ASK_THEMSELVES.has(`${method} ${target}`)) return true;
  return target.startsWith(STACKS) && ['', '/', '?'].includes(target.charAt(STACKS.length));
}

/** Whether there may be something that the identity may change. */
export function mayWrite({ policies }: Identity): boolean {
  return policies === undefined || CHANGING.some((action) => allowsSomewhere(policies, action));
}

const CHANGING = ['apigateway:post', 'apigateway:put', 'apigateway:patch', 'apigateway:delete'];

/** The same for an import from the command line: what ImportApi asks for, or ReimportApi of an API. */
export function requireImportPermission(
  { identity, region }: Caller,
  exchange: Exchange,
  apiId: string | undefined,
): void {
  if (identity === undefined) return;
  const path = apiId === undefined ? '/apis' : `/apis/${apiId}`;
  requireAction(identity, exchange, 'apigateway:PUT', `arn:aws:apigateway:${region}::${path}`);
}

/** The same for what a path of `/_postern/` shows or does, where its own method does not say so. */
export function requirePosternPermission(
  { identity, region }: Caller,
  exchange: Exchange,
  method: 'GET' | 'POST',
  path: string,
): void {
  if (identity === undefined) return;
  requireAction(identity, exchange, `apigateway:${method}`, `arn:aws:apigateway:${region}::${path}`);
}

/** The same for what is done with a stack, or with all of them (spec/definitions.md Choice D4): `action` is CloudFormation's. */
export function requireStackPermission(
  { identity, account, region }: Caller,
  exchange: Exchange,
  action: string,
  name?: string,
): void {
  if (identity === undefined) return;
  // Of a stack that is not there nobody knows the end of its ARN.
  const resource = name === undefined ? '*' : `arn:aws:cloudformation:${region}:${account}:stack/${name}/*`;
  requireAction(identity, exchange, `cloudformation:${action}`, resource);
}

/** What a deploy asks before each of its calls; undefined where everything is allowed. */
export function allowedCalls(caller: Caller, exchange: Exchange): Allow | undefined {
  const { identity, region } = caller;
  if (identity?.policies === undefined) return undefined;
  return (operation, input) => {
    const labels = new Map<string, unknown>(Object.entries(input));
    if (isStackAction(operation)) {
      return requireStackPermission(caller, exchange, operation, String(labels.get('StackName')));
    }
    const { method, path } = operationNamed(operation);
    const filled = path.replace(/\{(\w+)\}/g, (_, label) => String(labels.get(label)).replaceAll('/', '%2F'));
    requireAction(
      identity,
      exchange,
      `apigateway:${method}`,
      `arn:aws:apigateway:${region}::${resourcePath(filled)}`,
    );
  };
}

function isStackAction(name: OperationName | StackAction): name is StackAction {
  return name === 'CreateStack' || name === 'UpdateStack' || name === 'DeleteStack';
}

/** The same for any action on any ARN. */
export function requireAction(
  identity: Identity,
  { remoteAddress, scheme }: Exchange,
  action: string,
  resource: string,
): void {
  if (identity.policies === undefined) return;
  const keys = new Map([
    ['aws:sourceip', remoteAddress],
    ['aws:securetransport', String(scheme === 'https')],
  ]);
  if (decide(identity.policies, { action, resource, keys }) === 'allowed') return;
  throw accessDenied(notAuthorized(identity, action, resource));
}

/** `/apis/a1b2c3d4e5/stages/$default`, decoded segment by segment: a slash within one stays encoded. */
function resourcePath(target: string): string {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const segments = path.startsWith(API_PREFIX) ? path.slice(API_PREFIX.length - 1) : path;
  return segments
    .split('/')
    .map((segment) => (/%2f/i.test(segment) ? segment : (decodePercent(segment) ?? segment)))
    .join('/');
}
