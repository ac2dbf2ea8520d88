// Events of format 1.0, for integrations and authorizers (spec/http-api.md §3.6.3, §6.3.3).

import { arrayOf, objectOf, quote } from '../../stage/event-json.ts';
import { queryPairs } from '../../stage/event-query.ts';
import { textOfHeader } from '../../stage/header-value.ts';
import type { StageIdentity } from '../../stage/stage-identity.ts';
import type { Call } from '../call.ts';
import { CALL_CONTEXT } from '../context.ts';
import { authorizerV1, identityV1 } from './authorizer-member.ts';
import type { EventRoute } from './event-v2.ts';
import { headersV1, readHeaders } from './headers.ts';
import type { EventMessage } from './message.ts';

const {
  domainName,
  domainPrefix,
  extendedRequestId,
  httpMethod,
  protocol,
  requestId,
  requestTime,
  requestTimeEpoch,
} = CALL_CONTEXT.variables;
const BEFORE_ID = `,"protocol":"${protocol.read()}","requestId":"`;

export class EventV1 {
  /** The route's template: `/orders/{id}`, `$default`. */
  readonly #template: string;
  readonly #contextStart: string;
  readonly #contextEnd: string;
  readonly #variableNames: readonly string[];
  /** The object of stage variables, or `null`. */
  readonly stageVariables: string;

  constructor(identity: StageIdentity, route: EventRoute) {
    this.#template = quote(route.key.substring(route.key.indexOf(' ') + 1));
    this.#contextStart = `{"accountId":${quote(identity.accountId)},"apiId":${quote(identity.apiId)}`;
    this.#contextEnd = `,"resourceId":${quote(route.key)},"resourcePath":${this.#template},"stage":${quote(identity.name)}}`;
    this.#variableNames = route.variableNames.map(quote);
    this.stageVariables = objectOf(identity.variables) ?? 'null';
  }

  /** `"resource":…,…,"requestContext":{…}`: the members of both uses, without braces. `hasBody`: whether there is one that
   *  the function is told of. */
  members(call: Call, message: EventMessage, hasBody: boolean): string {
    const headers = readHeaders(call, message, hasBody ? undefined : '0');
    const pairs = queryPairs(message.query);
    return (
      `"resource":${this.#template},"path":${quote(textOfHeader(message.encodedPath))},` +
      `"httpMethod":${quote(httpMethod.read(call))},${headersV1(headers)},` +
      `"queryStringParameters":${lastValues(pairs)},"multiValueQueryStringParameters":${allValues(pairs)},` +
      `"requestContext":${this.#context(call, message.path)}`
    );
  }

  /** The object of path parameters, or `null` when the route has none. */
  pathParameters({ values }: Call): string {
    const names = this.#variableNames;
    if (names.length === 0) return 'null';
    let text = '';
    for (let i = 0; i < names.length; i++)
      text += `${i === 0 ? '{' : ','}${names[i]!}:${quote(values[i] ?? '')}`;
    return `${text}}`;
  }

  #context(call: Call, path: string): string {
    const { authorization } = call;
    const authorizer = authorization === undefined ? undefined : authorizerV1(authorization);
    return (
      this.#contextStart +
      (authorizer === undefined ? '' : `,"authorizer":${authorizer}`) +
      `,"domainName":${quote(domainName.read(call))},"domainPrefix":${quote(domainPrefix.read(call))},` +
      `"extendedRequestId":"${extendedRequestId.read(call)}","httpMethod":${quote(httpMethod.read(call))},` +
      `"identity":${identityV1(call)},"path":${quote(path)}${BEFORE_ID}${requestId.read(call)}","requestTime":"${requestTime.read(call)}",` +
      `"requestTimeEpoch":${requestTimeEpoch.read(call)}${this.#contextEnd}`
    );
  }
}

function lastValues(pairs: ReadonlyMap<string, readonly string[]>): string {
  let text = '';
  for (const [name, values] of pairs) {
    text += `${text === '' ? '{' : ','}${quote(name)}:${quote(values.at(-1)!)}`;
  }
  return text === '' ? 'null' : `${text}}`;
}

function allValues(pairs: ReadonlyMap<string, readonly string[]>): string {
  let text = '';
  for (const [name, values] of pairs) text += `${text === '' ? '{' : ','}${quote(name)}:${arrayOf(values)}`;
  return text === '' ? 'null' : `${text}}`;
}
