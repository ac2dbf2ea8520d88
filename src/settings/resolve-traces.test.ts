import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TracesSettings } from '../backends/traces/settings.ts';
import { parseConfig } from './parse-config.test.support.ts';
import { resolveTraces } from './resolve-traces.ts';
import type { Environment } from './settings.ts';
import { UsageError } from './usage-error.ts';

const NAMED: readonly [string, string] = ['service.name', 'postern'];

function resolved(file: string, environment: Environment = {}, flag?: string): TracesSettings {
  const { traces } = parseConfig(`${file}\n`, 'postern.yaml', '/etc').sections;
  const given = flag === undefined ? undefined : { value: flag, where: '--traces-endpoint' };
  return resolveTraces(traces, given, environment);
}

const ON: TracesSettings = {
  endpoint: 'http://c:4318/v1/traces',
  headers: new Map(),
  ratio: 1,
  resource: new Map([NAMED]),
};
const OTEL = 'traces: { endpoint: otel }';
const C = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' };

/** docs/guide/traces.md. */
const TAKEN: readonly (readonly [
  what: string,
  file: string,
  environment: Environment,
  expected: TracesSettings,
  flag?: string,
])[] = [
  ['an endpoint alone', 'traces: { endpoint: "http://c:4318" }', {}, ON],
  ['an endpoint with the path', 'traces: { endpoint: "http://c:4318/v1/traces" }', {}, ON],
  [
    'an endpoint below a path',
    'traces: { endpoint: "http://c/a/" }',
    {},
    { ...ON, endpoint: 'http://c/a/v1/traces' },
  ],
  ['a flag alone', '', {}, ON, 'http://c:4318'],
  ['a flag wins over the file', 'traces: { endpoint: "http://d" }', {}, ON, 'http://c:4318'],
  [
    'all of it',
    'traces: { endpoint: "http://c:4318", headers: { X-Token: a b }, ratio: 0.5, serviceName: shop, attributes: { a: 1 } }',
    {},
    {
      ...ON,
      headers: new Map([['x-token', 'a b']]),
      ratio: 0.5,
      resource: new Map([
        ['service.name', 'shop'],
        ['a', '1'],
      ]),
    },
  ],
  [
    'variables that nobody asked for turn nothing on',
    '',
    C,
    { ...ON, endpoint: undefined, ratio: undefined, resource: new Map() },
  ],
  [
    'nor do they say anything of an endpoint that is named',
    'traces: { endpoint: "http://c:4318" }',
    { OTEL_EXPORTER_OTLP_HEADERS: 'a=b', OTEL_SERVICE_NAME: 'x', OTEL_TRACES_SAMPLER: 'always_on' },
    ON,
  ],
  ['variables that are asked for', OTEL, C, ON],
  ['by a flag', '', C, ON, 'otel'],
  ['the collector of the specification', OTEL, {}, { ...ON, endpoint: 'http://localhost:4318/v1/traces' }],
  [
    'an endpoint for traces is the whole URL',
    OTEL,
    { ...C, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://d/x' },
    { ...ON, endpoint: 'http://d/x' },
  ],
  [
    'headers of both kinds, percent-encoded',
    OTEL,
    { ...C, OTEL_EXPORTER_OTLP_HEADERS: 'A=1, b=x%20y,', OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'a=2' },
    {
      ...ON,
      headers: new Map([
        ['a', '2'],
        ['b', 'x y'],
      ]),
    },
  ],
  [
    'resource attributes, which the name of the service wins over',
    OTEL,
    { ...C, OTEL_RESOURCE_ATTRIBUTES: 'service.name=a,b=c', OTEL_SERVICE_NAME: 'd' },
    {
      ...ON,
      resource: new Map([
        ['service.name', 'd'],
        ['b', 'c'],
      ]),
    },
  ],
  [
    'the file wins over variables',
    'traces: { endpoint: otel, ratio: 0 }',
    { ...C, OTEL_TRACES_SAMPLER: 'parentbased_always_on' },
    { ...ON, ratio: 0 },
  ],
  [
    'a ratio',
    OTEL,
    { ...C, OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' },
    { ...ON, ratio: 0.25 },
  ],
  ['a ratio of 1 where it is not said', OTEL, { ...C, OTEL_TRACES_SAMPLER: 'parentbased_traceidratio' }, ON],
  ['no roots', OTEL, { ...C, OTEL_TRACES_SAMPLER: 'parentbased_always_off' }, { ...ON, ratio: 0 }],
  [
    'Protobuf by HTTP',
    OTEL,
    { ...C, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf', OTEL_TRACES_EXPORTER: 'otlp' },
    ON,
  ],
  [
    'variables set to nothing are not set',
    OTEL,
    { ...C, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: '', OTEL_TRACES_SAMPLER: ' ' },
    ON,
  ],
];
for (const [what, file, environment, expected, flag] of TAKEN) {
  test(`traces: ${what}`, () => assert.deepEqual(resolved(file, environment, flag), expected));
}

for (const environment of [{ OTEL_SDK_DISABLED: 'True' }, { OTEL_TRACES_EXPORTER: 'none' }]) {
  test(`traces: none, as ${Object.keys(environment)[0]} says`, () => {
    assert.equal(resolved(OTEL, { ...C, ...environment }).endpoint, undefined);
  });
}

const REFUSED: readonly (readonly [
  what: string,
  file: string,
  environment: Environment,
  says: RegExp,
  flag?: string,
])[] = [
  [
    'no endpoint',
    'traces: { ratio: 0.1 }',
    {},
    /^traces says how requests are traced and not where that goes: it needs an endpoint/,
  ],
  [
    'an endpoint that is no URL',
    'traces: { endpoint: "c:4318" }',
    {},
    /traces\.endpoint is an http or https URL/,
  ],
  [
    'a flag that is no URL',
    '',
    {},
    /^--traces-endpoint is "c:4318": it is an http or https URL, or otel\.$/,
    'c:4318',
  ],
  [
    'a user in the URL',
    'traces: { endpoint: "http://a:b@c" }',
    {},
    /^traces\.endpoint has a user in its URL/,
  ],
  ['a ratio of 2', 'traces: { endpoint: otel, ratio: 2 }', {}, /traces\.ratio is a number from 0 to 1/],
  [
    'a header with a line end',
    'traces: { endpoint: otel, headers: { a: "b\\r\\nc: d" } }',
    {},
    /traces\.headers\.a is a header value/,
  ],
  [
    'a header without a name',
    'traces: { endpoint: otel, headers: { "a b": c } }',
    {},
    /has a name that no header can have/,
  ],
  ['an unknown member', 'traces: { endpoints: x }', {}, /Did you mean endpoint\?/],
  [
    'gRPC',
    OTEL,
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    /^OTEL_EXPORTER_OTLP_PROTOCOL is "grpc": here it is http\/json or http\/protobuf\.$/,
  ],
  [
    'a sampler that does not follow the parent',
    OTEL,
    { OTEL_TRACES_SAMPLER: 'always_on' },
    /^OTEL_TRACES_SAMPLER is "always_on": here it is parentbased_always_on or /,
  ],
  [
    'a ratio that is none',
    OTEL,
    { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: 'x' },
    /^OTEL_TRACES_SAMPLER_ARG is "x": it is a number from 0 to 1/,
  ],
  ['another exporter', OTEL, { OTEL_TRACES_EXPORTER: 'zipkin' }, /^OTEL_TRACES_EXPORTER is "zipkin"/],
  [
    'a URL of another scheme',
    OTEL,
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'grpc://c' },
    /^OTEL_EXPORTER_OTLP_ENDPOINT is "grpc:\/\/c": it is an http or https URL/,
  ],
  [
    'headers that are no list',
    OTEL,
    { OTEL_EXPORTER_OTLP_HEADERS: 'hush' },
    /^OTEL_EXPORTER_OTLP_HEADERS is a list of name=value, separated by commas\.$/,
  ],
  [
    'a header with a line end in a variable',
    OTEL,
    { OTEL_EXPORTER_OTLP_HEADERS: 'a=b%0d%0ac' },
    /is a list of name=value/,
  ],
];
for (const [what, file, environment, says, flag] of REFUSED) {
  test(`traces: refused: ${what}`, () => {
    assert.throws(
      () => resolved(file, environment, flag),
      (error) => error instanceof UsageError && says.test(error.message),
    );
  });
}
