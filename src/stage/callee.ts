// Whom an integration or an authorizer calls, as far as that is known since the deployment, in the words of spans
// (OpenTelemetry semantic conventions: http, faas, rpc).
import type { Attributes } from '../backends/traces/span.ts';

export interface Callee {
  /** Of the span. */
  readonly name: string;
  readonly attributes: Attributes;
}

/** `arn` with a qualifier, where there is one. */
export function functionCallee(arn: string): Callee {
  const [, , , region = '', , , name = ''] = arn.split(':');
  return Object.freeze({
    name: `invoke ${name}`,
    attributes: Object.freeze({
      'faas.invoked_name': name,
      'faas.invoked_provider': 'aws',
      'faas.invoked_region': region,
      'cloud.resource_id': arn,
    }),
  });
}

/** `SQS` and `SendMessage`. */
export function serviceCallee(service: string, operation: string, region: string): Callee {
  return Object.freeze({
    name: operation === '' ? service : `${service}/${operation}`,
    attributes: Object.freeze({
      'rpc.system': 'aws-api',
      'rpc.service': service,
      ...(operation === '' ? {} : { 'rpc.method': operation }),
      'cloud.region': region,
    }),
  });
}

/** `origin` is scheme and host, `path` without query; with `{name}` in it, where something is put in. */
export function httpCallee(method: string, origin: string, path: string): Callee {
  const { hostname, port, protocol } = new URL(origin);
  return Object.freeze({
    name: method,
    attributes: Object.freeze({
      'http.request.method': method,
      'server.address': hostname,
      'server.port': port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
      [path.includes('{') ? 'url.template' : 'url.full']: path.includes('{') ? path : origin + path,
    }),
  });
}
