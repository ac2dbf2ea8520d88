// Settings of traces from what the file, a flag and, for who asks for them, the standard variables of OpenTelemetry say
// (docs/guide/traces.md, "The standard variables").
import { BY_VARIABLES, type TracesSettings } from '../backends/traces/settings.ts';
import type { Written } from './options.ts';
import type { Environment } from './settings.ts';
import { UsageError } from './usage-error.ts';

const SERVICE_NAME = 'service.name';
const DEFAULT_SERVICE = 'postern';
/** Of the specification: where collectors are on the same machine. */
const DEFAULT_COLLECTOR = 'http://localhost:4318';
const SIGNAL_PATH = '/v1/traces';

/** `given` is what a flag or variable of ours says of the endpoint; it wins. Throws UsageError. */
export function resolveTraces(
  section: TracesSettings,
  given: Written | undefined,
  environment: Environment,
): TracesSettings {
  const endpoint = given?.value ?? section.endpoint;
  if (endpoint === undefined) {
    const { headers, ratio, resource } = section;
    if (headers.size === 0 && ratio === undefined && resource.size === 0) return section;
    throw new UsageError(
      'traces says how requests are traced and not where that goes: it needs an endpoint, for example http://127.0.0.1:4318, or otel, which has it from OTEL_EXPORTER_OTLP_ENDPOINT.',
    );
  }
  const where = given?.where ?? 'traces.endpoint';
  const said = endpoint === BY_VARIABLES ? byVariables(environment) : undefined;
  if (endpoint === BY_VARIABLES && said === undefined) return { ...section, endpoint: undefined };
  return {
    endpoint: said?.endpoint ?? collectorUrl({ value: endpoint, where }, SIGNAL_PATH),
    headers: new Map([...(said?.headers ?? []), ...lowerNames(section.headers)]),
    ratio: section.ratio ?? said?.ratio ?? 1,
    resource: new Map([[SERVICE_NAME, DEFAULT_SERVICE], ...(said?.resource ?? []), ...section.resource]),
  };
}

/** What the variables say; undefined where they say that there are no traces. */
function byVariables(environment: Environment): TracesSettings | undefined {
  const said = (name: string): Written | undefined => {
    const value = environment[name];
    return value === undefined || value.trim() === '' ? undefined : { value: value.trim(), where: name };
  };
  if (said('OTEL_SDK_DISABLED')?.value.toLowerCase() === 'true') return undefined;
  const exporter = said('OTEL_TRACES_EXPORTER');
  if (exporter?.value === 'none') return undefined;
  requireOneOf(exporter, ['otlp', 'none']);
  // Whoever takes Protobuf by OTLP/HTTP takes JSON as well; gRPC is another port and protocol.
  requireOneOf(said('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ?? said('OTEL_EXPORTER_OTLP_PROTOCOL'), [
    'http/json',
    'http/protobuf',
  ]);
  const own = said('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  const base = said('OTEL_EXPORTER_OTLP_ENDPOINT') ?? { value: DEFAULT_COLLECTOR, where: '' };
  const serviceName = said('OTEL_SERVICE_NAME');
  return {
    endpoint: own === undefined ? collectorUrl(base, SIGNAL_PATH) : collectorUrl(own, ''),
    headers: lowerNames(
      new Map([
        ...pairsIn(said('OTEL_EXPORTER_OTLP_HEADERS')),
        ...pairsIn(said('OTEL_EXPORTER_OTLP_TRACES_HEADERS')),
      ]),
    ),
    ratio: ratioOf(said('OTEL_TRACES_SAMPLER'), said('OTEL_TRACES_SAMPLER_ARG')),
    resource: new Map([
      ...pairsIn(said('OTEL_RESOURCE_ATTRIBUTES')),
      ...(serviceName === undefined ? [] : [[SERVICE_NAME, serviceName.value] as const]),
    ]),
  };
}

function collectorUrl({ value, where }: Written, path: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new UsageError(
      `${where} is ${JSON.stringify(value)}: it is an http or https URL, or ${BY_VARIABLES}.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError(
      `${where} has a user in its URL: write what the collector wants to see into traces.headers.`,
    );
  }
  const text = value.replace(/\/+$/, '');
  return path === '' || text.endsWith(path) ? value : text + path;
}

/** `a=1,b=2`, with percent-encoded values. */
function pairsIn(written: Written | undefined): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const member of written?.value.split(',') ?? []) {
    if (member.trim() === '') continue;
    const mark = member.indexOf('=');
    const name = decoded(member.slice(0, mark).trim());
    const value = decoded(member.slice(mark + 1).trim());
    // What is wrong is not shown: it may be secret.
    if (mark < 1 || !name || value === undefined || /[\r\n]/.test(name + value)) {
      throw new UsageError(`${written!.where} is a list of name=value, separated by commas.`);
    }
    pairs.set(name, value);
  }
  return pairs;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Header names are one name in any case. */
function lowerNames(headers: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...headers].map(([name, value]) => [name.toLowerCase(), value]));
}

/** Sampling follows the parent, always. */
function ratioOf(sampler: Written | undefined, argument: Written | undefined): number | undefined {
  requireOneOf(sampler, ['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio']);
  if (sampler?.value === 'parentbased_always_off') return 0;
  if (sampler?.value !== 'parentbased_traceidratio' || argument === undefined) return undefined;
  const ratio = Number(argument.value);
  if (ratio >= 0 && ratio <= 1) return ratio;
  throw new UsageError(`${argument.where} is ${JSON.stringify(argument.value)}: it is a number from 0 to 1.`);
}

function requireOneOf(written: Written | undefined, words: readonly string[]): void {
  if (written === undefined || words.includes(written.value)) return;
  throw new UsageError(
    `${written.where} is ${JSON.stringify(written.value)}: here it is ${words.join(' or ')}.`,
  );
}
