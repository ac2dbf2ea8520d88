// ARNs that integrations name: Lambda functions, services, load balancers, Cloud Map, roles (spec/http-api.md §3.1, §3.5;
// management-api.md §2.3.2, §2.3.3), and certificates, which domains name. Without stage variables: those are put in first
// (stage-variable-text.ts).
import { GrammarError } from './grammar-error.ts';

/** The parts every ARN has. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  /** Empty for services without regions. */
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

const INVALID_ARN = 'Invalid ARN specified in the request';
const ARN = /^arn:(aws[a-z-]*):([A-Za-z0-9._-]+):([a-z0-9-]*):([^:]*):(.+)$/s;

/** Parses any ARN. Throws GrammarError. */
export function parseArn(text: string): Arn {
  const match = ARN.exec(text);
  if (match === null) throw new GrammarError(INVALID_ARN);
  const [, partition, service, region, account, resource] = match as unknown as [
    string, // the whole
    string,
    string,
    string,
    string,
    string,
  ];
  return { partition, service, region, account, resource };
}

export function printArn({ partition, service, region, account, resource }: Arn): string {
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}

/** Where a regional resource of an account is. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

const ACCOUNT = /^[0-9]{12}$/;

/** Regional ARNs of a service: partition, region and account are the first groups; `resource` is the source of a pattern. */
function regional(service: string, resource: string): RegExp {
  return new RegExp(`^arn:(aws[a-z-]*):${service}:([a-z0-9-]+):([0-9]{12}):${resource}$`, 's');
}

function placeOf([, partition, region, account]: readonly string[]): Place {
  return { partition: partition!, region: region!, account: account! };
}

function printResource(service: string, { partition, region, account }: Place, resource: string): string {
  return printArn({ partition, service, region, account, resource });
}

export interface FunctionArn extends Place {
  readonly name: string;
  /** A version or an alias. */
  readonly qualifier: string | undefined;
}

/** A Lambda function as an integration names it: by its ARN, or by the URI that invokes it. */
export type FunctionUri =
  | { readonly form: 'function'; readonly function: FunctionArn }
  | {
      readonly form: 'invocation';
      readonly partition: string;
      readonly region: string;
      readonly function: FunctionArn;
    };

export const FUNCTION_ARN = regional('lambda', 'function:([A-Za-z0-9_-]+)(?::([A-Za-z0-9_$-]+))?');
const INVOCATION = /^path\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Whether a URI is written as that of a function, in either form; stage variables may stand in it. */
export function isFunctionUri(uri: string): boolean {
  return /^arn:[^:]*:(?:lambda:[^:]*:[^:]*:function:|apigateway:[^:]*:lambda:path\/2015-03-31\/functions\/)/.test(
    uri,
  );
}

/** Parses `arn:aws:lambda:…:function:…` or `arn:aws:apigateway:…:lambda:path/2015-03-31/functions/…/invocations`. Throws
 *  GrammarError (REST APIs' text; that of HTTP APIs is unknown). */
export function parseFunctionUri(text: string): FunctionUri {
  const plain = functionOf(text);
  if (plain !== undefined) return { form: 'function', function: plain };
  const uri = serviceUriOf(text);
  const invoked = uri?.service === 'lambda' ? functionOf(INVOCATION.exec(uri.target)?.[1] ?? '') : undefined;
  if (uri === undefined || invoked === undefined) {
    throw new GrammarError('Invalid function ARN or invalid uri');
  }
  return { form: 'invocation', partition: uri.partition, region: uri.region, function: invoked };
}

export function printFunctionUri(uri: FunctionUri): string {
  const { name, qualifier } = uri.function;
  const resource = `function:${name}${qualifier === undefined ? '' : `:${qualifier}`}`;
  const arn = printResource('lambda', uri.function, resource);
  if (uri.form === 'function') return arn;
  const { partition, region } = uri;
  return printServiceUri({
    partition,
    region,
    service: 'lambda',
    target: `path/2015-03-31/functions/${arn}/invocations`,
  });
}

function functionOf(text: string): FunctionArn | undefined {
  const match = FUNCTION_ARN.exec(text);
  return match === null ? undefined : { ...placeOf(match), name: match[4]!, qualifier: match[5] };
}

/** A call to an AWS service: `arn:aws:apigateway:{region}:{service}:path/…` or `…:action/…`. */
export interface ServiceUri {
  readonly partition: string;
  readonly region: string;
  readonly service: string;
  /** `path/…` or `action/…`. */
  readonly target: string;
}

