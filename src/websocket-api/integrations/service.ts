// AWS integrations that call a service other than Lambda: the payload signed and sent as it is
// (spec/websocket-api.md §3.4.1, §3.4.3, §3.4.5).

import type { SignedServices } from '../../backends/aws/signed-services.ts';
import { messageOf } from '../../defect.ts';
import { decodePercent, encodeQueryText } from '../../grammar/percent.ts';
import type { Upstream } from '../../net/upstream/upstream.ts';
import { TooLate, within } from '../../net/within.ts';
import { type Callee, serviceCallee } from '../../stage/callee.ts';
import { bytesOf } from '../bytes.ts';
import type { SocketEvent } from '../event.ts';
import { type ConfiguredMapping, explainMapping } from '../explain/explain-mapping.ts';
import type { IntegrationStory } from '../explain/trace.ts';
import { INTEGRATION_TIMEOUT, INTERNAL_ERROR } from '../failures.ts';
import type { ResponsePlan, SocketAnswer, SocketFailed, SocketIntegration } from '../stage.ts';
import { failed } from './failed.ts';
import { fillPath, setHeaders } from './parameters.ts';
import type { RequestPlan } from './request-plan.ts';
import { callBackend } from './upstream-call.ts';

/** What is called: an action of a service that names it in a header, or a path. */
export interface ServiceTarget {
  /** `dynamodb`. */
  readonly service: string;
  readonly region: string;
  /** Ready for the Host line. */
  readonly host: string;
  /** Scheme and host, for logs. */
  readonly origin: string;
  readonly method: string;
  /** With `{name}` where a path parameter goes, beginning with `/`. */
  readonly path: string;
  /** Of the path itself. */
  readonly query: ReadonlyMap<string, readonly string[]>;
  /** `X-Amz-Target` and its content type, of JSON protocols. */
  readonly headers: ReadonlyMap<string, string>;
  readonly roleArn: string | undefined;
}

export interface ServiceParts {
  readonly target: ServiceTarget;
  readonly services: SignedServices;
  readonly upstream: Upstream;
  readonly request: RequestPlan;
  readonly response: ResponsePlan;
  readonly configured: ConfiguredMapping;
  readonly timeoutInMillis: number;
}

/** How the JSON services name an action: prefix of X-Amz-Target and version of their JSON. */
const TARGETS: Readonly<Record<string, readonly [prefix: string, version: '1.0' | '1.1']>> = {
  dynamodb: ['DynamoDB_20120810', '1.0'],
  events: ['AWSEvents', '1.1'],
  firehose: ['Firehose_20150804', '1.1'],
  kinesis: ['Kinesis_20131202', '1.1'],
  kms: ['TrentService', '1.1'],
  logs: ['Logs_20140328', '1.1'],
  secretsmanager: ['secretsmanager', '1.1'],
  ssm: ['AmazonSSM', '1.1'],
  states: ['AWSStepFunctions', '1.0'],
  'cognito-idp': ['AWSCognitoIdentityProviderService', '1.1'],
};

/** The headers that name an action; those of query-protocol services stand in the body. */
export function actionHeaders(service: string, action: string): ReadonlyMap<string, string> {
  const target = Object.hasOwn(TARGETS, service) ? TARGETS[service] : undefined;
  if (target === undefined) return new Map();
  return new Map([
    ['Content-Type', `application/x-amz-json-${target[1]}`],
    ['X-Amz-Target', `${target[0]}.${action}`],
  ]);
}

export class ServiceIntegration implements SocketIntegration {
  readonly reply: ResponsePlan;
  readonly callee: Callee;
  readonly #parts: ServiceParts;

  constructor(parts: ServiceParts) {
    const { service, region, headers } = parts.target;
    this.callee = serviceCallee(service, headers.get('X-Amz-Target')?.split('.')[1] ?? '', region);
    this.reply = parts.response;
    this.#parts = parts;
  }

  explain(event: SocketEvent): IntegrationStory {
    return explainMapping(event, this.#parts.configured);
  }

  async invoke(event: SocketEvent): Promise<SocketAnswer | SocketFailed> {
    const { target, services, upstream, timeoutInMillis } = this.#parts;
    const mapped = this.#parts.request(event);
    if (mapped.kind === 'failed') return mapped;
    const body = bytesOf(mapped.payload.data);
    const began = performance.now();
    const headers = new Map(target.headers);
    headers.set('Accept', 'application/json');
    headers.set('X-Amzn-Trace-Id', event.traceId);
    setHeaders(headers, mapped.header);
    const path = fillPath(target.path, mapped.path);
    const query = new Map(target.query);
    for (const [name, values] of mapped.querystring)
      query.set(
        name,
        values.map((value) => decodePercent(value) ?? value),
      );
    const request = {
      method: target.method,
      path,
      query: Object.fromEntries([...query].map(([name, values]) => [name, [...values]])),
      headers: Object.fromEntries(headers),
      body,
    };
    let signed: Awaited<ReturnType<typeof services.sign>>;
    try {
      signed = await within(timeoutInMillis, services.sign(request, target));
    } catch (error) {
      if (error instanceof TooLate) return failed(INTEGRATION_TIMEOUT, INTEGRATION_TIMEOUT.message);
      return failed(INTERNAL_ERROR, `The request could not be signed: ${messageOf(error)}`);
    }
    const pairs = [...query].flatMap(([name, values]) =>
      values.map((value) => `${encodeQueryText(name)}=${encodeQueryText(value)}`),
    );
    const { host, ...others } = signed;
    const requestTarget = pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
    const lines = new Map([['Host', host ?? target.host], ...Object.entries(others)]);
    event.note(`${target.origin}${requestTarget}`, lines, body);
    const answer = await callBackend(upstream, {
      method: target.method,
      target: requestTarget,
      headers: lines,
      body,
      timeoutInMillis: Math.max(1, timeoutInMillis - (performance.now() - began)),
    });
    if (answer.kind === 'answered') {
      event.integrationRequestId =
        answer.headers.first('x-amzn-requestid') ?? answer.headers.first('x-amz-request-id');
    }
    return answer;
  }
}
