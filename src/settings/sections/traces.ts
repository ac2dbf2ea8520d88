// `traces:` where spans of requests go (docs/guide/traces.md):
//
//   traces:
//     endpoint: http://127.0.0.1:4318
//     headers: { x-token: secret }
//     ratio: 0.1
//     serviceName: shop-gateway

import { BY_VARIABLES, NO_TRACES, type TracesSettings } from '../../backends/traces/settings.ts';
import {
  defaulted,
  entriesOf,
  into,
  matching,
  number,
  objectOf,
  optional,
  type Shape,
  section,
  text,
  url,
} from '../shape.ts';

const endpoint: Shape<string> = {
  schema: { anyOf: [{ enum: [BY_VARIABLES] }, url.schema] },
  read: (node) => (node.text() === BY_VARIABLES ? BY_VARIABLES : url.read(node)),
};

const headers = entriesOf(
  matching(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/, 'is a header value of ASCII'),
  {
    pattern: /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/,
    advice: 'has a name that no header can have',
  },
);

const members = objectOf({
  endpoint: optional(
    `URL of an OpenTelemetry collector that takes OTLP/HTTP; /v1/traces is put behind it. ${BY_VARIABLES}: as OTEL_ variables say.`,
    endpoint,
  ),
  headers: defaulted('Headers of each post to it; they may be secret.', headers, new Map()),
  ratio: optional('Part of the traces that begin here which is recorded; 1 is all.', number(0, 1)),
  serviceName: optional('What the service is called in traces.', text),
  attributes: defaulted('Further attributes of the resource, by name.', entriesOf(text), new Map()),
});

export const traces = section(
  'Where OpenTelemetry traces of requests go.',
  into(
    members,
    ({ serviceName, attributes, ...others }): TracesSettings => ({
      ...others,
      resource: new Map([
        ...attributes,
        ...(serviceName === undefined ? [] : [['service.name', serviceName] as const]),
      ]),
    }),
  ),
  NO_TRACES,
);
