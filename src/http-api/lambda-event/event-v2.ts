// Events of format 2.0, for integrations and authorizers (spec/http-api.md §3.6.2, §6.3.2). What a stage and a route decide
// is text already; the rest is put around it.

import { objectOf, quote } from '../../stage/event-json.ts';
import { queryPairs } from '../../stage/event-query.ts';
import { textOfHeader } from '../../stage/header-value.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';
import type { Call } from '../call.ts';
import { CALL_CONTEXT } from '../context.ts';
import { authorizerV2 } from './authorizer-member.ts';
import { clientCertText } from './certificate.ts';
import { headersV2, readHeaders } from './headers.ts';
import type { EventMessage } from './message.ts';

const {
  domainName,
  domainPrefix,
  httpMethod,
  'identity.sourceIp': sourceIp,
  'identity.userAgent': userAgent,
  protocol,
  requestId,
  requestTime,
  requestTimeEpoch,
} = CALL_CONTEXT.variables;
const BEFORE_IP = `,"protocol":"${protocol.read()}","sourceIp":`;

/** The route that events are about. */
export interface EventRoute {
  /** The route key's text. */
  readonly key: string;
  /** Names of its path variables in template order. */
  readonly variableNames: readonly string[];
}

export class EventV2 {
  readonly #routeKey: string;
  readonly #contextStart: string;
  readonly #contextRoute: string;
  readonly #variableNames: readonly string[];
  /** `,"stageVariables":{…}`, or nothing when there are none. */
  readonly stageVariables: string;

  constructor(identity: StageIdentity, route: EventRoute) {
    this.#routeKey = `"routeKey":${quote(route.key)},"rawPath":`;
    this.#contextStart = `,"requestContext":{"accountId":${quote(identity.accountId)},"apiId":${quote(identity.apiId)}`;
    this.#contextRoute = `,${this.#routeKey.slice(0, this.#routeKey.indexOf(',"rawPath"'))},"stage":${quote(identity.name)},"time":"`;
    this.#variableNames = route.variableNames.map(quote);
    const variables = objectOf(identity.variables);
    this.stageVariables = variables === undefined ? '' : `,"stageVariables":${variables}`;
  }

  /** `"routeKey":…,…,"requestContext":{…}`: the members of both uses, without braces. An integration's event tells of the
   *  caller once the authorizer has decided. `contentLength`: as in readHeaders. */
  members(call: Call, message: EventMessage, contentLength?: '0'): string {
    const path = quote(message.path);
    return (
      `${this.#routeKey}${path},"rawQueryString":${quote(textOfHeader(message.query))},` +
      headersV2(readHeaders(call, message, contentLength)) +
      queryParameters(message.query) +
      this.#context(call, path)
    );
  }

  /** `,"pathParameters":{…}`, or nothing when the route has none. */
  pathParameters({ values }: Call): string {
    const names = this.#variableNames;
    if (names.length === 0) return '';
    let text = ',"pathParameters":{';
    for (let i = 0; i < names.length; i++)
      text += `${i === 0 ? '' : ','}${names[i]!}:${quote(values[i] ?? '')}`;
    return `${text}}`;
  }

  #context(call: Call, path: string): string {
    const { exchange, authorization } = call;
    const authorizer = authorization === undefined ? '' : `,"authorizer":${authorizerV2(authorization)}`;
    const certificate = clientCertText(exchange.clientCertificate);
    const authentication = certificate === undefined ? '' : `,"authentication":{"clientCert":${certificate}}`;
    return (
      `${this.#contextStart}${authentication}${authorizer},` +
      `"domainName":${quote(domainName.read(call))},"domainPrefix":${quote(domainPrefix.read(call))},` +
      `"http":{"method":${quote(httpMethod.read(call))},"path":${path}${BEFORE_IP}${quote(sourceIp.read(call))},"userAgent":${quote(userAgent.read(call) ?? '')}},` +
      `"requestId":"${requestId.read(call)}"${this.#contextRoute}${requestTime.read(call)}",` +
      `"timeEpoch":${requestTimeEpoch.read(call)}}`
    );
  }
}

/** `,"queryStringParameters":{…}`, or nothing. */
function queryParameters(query: string): string {
  if (query === '') return '';
  let text = '';
  for (const [name, values] of queryPairs(query)) {
    text += `${text === '' ? ',"queryStringParameters":{' : ','}${quote(name)}:${quote(values.length === 1 ? values[0]! : values.join(','))}`;
  }
  return text === '' ? '' : `${text}}`;
}