/** Throws GrammarError with REST APIs' texts. */
export function parseServiceUri(text: string): ServiceUri {
  const uri = serviceUriOf(text);
  if (uri !== undefined) return uri;
  throw new GrammarError(
    text.startsWith('arn:') ? 'AWS ARN for integration must contain path or action' : INVALID_ARN,
  );
}

export function printServiceUri({ partition, region, service, target }: ServiceUri): string {
  return printArn({ partition, service: 'apigateway', region, account: service, resource: target });
}

function serviceUriOf(text: string): ServiceUri | undefined {
  const match = ARN.exec(text);
  if (match === null || match[2] !== 'apigateway' || match[3] === '') return undefined;
  const [, partition, , region, service, target] = match;
  if (!/^[A-Za-z0-9._-]+$/.test(service!) || !/^(?:path|action)\/./s.test(target!)) return undefined;
  return { partition: partition!, region: region!, service: service!, target: target! };
}

/** What a VPC link of an HTTP API leads to. */
export type PrivateTarget =
  | (Place & {
      readonly kind: 'listener';
      readonly loadBalancerType: 'app' | 'net';
      readonly loadBalancerName: string;
      readonly loadBalancerId: string;
      readonly listenerId: string;
    })
  | (Place & {
      readonly kind: 'cloudMapService';
      readonly serviceId: string;
      /** `stage=prod&…`: attributes the instances must have. */
      readonly query: string | undefined;
    });

export const LISTENER_ARN = regional('elasticloadbalancing', 'listener/(app|net)/([^/]+)/([^/]+)/([^/]+)');
export const CLOUD_MAP_ARN = regional('servicediscovery', 'service/([^/?]+)(?:\\?(.*))?');

/** Parses an ELB listener's or a Cloud Map service's ARN. Throws GrammarError. */
export function parsePrivateTarget(text: string): PrivateTarget {
  const listener = LISTENER_ARN.exec(text);
  if (listener !== null) {
    return {
      kind: 'listener',
      ...placeOf(listener),
      loadBalancerType: listener[4] === 'app' ? 'app' : 'net',
      loadBalancerName: listener[5]!,
      loadBalancerId: listener[6]!,
      listenerId: listener[7]!,
    };
  }
  const service = CLOUD_MAP_ARN.exec(text);
  if (service !== null) {
    return { kind: 'cloudMapService', ...placeOf(service), serviceId: service[4]!, query: service[5] };
  }
  throw new GrammarError(
    'For VpcLink VPC_LINK, integration uri should be a valid ELB listener ARN or a valid Cloud Map service ARN.',
  );
}

export function printPrivateTarget(target: PrivateTarget): string {
  if (target.kind === 'listener') {
    const { loadBalancerType, loadBalancerName, loadBalancerId, listenerId } = target;
    const resource = `listener/${loadBalancerType}/${loadBalancerName}/${loadBalancerId}/${listenerId}`;
    return printResource('elasticloadbalancing', target, resource);
  }
  const query = target.query === undefined ? '' : `?${target.query}`;
  return printResource('servicediscovery', target, `service/${target.serviceId}${query}`);
}

export const CERTIFICATE_ARN = regional('acm', 'certificate/[^/\\s]+');

/** Where the certificate of an ARN of ACM is; undefined for anything else. */
export function parseCertificateArn(text: string): Place | undefined {
  const match = CERTIFICATE_ARN.exec(text);
  return match === null ? undefined : placeOf(match);
}

/** Whose rights an integration uses: a role's, or the caller's (`arn:aws:iam::*:user/*`). */
export type Credentials =
  | { readonly kind: 'caller'; readonly partition: string }
  | { readonly kind: 'role'; readonly partition: string; readonly account: string; readonly role: string };

/** Parses CredentialsArn. `role` is the name with its path. Throws GrammarError. */
export function parseCredentialsArn(text: string): Credentials {
  const { partition, service, region, account, resource } = parseArn(text);
  if (service === 'iam' && region === '') {
    if (account === '*' && resource === 'user/*') return { kind: 'caller', partition };
    if (ACCOUNT.test(account) && /^role\/./s.test(resource)) {
      return { kind: 'role', partition, account, role: resource.slice('role/'.length) };
    }
  }
  throw new GrammarError(INVALID_ARN);
}

export function printCredentialsArn(credentials: Credentials): string {
  const { partition } = credentials;
  if (credentials.kind === 'caller') return `arn:${partition}:iam::*:user/*`;
  return `arn:${partition}:iam::${credentials.account}:role/${credentials.role}`;
}
