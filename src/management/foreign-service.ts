// Calls of other AWS services that reach this endpoint, because AWS_ENDPOINT_URL or a tool's one setting sends all of them
// here: who is called shows in the signature's scope, or in the headers that the JSON and CBOR protocols name operations by.
import { parseCredentialScope } from '../identity/sigv4-claim.ts';
import type { Exchange } from '../net/exchange.ts';
import { matchOperation } from '../wire/match.ts';
import { LAMBDA_PREFIX } from './lambda/lambda-door.ts';
import { POSTERN_PREFIX } from './postern/postern-routes.ts';

export interface ForeignCall {
  /** As signatures name it: `cloudformation`. */
  readonly service: string;
  readonly protocol: ForeignProtocol;
}

/** How the caller's client reads an answer (https://smithy.io/2.0/aws/protocols/). */
export type ForeignProtocol =
  | { readonly kind: 'json'; readonly version: '1.0' | '1.1' }
  | { readonly kind: 'cbor' }
  | { readonly kind: 'query' }
  | { readonly kind: 'ec2' }
  | { readonly kind: 'restXml'; readonly isS3: boolean }
  | { readonly kind: 'restJson' };

/** Signatures for APIs themselves. */
const OWN_DATA_PLANE = 'execute-api';
const OWN_MANAGEMENT = 'apigateway';
const REST_XML: ReadonlySet<string> = new Set(['s3', 's3express', 's3-outposts', 'route53', 'cloudfront']);
/** Of S3 Control, which signs as S3. */
const S3_CONTROL_PREFIX = '/v20180820/';

/** The call, when it is not one of this door's own operations; undefined for everything else, unsigned requests among it. */
export function foreignCallOf(exchange: Exchange): ForeignCall | undefined {
  const { headers, target, method } = exchange;
  const authorization = headers.first('authorization');
  const jsonTarget = headers.first('x-amz-target');
  const smithy = headers.first('smithy-protocol');
  const isPresigned = target.includes('X-Amz-Credential=');
  if (jsonTarget === undefined && smithy === undefined && !isPresigned) {
    if (authorization === undefined || !authorization.startsWith('AWS4-')) return undefined;
  }
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? '' : target.slice(mark + 1);
  const scope = parseCredentialScope(authorization, query);
  const service = scope?.service ?? jsonTarget?.replace(/[._].*/s, '') ?? path.split('/')[2] ?? '';
  if (!/^[A-Za-z0-9-]{1,64}$/.test(service) || service === OWN_DATA_PLANE) return undefined;
  if (path.startsWith(POSTERN_PREFIX) || matchOperation(method, path) !== undefined) return undefined;
  // A wrong path of the API that is here.
  if (service === OWN_MANAGEMENT && path.startsWith('/v2/')) return undefined;
  if (path.startsWith(LAMBDA_PREFIX) && /\/invocations$/.test(path)) return undefined;
  return { service, protocol: protocolOf(exchange, service, path, query) };
}

function protocolOf({ headers }: Exchange, service: string, path: string, query: string): ForeignProtocol {
  const contentType = headers.first('content-type') ?? '';
  if (headers.first('smithy-protocol') !== undefined || contentType.startsWith('application/cbor')) {
    return { kind: 'cbor' };
  }
  const json = /^application\/x-amz-json-(1\.[01])/.exec(contentType);
  if (json !== null) return { kind: 'json', version: json[1] as '1.0' | '1.1' };
  if (headers.first('x-amz-target') !== undefined) return { kind: 'json', version: '1.1' };
  if (service === 'ec2') return { kind: 'ec2' };
  if (contentType.startsWith('application/x-www-form-urlencoded') || /(?:^|&)Action=/.test(query)) {
    return { kind: 'query' };
  }
  if (REST_XML.has(service)) {
    return { kind: 'restXml', isS3: service.startsWith('s3') && !path.startsWith(S3_CONTROL_PREFIX) };
  }
  return { kind: 'restJson' };
}

/** What the caller is told: whom it called, that it is not here, what to do. */
export function foreignMessage({ service }: ForeignCall): string {
  const own = ADVICE[service];
  if (own !== undefined) return own;
  return `There is no ${service} at this endpoint: it is Postern's, which is API Gateway V2 (apigatewayv2) with stacks of it (cloudformation). ${ELSEWHERE}`;
}

const ELSEWHERE =
  'Send calls of other services to AWS or an emulator: name this endpoint by AWS_ENDPOINT_URL_APIGATEWAYV2 instead of AWS_ENDPOINT_URL, or by --endpoint-url of aws apigatewayv2 commands alone.';

const ADVICE: Readonly<Record<string, string>> = {
  lambda: `Of Lambda there is Invoke alone at this endpoint, for the functions in the section "functions" of Postern's configuration file and those of stacks; functions are changed there. ${ELSEWHERE}`,
  [OWN_MANAGEMENT]:
    'There are no REST APIs (apigateway, version 1) at this endpoint: it is Postern\'s, which is API Gateway V2 alone. Use "aws apigatewayv2", the SDK client ApiGatewayV2 or aws_apigatewayv2_* resources.',
};
